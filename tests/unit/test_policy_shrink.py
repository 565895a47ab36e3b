"""Guard *shrink*."""

import pytest

from tests.fakes import plans
from tfgen import config, policy
from tfgen.policy import Guard, limits

TREE = plans.tree(plans.entry("shop/web"))
NOTHING = policy.Allowed()


def _nodes(*numbers: int) -> dict[str, str]:
    return {f"node-{number}": f"10.0.0.{10 + number}" for number in numbers}


def _judge(document: plans.Json, allowed: policy.Allowed = NOTHING) -> policy.Verdict:
    return policy.check(document, manifest=TREE, settings=plans.SETTINGS, allowed=allowed)


def _refusals(document: plans.Json) -> list[Guard]:
    return [refusal.guard for refusal in _judge(document).refusals]


def test_emptied_pool_is_refused() -> None:
    """A pool of a living Service does not lose all its members."""
    document = plans.plan(plans.members("shop/web", _nodes(1, 2, 3), {}))
    refusal = _judge(document).refusals[0]
    assert refusal.guard is Guard.SHRINK
    assert refusal.what == "pool tcp-80 loses 3 of 3 members (node-1, node-2, node-3)"
    assert refusal.how.endswith("--allow-removals 3")
    assert not _judge(document, policy.Allowed(removals=2)).passes
    assert _judge(document, policy.Allowed(removals=3)).passes


def test_single_member_does_not_go() -> None:
    """The last member is all members."""
    assert _refusals(plans.plan(plans.members("shop/web", _nodes(1), {}))) == [Guard.SHRINK]


def test_nodes_that_are_all_replaced_are_refused() -> None:
    """Other nodes in the place of all known ones: the pool keeps none that serves today."""
    document = plans.plan(plans.members("shop/web", _nodes(1, 2, 3), _nodes(4, 5, 6)))
    assert _refusals(document) == [Guard.SHRINK]


@pytest.mark.parametrize(
    ("before", "after", "refused"),
    [
        ((1, 2, 3), (1, 2), False),  # beyond 30 %, but two and half remain
        ((1, 2), (1,), True),  # one remains
        ((1, 2, 3, 4), (1, 2), False),  # half remains
        ((1, 2, 3, 4, 5), (1, 2), True),  # less than half remains
        (range(10), range(3, 10), False),  # 30 %
        ((1, 2), (1, 2, 3), False),  # a node joins
        ((), (), False),
    ],
)
def test_share_of_members_that_may_go(
    before: tuple[int, ...], after: tuple[int, ...], *, refused: bool
) -> None:
    """Beyond the percentage members may go only while half of them, and two, remain."""
    document = plans.plan(plans.members("shop/web", _nodes(*before), _nodes(*after)))
    assert bool(_refusals(document)) is refused


@pytest.mark.parametrize(
    ("most", "group", "after", "refused"),
    [
        (2, "shop_web", (1, 2), False),  # so many are asked for, and those stay
        (1, "shop_web", (1,), False),
        (2, "shop_web", (1, 7), True),  # one of those that are asked for went
        (4, "shop_web", (1, 2), False),  # half of four remains
        (4, "shop_web", (1, 7, 8, 9), True),
        (1, "shop_web", (7,), True),  # never all
        (2, "shop_web_ipv6", (1, 2), False),
        (2, "default", (1, 2), True),  # of a held Service, which the setting does not bound
        (0, "shop_web", (1, 2), True),  # the setting was taken away, so all nodes are asked for
    ],
)
def test_a_pool_may_shrink_to_what_the_settings_ask_for(
    most: int, group: str, after: tuple[int, ...], *, refused: bool
) -> None:
    """A lower `members.max_per_pool` loses no member; beyond it, members count as ever."""
    settings = plans.SETTINGS.model_copy(update={"members": config.Members(max_per_pool=most)})
    document = plans.plan(plans.members("shop/web", _nodes(1, 2, 3, 4, 5, 6), _nodes(*after)))
    verdict = policy.check(
        document,
        manifest=plans.tree(plans.entry("shop/web", node_group=group)),
        settings=settings,
        allowed=NOTHING,
    )
    assert bool(verdict.refusals) is refused


