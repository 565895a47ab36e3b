"""tfgen repair: a load balancer that no plan can mend."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated

import typer

from tfgen import model, workspace
from tfgen.cli import ask as asking
from tfgen.cli import consent, engine, mended, options, output, progress, session, told
from tfgen.cli import plan as planning
from tfgen.reconcile import apply, known, plan, work
from tfgen.reconcile import repair as reconcile
from tfgen.reconcile.repair import Cure

_PANEL = "What is done"
_REMEDY = "Nothing was changed. The same command asks again."

Target = Annotated[
    str | None,
    typer.Argument(
        envvar="TFGEN_REPAIR_TARGET",
        metavar="[NS/NAME]",
        help="The Service whose load balancer it is.",
        show_default=False,
    ),
]
Group = Annotated[
    str | None,
    typer.Option(
        "--group",
        envvar="TFGEN_GROUP",
        metavar="NS/NAME",
        help="The group (tfgen.io/group) whose load balancer it is.",
    ),
]
Second = Annotated[
    bool,
    typer.Option(
        "--second",
        envvar="TFGEN_SECOND",
        help="The load balancer of the Service's second IP family.",
    ),
]
Failover = Annotated[
    bool,
    typer.Option(
        "--failover",
        envvar="TFGEN_FAILOVER",
        help="Let Octavia replace the amphorae of one in ERROR (the default, where it was whole).",
        rich_help_panel=_PANEL,
    ),
]
Rebuild = Annotated[
    bool,
    typer.Option(
        "--rebuild",
        envvar="TFGEN_REBUILD",
        help="Delete one in ERROR with all that hangs on it, and make it anew from the tree.",
        rich_help_panel=_PANEL,
    ),
]
Discard = Annotated[
    str,
    typer.Option(
        "--discard",
        envvar="TFGEN_DISCARD",
        metavar="ID",
        help="Delete this load balancer of several that carry the Service's tags.",
        rich_help_panel=_PANEL,
    ),
]
DryRun = Annotated[
    bool,
    typer.Option("--dry-run", envvar="TFGEN_DRY_RUN", help="Say what is wrong and would be done."),
]
Timeout = Annotated[
    float,
    typer.Option(
        "--timeout",
        envvar="TFGEN_TIMEOUT",
        metavar="SECONDS",
        min=1,
        help="How long Octavia is given for one step; what is PENDING for longer is stuck.",
    ),
]


def repair(
    target: Target = None,
    config_file: options.Config = None,
    out: options.Out = None,
    *,
    group: Group = None,
    second: Second = False,
    failover: Failover = False,
    rebuild: Rebuild = False,
    discard: Discard = "",
    dry_run: DryRun = False,
    yes: options.Yes = False,
    allow_address_change: consent.AddressChange = None,
    allow_protected: consent.Protected = None,
    allow_exposure: consent.Exposure = None,
    timeout: Timeout = 1800,
    parallelism: engine.Parallelism = 10,
    lock_timeout: options.LockTimeout = workspace.WAIT,
    break_lock: options.BreakLock = None,
    engine_name: options.EngineName = None,
    output_format: options.Format = "text",
) -> None:
    """Mend the load balancer of one Service: what is in ERROR, half made or there twice.

    Says what is wrong and what it would do, and asks. One in ERROR is failed over, which keeps its
    addresses; with `--rebuild` it is deleted with all that hangs on it and made anew from the tree,
    with the same floating IP; so is one whose VIP port is gone. What a killed apply left unfinished
    is completed; a listener that it left, and nothing asks for, goes. Killed in between, the same
    command goes on where it was. What is PENDING is waited for, and never deleted.

    Examples: `tfgen repair shop/web` · `tfgen repair shop/web --rebuild --yes`
    """
    loaded = session.load(config_file, out, output_format)
    owner = _owner(target, group, second=second)
    cure = _cure(failover=failover, rebuild=rebuild, discard=discard)
    asking.possible(yes=yes or dry_run)
    allowed = consent.allowed(
        0, allow_address_change, allow_protected, allow_exposure, new_state=False
    )
    engine.check_checkout(loaded)
    tree = known.tree(loaded)
    how = engine.How(engine_name, 1, parallelism, lock_timeout, break_lock)
    talk = _Talk(yes=yes, dry_run=dry_run)
    with engine.connect(loaded) as sky:
        from tfgen import cloud

        do = engine.start(loaded, tree, how, sky)
        ends = reconcile.Ends(sky, cloud.Mender(sky), patience=timeout, watched=talk.watched)
        asked = reconcile.Asked(cure, discard, dry_run=dry_run, allowed=allowed)
        outcome = reconcile.repair(do, ends, _shared(do, owner), asked, talk)
    made = mended.Made(dry_run, tuple(talk.changes), talk.plans, talk.report)
    mended.show(outcome, made)
    session.finish(outcome.code)


def _owner(target: str | None, group: str | None, *, second: bool = False) -> model.Owner:
    """Read whom it is about. Raises BadParameter."""
    if (target is None) is (group is None):
        raise typer.BadParameter(
            "give one Service as NAMESPACE/NAME, or one group", param_hint="NS/NAME or --group"
        )
    flag = "NS/NAME" if group is None else "--group"
    [key] = session.services([target or group or ""], flag)
    if second and group is not None:
        raise typer.BadParameter("a group has one", param_hint="--second and --group")
    return (model.SecondKey(key) if second else key) if group is None else model.GroupKey(*key)


def _shared(do: work.Work, owner: model.Owner) -> model.Owner:
    """Give the group of a Service that shares its load balancer: one is mended for all.

    Where the one that it had before still stands, it is that one which somebody asks about.
    """
    tree = do.manifest
    entry = tree.services.get(owner) if isinstance(owner, model.ServiceKey) else None
    if entry is None or entry.shares is None or owner in do.sky.owners:
        return owner
    names = ", ".join(str(each.service) for each in tree.groups[entry.shares])
    output.note(f"Service {owner} shares the load balancer of group {entry.shares}: {names}")
    return entry.shares


def _cure(*, failover: bool, rebuild: bool, discard: str) -> Cure | None:
    """Read what is asked for. Raises BadParameter for two things at once."""
    asked = {Cure.FAILOVER: failover, Cure.REBUILD: rebuild, Cure.DISCARD: bool(discard)}
    chosen = [cure for cure, wanted in asked.items() if wanted]
    if len(chosen) > 1:
        raise typer.BadParameter(
            "one at a time", param_hint=" and ".join(f"--{each}" for each in chosen)
        )
    return chosen[0] if chosen else None


@dataclass
class _Talk:
    """Says what is found and done, and asks before anything is."""

    yes: bool
    dry_run: bool
    shown: progress.Progress | None = None
    changes: list[str] = field(default_factory=list)
    plans: plan.Plans | None = None
    report: apply.Report | None = None

    @contextmanager
    def watched(self, do: work.Work) -> Iterator[work.Work]:
        """Show the progress of one pass."""
        with engine.watched(do) as (watched, self.shown):
            yield watched

    def say(self, text: str) -> None:
        """Say how far things are."""
        output.note(f"{time.strftime('%H:%M:%S')}  {text}")

    def found(self, choice: reconcile.Choice) -> None:
        """Say what is wrong and what would be done, and ask; a plan is asked about later."""
        if self.dry_run or choice.cure is Cure.NOTHING:
            return
        output.note("\n".join(mended.lines(choice)))
        if not self.yes and choice.cure is not Cure.COMPLETE:
            asking.yes("Do this?", undone="nothing was done", remedy=_REMEDY)

    def planned(self, plans: plan.Plans, *, ask: bool) -> None:
        """Say what would be applied, and ask where that was not done before."""
        self.plans = plans
        found = (change for each in plans.stacks.values() for change in each.changes)
        self.changes = [effect for change in found for effect in change.effects]
        planning.show(plans)
        if plans.saved or plans.verdict.refusals:
            output.note(told.plans(plans))
        if ask and plans.passing and not self.yes:
            asking.yes("Apply this?")

    def applied(self, report: apply.Report) -> None:
        """Say what went wrong of what was to be applied."""
        self.report = report
        told.failures(report.failures)
        for quota in report.full:
            output.note(told.full(quota))
