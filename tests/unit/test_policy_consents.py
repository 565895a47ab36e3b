"""tfgen-consent.json: each consent for one guard and Service, bound to the plans that were seen."""

import json

import pytest

from tests.fakes import plans
from tfgen import config, errors, manifest, policy
from tfgen.policy import Guard
from tfgen.reconcile import consents

WEB = plans.entry("shop/web")
GUARDED = plans.SETTINGS.model_copy(update={"guards": config.Guards(exposure=True)})
NOTHING = policy.Allowed()
REPLACED = plans.balancer("shop/web", "delete", "create")
NODES = {"node-1": "10.0.0.11", "node-2": "10.0.0.12"}
LOSES = plans.members("shop/web", NODES, {"node-1": "10.0.0.11"})
EMPTIES = plans.members("shop/web", NODES, {})
OPENS = plans.child(
    "shop/web",
    "listener",
    "update",
    before={"tags": plans.TAGS, "allowed_cidrs": ["192.0.2.0/24"]},
    after={"tags": plans.TAGS, "allowed_cidrs": ["0.0.0.0/0"]},
)


def _judge(
    of: dict[str, plans.Json],
    *consented: policy.Consent,
    tree: manifest.Manifest | None = None,
    allowed: policy.Allowed = NOTHING,
) -> policy.Verdict:
    return policy.check_all(
        of,
        manifest=tree or plans.tree(WEB),
        settings=GUARDED,
        allowed=allowed,
        known_addresses=frozenset({WEB.service}),
        agreed=policy.Agreed(consented, consents.digests(of)),
    )


EVERYTHING = policy.Allowed(
    99,
    frozenset({WEB.service}),
    frozenset({WEB.service}),
    new_state=True,
    exposure=frozenset({WEB.service}),
)


def _given(document: plans.Json) -> tuple[policy.Consent, ...]:
    """Give what a person who agrees to everything would have written."""
    of = {"shop": document}
    return policy.Agreed((), consents.digests(of)).of(_judge(of, allowed=EVERYTHING).opened)


CASES = {
    Guard.ADDRESS: plans.plan(REPLACED),
    Guard.SHRINK: plans.plan(EMPTIES),
    Guard.VANISHED: plans.plan(plans.balancer("shop/web", "create")),
    Guard.EXPOSURE: plans.plan(OPENS),
}


@pytest.mark.parametrize("guard", CASES)
def test_a_consent_opens_the_plan_that_it_was_given_for(guard: Guard) -> None:
    """What is written for a plan opens it again without a flag, and the report says so."""
    given = _given(CASES[guard])
    assert {one.guard for one in given} == {guard}
    verdict = _judge({"shop": CASES[guard]}, *given)
    assert verdict.passes
    assert any("agreed to by tfgen-consent.json" in note.text for note in verdict.notices)


@pytest.mark.parametrize("guard", CASES)
def test_another_plan_makes_it_void(guard: Guard) -> None:
    """Whatever else comes along in the plan was not agreed to; the message names both effects."""
    given = _given(CASES[guard])
    added = plans.floating_ip("shop/api", "create")
    another = {**CASES[guard], "resource_changes": [*CASES[guard]["resource_changes"], added]}
    [refusal] = _judge({"shop": another}, *given).refusals
    [bound] = given[0].effects
    now = consents.digests({"shop": another})["shop"].of(guard)
    assert (
        f"What tfgen-consent.json agrees to is void: it was for a plan of effect {bound[:12]}, and "
        f"this one is of effect {now[:12]}." in refusal.how
    )


@pytest.mark.parametrize("guard", CASES)
def test_it_opens_no_other_guard(guard: Guard) -> None:
    """A consent of every other guard, for the very plan, opens nothing of this one's."""
    digests = consents.digests({"shop": CASES[guard]})["shop"]
    effects = frozenset({digests.effect, digests.whole})
    others = [
        policy.Consent(other, effects, service, 99)
        for other in Guard
        for service in (WEB.service, None)
        if other is not guard
    ]
    assert not _judge({"shop": CASES[guard]}, *others).passes


def test_it_opens_no_other_service() -> None:
    """The Service is part of it."""
    [given] = _given(CASES[Guard.ADDRESS])
    api = policy.Consent(given.guard, given.effects, plans.key("shop/api"))
    assert not _judge({"shop": CASES[Guard.ADDRESS]}, api).passes


def test_nodes_that_come_and_go_void_nothing_but_what_is_about_them() -> None:
    """They are no part of a plan's effect; of what shrinks a pool they are all of it."""
    moved = plans.plan(REPLACED, plans.members("shop/api", NODES, {**NODES, "n": "10.0.0.13"}))
    assert _judge({"shop": moved}, *_given(plans.plan(REPLACED))).passes
    [given] = _given(plans.plan(EMPTIES))
    other = plans.members("shop/web", {"x": "10.0.0.8", "y": "10.0.0.9"}, {})
    assert not _judge({"shop": plans.plan(other)}, given).passes


