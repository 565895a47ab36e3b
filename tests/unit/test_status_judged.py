"""What a Service should carry: applied, awaiting its review, or held."""

from dataclasses import replace

import pytest

from tests.fakes import standings as plain
from tfgen import model, status
from tfgen.status import Phase, Standing


def test_a_confirmed_address_is_applied() -> None:
    """Stack and digest come from the manifest where the source cannot tell them (Octavia)."""
    told = status.Found((plain.address(stack=""),))
    whole = plain.address(provenance={"tfgen.io/digest": "d"})
    assert plain.standing(
        plain.question(plain.service(), plain.entry(), told=told)
    ) == plain.applied(whole)


def revised(applied_now: str | None, published: str = "") -> Standing:
    """Judge shop/web, rendered as revision `new`, by what is applied and was published."""
    found = plain.service(annotations={"tfgen.io/digest": published} if published else {})
    told = status.Found((replace(plain.address(), revision=applied_now),))
    return plain.standing(plain.question(found, replace(plain.entry(), revision="new"), told=told))


def test_a_revision_that_is_applied_is_published() -> None:
    """What the state notes is what the tree has."""
    found = revised("new")
    assert found.phase is Phase.APPLIED
    assert found.address
    assert found.address.provenance == {"tfgen.io/digest": "new"}


def test_a_revision_that_is_not_applied_awaits_its_review() -> None:
    """The address stays, with the digest of what is applied, and the reason is said."""
    found = revised("old")
    assert found.phase is Phase.AWAITING
    assert found.why == (
        "It answers as revision old of its file has it; revision new, rendered in stack shop, is "
        "not applied yet."
    )
    carried = plain.written(plain.service(), found)
    assert carried["metadata"]["annotations"]["tfgen.io/digest"] == "old"
    assert carried["metadata"]["annotations"]["tfgen.io/external-ip"] == plain.address().address
    assert [each.reason for each in status.events(plain.service(), found)] == ["AwaitingReview"]


def test_what_an_older_tfgen_applied_is_published() -> None:
    """A state without a revision gives the address, and no digest is claimed."""
    found = revised("")
    assert (found.phase, found.why.partition(" has it")[0]) == (
        Phase.AWAITING,
        "It answers as an older tfgen",
    )
    assert found.address
    assert found.address.provenance == {}


@pytest.mark.parametrize(
    ("published", "phase"), [("", Phase.APPLIED), ("new", Phase.APPLIED), ("old", Phase.UNKNOWN)]
)
def test_octavia_cannot_tell_the_revision(published: str, phase: Phase) -> None:
    """Where another revision was published, what was said of it stays; the address is written."""
    found = revised(None, published)
    assert found.phase is phase
    assert found.address
    assert found.address.provenance == {}


def test_the_problems_of_the_input_hold() -> None:
    """They are newer than what the manifest remembers."""
    problem = model.Problem(plain.WEB, "port", "0", "1 to 65535")
    translation = model.Translation(held=frozenset({plain.WEB}), problems=(problem,))
    found = plain.standing(
        plain.question(plain.service(), plain.entry(problems=("old",)), translation)
    )
    assert found.problems == ("Service shop/web: port is 0; expected 1 to 65535.",)


def test_what_the_last_rendering_held_is_said() -> None:
    """A hand-edited file holds a Service whose manifest is fine."""
    known = plain.entry(problems=("Edited by hand.",))
    assert plain.standing(plain.question(plain.service(), known)).problems == ("Edited by hand.",)


def test_a_service_that_nobody_rendered_awaits_it() -> None:
    """Its developer sees that it was noticed."""
    found = plain.standing(plain.question(plain.service(), None))
    assert (found.phase, found.why) == (
        Phase.AWAITING,
        "Not in the reviewed tree yet; the next rendering adds it.",
    )


def test_a_rendered_service_awaits_its_apply() -> None:
    """The message names the stack."""
    found = plain.standing(plain.question(plain.service(), plain.entry()))
    assert (found.phase, found.why) == (
        Phase.AWAITING,
        "Rendered in stack shop; its plan is not applied yet.",
    )


def test_an_unclaimed_service_of_the_tree_keeps_its_address() -> None:
    """It is held, and its load balancer stands."""
    told = status.Found((plain.address(),))
    known = plain.entry(problems=("Unclaimed.",))
    found = plain.standing(
        plain.question(
            plain.service(), known, model.Translation(unclaimed=frozenset({plain.WEB})), told=told
        )
    )
    assert (found.phase, found.problems) == (Phase.APPLIED, ("Unclaimed.",))
