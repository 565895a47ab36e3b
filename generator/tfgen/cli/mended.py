"""How a repair is told: what was found, what is done about it, how it ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tfgen import errors, model, policy
from tfgen.cli import output, told
from tfgen.reconcile import apply, plan
from tfgen.reconcile import repair as reconcile
from tfgen.reconcile.repair import Cure

if TYPE_CHECKING:
    from tfgen import cloud


@dataclass(frozen=True, slots=True)
class Made:
    """What was planned and applied by the way."""

    dry_run: bool
    changes: tuple[str, ...] = ()
    plans: plan.Plans | None = None
    report: apply.Report | None = None


def show(outcome: reconcile.Outcome, made: Made) -> None:
    """Print how it ended; of a dry run, what would be done."""
    choice = outcome.choice
    if made.dry_run or choice.cure is Cure.NOTHING:
        text = "\n".join(lines(choice))
    else:
        text = f"{choice.case.who}: {_end(outcome)}"
    output.result(_document(outcome, made), text, schema="tfgen.repair")
    if choice.case.known.once and outcome.balancer not in {"", choice.case.known.balancer}:
        output.note("It has another id now. To write that back to the cluster: tfgen publish")


def lines(choice: reconcile.Choice) -> Iterator[str]:
    """Say what is wrong, and what is done about it or can be."""
    finding = choice.finding
    yield f"{choice.case.who}: {finding.text}"
    if choice.cure is Cure.NOTHING:
        yield from filter(None, [f"  -> {finding.remedy}" if finding.remedy else ""])
        return
    yield f"  {choice.cure}:"
    yield from (f"  - {step}" for step in reconcile.steps(choice))


def _end(outcome: reconcile.Outcome) -> str:
    """Say how it ended, and what to type where it did not end well."""
    case, balancer = outcome.choice.case, outcome.balancer
    now = f"load balancer {balancer}" if balancer else "no load balancer"
    if not outcome.done:
        return f"the {outcome.choice.cure} did not come to its end; to go on: {case.command}"
    if outcome.code is errors.ExitCode.ERROR:
        return f"{now} answers on {outcome.address}, and it was {case.address}: clients must know"
    answers = f" answers on {outcome.address}" if outcome.address else " stands"
    same = " (as before)" if outcome.address and outcome.address == case.address else ""
    match outcome.choice.cure:
        case Cure.DISCARD:
            gone = outcome.choice.asked.discard
            return f"load balancer {gone} is gone; what is left: {case.command}"
        case Cure.REBUILD if not case.entries:
            return "its load balancer is gone, and what was left of it"
        case cure:
            return f"{_DONE[cure]}: {now}{answers}{same}"


_DONE = {
    Cure.FAILOVER: "failed over",
    Cure.REBUILD: "made anew",
    Cure.COMPLETE: "completed",
    Cure.PRUNE: "pruned",
}


def _document(outcome: reconcile.Outcome, made: Made) -> dict[str, Any]:
    """Give it as JSON values."""
    choice, case = outcome.choice, outcome.choice.case
    failures = {**(made.plans.failures if made.plans else {})}
    failures |= made.report.failures if made.report else {}
    shared = isinstance(case.owner, model.GroupKey)
    return {
        "service": None if shared else str(case.owner),
        "group": str(case.owner) if shared else None,
        "stack": case.stack,
        "load_balancers": [_balancer(case, each) for each in case.balancers],
        "kind": choice.finding.kind.value,
        "found": choice.finding.text,
        "remedy": choice.finding.remedy,
        "cure": choice.cure.value,
        "steps": list(reconcile.steps(choice)),
        "dry_run": made.dry_run,
        "done": outcome.done,
        "load_balancer": outcome.balancer,
        "address_before": case.address,
        "address": outcome.address,
        "changes": list(made.changes),
        "verdict": policy.document(made.plans.verdict) if made.plans else None,
        "failures": told.failure_document(failures),
    }


def _balancer(case: reconcile.Case, found: "cloud.LoadBalancer") -> dict[str, Any]:
    return {
        "id": found.id,
        "provisioning_status": found.provisioning_status,
        "operating_status": found.operating_status,
        "since": found.since,
        "in_state": found.id == case.known.balancer,
    }
