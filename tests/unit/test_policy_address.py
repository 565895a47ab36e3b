"""Guards *address* and *vanished*."""

import pytest

from tests.fakes import plans
from tfgen import manifest, model, policy
from tfgen.policy import Guard

WEB = plans.entry("shop/web")
TREE = plans.tree(WEB)
NOTHING = policy.Allowed()
AGREED = policy.Allowed(address_change=frozenset({WEB.service}))


def _judge(
    document: plans.Json,
    allowed: policy.Allowed = NOTHING,
    tree: manifest.Manifest = TREE,
    known: frozenset[model.ServiceKey] = frozenset(),
) -> policy.Verdict:
    return policy.check(
        document, manifest=tree, settings=plans.SETTINGS, allowed=allowed, known_addresses=known
    )


def _replacement(*, errored: bool = False) -> plans.Json:
    before = {"id": "x", "tags": plans.TAGS, "vip_subnet_id": "subnet-a"}
    after = {"tags": plans.TAGS, "vip_subnet_id": "subnet-b"}
    moved = plans.balancer("shop/web", "delete", "create", before=before, after=after)
    moved["change"]["replace_paths"] = [["vip_subnet_id"]]
    return plans.plan(moved, errored=errored)


def _update(attribute: str, before: object, after: object, **change: object) -> plans.Json:
    sides = {
        "before": {"tags": plans.TAGS, attribute: before},
        "after": {"tags": plans.TAGS, attribute: after},
    }
    return plans.floating_ip("shop/web", "update", **sides, **change)


def _guards(verdict: policy.Verdict) -> list[Guard]:
    return [refusal.guard for refusal in verdict.refusals]


def test_replaced_load_balancer_needs_consent() -> None:
    """A replacement is refused, says before and after, and names the flag that opens it."""
    refusal = _judge(_replacement()).refusals[0]
    assert refusal.guard is Guard.ADDRESS
    assert "replaced (vip_subnet_id: subnet-a -> subnet-b)" in refusal.what
    assert refusal.how.endswith("--allow-address-change shop/web")
    assert _judge(_replacement(), AGREED).passes


def test_errored_plan_under_prevent_destroy_is_an_address_change() -> None:
    """A plan that prevent_destroy ended is refused by *address*, and says what to render first."""
    for allowed in (NOTHING, AGREED):
        verdict = _judge(_replacement(errored=True), allowed)
        assert _guards(verdict) == [Guard.ADDRESS]
        remedy = "tfgen render --allow-address-change shop/web"
        assert verdict.refusals[0].how.endswith(remedy)
        assert verdict.errored


def test_errored_plan_never_passes() -> None:
    """A plan that the engine could not finish does not pass, even with nothing to refuse in it."""
    verdict = _judge(plans.plan(errored=True))
    assert not verdict.refusals
    assert not verdict.passes


def test_tainted_load_balancer_is_named_so() -> None:
    """A replacement without a cause in the configuration says the engine's reason."""
    moved = plans.balancer("shop/web", "delete", "create")
    moved["action_reason"] = "replace_because_tainted"
    assert "it is tainted" in _judge(plans.plan(moved)).refusals[0].what


@pytest.mark.parametrize("attribute", ["address", "port_id", "fixed_ip", "pool"])
def test_moved_floating_ip_needs_consent(attribute: str) -> None:
    """Whatever moves a floating IP from where it is needs consent."""
    verdict = _judge(plans.plan(_update(attribute, "a", "b")))
    assert _guards(verdict) == [Guard.ADDRESS]
    assert f"{attribute}: a -> b" in verdict.refusals[0].what


def test_value_known_after_apply_is_a_move() -> None:
    """A floating IP whose new port nobody knows yet moves, so far as anyone can tell."""
    verdict = _judge(plans.plan(_update("port_id", "a", None, after_unknown={"port_id": True})))
    assert "port_id: a -> (known after apply)" in verdict.refusals[0].what


def test_attaching_a_loose_floating_ip_is_no_move() -> None:
    """A floating IP that is attached to nothing may be attached."""
    document = plans.plan(_update("port_id", "", None, after_unknown={"port_id": True}))
    assert _judge(document).passes


def test_other_attributes_of_a_floating_ip_may_change() -> None:
    """A description moves nothing."""
    assert _judge(plans.plan(_update("description", "a", "b"))).passes


def _gone(service: str = "shop/web") -> plans.Json:
    return plans.plan(
        plans.balancer(service, "create"), drift=(plans.balancer(service, "delete", after=None),)
    )


def test_vanished_load_balancer_is_not_made_anew() -> None:
    """A load balancer that the refresh did not find stops the plan until that was agreed to."""
    verdict = _judge(_gone())
    assert _guards(verdict) == [Guard.VANISHED]
    assert "load balancer 10.0.0.5 is gone from the cloud" in verdict.refusals[0].what
    assert verdict.refusals[0].how.endswith("--new-state")
    assert _judge(_gone(), policy.Allowed(new_state=True)).passes


