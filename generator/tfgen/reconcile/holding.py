"""Saved plans that still hold: what was read is what runs, or it is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tfgen import errors, terraform
from tfgen.reconcile import plan, steady, work
from tfgen.terraform import digest, saved

REPLAN = "Run `tfgen plan`, review what it shows, and apply again."
STAYS = "Its saved plan stays; to apply it: tfgen apply"


@dataclass(frozen=True, slots=True)
class Ready:
    """A saved plan that holds, and its JSON."""

    record: terraform.SavedPlan
    document: Mapping[str, Any]
    anew: bool = False
    """It was made again, for nodes or the state had moved on; its effect is the same."""


def find(do: work.Work, stack: terraform.Stack, approved: str = "") -> Ready | None:
    """Give a stack's saved plan if it holds; None where there is none.

    `approved` is the effect digest of what was shown, where that was another plan. Raises Refused
    where it does not hold, or does something else.
    """
    record = saved.read(stack)
    if record is None:
        return None
    unless_interrupted(do, stack.name)
    _check_own(stack, record)
    if approved and record.effect != approved:
        raise _replaced(stack, approved, record.effect)
    stack.init()
    state = stack.state()
    differing = digest.differing(record.bindings, saved.bindings(stack, state, do.sky.where))
    if not differing <= digest.STALE:
        raise errors.Refused(
            f"the saved plan of stack {stack.name} does not hold any more; since it was made, this "
            f"has changed: {digest.words(differing)}",
            remedy=REPLAN,
        )
    document = stack.show()
    _check_effect(stack, record, document)
    if not approved:
        _check_standing(do, stack.name, state, document)
    return _again(do, stack, state, record) if differing else Ready(record, document)


def unless_interrupted(do: work.Work, name: str) -> None:
    """Raise Interrupted where that was asked for."""
    if do.interruption:
        raise errors.Interrupted(f"stack {name} was not begun", remedy=STAYS)


def _check_own(stack: terraform.Stack, record: terraform.SavedPlan) -> None:
    if record.stack != stack.name:
        raise errors.Refused(
            f"the saved plan in the folder of stack {stack.name} is one of stack {record.stack}",
            remedy=REPLAN,
        )


def _check_effect(
    stack: terraform.Stack, record: terraform.SavedPlan, document: Mapping[str, Any]
) -> None:
    found = digest.effect_digest(document)
    if found != record.effect:
        raise errors.Refused(
            f"the saved plan of stack {stack.name} does something else than its record says: its "
            f"effect is {digest.short(found)}, recorded is {digest.short(record.effect)}",
            remedy=REPLAN,
        )


def _check_standing(
    do: work.Work, name: str, state: terraform.State, document: Mapping[str, Any]
) -> None:
    """Raise Refused where the plan makes what stands since: its 409 would be retried for minutes.

    A plan of this same run has looked; one that lay there may have been begun by a killed apply.
    """
    found = plan.standing(do, name, state, document)
    if found:
        first = min(found)
        raise errors.Refused(
            f"the saved plan of stack {name} makes what stands already: {first} is {found[first]} "
            f"in the cloud{f', and {len(found) - 1} more' if len(found) > 1 else ''}",
            remedy=f"A killed apply left that. {REPLAN} The new plan takes it into the state.",
        )


def _replaced(stack: terraform.Stack, approved: str, found: str) -> errors.Refused:
    return errors.Refused(
        f"the saved plan of stack {stack.name} was replaced while it was being looked at: effect "
        f"{digest.short(approved)} was approved, {digest.short(found)} is found",
        remedy=REPLAN,
    )


def _again(
    do: work.Work, stack: terraform.Stack, state: terraform.State, record: terraform.SavedPlan
) -> Ready | None:
    """Plan a stale stack again; go on only if people would approve the same."""
    do.watcher.stage(stack.name, work.Stage.PLAN)
    planned = steady.plan(do, stack, state, record.asked)
    if planned.errored:
        saved.remove(stack)
        raise terraform.CommandFailed(
            f"{stack.engine.product} plan", stack.name, planned.diagnostics
        )
    effect = digest.effect_digest(planned.document)
    if effect != record.effect:
        saved.remove(stack)
        raise _another(stack, record.effect, effect, planned)
    anew = plan.keep(do, stack, state, record.asked, planned)
    if anew is None:
        saved.remove(stack)
        return None
    return Ready(anew, planned.document, anew=True)


def _another(
    stack: terraform.Stack, approved: str, found: str, planned: terraform.Planned
) -> errors.Refused:
    if not planned.changes:
        return errors.Refused(
            f"the saved plan of stack {stack.name} (effect {digest.short(approved)}) was applied "
            "already: the state has moved on, and nothing of it is left to be done",
            remedy="Nothing is to be applied; `tfgen plan` shows it.",
        )
    return errors.Refused(
        f"the saved plan of stack {stack.name} went stale, and a new one does something else: "
        f"effect {digest.short(approved)} was approved, {digest.short(found)} is found",
        remedy=REPLAN,
    )
