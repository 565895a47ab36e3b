"""What no listing can bring about unasked: invalid is not absent, and incomplete is not empty."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import objects
from tests.property import amount
from tfgen import errors, manifest

_NAMES = [f"{namespace}/{name}" for namespace in ("shop", "blog") for name in "abcdef"]
_COUNT, _PERCENT = 3, 40
_GUARDS = {"guards": {"max_removals": {"count": _COUNT, "percent": _PERCENT}}}
_HEALTH = st.sampled_from([*["well"] * 9, "wrong", "absent", "no node port"])
_listings = st.tuples(
    st.fixed_dictionaries(dict.fromkeys(_NAMES, _HEALTH)),
    st.sets(st.integers(1, 6), max_size=2).map({*range(1, 7)}.difference)
    | st.sets(st.integers(1, 6)),
)
"""Most lack little: of what is refused nothing is learned."""


@amount.of(0.25)
@given(st.lists(_listings, min_size=1, max_size=5))
def test_no_listing_loses_anything_unasked(
    passes: list[tuple[Mapping[str, str], set[int]]],
) -> None:
    """One that lacks too much writes nothing; any other lets go of what is gone, and no more."""
    with tempfile.TemporaryDirectory() as folder:
        place = objects.Place(Path(folder), _GUARDS)
        place.render([objects.service(name) for name in _NAMES], objects.nodes(6))
        for healths, numbers in passes:
            before = place.files()
            try:
                place.render(
                    _services(healths), [objects.node(number) for number in sorted(numbers)]
                )
            except errors.Refused:
                assert place.files() == before
            else:
                _check(before, place, healths, {f"node-{number}" for number in numbers})


def _services(healths: Mapping[str, str]) -> list[Any]:
    """Give the Services as they are listed."""
    fields: dict[str, dict[str, Any]] = {
        "well": {},
        "wrong": {"sessionAffinity": "x"},
        "no node port": {"ports": [{"port": 80, "protocol": "TCP"}]},
    }
    listed = ((name, fields[health]) for name, health in healths.items() if health != "absent")
    return [objects.service(name, **given) for name, given in listed]


def _check(
    before: Mapping[str, str], place: objects.Place, healths: Mapping[str, str], nodes: set[str]
) -> None:
    old, new = map(manifest.loads, (before[manifest.FILE], place.text(manifest.FILE)))
    gone = old.services.keys() - new.services.keys()
    assert {healths[str(key)] for key in gone} <= {"absent"}
    assert len(gone) <= min(_COUNT, max(1, len(old.services) * _PERCENT // 100))
    assert new.services or len(old.services) < 2
    for key in old.services.keys() & new.services.keys():
        _check_one(before, place, new.services[key], healths[str(key)])
    for stack in new.stacks:
        _check_facts(before, place, stack, nodes)


def _check_one(
    before: Mapping[str, str], place: objects.Place, entry: manifest.Entry, health: str
) -> None:
    """A Service with a problem stands as it stood, whatever else goes on."""
    if health == "wrong":
        assert entry.state is manifest.State.HELD
        assert place.text(entry.file) == before[entry.file]


def _check_facts(
    before: Mapping[str, str], place: objects.Place, stack: str, nodes: set[str]
) -> None:
    """No group is emptied, or loses more at once than a living cluster would; no port is lost."""
    after, path = place.facts(stack), f"stacks/{stack}/facts.auto.tfvars.json"
    assert all(members for members in after["node_groups"].values())
    if path not in before:
        return
    then = json.loads(before[path])
    for name, members in then["node_groups"].items():
        lost = members.keys() - after["node_groups"].get(name, members).keys()
        kept = len(members) - len(lost)
        assert not lost & nodes
        assert not lost or len(lost) * 100 <= len(members) * _PERCENT or kept * 2 >= len(members)
    for label, ports in then["node_ports"].items():
        for port, number in ports.items() if label in after["node_ports"] else ():
            assert number is None or after["node_ports"][label][port] is not None
