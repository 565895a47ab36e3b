"""Guards over load balancers that several Services share."""

from typing import Any

import pytest

from tests.fakes import plans
from tfgen import manifest, model, policy
from tfgen.policy import Allowed

A, B = plans.entry("web/a", group="front"), plans.entry("web/b", group="front", ports=("tcp-443",))
GROUP = model.GroupKey("web", "front")
OWN = {"id": "lb-g", "vip_address": "10.0.0.5", "vip_port_id": "p"}
TAGS = [*plans.TAGS, "tfgen_group=web_front"]
BOTH = frozenset({A.service, B.service})


def shared(kind: str, *actions: str, **values: Any) -> plans.Json:  # noqa: ANN401  plan JSON
    """Give the entry of the load balancer or floating IP of the group."""
    own = {**OWN, "address": "172.24.0.9", "port_id": "p", "tags": TAGS}
    sides: dict[str, Any] = {"before": own, "after": own}
    sides |= {"before": None} if actions == ("create",) else {}
    sides |= {"after": None} if actions == ("delete",) else {}
    return plans.change(f"{kind}.{GROUP.address}", *actions, **{**sides, **values})


def check(
    *changes: plans.Json,
    entries: tuple[Any, ...] = (A, B),
    allowed: Allowed | None = None,
    **more: Any,  # noqa: ANN401  of check_all
) -> policy.Verdict:
    """Judge a plan of these."""
    return check_document(plans.plan(*changes), entries=entries, allowed=allowed, **more)


def check_document(
    document: plans.Json,
    *,
    entries: tuple[Any, ...],
    allowed: Allowed | None = None,
    **more: Any,  # noqa: ANN401  of check_all
) -> policy.Verdict:
    """Judge a whole plan."""
    return policy.check_all(
        {"web": document},
        manifest=plans.tree(*entries),
        settings=plans.SETTINGS,
        allowed=allowed or Allowed(),
        **more,
    )


def told(verdict: policy.Verdict) -> list[tuple[str, str, str, str]]:
    """Give the refusals: guard, whose, what, and the flags that open them."""
    return [
        (one.guard.value, one.about, one.what, one.needs.flags if one.needs else "")
        for one in verdict.refusals
    ]


def test_an_address_says_which_group_it_is_of() -> None:
    """A Service that is called as the group is another owner."""
    named = policy.named(f"{plans.BALANCER}.lbgroup_web_front")
    assert (named.owner, named.service, named.port) == (GROUP, None, "")
    assert named.words == "load balancer"
    assert policy.named(f"{plans.BALANCER}.lb_web_front").owner == model.ServiceKey("web", "front")


def test_it_does_not_go_while_a_service_of_it_is_there() -> None:
    """No flag opens that."""
    assert told(check(shared(plans.BALANCER, "delete"))) == [
        (
            "delete",
            "Group web/front",
            (
                "the load balancer is destroyed, but Services of the group still stand "
                "(web/a, web/b) in tfgen-manifest.json"
            ),
            "",
        )
    ]


def test_it_goes_with_its_last_service() -> None:
    """Each Service that loses its ports counts as removed."""
    gone = (
        shared(plans.BALANCER, "delete"),
        plans.child("web/a", "listener", "delete"),
        plans.child("web/b", "listener", "delete", port="tcp-443"),
    )
    other = (plans.entry("web/c"),)
    assert told(check(*gone, entries=other)) == [
        (
            "delete",
            "The plan",
            "removes 2 of 3 Services, at most 1 may go at once (guards.max_removals): web/a, web/b",
            "--allow-removals 2",
        )
    ]
    assert check(*gone, entries=other, allowed=Allowed(removals=2)).passes


def test_its_replacement_needs_the_consent_of_all() -> None:
    """It is the address of each of them."""
    replaced = shared(plans.BALANCER, "delete", "create", replace_paths=[["flavor_id"]])
    [(guard, about, _, flags)] = told(check(replaced))
    assert (guard, about) == ("address", "Group web/front")
    assert flags == "--allow-address-change web/a --allow-address-change web/b"
    one = Allowed(address_change=frozenset({A.service}))
    assert not check(replaced, allowed=one).passes
    assert check(replaced, allowed=Allowed(address_change=BOTH)).passes


