"""`tfgen resolve`, and what `run` resolves by itself: against a cloud, a cluster and an engine."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import place as fake
from tests.fakes.place import Place
from tfgen import model, resolved

WEB = model.ServiceKey("shop", "web")
SUBNET = "loadbalancer.openstack.org/floating-subnet"

# The client library warns of calls between its own modules.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A world whose external network has two subnets, one of them for Service shop/web."""
    with fake.running(tmp_path, monkeypatch) as made:
        network = {"id": "ext", "name": "public", "router:external": True}
        made.cloud.networks.append(network)
        for name in ("edge-1", "core-1"):
            made.cloud.subnets.append(
                {"id": name, "name": name, "cidr": "192.0.2.0/24", "network_id": "ext", "tags": []}
            )
        made.service("shop/web")
        ask(made, "edge-*")
        yield made


def ask(place: Place, pattern: str) -> None:
    """Let shop/web ask for subnets of this name."""
    metadata: dict[str, Any] = place.cluster.services[WEB]["metadata"]
    metadata.setdefault("annotations", {})[SUBNET] = pattern


def text(place: Place) -> str:
    """Give the file of shop/web."""
    return (place.tree / "stacks/shop/lb_shop_web.tf").read_text()


def known(place: Place) -> object:
    """Give what the tree knows."""
    return json.loads((place.tree / resolved.FILE).read_text())["floating_subnets"]


def test_resolve_writes_what_render_takes(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """`--check` writes nothing and says 2; then it is written, and rendering needs no cloud."""
    assert place.tfgen("resolve", "--check") == 2
    assert not (place.tree / resolved.FILE).exists()
    assert place.tfgen("resolve") == 0
    said = capsys.readouterr()
    assert "edge-1" in said.out
    assert "tfgen-resolved.json changed: run tfgen render" in said.err
    assert known(place) == {"public|edge-*|": ["edge-1"]}
    calls = len(place.cloud.calls)
    assert place.tfgen("render") == 0
    assert len(place.cloud.calls) == calls
    assert '  subnet_id   = "edge-1"\n' in text(place)
    assert place.tfgen("resolve", "--check") == 0


def test_what_matches_nothing_is_told(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """The message names the network and what was asked for; the code says held."""
    ask(place, "none")
    assert place.tfgen("resolve") == 4
    assert (
        "problem: no subnet of external network public matches name none; expected one that the "
        "project sees. Correct floating-subnet or floating-subnet-tags."
    ) in capsys.readouterr().err


def test_run_resolves_what_is_missing(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """One command is enough; the second run asks nothing of it any more."""
    assert place.tfgen("run", "--yes") == 0
    assert "tfgen-resolved.json changed: what only the cloud can tell" in capsys.readouterr().err
    assert '  subnet_id   = "edge-1"\n' in text(place)
    place.cloud.calls.clear()
    assert place.tfgen("run", "--yes") == 0
    assert not [call for call in place.cloud.calls if "/subnets" in call]
