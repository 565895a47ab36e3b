"""The shrink guard: what may vanish between two renderings, case by case."""

from collections.abc import Collection

import pytest

from tfgen import errors, model
from tfgen.tree import removals


def keys(count: int) -> list[model.ServiceKey]:
    """Make Services."""
    return [model.ServiceKey("shop", f"s{number:03d}") for number in range(count)]


def limits(count: int = 10, percent: int = 30, allowed: int | None = None) -> removals.Limits:
    """Make limits; those of the settings' defaults."""
    return removals.Limits(count, percent, allowed)


# Services before, gone, limits, whether it may be.
SERVICES = [
    (1, 1, limits(), True),
    (1, 1, limits(count=0), False),
    (2, 1, limits(), True),
    (2, 2, limits(), False),
    (2, 2, limits(percent=100), False),
    (2, 2, limits(allowed=2), True),
    (3, 1, limits(), True),
    (3, 2, limits(), False),
    (9, 2, limits(), True),
    (9, 3, limits(), False),
    (9, 8, limits(), False),
    (9, 8, limits(allowed=7), False),
    (9, 8, limits(allowed=8), True),
    (9, 1, limits(allowed=0), True),
    (100, 10, limits(), True),
    (100, 11, limits(), False),
    (100, 11, limits(count=11), True),
    (100, 40, limits(count=1000, percent=30), False),
    (100, 1, limits(percent=0), True),
    (5, 0, limits(count=0), True),
]


@pytest.mark.parametrize(("before", "gone", "limit", "may"), SERVICES)
def test_services_go_by_count_and_share(
    before: int,
    gone: int,
    limit: removals.Limits,
    may: bool,  # noqa: FBT001  a table
) -> None:
    """At most `count`, at most max(1, percent), and of two or more never all."""
    known = keys(before)
    assert passes_services(known, known[:gone], limit) is may


def passes_services(
    before: Collection[model.ServiceKey], gone: Collection[model.ServiceKey], limit: removals.Limits
) -> bool:
    """Ask the guard."""
    try:
        removals.check_services(before, frozenset(gone), limit)
    except errors.Refused:
        return False
    return True


def test_the_refusal_of_services_says_who_and_what_to_type() -> None:
    """Some are named; the flag has the number that lets them go."""
    with pytest.raises(errors.Refused) as told:
        removals.check_services(keys(9), frozenset(keys(8)), limits())
    assert told.value.what == (
        "8 of 9 Services are gone from the input: shop/s000, shop/s001, shop/s002, shop/s003, "
        "shop/s004, ...; at most 2 may go at once (guards.max_removals)"
    )
    assert told.value.remedy.endswith("If they are meant to go: --allow-removals 8")


def test_the_refusal_of_all_says_so() -> None:
    """Even where the share would allow it."""
    with pytest.raises(errors.Refused, match="shop/s001; all of them never go"):
        removals.check_services(keys(2), frozenset(keys(2)), limits(percent=100))


# Nodes before, nodes after, Node objects that exist, limits, whether it may be.
NODES = [
    ("abc", "abc", "abc", limits(), True),
    ("abc", "abcd", "abcd", limits(), True),
    ("abc", "ab", "ab", limits(), True),
    ("abc", "ab", "abc", limits(), False),
    ("abc", "ab", "abc", limits(allowed=1), True),
    ("abc", "ab", "abc", limits(percent=34), True),
    ("abc", "a", "a", limits(), False),
    ("abcd", "ab", "ab", limits(), True),
    ("abcd", "ab", "abc", limits(), False),
    ("abcd", "a", "a", limits(), False),
    ("ab", "a", "a", limits(), False),
    ("ab", "a", "a", limits(percent=50), True),
    ("a", "b", "b", limits(), False),
    ("a", "b", "b", limits(percent=100), False),
    ("a", "b", "b", limits(allowed=1), True),
    ("abcdefghij", "abcdefg", "abcdefghij", limits(), True),
    ("abcdefghij", "abcdef", "abcdefghij", limits(), False),
    ("abcdefghij", "abcdef", "abcdef", limits(), True),
    ("abcdefghij", "abcde", "abcde", limits(), True),
    ("abcdefghij", "abcd", "abcd", limits(), False),
    ("", "abc", "abc", limits(), True),
]


@pytest.mark.parametrize(("before", "after", "existing", "limit", "may"), NODES)
def test_nodes_go_by_share_and_by_being_deleted(
    before: str,
    after: str,
    existing: str,
    limit: removals.Limits,
    may: bool,  # noqa: FBT001  a table
) -> None:
    """Never all; beyond the share only what was deleted, while half of them, and two, remain."""
    known = {name: {"address": name} for name in before}
    try:
        removals.check_nodes(known, after, frozenset(existing), limit)
    except errors.Refused:
        assert not may
    else:
        assert may


def test_the_refusal_of_nodes_says_who_and_what_to_type() -> None:
    """The rule is in the message."""
    with pytest.raises(errors.Refused) as told:
        removals.check_nodes({"a": 1, "b": 1, "c": 1}, "a", frozenset("a"), limits())
    assert told.value.what == (
        "2 of 3 nodes do not count any more: b, c; beyond 30 % (guards.max_removals) only nodes "
        "that were deleted may go, and half of them (two at least) must remain"
    )
    assert told.value.remedy.endswith("If they are meant to go: --allow-removals 2")
    assert told.value.code == errors.ExitCode.REFUSED
