"""Guard *ownership*."""

import pytest

from tests.fakes import plans
from tfgen import policy
from tfgen.policy import Guard

TREE = plans.tree(plans.entry("shop/web"))
ALL = policy.Allowed(
    99, frozenset({plans.key("shop/web")}), frozenset({plans.key("shop/web")}), new_state=True
)
OTHER_TREE = ["tfgen", "tfgen_cluster=demo", "tfgen_tree=ffffffff"]


def _judge(*changes: plans.Json) -> policy.Verdict:
    document = plans.plan(*changes)
    return policy.check(document, manifest=TREE, settings=plans.SETTINGS, allowed=ALL)


def _tagged(tags: list[str], *actions: str, **change: object) -> plans.Json:
    before = {"id": "x", "vip_port_id": "p", "tags": tags}
    return plans.balancer("shop/web", *actions, before=before, **change)


@pytest.mark.parametrize("actions", [("update",), ("delete", "create")])
def test_other_trees_object_is_left_alone(actions: tuple[str, ...]) -> None:
    """An object with our cluster's name and another tree's id is not touched at all."""
    verdict = _judge(_tagged(OTHER_TREE, *actions))
    assert [refusal.guard for refusal in verdict.refusals] == [Guard.OWNERSHIP]
    found = "its tags name tfgen_cluster=demo, tfgen_tree=ffffffff"
    assert verdict.refusals[0].what.startswith(found)


def test_other_trees_object_of_a_removed_service_is_left_alone() -> None:
    """Nor is it destroyed because this tree has no such Service."""
    before = {"tags": OTHER_TREE}
    verdict = _judge(plans.floating_ip("shop/old", "delete", before=before))
    assert [refusal.guard for refusal in verdict.refusals] == [Guard.OWNERSHIP]


def test_untagged_load_balancer_is_left_alone() -> None:
    """A load balancer without tags is not ours; the refusal says which tags it needs."""
    verdict = _judge(_tagged([], "update"))
    assert "no owner" in verdict.refusals[0].what
    assert "tfgen_tree=3f9c1a00" in verdict.refusals[0].what


def test_foreign_load_balancer_is_not_imported() -> None:
    """Taking a foreign object into the state is a change to it."""
    assert not _judge(_tagged(OTHER_TREE, "no-op", importing={"id": "x"})).passes
    assert _judge(_tagged(plans.TAGS, "no-op", importing={"id": "x"})).passes


def test_foreign_load_balancer_may_be_forgotten_or_read() -> None:
    """What does not touch the object needs no ownership."""
    assert _judge(_tagged(OTHER_TREE, "no-op")).passes
    forgotten = plans.balancer("shop/old", "forget", before={"tags": OTHER_TREE})
    assert _judge(forgotten).passes


def test_untagged_children_of_our_load_balancer_are_ours() -> None:
    """A killed apply leaves a listener or a floating IP without tags: they hang on ours."""
    verdict = _judge(
        _tagged(plans.TAGS, "no-op"),
        plans.child("shop/web", "listener", "update", before={"id": "l", "loadbalancer_id": "x"}),
        plans.child("shop/web", "pool", "update", before={"listener_id": "l"}),
        plans.floating_ip("shop/web", "update", before={"port_id": "p"}, after={"port_id": "p"}),
    )
    assert verdict.passes


def test_tagged_children_of_our_load_balancer_belong_to_their_tag() -> None:
    """A child that another tree tagged is not ours, even on our load balancer."""
    before = {"loadbalancer_id": "x", "tags": OTHER_TREE}
    verdict = _judge(
        _tagged(plans.TAGS, "no-op"), plans.child("shop/web", "listener", "update", before=before)
    )
    assert [refusal.guard for refusal in verdict.refusals] == [Guard.OWNERSHIP]


def test_tags_of_an_imported_floating_ip_stand_in_all_tags() -> None:
    """The provider shows an imported floating IP's tags in `all_tags` alone."""
    before = {"tags": [], "all_tags": plans.TAGS}
    imported = plans.floating_ip(
        "shop/web", "update", before=before, after={}, importing={"id": "f"}
    )
    assert _judge(imported).passes


def test_members_and_monitors_carry_no_tags() -> None:
    """What cannot be tagged goes with its pool."""
    assert _judge(plans.child("shop/web", "monitor", "update")).passes


@pytest.mark.parametrize("tags", [OTHER_TREE, ["tfgen", "tfgen_cluster=other", plans.TAGS[2]], []])
@pytest.mark.parametrize("kind", ["balancer", "floating_ip", "listener", "pool"])
@pytest.mark.parametrize("act", ["update", "delete", "replace", "import"])
def test_no_kind_of_object_that_is_not_ours_is_touched(
    tags: list[str], kind: str, act: str
) -> None:
    """Whatever carries tags: another tree's, another cluster's, and nobody's that hangs on none."""
    actions = {"replace": ["delete", "create"], "import": ["no-op"]}.get(act, [act])
    rest: plans.Json = {"before": {"id": "x", "tags": tags}, "after": {}}
    taken: plans.Json = {"importing": {"id": "x"}} if act == "import" else {}
    if kind == "balancer":
        change = plans.balancer("shop/old", *actions, **rest, **taken)
    elif kind == "floating_ip":
        change = plans.floating_ip("shop/old", *actions, **rest, **taken)
    else:
        change = plans.child("shop/old", kind, *actions, before=rest["before"], **taken)
    guards = {refusal.guard for refusal in _judge(change).refusals}
    assert Guard.OWNERSHIP in guards
