"""Planning Services whose ports are on load balancers that exist: those are looked at first."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import objects, rendered
from tests.fakes.workshop import Workshop
from tfgen import cloud, errors, model, render, resolved
from tfgen.cloud import confirm
from tfgen.inspection import children
from tfgen.reconcile import recover, repair
from tfgen.reconcile.repair import finding
from tfgen.reconcile.repair.case import Known

ON = "11111111-aaaa-bbbb-cccc-555555555555"
WEB, API = model.ServiceKey("shop", "web"), model.ServiceKey("shop", "api")
OURS = ("tfgen", "tfgen_cluster=demo", "tfgen_tree=3f9c1a2b", "tfgen_service=shop_web")
LISTENER = "module.lb_shop_web_tcp-80.openstack_lb_listener_v2.this"
BALANCER = cloud.LoadBalancer("front", ON, (), "ACTIVE", "ONLINE", "10.0.0.5", "port-1")
FOREIGN = cloud.Listener("li-9", "legacy", "HTTP", 80, ())


def attach(lb: model.LoadBalancer) -> model.LoadBalancer:
    """Put a Service's ports on the load balancer that exists."""
    return replace(lb, frozen=model.Frozen(load_balancer_id=ON, vip_address="10.0.0.5"))


def standing(*listeners: cloud.Listener, status: str = "ACTIVE") -> cloud.Standing:
    """Give the load balancer with these listeners."""
    return cloud.Standing(replace(BALANCER, provisioning_status=status), listeners)


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    """Give a tree in which shop/web attaches, and shop/api has a load balancer of its own."""
    place = Workshop(tmp_path)
    draw(place, attach(rendered.load_balancer("shop/web")), rendered.load_balancer("shop/api"))
    place.others[ON] = standing()
    return place


def draw(place: Workshop, *load_balancers: model.LoadBalancer) -> None:
    """Write the tree, with the order of the ports on the load balancer that exists."""
    place.tree.render(*load_balancers)
    chain = {lb.service: ("tcp-80",) for lb in load_balancers if lb.attached}
    path = place.tree.stack("shop") / f"lbid_{ON}.tf"
    path.write_text(render.attached_document(ON, chain))


def test_its_children_are_made_and_it_is_not_touched(shop: Workshop) -> None:
    """The plan has no load balancer of it; applied, the state knows on what it answers."""
    plans = shop.plan()
    assert not plans.left_out
    changes = {each.service: each.effects for each in plans.stacks["shop"].changes}
    assert changes[WEB] == ("creates listener tcp-80",)
    report = shop.apply()
    assert not report.failures
    (address,) = [one for one in report.stacks["shop"].addresses if one.service == WEB]
    assert (address.load_balancer_id, address.address) == (ON, "10.0.0.5")
    assert address.attached
    assert not shop.plan().saved


def test_its_floating_ip_is_asked_for_at_publication(shop: Workshop) -> None:
    """The state has the VIP; what is bound to its port then is the address."""
    shop.plan()
    (claimed,) = [one for one in shop.apply().stacks["shop"].addresses if one.attached]
    found = cloud.FloatingIp("172.24.9.9", "fip", "port-1", ())
    (address,) = confirm.asked_anew([claimed], [BALANCER], [found])
    assert confirm.check([address], [BALANCER], [found]).confirmed == (address,)
    assert address.address == "172.24.9.9"
    assert [*confirm.asked_anew([claimed], [BALANCER], [])] == [claimed]
    (problem,) = confirm.check([claimed], [], []).problems
    assert problem.found == "not in the project"


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("ERROR", f"load balancer {ON}, on which it has its ports, is in ERROR. tfgen did not"),
        ("PENDING_CREATE", f"load balancer {ON}, on which it has its ports, is in PENDING_CREATE."),
        ("PENDING_DELETE", f"load balancer {ON}, on which it has its ports, is in PENDING_DELETE."),
        ("", f"load balancer {ON} (annotation loadbalancer.openstack.org/load-balancer-id) is not"),
    ],
)
def test_one_that_takes_no_change_keeps_its_services_out(
    shop: Workshop, status: str, why: str
) -> None:
    """The engine would hang on it for minutes; neighbours are planned."""
    shop.others[ON] = standing(status=status)
    if not status:
        del shop.others[ON]
    plans = shop.plan()
    assert list(plans.left_out) == [WEB]
    assert plans.left_out[WEB].startswith(why)
    assert {each.service for each in plans.stacks["shop"].changes} == {API}
    assert plans.code(exit_code=False, allow_held=False) is errors.ExitCode.HELD


def test_one_that_is_at_work_is_waited_for(shop: Workshop) -> None:
    """Another's change is soon over: the provider tries again."""
    shop.others[ON] = standing(status="PENDING_UPDATE")
    assert not shop.plan().left_out


