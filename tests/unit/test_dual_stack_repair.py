"""Mending the load balancer of a Service's second IP family: what names it, and what is its own."""

from dataclasses import replace

import pytest
import typer

from tests.fakes import objects
from tfgen import cloud, manifest, model, terraform
from tfgen.cli import repair as command
from tfgen.reconcile import scope, strays
from tfgen.reconcile.repair import case, examine

WEB = model.ServiceKey("shop", "web")
SECOND = model.SecondKey(WEB)
ONE = cloud.LoadBalancer(
    "n", "lb-4", ("tfgen_service=shop_web",), "ERROR", "ERROR", "10.0.0.9", "p4"
)
TWO = replace(
    ONE, id="lb-6", tags=("tfgen_second", *ONE.tags), vip_address="fd00:10::9", vip_port_id="p6"
)
DUAL = objects.entry(WEB, second=manifest.Second(model.Family.IPV6, "default-ipv6", model.Frozen()))


def of(owner: model.Owner, *balancers: cloud.LoadBalancer) -> case.Case:
    """Give a load balancer of shop/web as it is examined."""
    known = manifest.Manifest("demo", "t", "namespace", services={WEB: DUAL})
    entries = examine._entries(known, owner)  # noqa: SLF001  what `examine` begins with
    return case.Case(owner, "shop", entries, case.Known(), balancers)


def test_it_is_named_on_the_command_line() -> None:
    """By its Service, and that it is the second."""
    assert command._owner("shop/web", None, second=True) == SECOND  # noqa: SLF001  read from flags
    assert of(SECOND).command == "tfgen repair --second shop/web"
    assert of(SECOND).who == "Service shop/web (second IP family)"
    with pytest.raises(typer.BadParameter, match="a group has one"):
        command._owner(None, "shop/web", second=True)  # noqa: SLF001  read from flags


def test_whoever_tells_of_it_says_so() -> None:
    """Of one in ERROR, and of one that is there twice, that the state does not have."""
    assert "tfgen repair shop/web (fails" in scope.failed([ONE])[WEB]
    assert "tfgen repair --second shop/web (fails" in scope.failed([TWO])[WEB]
    found = strays.unsure([TWO, replace(TWO, id="lb-7")], terraform.State(), {})
    assert "tfgen repair --second shop/web --discard lb-7" in found[WEB]
    assert strays.unsure([ONE, TWO], terraform.State(), {}) == {}


def test_its_address_is_its_vip() -> None:
    """No floating IP leads to IPv6; what the first answers on is none of its."""
    first, second = of(WEB, ONE), of(SECOND, TWO)
    assert (first.by_vip, second.by_vip) == (False, True)
    assert second.address == "fd00:10::9"
    assert first.keys == second.keys == {WEB}
    there = model.Address(WEB, "lb-6", "fd00:10::9", "fd00:10::9", is_second=True)
    assert (first.answers(there), second.answers(there)) == (False, True)


def test_a_state_knows_each_for_itself() -> None:
    """Ids by their labels; whole once is what told its address."""
    output = {"namespace": "shop", "name": "web", "id": "lb-4", "vip_address": "v", "address": "a"}
    state = terraform.State(
        lineage="l",
        instances=(
            terraform.Instance("openstack_lb_loadbalancer_v2.lb_shop_web", "", "lb-4"),
            terraform.Instance("openstack_lb_loadbalancer_v2.lb6_shop_web", "", "lb-6", True),  # noqa: FBT003  tainted
        ),
        outputs={"lb_shop_web": output},
    )
    known = {
        owner: examine._known(state, "shop", owner, of(owner).entries)  # noqa: SLF001  of `examine`
        for owner in (WEB, SECOND)
    }
    assert [(each.balancer, each.tainted, each.once) for each in known.values()] == [
        ("lb-4", False, True),
        ("lb-6", True, False),
    ]


def test_a_floating_ip_says_to_which_it_leads() -> None:
    """By the same tags."""
    tags = ("tfgen_second", "tfgen_service=shop_web")
    assert cloud.FloatingIp("1", "f", "p", tags).owner == SECOND
    assert cloud.FloatingIp("1", "f", "p", tags[1:]).owner == WEB
