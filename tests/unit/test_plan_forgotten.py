"""A listener that neither the tree nor a state has is told with what deletes it: it is open."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.workshop import Workshop
from tfgen import cloud
from tfgen.inspection import children
from tfgen.reconcile import recover

WEB = "shop/web"


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    """A workshop with one Service that is applied, and stands as its state says."""
    place = Workshop(tmp_path)
    place.bring(WEB)
    [address] = place.plan().stacks["shop"].addresses
    place.sky.stands(WEB, address.load_balancer_id)
    return place


def listeners(shop: Workshop, *further: children.Listener) -> cloud.LoadBalancer:
    """Let the cloud have the listener of the state, and further ones."""
    state = shop.work.stack("shop").state()
    [own] = [each.id for each in state.instances if each.type == "openstack_lb_listener_v2"]
    found = (children.Listener(own, "tcp-80", "ONLINE"), *further)
    shop.below = recover.Below(listeners={each.port_key: each for each in found})
    shop.sky.standing[:] = [replace(each, listeners=len(found)) for each in shop.sky.standing]
    return shop.sky.standing[0]


def test_all_agree(shop: Workshop) -> None:
    """Where Octavia counts what the state has, there is nothing to tell."""
    listeners(shop)
    assert shop.plan().verdict.notices == ()


def test_one_that_a_killed_apply_left(shop: Workshop) -> None:
    """Nothing changes in the plan, and the port is open all the same: it is told."""
    balancer = listeners(shop, children.Listener("li-2", "tcp-443", "ONLINE", "po-2"))
    plans = shop.plan()
    assert plans.saved == ()
    [notice] = plans.verdict.notices
    assert str(notice) == (
        f"Service shop/web: load balancer {balancer.id} has listener tcp-443 (li-2), which neither "
        "the tree nor a state has, so no plan removes it. Run: tfgen repair shop/web (asks, and "
        "deletes it if it carries this tree's tags)"
    )
