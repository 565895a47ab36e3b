"""What holds for every test: nothing of this machine is used, nothing outside it is reached.

Tests marked `lab`, `engine` or `faults` run against the real thing, and keep the real environment.
"""

import ipaddress
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tfgen.cli import output

REAL = ("lab", "engine", "faults")
"""Markers of tests that need the real environment."""
_FOREIGN = ("OS_", "TFGEN_", "TF_", "KUBE", "AWS_")
_SETTINGS = ("CI", "NO_COLOR", "FORCE_COLOR", "SSH_AUTH_SOCK")
_FOLDERS = {
    "HOME": "",
    "XDG_CONFIG_HOME": ".config",
    "XDG_CACHE_HOME": ".cache",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
}

# The same examples in each run, so that a red build stays red: a few in `make test`, many in
# `make coverage`. To look further: pytest tests/property --hypothesis-profile=explore
_patient = hypothesis.settings(
    deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)  # machines are shared: no test is judged by the clock
for _name, _examples in {"settled": 50, "thorough": 200, "slow": 10_000}.items():
    hypothesis.settings.register_profile(
        _name, _patient, derandomize=True, database=None, max_examples=_examples
    )
hypothesis.settings.register_profile(  # for `make protections`, which wants to know if it fails
    "unshrunk",
    hypothesis.settings.get_profile("settled"),
    phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
)
hypothesis.settings.register_profile("explore", _patient, max_examples=5_000)
hypothesis.settings.load_profile("settled")


# A script's `&` and nohup switch signals off for what they start; a test that sends one means it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


class NetworkNotFakedError(AssertionError):
    """The test reached for a machine: give it a fake on loopback, or mark it lab or engine."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the flag that accepts what is rendered now."""
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="Rewrite the expected trees of tests/golden and examples (make golden).",
    )


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether expected trees are to be rewritten."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(autouse=True)
def _as_a_new_process() -> None:
    """Let no test inherit the form of output that another one chose."""
    output.use_format("text")


@pytest.fixture(autouse=True)
def _sealed(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Give each test an empty home, a bare environment, loopback only, and a disk in no hurry."""
    if any(request.node.get_closest_marker(name) for name in REAL):
        return
    for name in _foreign():
        monkeypatch.delenv(name)
    home = tmp_path_factory.getbasetemp() / "home"
    home.mkdir(exist_ok=True)
    for name, folder in _FOLDERS.items():
        monkeypatch.setenv(name, str(home / folder))
    monkeypatch.setattr(os, "fsync", lambda _: None)  # no test is about the power going away
    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))


def _foreign() -> Iterator[str]:
    yield from (name for name in os.environ if name.startswith(_FOREIGN) or name in _SETTINGS)


def _guarded(real: Any) -> Any:  # noqa: ANN401  a method of a C type
    def connect(self: socket.socket, address: Any) -> Any:  # noqa: ANN401  of any family
        if self.family != socket.AF_UNIX and not _is_loopback(address[0]):
            raise NetworkNotFakedError(f"connect to {address}")
        return real(self, address)

    return connect


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
