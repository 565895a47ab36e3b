"""tfgen run says of a Service what is applied, and not what was rendered since."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import place as fake
from tests.fakes import terraform
from tests.fakes.place import Place
from tfgen import model

WEB = model.ServiceKey("shop", "web")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A world in which shop/web was brought to its address by one run."""
    with fake.running(tmp_path, monkeypatch) as made:
        made.service("shop/web")
        assert made.tfgen("run", "--yes") == 0
        yield made


def applied(place: Place) -> tuple[str, str]:
    """Give status and reason of the condition that says whether it is applied."""
    conditions: list[dict[str, Any]] = place.cluster.services[WEB]["status"]["conditions"]
    [found] = [each for each in conditions if each["type"] == "tfgen.io/Applied"]
    return found["status"], found["reason"]


def digest(place: Place) -> str:
    """Give the published digest."""
    return str(place.cluster.services[WEB]["metadata"]["annotations"]["tfgen.io/digest"])


def rendered(place: Place) -> str:
    """Give the revision that the tree has."""
    document = json.loads((place.tree / "tfgen-manifest.json").read_text())
    return str(document["services"]["shop/web"]["revision"])


def narrow(place: Place) -> None:
    """Let fewer connect to shop/web."""
    place.cluster.services[WEB]["spec"]["loadBalancerSourceRanges"] = ["192.0.2.0/24"]


def test_what_is_applied_is_published(place: Place) -> None:
    """After a run that went well, the digest is the revision of the tree."""
    assert applied(place) == ("True", "Applied")
    assert digest(place) == rendered(place)


def test_a_refused_plan_is_not_published_as_applied(place: Place) -> None:
    """The address stays, with the digest of what answers, until the change is applied."""
    before = digest(place)
    narrow(place)
    place.setting("guards: {write: create-only}")
    assert place.tfgen("run", "--yes") == 3
    assert applied(place) == ("False", "AwaitingReview")
    assert digest(place) == before != rendered(place)
    settings = place.folder / "tfgen.yaml"
    settings.write_text(settings.read_text().replace("create-only", "sync"))
    assert place.tfgen("run", "--yes") == 0
    assert applied(place) == ("True", "Applied")
    assert digest(place) == rendered(place)


def test_a_failed_apply_is_not_published_as_applied(place: Place) -> None:
    """Neither by the run that failed, nor by a publishing after it."""
    before = digest(place)
    narrow(place)
    place.engine.behave(terraform.Behaviour(fail="listener"))
    assert place.tfgen("run", "--yes") == 1
    assert applied(place)[0] == "Unknown"
    assert place.tfgen("publish") == 0
    assert applied(place) == ("False", "AwaitingReview")
    assert digest(place) == before != rendered(place)
