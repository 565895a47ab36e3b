import platform
from pathlib import Path

import pytest

from lab import LabError, preflight
from lab.settings import Settings
from lab.software import debian


def test_all_that_is_missing_is_said_at_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a machine where we may not install, each program is named with its Debian package."""
    monkeypatch.setattr(debian, "can_install", lambda: False)
    monkeypatch.setattr(debian, "PLACES", "")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(LabError) as caught:
        preflight.check(settings)
    message = str(caught.value)
    assert "  - haproxy, for the load balancers (Debian: haproxy)" in message
    assert "  - nft, for floating IPs and security groups (Debian: nftables)" in message
    assert "  - Go 1.21 or later, to build" in message


def test_another_system(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without network namespaces is told so."""
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    with pytest.raises(LabError, match=r"Linux \(this is Darwin\)"):
        preflight.check(settings)


def test_not_root(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A right that is missing is named before anything is started."""
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(LabError, match="root: the data plane makes network namespaces"):
        preflight.check(settings)
    assert not settings.home.exists()


def test_data_of_other_ports(settings: Settings) -> None:
    """A catalog with other ports in it is not taken over."""
    settings.state.mkdir(parents=True)
    settings.save()
    (settings.state / "identity.done").touch()
    preflight.check_ports(settings)
    moved = Settings(home=settings.home, port=19000)
    with pytest.raises(LabError, match="was made with LAB_PORT=17000"):
        preflight.check_ports(moved)


def test_debian_installs_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where we may install, a missing program is no complaint."""
    monkeypatch.setattr(debian, "can_install", lambda: True)
    monkeypatch.setattr(debian, "PROGRAMS", (debian.Program("no-such", "some", "a test"),))
    assert list(preflight.programs()) == []
    assert debian.packages(debian.missing()) == ["some"]


def test_a_program_in_debians_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers lie in sbin, which a user's PATH may lack."""
    server = tmp_path / "server"
    server.touch(mode=0o755)
    monkeypatch.setattr(debian, "PLACES", str(tmp_path))
    monkeypatch.setenv("PATH", "/nowhere")
    assert debian.Program("server", "some", "a test").path() == server
