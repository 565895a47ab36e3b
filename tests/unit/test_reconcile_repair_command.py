"""tfgen repair, over a cluster, a cloud and an engine on loopback: what it says and prints."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import place as world
from tests.fakes import schemas
from tests.fakes.place import Place
from tfgen import cli

# The client library warns of calls between its own modules.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")

Printed = pytest.CaptureFixture[str]


class Terminal(io.StringIO):
    """Somebody who types."""

    def isatty(self) -> bool:
        """Be one."""
        return True


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A world with settings."""
    with world.running(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def place(bare: Place) -> Place:
    """A Service whose load balancer is in ERROR."""
    bare.service("shop/web")
    bare.tfgen("run", "--yes")
    bare.cloud.in_error = "demo_shop_web"
    return bare


def failovers(place: Place) -> int:
    """Count those that Octavia was asked for."""
    return len([call for call in place.cloud.calls if call.endswith("/failover")])


def test_what_it_says(place: Place, capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is wrong, what is done, and how it ended; only yes is an agreement."""
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    assert place.tfgen("repair", "shop/web") == 1
    said = capsys.readouterr().err
    assert "is in ERROR" in said
    assert "- failover of load balancer " in said
    assert "nothing was done: the answer was 'y', not 'yes'" in said
    assert failovers(place) == 0
    monkeypatch.setattr("sys.stdin", Terminal("yes\n"))
    assert place.tfgen("repair", "shop/web") == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("Service shop/web: failed over: load balancer id-")
    assert "(as before)" in printed.out
    assert failovers(place) == 1


def test_nobody_to_ask(place: Place, capsys: Printed) -> None:
    """Without a terminal it needs --yes; a dry run needs nobody."""
    assert place.tfgen("repair", "shop/web") == 64
    assert "no terminal to ask on" in capsys.readouterr().err
    assert place.tfgen("repair", "shop/web", "--rebuild", "--dry-run") == 0
    out = capsys.readouterr().out
    assert "  rebuild:\n  - load balancer id-" in out
    assert "stays in the project, and leads to the new one" in out
    assert place.cloud.calls[-1].startswith("GET ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "give one Service as NAMESPACE/NAME, or one group"),
        (("shop/web", "--group", "shop/front"), "give one Service"),
        (("web",), "is not NAMESPACE/NAME"),
        (("shop/web", "--failover", "--rebuild"), "one at a time"),
    ],
)
def test_wrong_usage(bare: Place, capsys: Printed, arguments: tuple[str, ...], words: str) -> None:
    """One load balancer, and one thing to do."""
    assert bare.tfgen("repair", *arguments, "--yes") == 64
    assert words in capsys.readouterr().err


def test_as_a_document(place: Place, capsys: Printed) -> None:
    """What is found and done, in the form that `tfgen schema repair` says."""
    capsys.readouterr()
    assert place.tfgen("repair", "shop/web", "--dry-run", "--format", "json") == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (document["kind"], document["cure"], document["done"]) == ("failed", "failover", False)
    assert document["load_balancers"][0]["in_state"]
    assert document["steps"]
    assert cli.app.run(["schema", "repair"]) == 0
    assert schemas.faults(json.loads(capsys.readouterr().out), document) == []
