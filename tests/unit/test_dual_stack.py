"""A Service of two IP families, in the tree, in states and in the cloud."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import objects
from tests.unit import test_plan_scope as scoped
from tfgen import cloud, inspection, manifest, model, render, status, terraform, tree, workspace
from tfgen.inspection import children, ends, trace, values
from tfgen.reconcile import guard, recover, run, scope
from tfgen.reconcile.doctor import needed
from tfgen.tree import edits

WEB = model.ServiceKey("shop", "web")
SECOND = model.SecondKey(WEB)
SIX = "66666666-2222-3333-4444-555555555555"
NETWORK = {**objects.SETTINGS["network"], "ipv6_subnet_id": SIX}
DUAL: dict[str, Any] = {"ipFamilyPolicy": "RequireDualStack"}
FIRST = inspection.Balancer(
    id="lb-4",
    name="demo_shop_web",
    service=WEB,
    provisioning="ACTIVE",
    operating="ONLINE",
    vip_address="10.0.3.7",
    floating_ip="172.24.1.2",
    listeners=1,
)
OTHER = replace(
    FIRST,
    id="lb-6",
    name="demo_shop_web_ipv6",
    vip_address="fd00:10::7",
    floating_ip="",
    is_second=True,
)


def nodes(*without: int) -> list[Any]:
    """Make three nodes with an address of each family, but for those without one of IPv6."""
    found = [objects.node(number) for number in (1, 2, 3)]
    for number, node in enumerate(found, 1):
        six = {"type": "InternalIP", "address": f"fd00:10::1{number}"}
        node["status"]["addresses"] += [] if number in without else [six]
    return found


@pytest.fixture
def place(tmp_path: Path) -> objects.Place:
    """Give a tree with shop/web of two families."""
    made = objects.Place(tmp_path, {"network": NETWORK})
    made.render([objects.service("shop/web", **DUAL)], nodes())
    return made


def snapshot(place: objects.Place) -> tree.Snapshot:
    """Read the tree."""
    return workspace.Tree(place.loaded.out).snapshot()


def entry(place: objects.Place) -> manifest.Entry:
    """Give the manifest's entry of shop/web."""
    known = snapshot(place).manifest
    assert known
    return known.services[WEB]


def seen(place: objects.Place, *balancers: inspection.Balancer) -> inspection.Known:
    """Say what was read of tree and cloud."""
    whole = snapshot(place)
    facts = whole.facts("shop")
    ports = {"shop": facts.node_ports} if facts else {}
    return inspection.Known(whole, balancers=balancers, node_ports=ports)


def test_the_second_load_balancer_comes_beside_the_first(tmp_path: Path) -> None:
    """Its blocks are new; nothing of the first changes but the note of what is applied."""
    made = objects.Place(tmp_path, {"network": NETWORK})
    made.render([objects.service("shop/web")], nodes())
    before = made.text("stacks/shop/lb_shop_web.tf").splitlines()
    made.render([objects.service("shop/web", **DUAL)], nodes())
    after = made.text("stacks/shop/lb_shop_web.tf").splitlines()
    lost = [line for line in before if line not in after]
    assert [line.partition(" = ")[0] for line in lost if not line.startswith("#")] == ["  input"]
    assert set(made.facts()["node_groups"]) == {"default", "default-ipv6"}
    assert made.facts()["node_ports"] == {"shop_web": {"tcp-80": 30080}}


def test_the_manifest_keeps_what_is_frozen_for_each_family(place: objects.Place) -> None:
    """Read back it is the same; a Service of one family has nothing of it."""
    found = entry(place)
    assert found.second == manifest.Second(
        model.Family.IPV6,
        "default-ipv6",
        model.Frozen(vip_subnet_id=SIX, provider="amphora", member_subnet_id=SIX),
    )
    known = snapshot(place).manifest
    assert known
    assert manifest.loads(manifest.dumps(known)) == known
    assert known.seats[WEB].second == found.second.frozen
    assert {each.group for each in known.node_choices} == {"default", "default-ipv6"}
    place.render([objects.service("shop/web")], nodes())
    assert "second" not in place.manifest()["services"]["shop/web"]


def test_what_stands_keeps_its_subnet_when_the_setting_changes(place: objects.Place) -> None:
    """As of the first family: told, and let go by consent alone."""
    place.settings["network"] = {**NETWORK, "ipv6_subnet_id": objects.SUBNET}
    made = place.render([objects.service("shop/web", **DUAL)], nodes())
    assert not made.changes
    (told,) = (each for each in made.desired.notices if each.about == "Service shop/web")
    assert told.text.startswith(f"keeps vip_subnet_id '{SIX}', not '{objects.SUBNET}'")


def test_nodes_of_each_family_are_counted_for_themselves(place: objects.Place) -> None:
    """A node that loses an address leaves that group alone; where none is left, it is held."""
    place.render([objects.service("shop/web", **DUAL)], nodes(3), allow_removals=1)
    groups = place.facts()["node_groups"]
    assert (len(groups["default"]), len(groups["default-ipv6"])) == (3, 2)
    made = place.render([objects.service("shop/web", **DUAL)], nodes(1, 2, 3))
    (told,) = made.desired.problems
    assert told.field == "spec.ipFamilies"
    assert len(place.facts()["node_groups"]["default-ipv6"]) == 2


