"""What stands in the cloud and not in the state: which of it is taken in, and which is not."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import objects, rendered
from tests.fakes import terraform as fake
from tests.fakes.workshop import Workshop
from tfgen import cloud, errors, manifest, model, policy, terraform
from tfgen.inspection import children
from tfgen.reconcile import recover

LB = "openstack_lb_loadbalancer_v2.lb_shop_web"
FIP = "openstack_networking_floatingip_v2.lb_shop_web"
PORT = "module.lb_shop_web_tcp-80"
LISTENER, POOL = f"{PORT}.openstack_lb_listener_v2.this", f"{PORT}.openstack_lb_pool_v2.this"
MEMBERS = f"{PORT}.openstack_lb_members_v2.this"
MONITOR = f"{PORT}.openstack_lb_monitor_v2.this[0]"
L7 = "openstack_lb_l7"
BALANCER = cloud.LoadBalancer(
    name="demo_shop_web",
    id="lb-1",
    tags=("tfgen_service=shop_web",),
    provisioning_status="ACTIVE",
    operating_status="ONLINE",
    vip_address="10.0.0.9",
    vip_port_id="port-1",
)
WEB, OTHER = model.ServiceKey("shop", "web"), model.ServiceKey("shop", "other")
STATE = terraform.State(lineage="l", instances=(terraform.Instance(LB, "", "lb-1"),))
BELOW = recover.Below(
    listeners={"tcp-80": children.Listener("li-1", "tcp-80", "ONLINE", "po-1", "mo-1")},
    floating_ip_id="fip-1",
)


def creating(*addresses: str) -> dict[str, Any]:
    """Give a plan that creates these."""
    changes = [{"address": each, "change": {"actions": ["create"]}} for each in addresses]
    return {"resource_changes": changes}


def lost(
    document: dict[str, Any],
    state: terraform.State = STATE,
    *standing: cloud.LoadBalancer,
    fresh: frozenset[model.Owner] = frozenset(),
    entry: manifest.Entry | None = None,
) -> list[recover.Lost]:
    """Give the Services to look at."""
    known = manifest.Manifest("demo", "t", "namespace", services={WEB: entry} if entry else {})
    found = recover.lost(document, state, standing or (BALANCER,), fresh=fresh, known=known)
    return [*found]


def test_children_of_a_load_balancer_that_stands() -> None:
    """What the plan would make below it is taken in where it stands; members need it not."""
    [found] = lost(creating(LISTENER, POOL, MEMBERS, MONITOR, FIP))
    assert found.imports(BELOW, frozenset()) == {
        LISTENER: "li-1",
        POOL: "po-1",
        MONITOR: "mo-1",
        FIP: "fip-1",
    }


def test_a_redirect_that_stands() -> None:
    """It is taken in by the listener that it hangs on: made twice, one would stay for good."""
    policy_, rule = f"{PORT}.{L7}policy_v2.redirect[0]", f"{PORT}.{L7}rule_v2.redirect[0]"
    [found] = lost(creating(policy_, rule))
    assert found.imports(BELOW, frozenset()) == {}
    whole = replace(BELOW, redirects={"li-1": ("l7-1", "rule-1"), "li-2": ("l7-2", "")})
    assert found.imports(whole, frozenset()) == {policy_: "l7-1", rule: "l7-1/rule-1"}
    half = replace(BELOW, redirects={"li-1": ("l7-1", "")})
    assert found.imports(half, frozenset()) == {policy_: "l7-1"}


def test_children_of_a_load_balancer_that_is_shared() -> None:
    """A Service's port hangs on the load balancer of its group, which its tags name."""
    group = "openstack_lb_loadbalancer_v2.lbgroup_shop_front"
    shared = replace(BALANCER, id="lb-g", tags=("tfgen_group=shop_front",))
    state = terraform.State(lineage="l", instances=(terraform.Instance(group, "", "lb-g"),))
    entry = objects.entry(WEB, group="front")
    [found] = lost(creating(LISTENER), state, BALANCER, shared, entry=entry)
    assert (found.balancer, found.addresses) == (shared, (LISTENER,))
    [anew] = lost(creating(group), terraform.State(lineage="l"), BALANCER, shared, entry=entry)
    assert anew.imports(BELOW, frozenset()) == {group: "lb-g"}


def test_what_is_not_there() -> None:
    """What does not stand is made, as planned."""
    [found] = lost(creating(LISTENER.replace("80", "81"), FIP))
    assert found.imports(recover.Below(), frozenset()) == {}
    assert found.imports(BELOW, frozenset({"fip-1"})) == {}


def test_nothing_to_look_at() -> None:
    """A new Service, and a plan that creates nothing, cost no look at the cloud."""
    assert (
        lost(creating(LB, LISTENER, FIP), terraform.State(lineage="l"), replace(BALANCER, tags=()))
        == []
    )
    assert lost({"resource_changes": []}) == []
    assert lost({}) == []