def test_a_service_that_went_waits_too(shop: Workshop) -> None:
    """What it has on a load balancer in ERROR cannot go; on one that is gone it is gone."""
    shop.plan()
    shop.apply()
    draw(shop, rendered.load_balancer("shop/api"))
    shop.others[ON] = standing(status="ERROR")
    assert list(shop.plan().left_out) == [WEB]
    del shop.others[ON]
    plans = shop.plan()
    assert not plans.left_out
    assert [each.effects for each in plans.stacks["shop"].changes] == [
        ("removes listener tcp-80: outage of that port",)
    ]


def test_a_service_that_moves_waits_for_the_one_that_it_leaves(shop: Workshop) -> None:
    """Its listener there cannot go while that load balancer takes no change."""
    shop.plan()
    shop.apply()
    other = ON.replace("1", "2")
    moved = attach(rendered.load_balancer("shop/web"))
    frozen = replace(moved.frozen, load_balancer_id=other)
    draw(shop, replace(moved, frozen=frozen), rendered.load_balancer("shop/api"))
    shop.others |= {ON: standing(status="ERROR"), other: standing()}
    assert shop.plan().left_out[WEB].startswith(f"load balancer {ON}, on which it has its ports")
    shop.others[ON] = standing()
    assert not shop.plan().left_out


def test_a_port_of_somebody_else_keeps_its_service_out(shop: Workshop) -> None:
    """Octavia would answer 409 for ten minutes; a protocol above TCP is on TCP."""
    shop.others[ON] = standing(FOREIGN)
    plans = shop.plan()
    assert plans.left_out == {
        WEB: f"its port tcp-80 is that of listener legacy on load balancer {ON}, which is not "
        "ours. Take another port; or remove that listener, and run again"
    }
    assert {each.service for each in plans.stacks["shop"].changes} == {API}
    shop.others[ON] = standing(replace(FOREIGN, protocol="UDP"))
    assert not shop.plan().left_out


def test_what_a_killed_apply_left_is_taken_in(shop: Workshop) -> None:
    """By our tags alone: what somebody named as ours is not ours."""
    ours = cloud.Listener("li-1", "demo_shop_web_tcp-80", "TCP", 80, OURS)
    shop.below = recover.Below(
        listeners={"tcp-80": children.Listener("li-1", "tcp-80", "ONLINE", "po-1", "mo-1")},
        floating_ip_id="fip-of-somebody",
    )
    shop.others[ON] = standing(ours)
    (change,) = [one for one in shop.plan().stacks["shop"].changes if one.service == WEB]
    assert "takes listener tcp-80 into the state" in change.effects
    assert "li-1" in (shop.tree.stack("shop") / "recovery.tf").read_text()
    assert "fip-of-somebody" not in (shop.tree.stack("shop") / "recovery.tf").read_text()
    for tags in ((), OURS[:-1], (*OURS[:-1], "tfgen_service=shop_other")):
        shop.others[ON] = standing(replace(ours, tags=tags))
        shop.plan()
        assert not (shop.tree.stack("shop") / "recovery.tf").exists()


def test_two_that_share_it_are_planned_together(tmp_path: Path) -> None:
    """Their ports are one chain within a state: what leaves one out leaves the other out."""
    place = Workshop(tmp_path)
    two = [attach(rendered.load_balancer(name)) for name in ("shop/api", "shop/web")]
    draw(place, *two)
    place.others[ON] = standing()
    assert {each.service for each in place.plan("shop/web").stacks["shop"].changes} == {WEB, API}


def test_a_stack_whose_state_is_lost_does_not_go(shop: Workshop) -> None:
    """Its listeners stand on the load balancer, and nobody else would remember them."""
    shop.plan()
    shop.apply()
    draw(shop)
    known = resolved.Resolved(load_balancers={ON: resolved.Balancer("10.0.0.5", "amphora")})
    (shop.tree.root / resolved.FILE).write_text(resolved.dumps(known))
    (shop.tree.stack("shop") / "terraform.tfstate").unlink()
    shop.others[ON] = standing(cloud.Listener("li-1", "demo_shop_web_tcp-80", "TCP", 80, OURS))
    shop.sky.standing.clear()
    shop.plan()
    report = shop.apply()
    assert report.failures["shop"].what == (
        "stack shop has no Services any more, it has no state, and listeners of it stand: "
        f"listener li-1 on load balancer {ON} (Service shop/web)"
    )
    assert report.failures["shop"].remedy.endswith("openstack loadbalancer listener delete ID")
    shop.others[ON] = standing()
    shop.plan()
    assert not shop.apply().failures


def test_repair_leaves_it_to_who_made_it() -> None:
    """It says whose it is not, and how its owner mends it."""
    entry = objects.entry(WEB, frozen=model.Frozen(load_balancer_id=ON))
    case = repair.Case(WEB, "shop", (entry,), Known(), ())
    found = finding.find(case, 60)
    assert found.cure is repair.Cure.NOTHING
    assert found.text == (
        f"its ports are on load balancer {ON}, which tfgen did not make and does not mend"
    )
    assert found.remedy == f"Where that is in ERROR: openstack loadbalancer failover {ON}"