def test_removals_are_bound_to_the_plans_that_remove() -> None:
    """The number holds for the stacks that were seen, each alone or all together, and no more."""
    stacks = {
        name: plans.plan(plans.balancer(f"{name}/old", "delete")) for name in ("shop", "blog")
    }
    empty = plans.tree()
    given = policy.Agreed((), consents.digests(stacks)).of(
        _judge(stacks, tree=empty, allowed=policy.Allowed(removals=2)).opened
    )
    assert [(one.guard, one.service, one.count) for one in given] == [(Guard.DELETE, None, 2)]
    assert _judge(stacks, *given, tree=empty).passes
    idle = plans.plan(plans.members("lab/web", NODES, {**NODES, "n": "10.0.0.13"}))
    assert _judge({"lab": idle, **stacks}, *given, tree=empty).passes
    more = {**stacks, "lab": plans.plan(plans.balancer("lab/old", "delete"))}
    [refusal] = _judge(more, *given, tree=empty).refusals
    assert "is void" in refusal.how


def test_a_number_opens_no_greater_one() -> None:
    """One that is too small for the very plan is told as such."""
    document = plans.plan(*(plans.balancer(f"shop/{name}", "delete") for name in "abc"))
    effect = frozenset({consents.digests({"shop": document})["shop"].effect})
    two = policy.Consent(Guard.DELETE, effect, None, 2)
    [refusal] = _judge({"shop": document}, two, tree=plans.tree()).refusals
    assert "tfgen-consent.json agrees to 2 only." in refusal.how


def test_what_no_flag_opens_no_consent_opens() -> None:
    """A living Service's load balancer is not destroyed, whoever wrote whatever."""
    document = plans.plan(plans.balancer("shop/web", "delete"))
    digests = consents.digests({"shop": document})["shop"]
    effects = frozenset({digests.effect, digests.whole})
    everything = [policy.Consent(guard, effects, WEB.service, 99) for guard in Guard]
    assert not _judge({"shop": document}, *everything).passes


def test_a_plan_that_nobody_can_read_has_no_consent() -> None:
    """It has no digest, so nothing is bound to it."""
    broken = {**plans.plan(REPLACED), "resource_changes": [REPLACED, 5]}
    assert consents.digests({"shop": broken})["shop"] == policy.Digests("", "")
    anything = policy.Consent(Guard.ADDRESS, frozenset({""}), WEB.service)
    assert not _judge({"shop": broken}, anything).opened
    assert (
        policy.Agreed((), consents.digests({"shop": broken})).of(
            _judge({"shop": broken}, allowed=EVERYTHING).opened
        )
        == ()
    )


def test_what_is_written_is_read_back() -> None:
    """Same consents, same bytes; a newer one for the same takes the place of the older."""
    given = [*_given(CASES[Guard.ADDRESS]), *_given(CASES[Guard.SHRINK])]
    text = policy.dump_consents(given)
    assert set(policy.load_consents(text)) == set(given)
    assert policy.dump_consents(reversed(given)) == text
    other = {"shop": plans.plan(REPLACED, OPENS)}
    opened = _judge(other, allowed=EVERYTHING).opened
    after = policy.Agreed(tuple(given), consents.digests(other)).of(opened)
    assert [one.guard for one in after].count(Guard.ADDRESS) == 1
    assert _judge(other, *after).passes


def _text(**entry: object) -> str:
    whole = {"guard": "address", "service": "shop/web", "effects": ["0" * 64], **entry}
    return json.dumps({"schema": "tfgen.consent", "schema_version": 1, "consents": [whole]})


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "JSONDecodeError"),
        ("[]", "TypeError"),
        ("[" * 200_000, "RecursionError"),
        ('{"schema": "tfgen.manifest", "schema_version": 1}', "is no tfgen.consent of version 1"),
        (_text(guard="ownership"), "no consent opens guard ownership"),
        (_text(guard="stop"), "no consent opens guard stop"),
        (_text(guard="all"), "'all' is not a valid Guard"),
        (_text(service="web"), "'web' is not NAMESPACE/NAME"),
        (_text(service=None), "names a service"),
        (_text(guard="delete"), "has a count, 1 or more"),
        (_text(guard="shrink", count=True), "has a count, 1 or more"),
        (_text(effects=[]), "64 hexadecimal digits"),
        (_text(effects=["0" * 12]), "64 hexadecimal digits"),
        (_text(effects="0" * 64), "64 hexadecimal digits"),
        (_text(until="2030"), "'until' is no key of a consent"),
    ],
)
def test_what_cannot_be_read_is_an_error(text: str, what: str) -> None:
    """It opens nothing, and not in silence: the message names the file and what is wrong."""
    with pytest.raises(errors.InputError) as caught:
        policy.load_consents(text, "infra/tfgen-consent.json")
    assert caught.value.what.startswith("infra/tfgen-consent.json cannot be read: ")
    assert what in caught.value.what