def test_a_load_balancer_of_a_killed_apply() -> None:
    """A load balancer that stands by our tags is taken in where the stack has a state."""
    [found] = lost(creating(LB, LISTENER, FIP), terraform.State(lineage="l"))
    assert found.imports(BELOW, frozenset())[LB] == "lb-1"


def test_a_lost_state() -> None:
    """Without any state that is for a person to decide: the guard speaks first."""
    assert lost(creating(LB, LISTENER), terraform.State()) == []
    [found] = lost(creating(LB, LISTENER), terraform.State(), fresh=frozenset({WEB}))
    assert found.imports(BELOW, frozenset()) == {LB: "lb-1", LISTENER: "li-1"}


def test_a_first_apply_that_was_killed() -> None:
    """Where nobody was told an address yet, what stands was just begun: a new state takes it in."""
    [found] = lost(creating(LB), terraform.State(), fresh=frozenset({WEB}))
    assert found.imports(BELOW, frozenset()) == {LB: "lb-1"}
    assert lost(creating(LB), terraform.State(), fresh=frozenset({OTHER})) == []


def test_two_load_balancers_of_one_service() -> None:
    """Of two that carry a Service's tags neither is taken in."""
    twins = (BALANCER, replace(BALANCER, id="lb-2"))
    assert lost(creating(LB), terraform.State(lineage="l"), *twins) == []


def test_text() -> None:
    """Import blocks are plain HCL, sorted by address."""
    assert recover.text({LISTENER: "li-1", FIP: "fip-1"}) == (
        "# Made by tfgen plan, and gone with its apply.\n\n"
        f'import {{\n  to = {LISTENER}\n  id = "li-1"\n}}\n\n'
        f'import {{\n  to = {FIP}\n  id = "fip-1"\n}}\n'
    )


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    """A Service that stands, with a second port rendered but not planned."""
    place = Workshop(tmp_path)
    place.bring("shop/web")
    place.tree.render(rendered.load_balancer("shop/web", 80, 81))
    [address] = place.work.stack("shop").state().addresses("shop")
    place.sky.stands("shop/web", identity=address.load_balancer_id)
    place.below = recover.Below(
        listeners={"tcp-81": children.Listener("li-81", "tcp-81", "ONLINE")}
    )
    return place


def test_a_plan_takes_in_what_stands(shop: Workshop) -> None:
    """The pass plans again with import blocks, which are gone after the apply."""
    plans = shop.plan()
    path = shop.tree.stack("shop") / "recovery.tf"
    assert "li-81" in path.read_text()
    told = [effect for change in plans.stacks["shop"].changes for effect in change.effects]
    assert "takes listener tcp-81 into the state" in told
    report = shop.apply()
    assert report.code is errors.ExitCode.DONE
    assert not path.exists()
    ids = {one.id for one in shop.work.stack("shop").state().instances}
    assert "li-81" in ids
    assert not shop.plan().saved


def test_old_import_blocks_go(shop: Workshop) -> None:
    """A plan starts without the import blocks of an earlier one."""
    shop.plan()
    shop.below = recover.Below()
    shop.plan()
    assert not (shop.tree.stack("shop") / "recovery.tf").exists()
    assert model.ServiceKey("shop", "web") in shop.work.manifest.services


@pytest.fixture
def whole(tmp_path: Path) -> Workshop:
    """A workshop in which a Service stands, applied to its end."""
    place = Workshop(tmp_path)
    place.bring("shop/web")
    [address] = place.plan().stacks["shop"].addresses
    place.sky.stands("shop/web", identity=address.load_balancer_id)
    return place


def ids(place: Workshop) -> dict[str, str]:
    """Give ids by address, as the state has them."""
    return {one.address: one.id for one in place.work.stack("shop").state().instances}


def test_what_somebody_deleted_and_made_anew(whole: Workshop) -> None:
    """The state forgets the one that is gone: an import would be passed over, and meet a 409."""
    assert ids(whole)[LISTENER] != "li-9"
    whole.engine.behave(fake.Behaviour(gone=LISTENER))
    found = children.Listener("li-9", "tcp-80", "ONLINE")
    whole.below = recover.Below(listeners={"tcp-80": found})
    plans = whole.plan()
    told = [effect for change in plans.stacks["shop"].changes for effect in change.effects]
    assert told == ["takes listener tcp-80 into the state"]
    assert whole.apply().code is errors.ExitCode.DONE
    assert ids(whole)[LISTENER] == "li-9"


def test_a_floating_ip_that_was_given_back(whole: Workshop) -> None:
    """Released, and bound once more at the VIP port: it is taken in where that is agreed to."""
    before = ids(whole)[FIP]
    whole.engine.behave(fake.Behaviour(gone=FIP))
    whole.below = recover.Below(floating_ip_id="fip-9")
    whole.plan()
    assert ids(whole)[FIP] == before
    whole.plan(allowed=policy.Allowed(new_state=True))
    assert whole.apply(allowed=policy.Allowed(new_state=True)).code is errors.ExitCode.DONE
    assert ids(whole)[FIP] == "fip-9"