def test_new_node_port_keeps_the_nodes() -> None:
    """Another node port replaces every member in Octavia, and loses no node."""
    document = plans.plan(plans.members("shop/web", _nodes(1, 2), _nodes(1, 2)))
    for member in document["resource_changes"][0]["change"]["after"]["member"]:
        member["protocol_port"] = 30002
    assert _judge(document).passes


def test_replaced_pool_with_the_same_nodes_passes() -> None:
    """A port made anew (TCP to HTTP) has its members again."""
    anew = plans.members("shop/web", _nodes(1, 2), _nodes(1, 2), actions=["delete", "create"])
    listener = plans.child("shop/web", "listener", "delete", "create")
    verdict = _judge(plans.plan(anew, listener))
    assert verdict.passes
    assert "outage of that port" in verdict.notices[0].text


def test_members_of_a_listed_port_do_not_vanish() -> None:
    """A port that the manifest lists keeps its members: a file edited by hand is no removal."""
    document = plans.plan(
        plans.child("shop/web", "listener", "delete"), plans.members("shop/web", _nodes(1, 2), None)
    )
    assert _refusals(document) == [Guard.SHRINK]


def test_lost_load_balancer_is_told_once() -> None:
    """Where the whole load balancer goes, guard *delete* says so, not each of its pools."""
    document = plans.plan(
        plans.balancer("shop/web", "delete"), plans.members("shop/web", _nodes(1, 2), None)
    )
    assert _refusals(document) == [Guard.DELETE]


def test_removed_service_loses_its_members() -> None:
    """Members of a Service that is gone go with it."""
    assert _judge(plans.plan(plans.members("shop/old", _nodes(1, 2), None))).passes


def test_service_that_the_manifest_lacks_keeps_its_members() -> None:
    """A pool that stays keeps its members, even where a merge took its Service out of the tree."""
    emptied = plans.members("shop/old", _nodes(1, 2, 3), {})
    assert _refusals(plans.plan(emptied)) == [Guard.SHRINK]
    removed = plans.members("shop/old", _nodes(1, 2, 3), None)
    stays = plans.balancer("shop/old", "no-op")
    assert _refusals(plans.plan(removed, stays)) == [Guard.SHRINK]
    assert _judge(plans.plan(removed, plans.balancer("shop/old", "delete"))).passes


def test_pool_of_nobody_keeps_its_members() -> None:
    """A pool at an address that is no Service's is not emptied either."""
    sides = {"before": {"member": [{"address": "10.0.0.11"}]}, "after": {"member": []}}
    document = plans.plan(plans.change("openstack_lb_members_v2.mine", "update", **sides))
    assert _judge(document).refusals[0].what == "its pool loses 1 of 1 members (10.0.0.11)"


def test_empty_node_group_is_refused() -> None:
    """A plan made with an empty node group is refused, and no flag opens that."""
    variables: plans.Json = {"node_groups": {"value": {"default": {}, "gold": {"node-1": {}}}}}
    verdict = _judge(plans.plan(variables=variables), policy.Allowed(removals=99))
    assert [refusal.address for refusal in verdict.refusals] == ["var.node_groups['default']"]
    assert verdict.refusals[0].needs is None


@pytest.mark.parametrize(
    ("total", "most"), [(0, 1), (1, 1), (2, 1), (3, 1), (10, 3), (34, 10), (1000, 10)]
)
def test_services_that_may_go(total: int, most: int) -> None:
    """At most `count`, at most max(1, percent), and never all of two or more."""
    assert limits.services(total, plans.SETTINGS) == most


def test_limits_follow_the_settings() -> None:
    """A limit of 100 percent still keeps one of two."""
    guards = config.Guards(max_removals=config.MaxRemovals(count=100, percent=100))
    settings = plans.SETTINGS.model_copy(update={"guards": guards})
    assert limits.services(2, settings) == 1
    assert not limits.loses_too_many(10, 1, settings)
    assert limits.loses_too_many(10, 0, settings)
