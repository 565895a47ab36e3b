"""The whole main line: render, plan, guard, apply, publish; told to whoever watches."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from tfgen import config, errors, manifest, model, status, tree
from tfgen.kube import write
from tfgen.reconcile import apply, plan, publish, render, scope, work

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; only who connects pays
    from tfgen.kube import live


class Talk(Protocol):
    """Who is told what a run does, and asked before it applies."""

    def rendered(self, rendering: render.Rendering) -> None:
        """Hear what was rendered."""

    def planned(self, plans: plan.Plans) -> None:
        """Hear what would be applied; raise to end here."""

    def applied(self, report: apply.Report) -> None:
        """Hear what was applied."""

    def published(self, report: publish.Report) -> None:
        """Hear what was written back."""


@dataclass(frozen=True, slots=True)
class Ends:
    """The outside, opened where it is needed."""

    start: Callable[[manifest.Manifest], work.Work]
    """Find the engine, ask the cloud."""
    watched: Callable[[work.Work], AbstractContextManager[work.Work]]
    """Show progress and hand on signals while a pass runs."""
    confirm: "Callable[[Iterable[model.Address]], cloud.Confirmation]"
    """Read back whether addresses are really there."""
    cluster: "live.Cluster | None" = None
    """Where to publish; None: nowhere, for the input came from files."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks of a run."""

    render: tree.Options
    plan: plan.Options
    allow_held: bool = False


def run(
    loaded: config.Loaded, listing: model.Listing, asked: Asked, ends: Ends, talk: Talk
) -> errors.ExitCode:
    """Do the whole main line once and give its exit code."""
    rendering = render.render(listing, loaded, asked.render)
    render.write(loaded, rendering)
    talk.rendered(rendering)
    known = rendering.desired.manifest
    do = replace(ends.start(known), published=_published(listing, known.tree))
    options = replace(asked.plan, only=_with_gone(asked.plan.only, rendering))
    with ends.watched(do) as watched:
        plans = plan.plan(watched, options)
    if do.interruption:
        raise errors.Interrupted("nothing was applied", remedy="Run it again when you like.")
    talk.planned(plans)
    report = _apply(do, plans, options, ends, listing)
    talk.applied(report)
    codes = [
        rendering.code(check=False, allow_held=asked.allow_held),
        plans.code(exit_code=False, allow_held=asked.allow_held),
        report.code,
    ]
    if ends.cluster and errors.ExitCode.INTERRUPTED not in codes:
        written = _publish(loaded, listing, _found(ends, plans, report), options.only, ends.cluster)
        talk.published(written)
        codes.append(written.code)
    return errors.worst(*codes)


def _published(listing: model.Listing, tree_id: str) -> frozenset[model.ServiceKey]:
    """Give the Services that carry an address of this tree: one made anew would be another."""
    ours = (each for each in listing.services if status.tree(each) == tree_id)
    return frozenset(write.key(each) for each in ours if status.published(each))


def _with_gone(only: scope.Scope, rendering: render.Rendering) -> scope.Scope:
    """Let Services that go with this rendering be named, too."""
    before = rendering.before.manifest
    if before is None:
        return only
    homes = {key: before.services[key].stack for key in rendering.desired.gone}
    return replace(only, homes=homes)


def _apply(
    do: work.Work, plans: plan.Plans, options: plan.Options, ends: Ends, listing: model.Listing
) -> apply.Report:
    """Apply what passes, once the Services concerned were told that it begins."""
    names = [*plans.stacks]
    if ends.cluster and plans.passing:
        changing = (plans.stacks[each.stack].changes for each in plans.passing)
        services = {one.service for changes in changing for one in changes if one.service}
        publish.announce(ends.cluster, listing, services)
    with ends.watched(do) as watched:
        return apply.apply(watched, apply.prepare(watched, names, options.allowed))


def _found(ends: Ends, plans: plan.Plans, report: apply.Report) -> status.Found:
    """Give the addresses of all Services that went well, each confirmed in the cloud."""
    states = {name: each.addresses for name, each in plans.stacks.items()}
    states |= {name: each.addresses for name, each in report.stacks.items()}
    troubled = _troubled(plans, report)
    everything = (address for addresses in states.values() for address in addresses)
    confirmation = ends.confirm(each for each in everything if each.service not in troubled)
    doubts = {problem.service: str(problem) for problem in confirmation.problems}
    return status.Found(
        addresses=confirmation.confirmed,
        doubts=doubts | troubled,
        answered=frozenset(states),
        silent={name: each.what for name, each in plans.failures.items()},
    )


def _troubled(plans: plan.Plans, report: apply.Report) -> dict[model.ServiceKey, str]:
    """Give the Services that a failed apply was to change; its neighbours stand as they stood."""
    return {
        change.service: failure.what
        for name, failure in report.failures.items()
        if name in plans.stacks
        for change in plans.stacks[name].changes
        if change.service
    }


def _publish(
    loaded: config.Loaded,
    listing: model.Listing,
    found: status.Found,
    only: scope.Scope,
    cluster: "live.Cluster",
) -> publish.Report:
    question = publish.know(loaded, listing).question(found, only)
    return publish.publish(cluster, question, events=loaded.settings.publish.events)
