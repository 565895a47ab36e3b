"""When an address is in doubt, when it goes, and what is left to others."""

from dataclasses import replace
from typing import Any

import pytest

from tests.fakes import standings as plain
from tfgen import manifest, model, status
from tfgen.status import Phase, Standing

ASKS_NOT = model.Translation()


def test_an_address_that_vanished_from_its_source_is_unconfirmed() -> None:
    """A wrong backend or cloud shows up here; the address stays."""
    before = plain.written(plain.service(), plain.applied())
    assert plain.standing(plain.question(before, plain.entry())).phase is Phase.UNCONFIRMED


def test_a_doubt_is_passed_on() -> None:
    """What is claimed and not confirmed is said with its reason."""
    told = status.Found(doubts={plain.WEB: "Load balancer is in ERROR."})
    found = plain.standing(plain.question(plain.service(), plain.entry(), told=told))
    assert (found.phase, found.why) == (Phase.UNCONFIRMED, "Load balancer is in ERROR.")


def test_a_vip_is_no_address_of_an_external_service() -> None:
    """Octavia alone lists a load balancer before it has its floating IP."""
    told = status.Found((plain.address(plain.VIP),))
    found = plain.standing(plain.question(plain.service(), plain.entry(), told=told))
    assert (found.phase, found.why) == (
        Phase.UNCONFIRMED,
        "Load balancer lb-id has no floating IP.",
    )
    assert (
        plain.standing(plain.question(plain.service(), plain.entry(internal=True), told=told)).phase
        is Phase.APPLIED
    )


def test_two_load_balancers_of_one_service_are_a_doubt() -> None:
    """Which of them answers is not guessed."""
    told = status.Found((plain.address(), plain.address("203.0.113.8")))
    found = plain.standing(plain.question(plain.service(), plain.entry(), told=told))
    assert found.why == "Several load balancers are tagged with this Service: lb-id, lb-id."


def test_a_silent_stack_leaves_its_services_as_they_are() -> None:
    """A state that cannot be read is a failure, and no reason to say anything of addresses."""
    told = status.Found(answered=frozenset(), silent={"shop": "backend is down"})
    found = plain.judged(plain.question(plain.service(), plain.entry(), told=told))
    assert (found.failure, found.standing) == (
        "backend is down",
        Standing(Phase.UNKNOWN, plain.TREE),
    )


def test_a_stack_that_was_not_asked_is_no_failure() -> None:
    """A pass over some stacks says nothing of the others."""
    told = status.Found(answered=frozenset())
    found = plain.judged(plain.question(plain.service(), plain.entry(), told=told))
    assert (found.failure, found.standing) == ("", Standing(Phase.UNKNOWN, plain.TREE))


def test_a_service_that_asks_no_more_is_left_until_the_tree_follows() -> None:
    """Its load balancer still stands; the next rendering and apply take it away."""
    before = plain.written(plain.service("NodePort"), plain.applied())
    found = plain.judged(plain.question(before, plain.entry(), ASKS_NOT))
    assert (found.standing, found.failure) == (None, "")
    assert "tfgen render" in found.text


def test_an_address_goes_when_the_load_balancer_is_gone() -> None:
    """Not in the tree, not in the answer of its stack: what we wrote is cleared."""
    before = plain.written(plain.service("NodePort"), plain.applied())
    assert plain.standing(plain.question(before, None, ASKS_NOT)) == Standing(
        Phase.RELEASED, plain.TREE
    )


def test_an_address_stays_while_its_removal_is_under_review() -> None:
    """The tree has let go of it, the state has not."""
    before = plain.written(plain.service("NodePort"), plain.applied())
    found = plain.judged(
        plain.question(before, None, ASKS_NOT, told=status.Found((plain.address(),)))
    )
    assert (found.standing, found.failure) == (None, "")
    assert found.text == "its load balancer stands until its removal is applied"


def test_an_address_stays_while_its_stack_is_silent() -> None:
    """Gone is what was looked for and not found."""
    before = plain.written(plain.service("NodePort"), plain.applied())
    told = status.Found(answered=frozenset(), silent={"shop": "locked"})
    found = plain.judged(plain.question(before, None, ASKS_NOT, told=told))
    assert (found.standing, found.failure) == (None, "locked")


def test_a_pruned_stack_needs_no_answer() -> None:
    """It was empty when it went."""
    before = plain.written(plain.service("NodePort"), plain.applied(plain.address(stack="shop_01")))
    told = status.Found(answered=frozenset())
    assert plain.standing(plain.question(before, None, ASKS_NOT, told=told)).phase is Phase.RELEASED


def test_a_service_of_another_tree_is_refused_with_the_way_out() -> None:
    """Two trees that claim one Service would write over each other for ever."""
    theirs = plain.service(annotations={"tfgen.io/tree": plain.OTHER_TREE})
    found = plain.judged(plain.question(theirs, plain.entry()))
    assert (found.standing, found.failure) == (None, f"tree {plain.OTHER_TREE} publishes it")
    assert "kubectl annotate service -n shop web tfgen.io/tree-" in found.remedy


@pytest.mark.parametrize(
    ("found", "known"),
    [
        (plain.service("ClusterIP"), None),
        (plain.service(annotations={"tfgen.io/tree": plain.OTHER_TREE}), None),
        (
            plain.service(deletionTimestamp=plain.NOW, annotations={"tfgen.io/tree": plain.TREE}),
            plain.entry(),
        ),
    ],
)
def test_what_is_none_of_ours_is_not_mentioned(
    found: dict[str, Any], known: manifest.Entry | None
) -> None:
    """Neither Services never claimed, nor those of others, nor those that go."""
    assert list(status.judge(plain.question(found, known, ASKS_NOT))) == []


def test_a_pass_can_be_narrowed() -> None:
    """To stacks and to Services, also for those that only carry our marks."""
    other = model.ServiceKey("shop", "other")
    before = plain.written(plain.service(), plain.applied())
    for known in (plain.entry(), None):
        asked = plain.question(before, known, ASKS_NOT)
        narrowed = (
            replace(asked, stacks=frozenset({"shop"})),
            replace(asked, stacks=frozenset({"blog"})),
            replace(asked, services=frozenset({plain.WEB})),
            replace(asked, services=frozenset({other})),
        )
        assert [len(list(status.judge(each))) for each in narrowed] == [1, 0, 1, 0]
