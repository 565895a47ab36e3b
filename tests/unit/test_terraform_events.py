import json

import pytest

from tfgen.terraform import events

RESOURCE = {"addr": "openstack_lb_loadbalancer_v2.lb_a_b", "module": ""}


@pytest.mark.parametrize(
    ("kind", "phase"),
    [
        ("apply_start", events.Phase.START),
        ("apply_progress", events.Phase.PROGRESS),
        ("apply_complete", events.Phase.COMPLETE),
        ("apply_errored", events.Phase.ERRORED),
    ],
)
def test_operations(kind: str, phase: events.Phase) -> None:
    """Each phase of an operation is told with its address, action and time."""
    hook = {"resource": RESOURCE, "action": "create", "elapsed_seconds": 10}
    line = json.dumps({"type": kind, "hook": hook})
    assert events.parse(line) == events.Operation(phase, RESOURCE["addr"], "create", 10)


def test_refresh() -> None:
    """A refresh is an operation whose action is refresh; its time is not told."""
    line = json.dumps({"type": "refresh_start", "hook": {"resource": RESOURCE}})
    assert events.parse(line) == events.Operation(events.Phase.START, RESOURCE["addr"], "refresh")


def test_diagnostic() -> None:
    """A diagnostic keeps what the engine knows of its place."""
    found = {
        "severity": "error",
        "summary": "Instance cannot be destroyed",
        "detail": "Because.",
        "address": "x.y",
        "range": {"filename": "lb_a_b.tf", "start": {"line": 3, "column": 1, "byte": 0}},
    }
    event = events.parse(json.dumps({"type": "diagnostic", "diagnostic": found}))
    assert event == events.Diagnostic(
        "error", "Instance cannot be destroyed", "Because.", "x.y", "lb_a_b.tf:3"
    )
    assert str(event) == "Instance cannot be destroyed: x.y (lb_a_b.tf:3)\nBecause."
    assert isinstance(event, events.Diagnostic)
    assert event.error


def test_warning_without_a_place() -> None:
    """A warning is no error, and needs neither place nor detail."""
    found = {"severity": "warning", "summary": "Deprecated"}
    event = events.parse(json.dumps({"type": "diagnostic", "diagnostic": found}))
    assert isinstance(event, events.Diagnostic)
    assert not event.error
    assert str(event) == "Deprecated"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "plain text\n",
        "[1]",
        '{"type": "version"}',
        '{"type": "something_new"}',
        "{}",
        '{"type": "apply_start"}',
        '{"type": "apply_start", "hook": {"resource": null}}',
        '{"type": "diagnostic", "diagnostic": "new form"}',
    ],
)
def test_what_says_nothing_to_us(line: str) -> None:
    """Other lines, of whatever kind, are left alone."""
    assert events.parse(line) is None
