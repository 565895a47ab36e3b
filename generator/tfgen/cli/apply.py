"""tfgen apply: saved plans, and nothing else."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from tfgen import errors, model, policy, workspace
from tfgen.cli import ask, consent, engine, options, output, progress, session, table, told
from tfgen.reconcile import apply as reconcile
from tfgen.reconcile import known, scope

_HEADINGS = ("service", "address", "changed", "time")
_SCREENFUL = 50
_LINE = 80
Addresses: TypeAlias = Iterable[model.Address]


def apply(
    config_file: options.Config = None,
    out: options.Out = None,
    *,
    stack: options.Stack = None,
    yes: options.Yes = False,
    allow_removals: consent.Removals = 0,
    allow_address_change: consent.AddressChange = None,
    allow_protected: consent.Protected = None,
    allow_exposure: consent.Exposure = None,
    new_state: consent.NewState = False,
    jobs: options.Jobs = 4,
    parallelism: engine.Parallelism = 10,
    lock_timeout: options.LockTimeout = workspace.WAIT,
    break_lock: options.BreakLock = None,
    engine_name: options.EngineName = None,
    output_format: options.Format = "text",
) -> None:
    """Apply the plans that `tfgen plan` saved, if they still hold and the guards let them pass.

    A plan that went stale because nodes or the state moved on is made again, and goes on only if
    its effect is the one that was approved. Anything else that differs is refused, exit code 3.
    Where nothing is saved (`tfgen plan` saves no plan of a stack in which nothing changes) nothing
    is applied, which is no error.

    Examples: `tfgen plan && tfgen apply` · `tfgen apply --stack shop --yes`
    """
    loaded = session.load(config_file, out, output_format)
    engine.check_checkout(loaded)
    ask.possible(yes=yes)
    allowed = consent.allowed(
        allow_removals,
        allow_address_change,
        allow_protected,
        allow_exposure,
        new_state=new_state,
    )
    manifest = known.tree(loaded)
    names = scope.Scope(frozenset(stack or ())).names(manifest)
    how = engine.How(engine_name, jobs, parallelism, lock_timeout, break_lock)
    do = engine.start(loaded, manifest, how)
    with engine.watched(do) as (watched, _progress):
        prepared = reconcile.prepare(watched, names, allowed)
    if do.interruption:
        raise errors.Interrupted("nothing was applied", remedy=ask.STAY)
    if not prepared.ready and not prepared.failures:
        output.note("no stack has a saved plan. Where something is to change: tfgen plan")
    for notice in prepared.verdict.notices:
        output.note(f"notice: {notice}")
    if prepared.going and not yes:
        output.note(told.prepared(prepared))
        ask.yes("Apply this?")
    with do.interruption.listening():
        with engine.watched(do) as (watched, shown):
            report = reconcile.apply(watched, prepared)
        show(report, shown)  # whoever interrupts twice sees it all the same
    session.finish(report.code)


def show(report: reconcile.Report, shown: progress.Progress, others: Addresses = ()) -> None:
    """Say what was done: a table of Services on stdout, all else on stderr.

    `others` are Services that nothing happened to; a few of them have a line, too.
    """
    told.failures(report.failures)
    for quota in report.full:
        output.note(told.full(quota))
    for stack in report.removed:
        output.note(f"stack {stack} had no Services and an empty state: it is removed")
    outcomes = [*_outcomes(report, shown)]
    for one in outcomes:
        for address in one.kept:
            output.note(
                f"kept: floating IP {address} of Service {one.name} stays in the project; "
                "spec.loadBalancerIP binds it again"
            )
    changed = {one.name for one in outcomes}
    rest = told.answers(one for one in others if str(one.service) not in changed)
    rows = [_row(one) for one in outcomes]
    if len(rows) + len(rest) <= _SCREENFUL:
        rows += [(str(key), told.beside(*found), "", "") for key, found in rest.items()]
    text = table.plain(_HEADINGS, sorted(rows)) if rows else ""
    parts = [part for part in (text, policy.text(report.verdict)) if part]
    output.result(document(report, shown), "\n\n".join(parts), schema="tfgen.apply")
    output.note(_summary(report, shown, len(rest)))


def document(report: reconcile.Report, shown: progress.Progress) -> dict[str, Any]:
    """Give a report as JSON values."""
    return {
        "services": [
            {
                "service": one.name,
                "address": one.address,
                "second_address": one.second_address,
                "changed": list(one.changed),
                "kept": list(one.kept),
                "seconds": round(one.seconds, 1),
            }
            for one in _outcomes(report, shown)
        ],
        "stacks": {
            name: {"seconds": round(each.seconds, 1), "planned_anew": each.anew}
            for name, each in report.stacks.items()
        },
        "removed": list(report.removed),
        "full_quotas": [asdict(quota) for quota in report.full],
        "failures": told.failure_document(report.failures),
        "verdict": policy.document(report.verdict),
    }


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one Service."""

    name: str
    addresses: tuple[str, ...]
    """Of each IP family one."""
    changed: tuple[str, ...]
    kept: tuple[str, ...]
    """Floating IPs that stay in the project."""
    seconds: float

    @property
    def address(self) -> str:
        """That of its first family."""
        return self.addresses[0] if self.addresses else ""

    @property
    def second_address(self) -> str:
        """That of its second family."""
        return self.addresses[1] if len(self.addresses) > 1 else ""


def _outcomes(report: reconcile.Report, shown: progress.Progress) -> Iterator[_Outcome]:
    for each in report.stacks.values():
        addresses = told.answers(each.addresses)
        for change in each.changes:
            name = told.name_of(change) or f"stack {each.stack}"
            found = addresses.get(change.service, ()) if change.service else ()
            yield _Outcome(name, found, change.effects, change.kept, shown.seconds(name))


def _row(one: _Outcome) -> tuple[str, ...]:
    return one.name, told.beside(*one.addresses), _brief(one.changed), f"{one.seconds:.0f} s"


def _brief(effects: tuple[str, ...]) -> str:
    """Tell as many effects as a line holds; all of them stood in the plan."""
    told_ones = list(effects)
    while len("; ".join(told_ones)) > _LINE and len(told_ones) > 1:
        told_ones.pop()
    more = len(effects) - len(told_ones)
    return "; ".join(told_ones) + (f"; and {more} more" if more else "")


def _summary(report: reconcile.Report, shown: progress.Progress, unchanged: int) -> str:
    """Sum up; where something did not come to its end, say what is done and how it goes on."""
    parts = [f"{told.count(len(report.stacks), 'stack')} applied" if report.stacks else ""]
    parts += [f"{told.count(unchanged, 'Service')} unchanged" if unchanged else ""]
    text = ", ".join(part for part in parts if part) or "nothing was applied"
    broken = [name for name in report.failures if shown.began(name)]
    if not broken:
        return text
    counts = ((name, shown.done(name)) for name in broken)
    done = [f"stack {name} {told.count(number, 'object')}" for name, number in counts if number]
    before = f"; done before: {', '.join(done)}" if done else ""
    head = text if report.stacks else "no stack came to its end"
    return (
        f"{head}{before}. What is done is in the states, or is found in the cloud: "
        "the next tfgen run (or plan and apply) finishes the job."
    )
