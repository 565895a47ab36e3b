"""Guards over Services whose ports are on a load balancer that exists."""

from typing import Any

import pytest

from tests.fakes import plans
from tfgen import model, policy
from tfgen.policy import Allowed

ON = "11111111-aaaa-bbbb-cccc-555555555555"
ELSEWHERE = "22222222-aaaa-bbbb-cccc-555555555555"
ATTACHED = model.Frozen(load_balancer_id=ON, vip_address="10.0.0.5")
A = plans.entry("web/a", frozen=ATTACHED)
OURS = [*plans.TAGS, "tfgen_service=web_a"]
MOVES = "the listener tcp-80 goes to another load balancer, with another address"
CONSENT = "--allow-address-change web/a"


def listener(
    *actions: str,
    on: str = ON,
    to: str | None = ON,
    tags: list[str] | None = None,
    **more: Any,  # noqa: ANN401  plan JSON
) -> plans.Json:
    """Give the entry of the Service's listener; `to` None: a load balancer that is made."""
    own = {"id": "listener-1", "tags": OURS if tags is None else tags}
    sides: dict[str, Any] = {
        "before": None if actions == ("create",) else {**own, "loadbalancer_id": on},
        "after": None if actions == ("delete",) else {**own, "loadbalancer_id": to},
        "after_unknown": {"loadbalancer_id": True} if to is None else {},
    }
    return plans.child("web/a", "listener", *actions, **{**sides, **more})


def told(
    *changes: plans.Json,
    entries: tuple[Any, ...] = (A,),
    **more: Any,  # noqa: ANN401  of check_all
) -> list[tuple[str, ...]]:
    """Give the refusals of a plan: guard, what, and the flags that open them."""
    document = plans.plan(*changes)
    document["prior_state"]["values"]["outputs"] = more.pop("outputs", {})
    verdict = policy.check_all(
        {"web": document},
        manifest=plans.tree(*entries),
        settings=more.pop("settings", plans.SETTINGS),
        allowed=more.pop("allowed", Allowed()),
        **more,
    )
    return [
        (one.guard.value, one.what, one.needs.flags if one.needs else "")
        for one in verdict.refusals
    ]


def test_what_is_ours_there_comes_changes_and_goes() -> None:
    """Children with our tags on a load balancer that the state has not; also taken in again."""
    assert told(listener("create")) == []
    assert told(listener("update")) == []
    assert told(listener("delete"), entries=()) == []
    assert told(listener("no-op", importing={"id": "listener-1"})) == []


@pytest.mark.parametrize("tags", [[], ["blue"], ["tfgen_cluster=other", "tfgen_tree=x"]])
@pytest.mark.parametrize("actions", [("update",), ("delete",), ("delete", "create")])
def test_what_is_not_ours_there_is_left_alone(tags: list[str], actions: tuple[str, ...]) -> None:
    """A listener without an owner's tags hangs on nothing of ours: it is somebody's."""
    found = told(listener(*actions, tags=tags))
    assert ("ownership", "") in [(guard, flags) for guard, _, flags in found]


def test_the_load_balancer_itself_is_not_touched() -> None:
    """Somebody's file that takes it into the state is refused: it has no tags of ours."""
    own = {"id": ON, "vip_address": "10.0.0.5", "tags": ["made-by-hand"]}
    taken = plans.balancer("web/a", "update", before=own, after=own, importing={"id": ON})
    assert [guard for guard, *_ in told(taken)] == ["ownership"]


def test_from_one_to_another() -> None:
    """The address is another one."""
    assert told(listener("delete", "create", to=ELSEWHERE)) == [("address", MOVES, CONSENT)]
    agreed = Allowed(address_change=frozenset({A.service}))
    assert told(listener("delete", "create", to=ELSEWHERE), allowed=agreed) == []


def test_to_its_own() -> None:
    """That it is made new is no loss, though the Service had an address: *address* speaks.

    The state's output tells that it was attached; one that does not may have lost its own.
    """
    made = plans.balancer("web/a", "create")
    moved = listener("delete", "create", to=None)
    given: dict[str, Any] = {
        "entries": (plans.entry("web/a"),),
        "known_addresses": frozenset({A.service}),
    }
    assert {guard for guard, *_ in told(made, moved, **given)} == {"address", "vanished"}
    outputs = {"lb_web_a": {"value": {"id": ON, "attached": True}}}
    assert told(made, moved, outputs=outputs, **given) == [("address", MOVES, CONSENT)]


def test_from_its_own() -> None:
    """Load balancer and floating IP go under a Service that stays: not without its consent."""
    changes = (
        plans.balancer("web/a", "delete"),
        plans.floating_ip("web/a", "delete"),
        listener("delete", "create", on="lb-web/a"),
    )
    joins = f"attaches to load balancer {ON}: the"
    assert sorted(told(*changes)) == [
        ("address", f"{joins} floating IP of its own goes", CONSENT),
        ("address", f"{joins} load balancer of its own goes", CONSENT),
        ("address", MOVES, CONSENT),
    ]
    agreed = Allowed(address_change=frozenset({A.service}))
    assert told(*changes, allowed=agreed) == []


def test_who_goes_counts_as_removed() -> None:
    """Its listeners are its address: more than the settings let go at once is refused."""
    others = [
        plans.child(
            f"web/{name}", "listener", "delete", before={"tags": OURS, "loadbalancer_id": ON}
        )
        for name in "bcdefghijklm"
    ]
    ((guard, what, flags),) = told(*others)
    assert (guard, flags) == ("delete", "--allow-removals 12")
    assert what.startswith("removes 12 of 13 Services")


def test_protected_is_protected_there() -> None:
    """As with a load balancer of its own."""
    safe = plans.entry("web/a", frozen=ATTACHED, protect=True)
    ((guard, _, flags),) = told(listener("delete"), entries=(safe,))
    assert (guard, flags) == ("protected", "--allow-protected web/a")


def test_nobody_knows_from_where_it_is_reached() -> None:
    """A listener for everyone there counts as open to everywhere."""
    settings = plans.SETTINGS.model_copy(
        update={"guards": plans.SETTINGS.guards.model_copy(update={"exposure": True})}
    )
    wide = {"id": "listener-1", "tags": OURS, "loadbalancer_id": ON, "allowed_cidrs": ["0.0.0.0/0"]}
    ((guard, _, flags),) = told(listener("create", after=wide), settings=settings)
    assert (guard, flags) == ("exposure", "--allow-exposure web/a")