def test_to_turn_internal_needs_the_consent_of_all() -> None:
    """The floating IP of a group that is internal by now is given back."""
    inside = tuple(plans.entry(str(each.service), group="front", internal=True) for each in (A, B))
    verdict = check(shared(plans.FLOATING_IP, "delete"), entries=inside)
    [(guard, _, what, flags)] = told(verdict)
    assert (guard, what) == ("address", "becomes internal: floating IP 172.24.0.9 is given back")
    assert flags == "--allow-address-change web/a --allow-address-change web/b"


def test_one_protected_service_protects_it_for_all() -> None:
    """Nothing of it is destroyed, and nothing of it changes under one that is held."""
    safe = plans.entry("web/b", group="front", protect=True)
    replaced = shared(plans.BALANCER, "delete", "create")
    found = told(check(replaced, entries=(A, safe), allowed=Allowed(address_change=BOTH)))
    assert [(guard, flags) for guard, _, _, flags in found] == [
        ("protected", "--allow-protected web/b")
    ]
    held = plans.entry("web/b", group="front", state=manifest.State.HELD)
    after = {**OWN, "tags": TAGS, "name": "other"}
    [(guard, about, _, flags)] = told(
        check(shared(plans.BALANCER, "update", after=after), entries=(A, held))
    )
    assert (guard, about, flags) == ("protected", "Group web/front", "--allow-protected web/b")


def test_it_is_not_made_twice() -> None:
    """The cloud has it, or it was rendered before: then it vanished, and --new-state is asked."""
    group: frozenset[model.Owner] = frozenset({GROUP})
    ways: list[dict[str, Any]] = [{"known_addresses": group}, {"rendered_before": group}]
    for known in ways:
        [(guard, about, _, flags)] = told(check(shared(plans.BALANCER, "create"), **known))
        assert (guard, about, flags) == ("vanished", "Group web/front", "--new-state")
    created = shared(plans.BALANCER, "create")
    assert check(created, known_addresses=BOTH, rendered_before=BOTH).passes


def moved(service: str, before: str, after: str | None) -> plans.Json:
    """Give a listener that goes from one load balancer to another."""
    own = {"id": "li", "tags": plans.TAGS, "loadbalancer_id": before}
    unknown = {"loadbalancer_id": True} if after is None else {}
    return plans.child(
        service,
        "listener",
        "delete",
        "create",
        before=own,
        after={**own, "loadbalancer_id": after},
        after_unknown=unknown,
        replace_paths=[["loadbalancer_id"]],
    )


def test_to_join_needs_consent() -> None:
    """Its own load balancer and floating IP go, and its ports move."""
    joining = (
        plans.balancer("web/a", "delete"),
        plans.floating_ip("web/a", "delete"),
        moved("web/a", "lb-web/a", "lb-g"),
    )
    verdict = check(*joining, known_addresses=frozenset({A.service}))
    assert [(guard, flags) for guard, _, _, flags in told(verdict)] == [
        ("address", "--allow-address-change web/a")
    ] * 3
    assert check(*joining, allowed=Allowed(address_change=frozenset({A.service}))).passes


def test_to_leave_needs_consent() -> None:
    """The new load balancer is not a lost one: its ports stand on that of the group."""
    alone = plans.entry("web/a")
    leaving = (
        shared(plans.BALANCER, "no-op"),
        plans.balancer("web/a", "create"),
        moved("web/a", "lb-g", None),
    )
    known: dict[str, Any] = {"known_addresses": frozenset({A.service, GROUP})}
    verdict = check(*leaving, entries=(alone, B), **known)
    assert told(verdict) == [
        (
            "address",
            "Service web/a",
            "the listener tcp-80 goes to another load balancer, with another address",
            "--allow-address-change web/a",
        )
    ]
    consent = Allowed(address_change=frozenset({A.service}))
    assert check(*leaving, entries=(alone, B), allowed=consent, **known).passes


