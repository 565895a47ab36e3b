"""What holds of the output tree, whatever was rendered before."""

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import objects
from tests.property import amount, services
from tfgen import manifest, tree

EVERYTHING: dict[str, Any] = {"allow_removals": 10**6, "accept_unclaimed": True}


_quickly = amount.of(0.25)
_names = st.tuples(st.sampled_from(["shop", "blog"]), st.sampled_from("abcd"))
_wrong = st.builds(
    lambda service: {**service, "spec": {**service["spec"], "sessionAffinity": "x"}},
    services.rightful(_names),
)
_fleets = st.lists(
    st.one_of(services.rightful(_names), services.rightful(_names), _wrong),
    max_size=6,
    unique_by=lambda service: (service["metadata"]["namespace"], service["metadata"]["name"]),
)
_passes = st.lists(st.tuples(_fleets, services.nodes), min_size=1, max_size=4)
_stacks = st.fixed_dictionaries(
    {"by": st.sampled_from(["namespace", "cluster", "service"]), "max_services": st.integers(1, 3)}
)


@_quickly
@given(_passes, _stacks)
def test_the_tree_is_whole_after_every_rendering(
    passes: list[tuple[list[Any], list[Any]]], stacks: dict[str, Any]
) -> None:
    """Manifest and files agree, every stack can be planned, and rendering again changes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        place = objects.Place(Path(folder), {"stacks": stacks})
        for fleet, nodes in passes:
            place.render(fleet, nodes, **EVERYTHING)
            _check_whole(place)
            before = place.files()
            again = place.render(fleet, nodes, **EVERYTHING)
            assert again.changes == {}
            assert place.files() == before


@_quickly
@given(_fleets, services.nodes, _stacks)
def test_no_stack_takes_more_than_it_may(
    fleet: list[Any], nodes: list[Any], stacks: dict[str, Any]
) -> None:
    """New Services go on to the next; only one that returns finds its own full."""
    with tempfile.TemporaryDirectory() as folder:
        place = objects.Place(Path(folder), {"stacks": stacks})
        place.render(fleet, nodes, **EVERYTHING)
        known = manifest.loads(place.text(manifest.FILE))
        assert all(len(known.of_stack(name)) <= stacks["max_services"] for name in known.stacks)


def _check_whole(place: objects.Place) -> None:
    files, known = place.files(), manifest.loads(place.text(manifest.FILE))
    listed = {entry.file for entry in known.services.values()}
    kept = {path for path, text in files.items() if "/lb_" in path and "\nremoved {" in text}
    assert {path for path in files if "/lb_" in path} - kept == listed
    assert {path.split("/")[1] for path in files if path.startswith("stacks/")} == set(known.stacks)
    for stack in known.stacks:
        entries, facts = known.of_stack(stack), place.facts(stack)
        assert all(facts["node_groups"].get(entry.node_group) for entry in entries)
        assert {name: set(ports) for name, ports in facts["node_ports"].items()} == {
            entry.service.label: set(entry.node_port_keys) for entry in entries
        }


@_quickly
@given(_passes, services.nodes)
def test_no_service_ever_moves_or_changes_its_address(
    passes: list[tuple[list[Any], list[Any]]], nodes: list[Any]
) -> None:
    """Its stack stays, even if it goes and returns; while in the tree, what is frozen as well."""
    with tempfile.TemporaryDirectory() as folder:
        place = objects.Place(Path(folder), {"stacks": {"max_services": 2}})
        before: dict[str, Any] = {}
        homes: dict[str, str] = {}
        for number, (fleet, _) in enumerate(passes):
            network = {"subnet_id": f"{number}" * 32, "floating_networks": [{"name": f"n{number}"}]}
            place.settings = {**place.settings, "network": network}
            place.render(fleet, nodes, **EVERYTHING)
            after = place.manifest()["services"]
            for name in before.keys() & after.keys():
                assert _frozen(before[name]) == _frozen(after[name])
            for name in after:
                assert homes.setdefault(name, after[name]["stack"]) == after[name]["stack"]
            before = after


def _frozen(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry["frozen"], "floating_network": ""}  # comes and goes with the floating IP


@_quickly
@given(_fleets, services.nodes, services.nodes)
def test_nodes_change_facts_alone(fleet: list[Any], before: list[Any], after: list[Any]) -> None:
    """Whatever nodes come and go, no file that people review changes."""
    with tempfile.TemporaryDirectory() as folder:
        place = objects.Place(Path(folder))
        place.render(fleet, before, **EVERYTHING)
        changes = place.decide(fleet, after, **EVERYTHING).changes
        assert all(path.endswith("/facts.auto.tfvars.json") for path in changes)
        facts = place.decide(fleet, after, lane=tree.Lane.FACTS, **EVERYTHING)
        assert facts.changes == changes
