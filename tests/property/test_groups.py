"""What holds of shared load balancers, whoever joins and leaves."""

import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import objects
from tests.property import amount
from tfgen import manifest, model, resolved

EVERYTHING: dict[str, Any] = {"allow_removals": 10**6}
_quickly = amount.of(0.25)
_INTERNAL = "service.beta.kubernetes.io/openstack-internal-load-balancer"
_ATTACH = "loadbalancer.openstack.org/load-balancer-id"
_ONE = "11111111-aaaa-bbbb-cccc-555555555555"
_wishes = st.fixed_dictionaries(
    {
        "ports": st.lists(st.sampled_from([80, 81, 443]), min_size=1, max_size=2, unique=True),
        "protocol": st.sampled_from(["TCP", "TCP", "UDP"]),
        "group": st.sampled_from(["", "front", "front", "front", "back", _ONE, _ONE]),
        "internal": st.sampled_from(["false", "false", "false", "true"]),
        "wrong": st.sampled_from([False, False, False, True]),
        "edited": st.sampled_from([False, False, False, True]),
        "agreed": st.booleans(),
    }
)
_passes = st.lists(
    st.dictionaries(st.sampled_from("abcd"), _wishes, max_size=4), min_size=1, max_size=5
)
_stacks = st.fixed_dictionaries(
    {
        "by": st.sampled_from(["namespace", "cluster", "service"]),
        "max_services": st.integers(1, 3),
    }
)


def _service(name: str, wish: dict[str, Any]) -> objects.Json:
    said = {_INTERNAL: wish["internal"]}
    if wish["group"]:
        said[_ATTACH if wish["group"] == _ONE else "tfgen.io/group"] = wish["group"]
    said |= {"loadbalancer.openstack.org/lb-method": "x"} if wish["wrong"] else {}
    ports = [objects.port(number, wish["protocol"]) for number in wish["ports"]]
    return objects.service(f"shop/{name}", ports=ports, annotations=said)


@_quickly
@given(_passes, _stacks)
def test_who_joins_and_leaves_keeps_the_tree_whole(
    passes: list[dict[str, dict[str, Any]]], stacks: dict[str, Any]
) -> None:
    """Each port is in one file and once on its load balancer; nobody moves who did not agree."""
    with tempfile.TemporaryDirectory() as folder:
        place = _place(Path(folder), stacks)
        for wishes in passes:
            before = _known(place)
            for name in (name for name, wish in wishes.items() if wish["edited"]):
                _edit(place, before, name)
            agreed = {
                key
                for key in (model.ServiceKey("shop", name) for name in wishes)
                if wishes[key.name]["agreed"]
            }
            services = [_service(name, wish) for name, wish in sorted(wishes.items())]
            options = {**EVERYTHING, "address_change": frozenset(agreed)}
            rendering = place.render(services, **options)
            _check(place, before, agreed)
            movers = agreed & rendering.held & before.keys()
            if movers:
                _come_late(place, services, movers)
            if rendering.desired.gone:
                place.render(services, **EVERYTHING)  # who disagreed with those that went comes now
                _check(place, before, agreed)
            again = place.decide(services, **EVERYTHING).changes
            assert again.keys() <= {manifest.FILE}  # a consent that is used up is worded there


def _come_late(
    place: objects.Place, services: list[objects.Json], movers: set[model.ServiceKey]
) -> None:
    """Without their consents movers claim nothing, so that others open; then they are too late."""
    before = _known(place)
    first = place.render(services, **EVERYTHING)
    _check(place, before, set())
    opened = _known(place).keys() - before.keys()
    late = place.decide(services, **EVERYTHING, address_change=frozenset(movers))
    assert not opened & (first.held | late.held)


def _place(folder: Path, stacks: dict[str, Any]) -> objects.Place:
    """Give a tree that knows of one load balancer that exists."""
    place = objects.Place(folder, {"stacks": stacks, "attach": "any"})
    known = resolved.Resolved(load_balancers={_ONE: resolved.Balancer("10.0.0.5", "amphora")})
    place.file(resolved.FILE).parent.mkdir()
    place.file(resolved.FILE).write_text(resolved.dumps(known))
    return place


def _known(place: objects.Place) -> dict[model.ServiceKey, manifest.Entry]:
    if "tfgen-manifest.json" not in place.files():
        return {}
    return dict(manifest.loads(place.text(manifest.FILE)).services)


def _edit(place: objects.Place, before: dict[model.ServiceKey, manifest.Entry], name: str) -> None:
    """Edit a Service's file by hand, or take the edit back."""
    entry = before.get(model.ServiceKey("shop", name))
    if entry:
        text = place.text(entry.file)
        there = text.endswith("# mine\n")
        place.file(entry.file).write_text(text.removesuffix("# mine\n") + "# mine\n" * (not there))


def _check(
    place: objects.Place,
    before: dict[model.ServiceKey, manifest.Entry],
    agreed: set[model.ServiceKey],
) -> None:
    after, files = _known(place), place.files()
    calls = Counter(
        module
        for path, text in files.items()
        if path.startswith("stacks/")
        for module in re.findall(r'^module "(lb_[^"]+)"', text, re.MULTILINE)
    )
    assert calls == Counter(
        f"{entry.service.address}_{port}" for entry in after.values() for port in entry.ports
    )
    on_one = Counter(
        (entry.common or entry.service, port) for entry in after.values() for port in entry.ports
    )
    assert not [place_ for place_, count in on_one.items() if count > 1]
    groups = manifest.groups(after)
    made = {path for path in files if re.search(r"/lbgroup_[^/]+\.tf$", path)}
    assert made == {entries[0].balancer_file for entries in groups.values()}
    for entries in groups.values():
        _check_group(files, entries)
    chains: dict[str, list[manifest.Entry]] = {}
    for entry in after.values():
        if entry.attached:
            chains.setdefault(entry.chain_file, []).append(entry)
    assert chains.keys() == {path for path in files if "/lbid_" in path}
    for path, mine in chains.items():
        _check_chain(files[path], mine)
    for key in before.keys() & after.keys() - agreed:
        assert (after[key].common, after[key].stack) == (before[key].common, before[key].stack)
        assert _made(after[key]) == _made(before[key])


def _check_group(files: dict[str, str], entries: tuple[manifest.Entry, ...]) -> None:
    """All are in its stack, on one kind of load balancer, and in its chain, in order."""
    text = files[entries[0].balancer_file]
    assert len({(entry.stack, entry.internal) for entry in entries}) == 1
    assert ("floatingip" in text) is not entries[0].internal
    _check_chain(text, entries)


def _check_chain(text: str, entries: Sequence[manifest.Entry]) -> None:
    chain = re.findall(r"^  (\S+)_after = \[\s*([^\],\s]*),?\s*\]", text, re.MULTILINE)
    last, expected = "", []
    for entry in entries:
        expected.append((entry.service.address, last))
        last = f"module.{entry.service.address}_{entry.ports[-1]}"
    assert chain == expected


def _made(entry: manifest.Entry) -> dict[str, str]:
    return {"subnet": entry.frozen.vip_subnet_id, "flavor": entry.frozen.flavor_id}
