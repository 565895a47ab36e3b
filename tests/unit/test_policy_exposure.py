"""Guard *exposure*: opt-in; nothing becomes reachable from everywhere unasked."""

from typing import Any

import pytest

from tests.fakes import plans
from tfgen import config, policy
from tfgen.policy import Guard

WEB = plans.entry("shop/web")
GUARDED = plans.SETTINGS.model_copy(update={"guards": config.Guards(exposure=True)})
WORLD, OFFICE = {"allowed_cidrs": ["0.0.0.0/0"]}, {"allowed_cidrs": ["192.0.2.0/24"]}
NOTHING = policy.Allowed()


def _judge(
    *changes: plans.Json,
    internal: bool = False,
    allowed: policy.Allowed = NOTHING,
    settings: config.Settings = GUARDED,
) -> policy.Verdict:
    return policy.check(
        plans.plan(*changes),
        manifest=plans.tree(plans.entry("shop/web", internal=internal)),
        settings=settings,
        allowed=allowed,
    )


def _listener(
    before: plans.Json | None,
    after: plans.Json | None,
    *actions: str,
    **values: Any,  # noqa: ANN401  plan JSON
) -> plans.Json:
    tagged = before and {"tags": plans.TAGS, **before}
    return plans.child("shop/web", "listener", *actions, before=tagged, after=after, **values)


OPENS = _listener(OFFICE, WORLD, "update")


def test_a_listener_that_opens_is_refused_until_that_was_agreed_to() -> None:
    """The refusal names Service, port and ranges; its own flag opens it, and the report says so."""
    [refusal] = _judge(OPENS).refusals
    assert refusal.guard is Guard.EXPOSURE
    assert refusal.what == "the listener tcp-80 becomes reachable from everywhere (0.0.0.0/0)"
    assert refusal.how.endswith("To agree: --allow-exposure shop/web")
    verdict = _judge(OPENS, allowed=policy.Allowed(exposure=frozenset({WEB.service})))
    assert verdict.passes
    assert [note.text for note in verdict.notices if "agreed" in note.text]


def test_consent_for_another_service_opens_nothing() -> None:
    """Nor does any consent for another guard."""
    others = policy.Allowed(9, frozenset({WEB.service}), frozenset({WEB.service}), new_state=True)
    assert not _judge(OPENS, allowed=others).passes
    api = frozenset({plans.key("shop/api")})
    assert not _judge(OPENS, allowed=policy.Allowed(exposure=api)).passes


def test_it_is_asked_for_by_a_setting() -> None:
    """Without guards.exposure everything may open."""
    assert _judge(OPENS, settings=plans.SETTINGS).passes


@pytest.mark.parametrize(
    "after",
    [
        {"allowed_cidrs": ["::/0"]},
        {"allowed_cidrs": ["0.0.0.0/1", "128.0.0.0/1"]},
        {"allowed_cidrs": ["192.0.2.0/24", "0.0.0.0/0"]},
        {"allowed_cidrs": []},
        {"allowed_cidrs": None},
        {"allowed_cidrs": ["nonsense"]},
        {},
    ],
)
def test_what_everywhere_is(after: plans.Json) -> None:
    """Any range or ranges that hold a whole family, no ranges at all, and what nobody can read."""
    assert not _judge(_listener(OFFICE, after, "update")).passes
    assert not _judge(_listener(None, after, "create")).passes


@pytest.mark.parametrize(
    "change",
    [
        _listener(WORLD, WORLD, "update"),
        _listener(WORLD, OFFICE, "update"),
        _listener(OFFICE, {"allowed_cidrs": ["0.0.0.0/1"]}, "update"),
        _listener(WORLD, None, "delete"),
        _listener(None, OFFICE, "create"),
        _listener(WORLD, WORLD, "delete", "create"),
        _listener(WORLD, WORLD, "no-op"),
    ],
)
def test_what_opens_nothing_passes(change: plans.Json) -> None:
    """What was reachable from everywhere before, or is not after, asks for nothing."""
    assert _judge(change).passes


def test_ranges_that_nobody_knows_yet_count_as_everywhere() -> None:
    """A value that is known after the apply only could be any."""
    unknown = _listener(OFFICE, {}, "update", after_unknown={"allowed_cidrs": True})
    assert not _judge(unknown).passes


def test_an_internal_service_is_not_reachable_from_everywhere() -> None:
    """Its listener is open inside; with a floating IP, it is open to the world."""
    made = _listener(None, WORLD, "create")
    assert _judge(made, internal=True).passes
    [refusal] = _judge(
        _listener(WORLD, WORLD, "no-op"), plans.floating_ip("shop/web", "create")
    ).refusals
    assert refusal.guard is Guard.EXPOSURE
    assert _judge(_listener(WORLD, WORLD, "no-op"), plans.floating_ip("shop/web", "no-op")).passes


def test_an_address_that_goes_opens_nothing() -> None:
    """One more destroyed floating IP does not make the new one an old one."""
    made = plans.floating_ip("shop/web", "create")
    old = {**plans.floating_ip("shop/web", "delete"), "address": f"{made['address']}[0]"}
    verdict = _judge(_listener(WORLD, WORLD, "no-op"), made, old)
    assert Guard.EXPOSURE in {refusal.guard for refusal in verdict.refusals}