def test_a_floating_ip_of_either_family_is_kept(tmp_path: Path) -> None:
    """The block says at which label it stood."""
    made = objects.Place(tmp_path, {"network": NETWORK})
    keep = {"annotations": {"loadbalancer.openstack.org/keep-floatingip": "true"}}
    six = {"ipFamilies": ["IPv6", "IPv4"], **DUAL, **keep}
    others = [objects.service("shop/a"), objects.service("shop/b")]
    made.render([objects.service("shop/web", **six), *others], nodes())
    made.render(others, nodes())
    text = made.text("stacks/shop/lb_shop_web.tf")
    assert "from = openstack_networking_floatingip_v2.lb6_shop_web\n" in text
    assert [key for key, _ in edits.kept_floating_ips(snapshot(made))] == [WEB]
    assert text == render.kept_document(SECOND)


def test_quotas_count_both(place: objects.Place) -> None:
    """Two load balancers, one floating IP, and all ports twice."""
    wanted = needed.of(snapshot(place))
    assert (wanted["load balancers"], wanted["floating IPs"]) == (2, 1)
    assert (wanted["listeners"], wanted["members"], wanted["health monitors"]) == (2, 6, 2)


def test_a_service_is_planned_with_both() -> None:
    """Targets are the labels of either, also those that only the state has."""
    second = manifest.Second(model.Family.IPV6, "default-ipv6", model.Frozen())
    dual = tuple(replace(each, second=second) for each in scoped.ENTRIES)
    own = scope.Part(dual, scoped.STATE, frozenset({WEB})).asked(scoped.TERRAFORM, refresh=True)
    assert own.targets[:5] == (
        "openstack_lb_loadbalancer_v2.lb_shop_web",
        "openstack_networking_floatingip_v2.lb_shop_web",
        "terraform_data.lb_shop_web",
        "module.lb_shop_web_tcp-80",
        "module.lb_shop_web_tcp-81",
    )
    assert own.targets[5:] == (
        "openstack_lb_loadbalancer_v2.lb6_shop_web",
        "openstack_networking_floatingip_v2.lb6_shop_web",
        "module.lb6_shop_web_tcp-80",
    )
    left = terraform.Instance("module.lb6_shop_web_tcp-82.openstack_lb_pool_v2.this", "", "2")
    state = terraform.State(lineage="l", instances=(left,))
    part = scope.Part(scoped.ENTRIES, state, frozenset({WEB}))
    assert part.asked(scoped.TERRAFORM, refresh=True).targets[-1] == "module.lb6_shop_web_tcp-82"


def test_what_stands_of_the_second_is_taken_into_the_state() -> None:
    """By the tags that say of which family it is."""
    listener = "module.lb6_shop_web_tcp-80.openstack_lb_listener_v2.this"
    balancer = "openstack_lb_loadbalancer_v2.lb6_shop_web"
    changes = [
        {"address": each, "change": {"actions": ["create"]}} for each in (listener, balancer)
    ]
    tags = ("tfgen_service=shop_web",)
    one = cloud.LoadBalancer("n", "lb-4", tags, "ACTIVE", "ONLINE", "10.0.0.9", "p")
    two = replace(one, id="lb-6", tags=("tfgen_second", *tags))
    known = manifest.Manifest("demo", "t", "namespace")
    state = terraform.State(lineage="l")
    (found,) = recover.lost({"resource_changes": changes}, state, (one, two), fresh=(), known=known)
    below = recover.Below({"tcp-80": children.Listener("li-6", "tcp-80", "ONLINE")})
    assert found.imports(below, frozenset()) == {balancer: "lb-6", listener: "li-6"}


def test_whose_load_balancers_there_were(place: objects.Place) -> None:
    """In the manifest before a change, and by what Services carry."""
    known = snapshot(place).manifest
    assert known
    assert guard._owners(known) == {WEB, SECOND}  # noqa: SLF001  what `tfgen guard --base` knows
    carried = {
        "tfgen.io/tree": "t",
        "tfgen.io/external-ip": "1",
        "tfgen.io/second-external-ip": "2",
    }
    listing = objects.listing([objects.service("shop/web", annotations=carried)])
    assert run._published(listing, "t") == {WEB, SECOND}  # noqa: SLF001  what a run knows


def judged(place: objects.Place, *found: model.Address, **known: Any) -> status.Judgement:  # noqa: ANN401  of Found
    """Judge shop/web by what is known of its addresses."""
    whole = snapshot(place).manifest
    assert whole
    listing = objects.listing([objects.service("shop/web", **DUAL)], nodes(), "uid")
    translation = model.Translation(held=frozenset({WEB}))
    question = status.Question(listing, translation, whole, status.Found(found, **known))
    (judgement,) = status.judge(question)
    return judgement


