"""Guards *delete* and *protected*."""

from typing import Any

import pytest

from tests.fakes import plans
from tfgen import config, manifest, policy
from tfgen.policy import Guard

NOTHING = policy.Allowed()
WEB, API = plans.entry("shop/web"), plans.entry("shop/api")


def _judge(
    document: plans.Json,
    tree: manifest.Manifest,
    allowed: policy.Allowed = NOTHING,
    settings: config.Settings = plans.SETTINGS,
) -> policy.Verdict:
    return policy.check(document, manifest=tree, settings=settings, allowed=allowed)


def _guards(verdict: policy.Verdict) -> list[Guard]:
    return [refusal.guard for refusal in verdict.refusals]


def _gone(*services: str) -> plans.Json:
    return plans.plan(
        *(plans.balancer(name, "delete") for name in services),
        *(plans.floating_ip(name, "delete") for name in services),
    )


def test_living_service_keeps_its_load_balancer() -> None:
    """A load balancer whose Service is in the manifest is not destroyed, whatever was agreed."""
    document = plans.plan(plans.balancer("shop/web", "delete"))
    agreed = policy.Allowed(9, frozenset({WEB.service}), frozenset({WEB.service}), new_state=True)
    verdict = _judge(document, plans.tree(WEB), agreed)
    assert _guards(verdict) == [Guard.DELETE]
    assert verdict.refusals[0].address == f"{plans.BALANCER}.lb_shop_web"
    assert verdict.refusals[0].about == "Service shop/web"
    assert "no flag opens this" in verdict.refusals[0].how


def test_living_service_keeps_its_floating_ip() -> None:
    """A floating IP whose Service is in the manifest is not destroyed."""
    document = plans.plan(plans.floating_ip("shop/web", "delete"))
    assert _guards(_judge(document, plans.tree(WEB))) == [Guard.DELETE]


def test_living_service_is_not_forgotten() -> None:
    """A load balancer of a living Service is not dropped from the state either."""
    document = plans.plan(plans.balancer("shop/web", "forget"))
    assert _guards(_judge(document, plans.tree(WEB))) == [Guard.DELETE]


def test_held_service_keeps_its_load_balancer() -> None:
    """A held Service is a living one, and protected besides."""
    held = plans.entry("shop/web", state=manifest.State.HELD)
    document = plans.plan(plans.balancer("shop/web", "delete"))
    assert _guards(_judge(document, plans.tree(held))) == [Guard.DELETE, Guard.PROTECTED]


def test_removed_service_goes() -> None:
    """A Service that is not in the manifest any more may be destroyed, and the notice says so."""
    verdict = _judge(_gone("shop/web"), plans.tree(API))
    assert verdict.passes
    assert [str(notice) for notice in verdict.notices] == [
        "Service shop/web: removes floating IP 172.24.0.9",
        "Service shop/web: removes load balancer",
    ]


def test_last_service_goes() -> None:
    """The last Service of a tree may go."""
    assert _judge(_gone("shop/web"), plans.tree()).passes


def test_all_services_do_not_go_at_once() -> None:
    """Where there were two or more Services, a plan that removes all of them is refused."""
    verdict = _judge(_gone("shop/web", "shop/api"), plans.tree())
    assert _guards(verdict) == [Guard.DELETE]
    assert "removes 2 of 2 Services, at most 1 may go" in verdict.refusals[0].what
    assert verdict.refusals[0].how.endswith("--allow-removals 2")


def test_agreed_removals_pass_and_are_recorded() -> None:
    """The count that was agreed to opens it, one less does not, and the notice records it."""
    document = _gone("shop/web", "shop/api")
    assert not _judge(document, plans.tree(), policy.Allowed(removals=1)).passes
    verdict = _judge(document, plans.tree(), policy.Allowed(removals=2))
    assert verdict.passes
    assert any("agreed to by --allow-removals 2" in note.text for note in verdict.notices)


def test_removals_count_over_several_plans() -> None:
    """Removals that pass stack by stack are refused when they are too many together."""
    tree = plans.tree(*(plans.entry(f"keep/s{number}") for number in range(7)))
    parts = {name: _gone(f"{name}/web") for name in ("a", "b", "c", "d")}
    common: dict[str, Any] = {"manifest": tree, "settings": plans.SETTINGS, "allowed": NOTHING}
    assert all(policy.check(part, **common).passes for part in parts.values())
    verdict = policy.check_all(parts, **common)
    assert "removes 4 of 11 Services, at most 3 may go" in verdict.refusals[0].what
    assert "a/web, b/web, c/web, d/web" in verdict.refusals[0].what


def test_count_limit_holds_in_a_large_tree() -> None:
    """In a large tree the count is the limit, not the percentage."""
    tree = plans.tree(*(plans.entry(f"keep/s{number}") for number in range(500)))
    services = [f"shop/s{number}" for number in range(11)]
    assert _judge(_gone(*services[:10]), tree).passes
    assert _guards(_judge(_gone(*services), tree)) == [Guard.DELETE]


def test_removed_port_passes_with_a_notice() -> None:
    """A port that the Service has no more is destroyed, and reported as an outage of that port."""
    kinds = ("listener", "pool", "monitor")
    changes = [plans.child("shop/web", kind, "delete", port="tcp-443") for kind in kinds]
    pool = plans.members("shop/web", {"node-1": "10.0.0.11"}, None, port="tcp-443")
    verdict = _judge(plans.plan(*changes, pool), plans.tree(WEB))
    assert verdict.passes
    assert [str(note) for note in verdict.notices] == [
        "Service shop/web: removes listener tcp-443: outage of that port"
    ]


