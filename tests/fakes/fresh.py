"""A cloud where no tfgen.yaml lies yet, and `tfgen init` run against it."""

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import openstack as fake
from tfgen import cli, config

NET, PUBLIC, OTHER = "a1" * 16, "b1" * 16, "b2" * 16
DEMO, SECOND, OUTER = "51" * 16, "52" * 16, "53" * 16
Capture = pytest.CaptureFixture[str]


class Terminal(io.StringIO):
    """A terminal where somebody types."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def subnet(identity: str, name: str, cidr: str, network: str = NET) -> fake.Object:
    """Make a subnet."""
    return {"id": identity, "name": name, "cidr": cidr, "network_id": network}


def run(*arguments: str) -> int:
    """Run `tfgen init --cluster demo`."""
    return cli.app.run(["init", "--cluster", "demo", *arguments])


def loaded() -> config.Settings:
    """Load what was written."""
    return config.load(None, environ={}).settings


def written() -> str:
    """Read what was written."""
    return Path("tfgen.yaml").read_text("utf-8")


@contextlib.contextmanager
def running(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[fake.FakeCloud]:
    """Run a cloud with one subnet and one external network; clouds.yaml lies here."""
    content = fake.FakeCloud(
        networks=[
            {"id": NET, "name": "demo-net", "router:external": False},
            {"id": PUBLIC, "name": "public", "router:external": True},
        ],
        subnets=[
            subnet(DEMO, "demo-subnet", "10.0.0.0/16"),
            subnet(OUTER, "public-subnet", "172.24.0.0/16", PUBLIC),
        ],
    )
    with fake.running(content):
        (folder / "clouds.yaml").write_text(content.clouds_yaml())
        monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(folder / "clouds.yaml"))
        yield content
