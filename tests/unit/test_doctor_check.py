"""How checks are run: all of them, side by side, each bounded in time."""

import os
import threading
from collections.abc import Iterator

from tfgen import errors
from tfgen.reconcile.doctor import check, finding
from tfgen.reconcile.doctor.check import Check
from tfgen.reconcile.doctor.finding import Finding, Level
from tfgen.reconcile.doctor.patient import Asked, Patient


def fine(_patient: Patient) -> Iterator[Finding]:
    """Find nothing wrong."""
    yield finding.ok("fine")


def failing(_patient: Patient) -> Iterator[Finding]:
    """Find one thing, then fail."""
    yield finding.ok("so far")
    raise errors.CloudError("it is down", remedy="Start it.")


def buggy(_patient: Patient) -> Iterator[Finding]:
    """Have a bug."""
    raise KeyError("oops")
    yield finding.ok("never")


def hanging(_patient: Patient) -> Iterator[Finding]:
    """Never answer."""
    threading.Event().wait()
    yield finding.ok("never")


def examine(*checks: Check) -> list[str]:
    """Run checks, and give their findings as text."""
    found = check.examine(Patient(Asked(os.environ)), checks, lambda _left: None)
    return [f"{each.check} {each.level}: {each.found}" for each in found]


def test_findings_stand_in_the_order_of_the_checks() -> None:
    """Who is done first does not matter."""
    checks = [Check(str(number), fine) for number in range(20)]
    assert examine(*checks) == [f"{number} ok: fine" for number in range(20)]


def test_one_that_fails_stops_no_other() -> None:
    """What a check raises is its finding, beside what it had found before."""
    assert examine(Check("a", failing), Check("b", fine)) == [
        "a ok: so far",
        "a error: it is down",
        "b ok: fine",
    ]


def test_one_that_is_not_grave_only_warns() -> None:
    """Some things are worth knowing, and no pass fails for them."""
    assert examine(Check("a", failing, grave=False))[1] == "a warning: it is down"


def test_a_bug_is_a_finding() -> None:
    """A bug in one check hides no other."""
    assert examine(Check("a", buggy), Check("b", fine)) == [
        "a error: a bug: KeyError: 'oops'",
        "b ok: fine",
    ]


def test_one_that_hangs_is_left_behind() -> None:
    """Each check has its time; then the others go on without it."""
    assert examine(Check("a", hanging, seconds=0.05), Check("b", fine, needs=("a",))) == [
        "a error: no answer within 0 s",
        "b skipped: needs a",
    ]


def test_what_needs_something_in_error_is_skipped() -> None:
    """It is not looked at, and nor is what needs it in turn; a warning stops nothing."""
    assert examine(
        Check("a", failing),
        Check("b", fine, needs=("a",)),
        Check("c", fine, needs=("b",)),
        Check("d", failing, grave=False),
        Check("e", fine, needs=("d",)),
    )[2:] == [
        "b skipped: needs a",
        "c skipped: needs b",
        "d ok: so far",
        "d warning: it is down",
        "e ok: fine",
    ]


def test_progress_tells_what_is_left() -> None:
    """With each check that is done the list gets shorter, down to nothing."""
    told: list[tuple[str, ...]] = []
    checks = (Check("a", fine), Check("b", fine, needs=("a",)), Check("c", fine, needs=("b",)))
    check.examine(Patient(Asked(os.environ)), checks, told.append)
    assert told[-1] == ()
    assert ("c",) in told


def test_levels_are_told_apart() -> None:
    """Each maker of findings has its level, and remedies go with what is wrong."""
    assert finding.ok("x") == Finding(Level.OK, "x")
    assert finding.warning("x", "y") == Finding(Level.WARNING, "x", "y")
    assert finding.error("x", "y") == Finding(Level.ERROR, "x", "y")