def test_floating_ip_of_a_service_turned_internal_needs_consent() -> None:
    """A Service that becomes internal gives its address back only when that was agreed to."""
    tree = plans.tree(plans.entry("shop/web", internal=True))
    document = plans.plan(plans.floating_ip("shop/web", "delete"))
    verdict = _judge(document, tree)
    assert _guards(verdict) == [Guard.ADDRESS]
    assert "172.24.0.9" in verdict.refusals[0].what
    agreed = policy.Allowed(address_change=frozenset({WEB.service}))
    assert _judge(document, tree, agreed).passes


@pytest.mark.parametrize("keep", [False, True])
def test_whoever_asked_to_keep_an_address_is_told_that_it_goes(*, keep: bool) -> None:
    """The consent is for the loss of it: keep-floatingip is about a Service that goes."""
    tree = plans.tree(plans.entry("shop/web", internal=True, keep_floating_ip=keep))
    (refusal,) = _judge(plans.plan(plans.floating_ip("shop/web", "delete")), tree).refusals
    assert ("keep-floatingip spares it when the Service goes, and not here" in refusal.how) is keep
    assert "The address will not come back." in refusal.how


def test_protected_service_loses_nothing() -> None:
    """Under a protected Service not even a monitor is destroyed without consent."""
    tree = plans.tree(plans.entry("shop/web", protect=True))
    document = plans.plan(plans.child("shop/web", "monitor", "delete"))
    verdict = _judge(document, tree)
    assert _guards(verdict) == [Guard.PROTECTED]
    assert verdict.refusals[0].how.endswith("--allow-protected shop/web")
    agreed = policy.Allowed(protected=frozenset({WEB.service}))
    assert _judge(document, tree, agreed).passes


def test_consent_is_for_one_service() -> None:
    """Consent for one protected Service opens no other."""
    tree = plans.tree(plans.entry("shop/web", protect=True), plans.entry("shop/api", protect=True))
    document = plans.plan(
        plans.child("shop/web", "monitor", "delete"), plans.child("shop/api", "monitor", "delete")
    )
    verdict = _judge(document, tree, policy.Allowed(protected=frozenset({WEB.service})))
    assert [refusal.service for refusal in verdict.refusals] == [API.service]


def test_held_service_may_follow_its_nodes() -> None:
    """A held Service's members change with the nodes: that destroys nothing."""
    tree = plans.tree(plans.entry("shop/web", state=manifest.State.HELD))
    nodes = {"node-1": "10.0.0.11", "node-2": "10.0.0.12"}
    more = {**nodes, "node-3": "10.0.0.13"}
    assert _judge(plans.plan(plans.members("shop/web", nodes, more)), tree).passes


def test_held_service_does_not_change() -> None:
    """Whatever else a plan does under a held Service is refused, a hand edit above all."""
    tree = plans.tree(plans.entry("shop/web", state=manifest.State.HELD))
    sides: dict[str, Any] = {
        "before": {"tags": plans.TAGS, "allowed_cidrs": ["192.0.2.0/24"]},
        "after": {"tags": plans.TAGS, "allowed_cidrs": ["0.0.0.0/0"]},
    }
    document = plans.plan(plans.child("shop/web", "listener", "update", **sides))
    verdict = _judge(document, tree)
    assert _guards(verdict) == [Guard.PROTECTED]
    assert verdict.refusals[0].what == (
        "is held, and the plan changes listener tcp-80 "
        '(allowed_cidrs: ["192.0.2.0/24"] -> ["0.0.0.0/0"])'
    )
    assert verdict.refusals[0].how.endswith("--allow-protected shop/web")
    agreed = policy.Allowed(protected=frozenset({WEB.service}))
    assert _judge(document, tree, agreed).passes


def test_held_service_may_be_noted_as_applied() -> None:
    """A note in the state alone changes nothing in the cloud, and holds up no nodes."""
    tree = plans.tree(plans.entry("shop/web", state=manifest.State.HELD))
    note = plans.change("terraform_data.lb_shop_web", "create", after={"input": "0d4e77558ea85516"})
    nodes = {"node-1": "10.0.0.11"}
    more = {**nodes, "node-2": "10.0.0.12"}
    document = plans.plan(note, plans.members("shop/web", nodes, more))
    assert _judge(document, tree).passes
    [change] = policy.changes(document)
    assert change.facts_only
    assert change.effects == (
        "members tcp-80: 1 -> 2 (+node-2)",
        "notes revision 0d4e77558ea85516 as applied",
    )


def test_held_service_is_not_made() -> None:
    """A Service that was held before its first apply is not made meanwhile."""
    tree = plans.tree(plans.entry("shop/web", state=manifest.State.HELD))
    document = plans.plan(plans.balancer("shop/web", "create"))
    assert _guards(_judge(document, tree)) == [Guard.PROTECTED]


def test_protected_service_may_change() -> None:
    """Protection is against loss: a change in place passes."""
    tree = plans.tree(plans.entry("shop/web", protect=True))
    assert _judge(plans.plan(plans.child("shop/web", "listener", "update")), tree).passes


def test_unknown_load_balancer_is_not_destroyed() -> None:
    """A load balancer at an address that is no Service's is refused, not passed."""
    for address in (f"{plans.BALANCER}.mine", f"module.x.{plans.BALANCER}.lb_shop_web"):
        document = plans.plan(plans.change(address, "delete", before={"tags": plans.TAGS}))
        verdict = _judge(document, plans.tree(WEB))
        assert _guards(verdict) == [Guard.DELETE]
        assert f"-target='{address}'" in verdict.refusals[0].how


def test_other_resources_may_go() -> None:
    """A resource that is no part of a load balancer is not ours to guard."""
    document = plans.plan(plans.change("dns_a_record_set.web", "delete"))
    assert _judge(document, plans.tree(WEB)).passes