LEAVES = "it leaves the load balancer that it shares for one of its own: another address"


def _answered(load_balancer: str) -> dict[str, Any]:
    """Give the outputs of a state in which web/a was on a load balancer."""
    value = {"namespace": "web", "name": "a", "id": load_balancer}
    return {"lb_web_a": {"value": value}}


@pytest.mark.parametrize("killed", [False, True])
def test_to_leave_with_other_ports_needs_the_same_consent(killed: bool) -> None:  # noqa: FBT001
    """None of its ports moves: they go, or a killed apply took them away; the state tells."""
    gone = {"id": "li", "tags": plans.TAGS, "loadbalancer_id": "lb-g"}
    removed = plans.child("web/a", "listener", "delete", port="tcp-443", before=gone)
    leaving = (
        shared(plans.BALANCER, "no-op"),
        plans.balancer("web/a", "create"),
        *(() if killed else (removed,)),
    )
    document = plans.plan(*leaving)
    document["prior_state"]["values"]["outputs"] = _answered("lb-g") if killed else {}
    known: dict[str, Any] = {"known_addresses": frozenset({A.service, GROUP})}
    entries = (plans.entry("web/a"), B)
    verdict = check_document(document, entries=entries, **known)
    told_ = [each for each in told(verdict) if each[0] != "removal"]
    assert told_ == [("address", "Service web/a", LEAVES, "--allow-address-change web/a")]
    consent = Allowed(address_change=frozenset({A.service}))
    assert check_document(document, entries=entries, allowed=consent, **known).passes


def test_a_state_that_answers_elsewhere_is_no_leaving() -> None:
    """Where it was on one of its own, which nothing has any more, it is lost."""
    document = plans.plan(shared(plans.BALANCER, "no-op"), plans.balancer("web/a", "create"))
    document["prior_state"]["values"]["outputs"] = _answered("lb-lost")
    verdict = check_document(
        document,
        entries=(plans.entry("web/a"), B),
        known_addresses=frozenset({A.service, GROUP}),
    )
    assert {guard for guard, *_ in told(verdict)} == {"vanished"}


def test_a_lost_load_balancer_is_not_a_left_one() -> None:
    """Where the state has no group's load balancer, a new one is refused as vanished."""
    verdict = check(
        plans.balancer("web/a", "create"),
        moved("web/a", "lb-lost", None),
        entries=(plans.entry("web/a"),),
        known_addresses=frozenset({A.service}),
    )
    assert {guard for guard, *_ in told(verdict)} == {"address", "vanished"}


def test_a_group_that_opens_opens_its_ports() -> None:
    """Guard exposure sees the floating IP of the group, whoever's port it is."""
    settings = plans.SETTINGS.model_copy(
        update={"guards": plans.SETTINGS.guards.model_copy(update={"exposure": True})}
    )
    port = {"id": "li", "tags": plans.TAGS, "allowed_cidrs": ["0.0.0.0/0"]}
    changes = (
        shared(plans.FLOATING_IP, "create"),
        plans.child("web/a", "listener", "no-op", before=port, after=port),
    )
    verdict = policy.check(
        plans.plan(*changes), manifest=plans.tree(A, B), settings=settings, allowed=Allowed()
    )
    assert [(guard, about) for guard, about, _, _ in told(verdict)] == [
        ("exposure", "Service web/a")
    ]


def test_a_plan_is_told_by_group_and_service() -> None:
    """What is shared stands by itself, before a Service of its name."""
    found = policy.changes(
        plans.plan(plans.child("web/front", "listener", "create"), shared(plans.BALANCER, "create"))
    )
    assert [(each.about, each.group, each.effects) for each in found] == [
        ("Group web/front", GROUP, ("creates load balancer",)),
        ("Service web/front", None, ("creates listener tcp-80",)),
    ]