OTHERS = [
    policy.Allowed(removals=99),
    policy.Allowed(address_change=frozenset({WEB.service})),
    policy.Allowed(protected=frozenset({WEB.service})),
    policy.Allowed(exposure=frozenset({WEB.service})),
    policy.Allowed(anew=frozenset({model.ServiceKey("shop", "api")})),
]


@pytest.mark.parametrize("allowed", OTHERS, ids=lambda each: each.flags or "anew")
def test_no_other_flag_makes_anew_what_vanished(allowed: policy.Allowed) -> None:
    """Each guard has its own consent."""
    assert _guards(_judge(_gone(), allowed)) == [Guard.VANISHED]


def test_vanished_floating_ip_is_refused() -> None:
    """A floating IP of the state that is gone stops the plan."""
    drift = plans.floating_ip("shop/web", "delete")
    verdict = _judge(plans.plan(plans.floating_ip("shop/web", "create"), drift=(drift,)))
    assert _guards(verdict) == [Guard.VANISHED]
    assert "floating IP 172.24.0.9" in verdict.refusals[0].what


def test_vanished_load_balancer_of_a_removed_service_is_no_matter() -> None:
    """What a Service that is gone had may be gone as well."""
    assert _judge(plans.plan(drift=(plans.balancer("shop/old", "delete"),))).passes


def test_vanished_listener_is_made_anew() -> None:
    """A listener that is gone is created again, with a notice."""
    drift = tuple(plans.child("shop/web", kind, "delete") for kind in ("listener", "pool"))
    verdict = _judge(plans.plan(plans.child("shop/web", "listener", "create"), drift=drift))
    assert verdict.passes
    assert [str(note) for note in verdict.notices] == [
        "Service shop/web: gone from the cloud: listener tcp-80"
    ]


def test_create_for_a_service_that_had_an_address_is_refused() -> None:
    """A plan of creates for a Service that had an address is of another cloud, or of no state."""
    document = plans.plan(plans.balancer("shop/web", "create"))
    known = frozenset({WEB.service})
    assert _guards(_judge(document, known=known)) == [Guard.VANISHED]
    assert _judge(document, policy.Allowed(new_state=True), known=known).passes
    assert _judge(document).passes


def test_import_for_a_service_that_had_an_address_passes() -> None:
    """Taking the existing load balancer into the state is the cure, not the disease."""
    document = plans.plan(plans.balancer("shop/web", "no-op", importing={"id": "x"}))
    assert _judge(document, known=frozenset({WEB.service})).passes


def _moved(to: str, service: str = "shop/web") -> plans.Json:
    change = plans.balancer(service, "no-op")
    return {**change, "address": to, "previous_address": change["address"]}


def test_load_balancer_is_not_handed_to_another_service() -> None:
    """A `moved` block between two Services needs consent for both, though nothing is destroyed."""
    document = plans.plan(_moved(f"{plans.BALANCER}.lb_shop_api"))
    verdict = _judge(document)
    assert _guards(verdict) == [Guard.ADDRESS]
    assert "hands over what Service shop/web has: load balancer" in verdict.refusals[0].what
    flags = "--allow-address-change shop/api --allow-address-change shop/web"
    assert verdict.refusals[0].how.endswith(flags)
    both = frozenset({WEB.service, model.ServiceKey("shop", "api")})
    assert _judge(document, policy.Allowed(address_change=both)).passes
    assert not _judge(document, AGREED).passes


def test_load_balancer_is_not_handed_to_nobody() -> None:
    """A `moved` block to an address that is no Service's is refused, and no flag opens that."""
    verdict = _judge(plans.plan(_moved(f"{plans.BALANCER}.mine")), AGREED)
    assert _guards(verdict) == [Guard.ADDRESS]
    assert verdict.refusals[0].needs is None


def test_moves_within_a_service_pass() -> None:
    """A `moved` block within one Service, as a new scheme of addresses needs, passes."""
    change = plans.child("shop/web", "listener", "no-op")
    former = "module.lb_shop_web_tcp-80.openstack_lb_listener_v2.listener"
    assert _judge(plans.plan({**change, "previous_address": former})).passes


@pytest.mark.parametrize(
    ("balancer", "unheard", "guards"),
    [
        ("no-op", True, []),
        ("update", True, []),
        ("no-op", False, [Guard.VANISHED]),
        ("create", True, [Guard.VANISHED]),
        (None, True, [Guard.VANISHED]),
    ],
)
def test_a_floating_ip_that_nobody_was_told(
    balancer: str | None,
    unheard: bool,  # noqa: FBT001  whether the cluster has no address of it
    guards: list[Guard],
) -> None:
    """A Service that came again gets another one, where its load balancer shows the right cloud."""
    changes = [plans.floating_ip("shop/web", "create")]
    changes += [plans.balancer("shop/web", balancer)] if balancer else []
    drift = (plans.floating_ip("shop/web", "delete"),)
    verdict = policy.check_all(
        {"shop": plans.plan(*changes, drift=drift)},
        manifest=TREE,
        settings=plans.SETTINGS,
        allowed=NOTHING,
        unheard=frozenset({WEB.service} if unheard else ()),
    )
    assert _guards(verdict) == guards
