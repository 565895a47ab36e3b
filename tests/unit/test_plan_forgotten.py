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


def listeners(
    shop: Workshop, *further: children.Listener, stray: tuple[str, ...] = ()
) -> cloud.LoadBalancer:
    """Let the cloud have listener and pool of the state, further ones, and pools without one."""
    state = shop.work.stack("shop").state()
    own = {each.type: each.id for each in state.instances}
    listener, pool = own["openstack_lb_listener_v2"], own["openstack_lb_pool_v2"]
    found = (children.Listener(listener, "tcp-80", "ONLINE", pool), *further)
    shop.below = recover.Below(listeners={each.port_key: each for each in found})
    ids = {*stray, *(id_ for each in found for id_ in (each.id, each.pool_id))} - {""}
    shop.sky.standing[:] = [replace(each, children=frozenset(ids)) for each in shop.sky.standing]
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
    notice, pool = plans.verdict.notices
    assert str(notice) == (
        f"Service shop/web: load balancer {balancer.id} has listener tcp-443 (li-2), which neither "
        "the tree nor a state has, so no plan removes it. Run: tfgen repair shop/web (asks, and "
        "deletes it if it carries this tree's tags)"
    )
    assert "has pool tcp-443 (po-2), which neither" in str(pool)


def test_a_pool_whose_listener_went(shop: Workshop) -> None:
    """No listener tells of it, and its load balancer could not be deleted."""
    listeners(shop, stray=("po-9",))
    [notice] = shop.plan().verdict.notices
    assert "has a pool (po-9), which neither" in str(notice)
