"""Plans of a real engine against a real cloud get the verdict that they deserve."""

import json
from pathlib import Path

import pytest

from tests.fakes import plans
from tfgen import config, manifest, policy

FOLDER = Path(__file__).parents[1] / "fixtures" / "plans"
SETTINGS = config.Settings(cluster="guards", tree="3f9c1a2b")
WEB = plans.entry("shop/web", ports=("tcp-443", "tcp-80"))
API = plans.entry("shop/api")
ANEW = ("creates load balancer", "creates listener tcp-443", "creates listener tcp-80")
JOINS = "2 -> 3 (+node-3)"
HERE, THERE = "00000000-0000-4000-8000-000000000001", "22222222-2222-4222-8222-222222222222"


def _plan(name: str) -> plans.Json:
    document: plans.Json = json.loads((FOLDER / f"{name}.json").read_text())
    return document


def _judge(
    name: str, *entries: manifest.Entry, allowed: policy.Allowed | None = None
) -> policy.Verdict:
    services = {one.service: one for one in entries or (WEB, API)}
    tree = manifest.Manifest("guards", "3f9c1a2b", "namespace", services=services)
    return policy.check(
        _plan(name), manifest=tree, settings=SETTINGS, allowed=allowed or policy.Allowed()
    )


def _effects(name: str) -> dict[str, tuple[str, ...]]:
    return {str(one.service): one.effects for one in policy.changes(_plan(name))}


@pytest.mark.parametrize(
    ("name", "entries"),
    [
        ("create", (WEB, API)),
        ("nothing-changes", (WEB, API)),
        ("node-joins", (WEB, API)),
        ("orphans-imported", (WEB, API)),
        ("port-removed", (plans.entry("shop/web"), API)),
        ("service-removed", (API,)),
    ],
)
def test_what_the_tree_asks_for_passes(name: str, entries: tuple[manifest.Entry, ...]) -> None:
    """Plans that do what the manifest says pass."""
    assert _judge(name, *entries).passes


@pytest.mark.parametrize(
    ("name", "entry", "guards"),
    [
        ("nodes-leave", WEB, {"shrink"}),
        ("port-removed", WEB, {"shrink"}),
        ("service-removed", WEB, {"delete"}),
        ("replacement", WEB, {"address"}),
        ("replacement-prevented", WEB, {"address"}),
        ("turned-internal", WEB, {"delete"}),
        ("turned-internal", plans.entry("shop/web", internal=True), {"address"}),
        ("vanished", WEB, {"vanished"}),
        ("port-removed", plans.entry("shop/web", protect=True), {"protected"}),
    ],
)
def test_what_it_does_not_ask_for_is_refused(
    name: str, entry: manifest.Entry, guards: set[str]
) -> None:
    """Plans that do what the manifest does not say are refused by the guard that is for it."""
    verdict = _judge(name, entry, API)
    assert {refusal.guard.value for refusal in verdict.refusals} == guards


@pytest.mark.parametrize("name", ["service-removed", "replacement", "port-removed"])
def test_another_trees_objects_are_left_alone(name: str) -> None:
    """The same plans are refused where the tags are of another tree."""
    tree = manifest.Manifest("guards", "ffffffff", "namespace")
    settings = SETTINGS.model_copy(update={"tree": "ffffffff"})
    verdict = policy.check(
        _plan(name), manifest=tree, settings=settings, allowed=policy.Allowed(removals=9)
    )
    assert "ownership" in {refusal.guard.value for refusal in verdict.refusals}


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("nodes-leave", policy.Allowed(removals=1)),
        ("replacement", policy.Allowed(address_change=frozenset({WEB.service}))),
        ("vanished", policy.Allowed(new_state=True)),
    ],
)
def test_consent_opens(name: str, allowed: policy.Allowed) -> None:
    """The flag that the refusal names opens it."""
    refusals = _judge(name).refusals
    assert all(one.needs and allowed.covers(one.needs) for one in refusals)
    assert _judge(name, allowed=allowed).passes


def test_prevented_replacement_says_what_would_happen() -> None:
    """A plan that prevent_destroy ended is marked errored, and says why the address would go."""
    verdict = _judge("replacement-prevented")
    assert verdict.errored
    [refusal] = verdict.refusals
    assert refusal.what == f"the load balancer is replaced (vip_subnet_id: {HERE} -> {THERE})"


@pytest.mark.parametrize(
    ("name", "effects"),
    [
        ("create", {"shop/api": (ANEW[0], ANEW[2], "creates floating IP")}),
        ("nothing-changes", {}),
        ("node-joins", {"shop/web": (f"members tcp-443: {JOINS}", f"members tcp-80: {JOINS}")}),
        ("port-removed", {"shop/web": ("removes listener tcp-443: outage of that port",)}),
        (
            "service-removed",
            {"shop/web": ("removes load balancer", "removes floating IP 172.24.9.1")},
        ),
        ("vanished", {"shop/web": (*ANEW, "creates floating IP")}),
        ("turned-internal", {"shop/web": ("removes floating IP 172.24.9.1",)}),
    ],
)
def test_real_plans_in_words(name: str, effects: dict[str, tuple[str, ...]]) -> None:
    """What a real plan does is told in a line or two for each Service."""
    told = _effects(name)
    assert {service: told[service] for service in effects} == effects
    assert bool(told) is bool(effects)


def test_a_loss_is_told_by_what_carries_the_rest() -> None:
    """Where a load balancer is gone, its listeners, pools and members are not told one by one."""
    assert _judge("vanished").notices == ()


def test_nodes_are_facts() -> None:
    """A node that joins changes members in place, and nothing else."""
    assert all(change.facts_only for change in policy.changes(_plan("node-joins")))
    assert not any(change.facts_only for change in policy.changes(_plan("create")))
