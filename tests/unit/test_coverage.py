"""Every word of OCCM's language becomes something, and the page that says so is whole."""

import pytest

from tools.coverage import page, verdict, words

ROWS = list(page.rows())
_NAMES = [f"{title}: {word.name}" for title, word, _ in ROWS]


@pytest.mark.parametrize(("word", "found"), [row[1:] for row in ROWS], ids=_NAMES)
def test_no_word_is_ignored_in_silence(word: words.Word, found: verdict.Verdict) -> None:
    """Carried out, a problem, a notice, or not about a load balancer, with the reason."""
    assert found.outcome is not None, f"{word.name} changes nothing and nobody says so"
    assert found.how or found.outcome is verdict.Outcome.CARRIED_OUT


@pytest.mark.parametrize(
    ("each", "count"),
    [
        (words.ANNOTATIONS, 32),
        (words.LATER, 8),
        (words.FIELDS, 24),
        (words.OPTIONS, 28),
        (words.CLASS_OPTIONS, 7),
    ],
    ids=["annotations", "later", "fields", "options", "of classes"],
)
def test_no_word_is_missing(each: tuple[words.Word, ...], count: int) -> None:
    """So many there are in cloud-provider-openstack."""
    assert len({word.name for word in each}) == len(each) == count


def test_a_word_that_nobody_knows_has_no_verdict() -> None:
    """The table would show it: it is found by trying, not by being listed."""
    unknown = words.Word("noSuchField", "x")
    assert verdict.of_field(unknown).outcome is None
    assert verdict.of_annotation(words.Word("example.com/x", "y")).outcome is None


def test_a_word_that_changes_what_is_rendered_is_carried_out() -> None:
    """And one that is wrong is a problem with its message."""
    ranges = words.Word("loadBalancerSourceRanges", ["192.0.2.0/24"])
    assert verdict.of_field(ranges).outcome is verdict.Outcome.CARRIED_OUT
    wrong = verdict.of_field(words.Word("loadBalancerSourceRanges", ["everyone"]))
    assert wrong.outcome is verdict.Outcome.PROBLEM
    assert wrong.how.startswith("spec.loadBalancerSourceRanges")
