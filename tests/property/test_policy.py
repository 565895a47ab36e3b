"""What holds of the guards for every plan."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import plans
from tests.property import amount, strategies
from tfgen import config, errors, manifest, model, policy
from tfgen.policy import Guard
from tfgen.reconcile import consents

NOTHING = policy.Allowed()
WEB = model.ServiceKey("shop", "web")
EVERYTHING = policy.Allowed(
    10**6,
    frozenset(map(model.ServiceKey.parse, strategies.SERVICES)),
    frozenset(map(model.ServiceKey.parse, strategies.SERVICES)),
    new_state=True,
    exposure=frozenset(map(model.ServiceKey.parse, strategies.SERVICES)),
)
SETTINGS = plans.SETTINGS.model_copy(update={"guards": config.Guards(exposure=True)})
FLAGS = {
    policy.Allowed(removals=EVERYTHING.removals): {Guard.SHRINK, Guard.DELETE},
    policy.Allowed(address_change=EVERYTHING.address_change): {Guard.ADDRESS},
    policy.Allowed(protected=EVERYTHING.protected): {Guard.PROTECTED},
    policy.Allowed(new_state=True): {Guard.VANISHED},
    policy.Allowed(exposure=EVERYTHING.exposure): {Guard.EXPOSURE},
}


def _judge(
    document: plans.Json,
    tree: manifest.Manifest,
    allowed: policy.Allowed = NOTHING,
    consented: tuple[policy.Consent, ...] = (),
) -> policy.Verdict:
    return policy.check_all(
        {"": document},
        manifest=tree,
        settings=SETTINGS,
        allowed=allowed,
        known_addresses=frozenset({WEB}),
        agreed=policy.Agreed(consented, consents.digests({"": document})),
    )


@given(strategies.documents(), strategies.deletes, strategies.manifests(), strategies.allowed)
def test_a_delete_never_opens(
    document: plans.Json, extra: plans.Json, tree: manifest.Manifest, allowed: policy.Allowed
) -> None:
    """Adding a delete to a plan never turns refused into allowed."""
    worse = {**document, "resource_changes": [*document["resource_changes"], extra]}
    if not _judge(document, tree, allowed).passes:
        assert not _judge(worse, tree, allowed).passes


@pytest.mark.parametrize("agreed", FLAGS, ids=lambda agreed: agreed.flags.split()[0])
@amount.of(0.3)
@given(document=strategies.documents(), tree=strategies.manifests())
def test_a_flag_opens_its_own_guard_only(
    agreed: policy.Allowed, document: plans.Json, tree: manifest.Manifest
) -> None:
    """What one flag agrees to opens no refusal of another guard, and adds none."""
    before, after = _judge(document, tree).refusals, _judge(document, tree, agreed).refusals
    assert set(after) <= set(before)
    assert {refusal.guard for refusal in set(before) - set(after)} <= FLAGS[agreed]


def _written(document: plans.Json, tree: manifest.Manifest) -> tuple[policy.Consent, ...]:
    """Give what is written where everything is agreed to."""
    opened = _judge(document, tree, EVERYTHING).opened
    return policy.Agreed((), consents.digests({"": document})).of(opened)


@given(strategies.documents(), strategies.deletes, strategies.manifests())
def test_a_delete_never_opens_what_was_consented_to(
    document: plans.Json, extra: plans.Json, tree: manifest.Manifest
) -> None:
    """A consent in the tree opens what its flags opened, and nothing once a delete is added."""
    written = _written(document, tree)
    judged = _judge(document, tree, consented=written)
    assert judged.refusals == _judge(document, tree, EVERYTHING).refusals
    worse = {**document, "resource_changes": [*document["resource_changes"], extra]}
    after = _judge(worse, tree, consented=written)
    assert not after.opened
    assert judged.passes or not after.passes


@pytest.mark.parametrize("guard", Guard)
@amount.of(0.3)
@given(document=strategies.documents(), tree=strategies.manifests())
def test_a_consent_opens_its_own_guard_only(
    guard: Guard, document: plans.Json, tree: manifest.Manifest
) -> None:
    """Of all that could be consented to, the consents for one guard open that one."""
    mine = tuple(one for one in _written(document, tree) if one.guard is guard)
    assert {one.guard for one in _judge(document, tree, consented=mine).opened} <= {guard}


@given(strategies.documents(), strategies.manifests())
def test_a_refusal_names_what_opens_it(document: plans.Json, tree: manifest.Manifest) -> None:
    """Agreeing to all that refusals ask for leaves exactly those that nothing opens."""
    first = _judge(document, tree)
    after = _judge(document, tree, EVERYTHING)
    assert {one for one in first.refusals if one.needs is None} == set(after.refusals)


@given(strategies.documents(), strategies.manifests(), st.randoms(use_true_random=False))
def test_order_does_not_matter(
    document: plans.Json,
    tree: manifest.Manifest,
    random: Any,  # noqa: ANN401  hypothesis gives a random.Random of its own
) -> None:
    """The same changes in another order give the same verdict and the same words."""
    shuffled = list(document["resource_changes"])
    random.shuffle(shuffled)
    other = {**document, "resource_changes": shuffled}
    assert _judge(other, tree) == _judge(document, tree)
    assert sorted(map(str, policy.changes(other))) == sorted(map(str, policy.changes(document)))


@given(strategies.documents(), strategies.manifests())
def test_consent_is_recorded(document: plans.Json, tree: manifest.Manifest) -> None:
    """Whatever a flag opened stands among the notices."""
    first, after = _judge(document, tree), _judge(document, tree, EVERYTHING)
    opened = set(first.refusals) - set(after.refusals)
    told = {notice.text for notice in after.notices}
    assert all(any(text.startswith(one.what) for text in told) for one in opened)


@given(st.dictionaries(st.text(), strategies.json), strategies.manifests())
def test_any_object_gets_a_verdict(document: plans.Json, tree: manifest.Manifest) -> None:
    """Whatever JSON object is given, there is a verdict, or the error of an unknown format."""
    try:
        verdict = _judge(document, tree)
        policy.changes(document)
    except errors.PlanError as error:
        assert "format_version" in error.what  # noqa: PT017  either outcome is right
    else:
        assert isinstance(verdict, policy.Verdict)


_KEYS = st.sampled_from(
    [
        *("format_version", "resource_changes", "resource_drift", "prior_state", "values"),
        *("root_module", "resources", "child_modules", "variables", "node_groups", "value"),
        *("change", "actions", "before", "after", "after_unknown", "member", "address", "type"),
        *("tags", "replace_paths", "before_sensitive", "importing", "mode", "errored"),
    ]
)
_LEAVES = st.sampled_from(
    [None, True, 0, "", "1.2", "delete", "create", plans.BALANCER, f"{plans.BALANCER}.lb_shop_web"]
)
_ALIKE = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=6),
    max_leaves=40,
)


@given(st.dictionaries(_KEYS, _ALIKE), _ALIKE, strategies.manifests())
def test_what_looks_like_a_plan_gets_a_verdict(
    document: plans.Json, change: object, tree: manifest.Manifest
) -> None:
    """Right keys with wrong values break nothing either."""
    whole = {**document, "format_version": "1.2", "resource_changes": [change]}
    assert isinstance(_judge(whole, tree), policy.Verdict)
    policy.changes(whole)


_FOREIGN = st.sampled_from(
    [
        [],
        ["tfgen"],
        ["tfgen_tree=ffffffff"],
        ["tfgen", "tfgen_cluster=demo", "tfgen_tree=ffffffff"],
        ["tfgen_cluster=other", f"tfgen_tree={plans.TREE}"],
        [*plans.TAGS, "tfgen_tree=ffffffff"],
    ]
)
_TOUCHES = st.sampled_from(
    [
        (["update"], {}),
        (["delete"], {}),
        (["delete", "create"], {}),
        (["no-op"], {"importing": {"id": "x"}}),
    ]
)
_TYPES = {
    "openstack_lb_loadbalancer_v2": f"{plans.BALANCER}.lb_shop_web",
    "openstack_networking_floatingip_v2": f"{plans.FLOATING_IP}.lb_shop_web",
    **{
        f"openstack_lb_{kind}_v2": f"module.lb_shop_web_tcp-80.openstack_lb_{kind}_v2.this"
        for kind in ("listener", "pool", "members", "monitor")
    },
    "openstack_networking_secgroup_v2": (
        "module.node_access.openstack_networking_secgroup_v2.this"
    ),
}


@given(
    document=strategies.documents(),
    tree=strategies.manifests(),
    tags=_FOREIGN,
    touch=_TOUCHES,
    kind=st.sampled_from(sorted(_TYPES)),
)
def test_what_is_not_of_this_tree_is_left_alone(
    document: plans.Json,
    tree: manifest.Manifest,
    tags: list[str],
    touch: tuple[list[str], plans.Json],
    kind: str,
) -> None:
    """Nothing without our tree's id is changed, destroyed or imported, whatever was agreed to."""
    actions, more = touch
    parent = {"id": "po-other", "tags": tags}
    before = {"id": "x", "tags": tags, "pool_id": "po-other"}
    extra = plans.change(_TYPES[kind], *actions, before=before, **more)
    known = [*document["prior_state"]["values"]["root_module"]["resources"]]
    known.append({"type": "openstack_lb_pool_v2", "values": parent})
    worse = {
        **document,
        "resource_changes": [*document["resource_changes"], extra],
        "prior_state": {"values": {"root_module": {"resources": known}}},
    }
    allowed = replace(EVERYTHING, anew=frozenset(map(model.ServiceKey.parse, strategies.SERVICES)))
    refusals = _judge(worse, tree, allowed).refusals
    assert (Guard.OWNERSHIP, _TYPES[kind]) in {(one.guard, one.address) for one in refusals}


@given(strategies.services)
def test_unknown_deletes_are_refused(service: str) -> None:
    """A destroyed load balancer never passes, unless its Service is gone from the manifest."""
    document = plans.plan(plans.balancer(service, "delete"))
    assert not _judge(document, plans.tree(plans.entry(service))).passes
    assert _judge(document, plans.tree()).passes
