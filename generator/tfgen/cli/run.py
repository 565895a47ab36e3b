"""tfgen run: the whole main line in one command."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tfgen import config, errors, model, resolved, tree, workspace
from tfgen.cli import apply as applying
from tfgen.cli import ask, consent, engine, options, output, progress, session, told
from tfgen.cli import plan as planning
from tfgen.cli import publish as publishing
from tfgen.cli import render as rendering
from tfgen.cli import resolve as resolving
from tfgen.reconcile import apply, plan, publish, render, resolve, scope, work
from tfgen.reconcile import run as reconcile

if TYPE_CHECKING:
    from tfgen import cloud
    from tfgen.kube import live


def run(
    config_file: options.Config = None,
    out: options.Out = None,
    source: options.From = None,
    kubeconfig: options.Kubeconfig = None,
    context: options.Context = None,
    *,
    stack: options.Stack = None,
    service: options.Service = None,
    refresh: engine.Refresh = True,
    yes: options.Yes = False,
    allow_removals: rendering.AllowRemovals = None,
    allow_address_change: rendering.AllowAddressChange = None,
    allow_protected: rendering.AllowProtected = None,
    allow_exposure: consent.Exposure = None,
    new_state: consent.NewState = False,
    accept_unclaimed: rendering.AcceptUnclaimed = False,
    accept_cluster: rendering.AcceptCluster = "",
    overwrite_edited: rendering.OverwriteEdited = False,
    allow_held: options.AllowHeld = False,
    jobs: options.Jobs = 4,
    parallelism: engine.Parallelism = 10,
    lock_timeout: options.LockTimeout = workspace.WAIT,
    break_lock: options.BreakLock = None,
    engine_name: options.EngineName = None,
    output_format: options.Format = "text",
) -> None:
    """Render, plan, guard, apply and publish: from Services to addresses in one command.

    Asks once, after the plan. Whatever was interrupted or failed, the next run finishes the job.
    With --from nothing is published: there is no cluster to write to.

    Examples: `tfgen run` · `tfgen run --yes --service shop/web`
    """
    loaded = session.load(config_file, out, output_format)
    engine.check_checkout(loaded)
    ask.possible(yes=yes)
    services = session.services(service, "--service")
    agreed = consent.allowed(
        allow_removals or 0,
        allow_address_change,
        allow_protected,
        allow_exposure,
        new_state=new_state,
    )
    asked = reconcile.Asked(
        render=tree.Options(
            overwrite_edited=overwrite_edited,
            allow_removals=allow_removals,
            allow_protected=agreed.protected,
            address_change=agreed.address_change,
            accept_unclaimed=accept_unclaimed,
            accept_cluster=accept_cluster,
            services=services,
            stacks=frozenset(stack or ()),
        ),
        plan=plan.Options(scope.Scope(frozenset(stack or ()), services), refresh, agreed),
        allow_held=allow_held,
        patience=workspace.Patience(lock_timeout),
    )
    how = engine.How(engine_name, jobs, parallelism, lock_timeout, break_lock)
    listing = session.listing(source, kubeconfig, context)
    cluster = None if source is not None else _cluster(kubeconfig, context)
    talk = _Talk(loaded, yes=yes)
    with engine.connect(loaded) as sky, output.together("tfgen.run"):
        ends = reconcile.Ends(
            start=partial(engine.start, loaded, how=how, sky=sky),
            watched=talk.watched,
            confirm=sky.confirm,
            subnets=partial(_subnets, loaded, sky),
            balancers=partial(_balancers, loaded, sky),
            cluster=cluster,
        )
        code = reconcile.run(loaded, listing, asked, ends, talk)
    session.finish(code)


def _subnets(loaded: config.Loaded, sky: "cloud.Cloud") -> "Sequence[cloud.Subnet]":
    """List what the project of the settings sees. Raises Refused where it is another one."""
    sky.check_project(loaded.settings)
    return sky.subnets()


def _balancers(
    loaded: config.Loaded, sky: "cloud.Cloud", ids: Collection[str]
) -> "Mapping[str, cloud.Standing]":
    """Look at load balancers. Raises Refused where it is another project than the settings'."""
    sky.check_project(loaded.settings)
    return sky.attached(ids)


def _cluster(kubeconfig: Path | None, context: str | None) -> "live.Cluster":
    from tfgen.kube import live

    return live.Cluster(kubeconfig, context)


@dataclass
class _Talk:
    """Says what a run does; in the form of the single commands, results last."""

    loaded: config.Loaded
    yes: bool
    shown: progress.Progress | None = None
    addresses: list[model.Address] = field(default_factory=list)
    """Where Services answered before."""
    planned_all: bool = False
    """No stack failed before that."""
    whole: bool = False
    """Everything that was to be applied is."""

    @contextmanager
    def watched(self, do: work.Work) -> Iterator[work.Work]:
        """Show the progress of one pass."""
        with engine.watched(do) as (watched, self.shown):
            yield watched

    def resolved(self, report: resolve.Report) -> None:
        """Say that something was found out, and what no subnet matches."""
        if report.stale:
            output.note(f"{resolved.FILE} changed: what only the cloud can tell, as it has it")
        resolving.told(report)

    def rendered(self, made: render.Rendering) -> None:
        """Say what was rendered."""
        rendering.show(self.loaded, made, check=False, diff=False)

    def planned(self, plans: plan.Plans) -> None:
        """Say what would be applied, and ask."""
        self.planned_all = not plans.failures
        self.addresses = [each for made in plans.stacks.values() for each in made.addresses]
        planning.show(plans)
        output.result(told.plan_document(plans), "", schema="tfgen.plan")
        if plans.saved or plans.verdict.refusals:
            output.note(told.plans(plans))
        if plans.passing and not self.yes:
            ask.yes("Apply this?")

    def applied(self, report: apply.Report) -> None:
        """Say what was applied."""
        self.whole = self.planned_all and report.code is errors.ExitCode.DONE
        if self.shown:
            applying.show(report, self.shown, self.addresses)

    def announced(self, notices: tuple[str, ...]) -> None:
        """Say why Services could not be told that an apply begins."""
        for notice in notices:
            output.note(f"notice: {notice}")

    def published(self, report: publish.Report) -> None:
        """Say what was written back."""
        publishing.show(report, listed=False)
        if report.code:
            applied = "everything is applied" if self.whole else "what was applied stands"
            output.note(f"{applied}; to write back what failed: tfgen publish")