def address(revision: str | None = None, **fields: Any) -> model.Address:  # noqa: ANN401  of Address
    """Give the first address, confirmed."""
    first = model.Address(WEB, "lb-4", "10.0.3.7", "172.24.1.2", revision=revision)
    return replace(first, **fields)


def six(revision: str | None = None) -> model.Address:
    """Give the second address, confirmed."""
    return address(
        revision,
        load_balancer_id="lb-6",
        vip_address="fd00:10::7",
        address="fd00:10::7",
        is_second=True,
    )


def test_a_service_is_applied_where_both_addresses_are_there(place: objects.Place) -> None:
    """Else what it had stays, and why is said."""
    now = entry(place).revision
    both = judged(place, address(now), six(now)).standing
    assert both
    assert (both.phase, both.address, both.second) == (
        status.Phase.APPLIED,
        replace(address(now), stack="shop", provenance={"tfgen.io/digest": now}),
        replace(six(now), stack="shop"),
    )
    doubt = "Load balancer lb-6 is being created."
    for known, why in (({}, "second IP family"), ({"doubts": {WEB: doubt}}, doubt)):
        half = judged(place, address(now), **known).standing
        assert half
        assert (half.phase, half.address) == (status.Phase.UNCONFIRMED, None)
        assert why in half.why


def test_a_second_family_that_is_still_to_come_awaits_its_review(place: objects.Place) -> None:
    """The first answers meanwhile, as an older revision."""
    found = judged(place, address("0" * 16)).standing
    assert found
    assert (found.phase, found.half) == (status.Phase.AWAITING, True)
    assert found.address


def test_one_row_tells_of_both(place: objects.Place) -> None:
    """In sync where both are; what the second lacks is told as its own."""
    (row,) = inspection.rows(seen(place, FIRST, OTHER))
    assert row.addresses == ("172.24.1.2", "fd00:10::7")
    assert row.differences == ()
    assert row.sources == ("0.0.0.0/0", "::/0")
    (row,) = inspection.rows(seen(place, FIRST))
    assert [str(each) for each in row.differences] == [
        (
            "not applied: second IP family: the cloud has no load balancer of it yet (tfgen plan, "
            "then tfgen apply)"
        )
    ]
    failed = replace(OTHER, provisioning="ERROR", listeners=3)
    (row,) = inspection.rows(seen(place, FIRST, failed))
    assert [each.kind for each in row.differences] == ["failed", "not applied"]
    assert row.differences[1].text == ("second IP family: the cloud has 3 of its ports, the tree 1")


def test_a_second_load_balancer_that_is_left_is_told(place: objects.Place) -> None:
    """The tree has it no more; it stands until that is applied."""
    place.render([objects.service("shop/web")], nodes())
    (row,) = inspection.rows(seen(place, FIRST, OTHER))
    (found,) = row.differences
    assert found.text.startswith("second IP family: the tree has it no more")


def test_the_states_are_compared_by_family(place: objects.Place) -> None:
    """A port that only the first has in the state is missing of the second."""
    own = inspection.InState.of(["module.lb_shop_web_tcp-80.openstack_lb_pool_v2.this"])
    (row,) = inspection.rows(replace(seen(place, FIRST, OTHER), states={"shop": own}))
    assert [each.text for each in row.differences] == [
        "second IP family: tcp-80 is not in the state"
    ]


def test_either_end_leads_to_the_service(place: objects.Place) -> None:
    """By address, id, name and label."""
    known = seen(place, FIRST, OTHER)
    label = "module.lb6_shop_web_tcp-80.openstack_lb_pool_v2.this"
    for end in ("fd00:10::7", "lb-6", "demo_shop_web_ipv6", "lb6_shop_web", label):
        assert ends.find(end, known, {}).service == WEB, end


def test_the_second_family_is_traced_for_itself(place: objects.Place) -> None:
    """Its resources and ports are those of its own load balancer."""
    subject = seen(place, FIRST, OTHER).subject(WEB)
    assert subject.second
    (row,) = inspection.rows(seen(place, FIRST, OTHER))
    assert row.second
    said = values.Sources({}, place.loaded.settings, {}, subject.entry)
    found = trace.trace(subject.second, row.second, trace.Evidence(), said)
    assert [each.address for each in found.resources] == [
        "openstack_lb_loadbalancer_v2.lb6_shop_web",
        "module.lb6_shop_web_tcp-80.openstack_lb_listener_v2.this",
        "module.lb6_shop_web_tcp-80.openstack_lb_pool_v2.this",
        "module.lb6_shop_web_tcp-80.openstack_lb_members_v2.this",
        "module.lb6_shop_web_tcp-80.openstack_lb_monitor_v2.this[0]",
    ]
    (port,) = found.ports
    assert port.intent["allowed_cidrs"] == "::/0"
    assert found.row.balancer == OTHER


def test_a_change_of_families_is_told_before_it_is_rendered(place: objects.Place) -> None:
    """By its next rendering."""
    desired = place.decide([objects.service("shop/web")], nodes()).desired
    (row,) = inspection.rows(replace(seen(place), balancers=None, desired=desired))
    assert [str(each) for each in row.differences] == [
        "not rendered: its load balancer of the second IP family goes (tfgen render)"
    ]
