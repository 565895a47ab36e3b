"""What stands with our tags and is in no state: who is kept out of a plan for it, and why."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import rendered
from tests.fakes.workshop import Workshop
from tfgen import cloud, errors, model, policy, terraform
from tfgen.inspection import children
from tfgen.reconcile import recover, strays

WEB, FRONT = model.ServiceKey("shop", "web"), model.GroupKey("shop", "front")
BALANCER = cloud.LoadBalancer(
    name="demo_shop_web",
    id="lb-1",
    tags=("tfgen_service=shop_web",),
    provisioning_status="ACTIVE",
    operating_status="ONLINE",
    vip_address="10.0.0.9",
    vip_port_id="port-1",
)
GROUPED = replace(BALANCER, tags=("tfgen_group=shop_front",))
NONE = terraform.State(lineage="l")


def unsure(*standing: cloud.LoadBalancer, state: terraform.State = NONE) -> dict[str, str]:
    """Give who is kept out."""
    found = strays.unsure(standing, state, {FRONT: [WEB, model.ServiceKey("shop", "api")]})
    return {str(key): why for key, why in found.items()}


def test_one_that_is_whole() -> None:
    """It is taken in by the plan, so nobody is kept out of that; one in ERROR is said elsewhere."""
    assert unsure(BALANCER) == {}
    assert unsure(replace(BALANCER, provisioning_status="ERROR")) == {}


def test_two_of_one_service() -> None:
    """Of two none is taken in, and a third would be made: a person says which goes."""
    found = unsure(BALANCER, replace(BALANCER, id="lb-2", provisioning_status="ERROR"))
    assert found == {
        "shop/web": "2 load balancers carry its tags, and the state has none of them: lb-1 "
        "(ACTIVE), lb-2 (ERROR). Let all but one go: tfgen repair shop/web --discard lb-2"
    }


def test_two_of_which_the_state_has_one() -> None:
    """Then that one is meant, and the plan is about it."""
    address = "openstack_lb_loadbalancer_v2.lb_shop_web"
    known = terraform.State(lineage="l", instances=(terraform.Instance(address, "", "lb-1"),))
    assert unsure(BALANCER, replace(BALANCER, id="lb-2"), state=known) == {}


@pytest.mark.parametrize(
    ("status", "words"),
    [("PENDING_CREATE", "still being built"), ("PENDING_DELETE", "still being deleted")],
)
def test_one_that_is_not_whole_yet(status: str, words: str) -> None:
    """What is under way is waited for: imported now, it would refuse all that is to hang on it."""
    [(key, why)] = unsure(replace(BALANCER, provisioning_status=status)).items()
    assert (key, words in why) == ("shop/web", True)
    assert "tfgen repair shop/web waits for it" in why


def test_one_that_is_shared() -> None:
    """All who share it are kept out."""
    found = unsure(GROUPED, replace(GROUPED, id="lb-2"))
    assert set(found) == {"shop/web", "shop/api"}
    assert "tfgen repair --group shop/front --discard lb-2" in found["shop/api"]


def test_a_plan_leaves_it_out(tmp_path: Path) -> None:
    """The pass makes no third one; its neighbour in the stack is planned."""
    place = Workshop(tmp_path)
    place.tree.render(*map(rendered.load_balancer, ["shop/web", "shop/api"]))
    place.sky.stands("shop/web", "lb-1")
    place.sky.stands("shop/web", "lb-2")
    plans = place.plan()
    assert set(plans.left_out) == {WEB}
    planned = {change.service for change in plans.stacks["shop"].changes}
    assert planned == {model.ServiceKey("shop", "api")}


def test_a_saved_plan_that_a_killed_apply_has_begun(tmp_path: Path) -> None:
    """It would meet its own listener, and be refused for minutes: it is planned again instead."""
    place = Workshop(tmp_path)
    place.bring("shop/web")
    place.tree.render(rendered.load_balancer("shop/web", 80, 81))
    [address] = place.work.stack("shop").state().addresses("shop")
    place.sky.stands("shop/web", identity=address.load_balancer_id)
    place.plan()
    place.below = recover.Below(
        listeners={"tcp-81": children.Listener("li-81", "tcp-81", "ONLINE")}
    )
    report = place.apply()
    assert report.code is errors.ExitCode.REFUSED
    assert "makes what stands already: module.lb_shop_web_tcp-81" in report.failures["shop"].what
    assert "li-81" in report.failures["shop"].what
    place.plan()
    assert place.apply().code is errors.ExitCode.DONE
    assert "li-81" in {each.id for each in place.work.stack("shop").state().instances}


def rule(key: str) -> str:
    """Give the address of a node port's rule."""
    return f'module.node_access.openstack_networking_secgroup_rule_v2.this["{key}"]'


def test_node_ports_that_are_open_already() -> None:
    """Neutron refuses a rule that stands: it is taken in; a group of its own is asked for once."""
    group = "module.node_access.openstack_networking_secgroup_v2.this"
    kind = "openstack_networking_secgroup_v2"
    known = terraform.State(lineage="l", instances=(terraform.Instance(group, kind, "sg-1"),))
    asked: list[str] = []

    def look(group_id: str) -> dict[str, str]:
        asked.append(group_id)
        return {"tcp-30080": "rule-1"}

    made = [
        {"address": rule(key), "change": {"actions": ["create"]}} for key in ("tcp-30080", "udp-53")
    ]
    document = {"resource_changes": made}
    assert recover.opened(document, known, lambda: "sg-9", look) == {rule("tcp-30080"): "rule-1"}
    assert asked == ["sg-1"]
    assert recover.opened({"resource_changes": []}, known, lambda: "sg-9", look) == {}
    assert recover.opened(document, NONE, lambda: "sg-9", look) == {}
    assert asked == ["sg-1"]
    whole = {"resource_changes": [*made, {"address": group, "change": {"actions": ["create"]}}]}
    assert recover.opened(whole, NONE, lambda: "sg-9", look) == {
        group: "sg-9",
        rule("tcp-30080"): "rule-1",
    }
    assert recover.opened(whole, NONE, lambda: "", look) == {}
    assert asked == ["sg-1", "sg-9"]
    assert policy.named(rule("tcp-30080")).port == "tcp-30080"
