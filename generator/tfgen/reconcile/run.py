"""The whole main line: render, plan, guard, apply, publish; told to whoever watches."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from tfgen import config, errors, manifest, model, policy, status, tree, workspace
from tfgen.kube import write
from tfgen.reconcile import apply, plan, publish, render, resolve, scope, work

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; only who connects pays
    from tfgen.kube import live


class Talk(Protocol):
    """Who is told what a run does, and asked before it applies."""

    def resolved(self, report: resolve.Report) -> None:
        """Hear what was found out before."""

    def rendered(self, rendering: render.Rendering) -> None:
        """Hear what was rendered."""

    def planned(self, plans: plan.Plans) -> None:
        """Hear what would be applied; raise to end here."""

    def applied(self, report: apply.Report) -> None:
        """Hear what was applied."""

    def announced(self, notices: tuple[str, ...]) -> None:
        """Hear why Services could not be told that an apply begins."""

    def published(self, report: publish.Report) -> None:
        """Hear what was written back."""


class Unpublished(errors.TfgenError):
    """What was applied stands, and the cluster could not be told."""

    code = errors.ExitCode.PARTIAL


@dataclass(frozen=True, slots=True)
class Ends:
    """The outside, opened where it is needed."""

    start: Callable[[manifest.Manifest], work.Work]
    """Find the engine, ask the cloud."""
    watched: Callable[[work.Work], AbstractContextManager[work.Work]]
    """Show progress and hand on signals while a pass runs."""
    confirm: "Callable[[Iterable[model.Address]], cloud.Confirmation]"
    """Read back whether addresses are really there."""
    subnets: resolve.Subnets = tuple
    """List the subnets of the project; asked where Services want some by name or tags."""
    balancers: resolve.Balancers = resolve.none
    """Look at load balancers that exist without tfgen; asked where Services attach to new ones."""
    cluster: "live.Cluster | None" = None
    """Where to publish; None: nowhere, for the input came from files."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks of a run."""

    render: tree.Options
    plan: plan.Options
    allow_held: bool = False
    patience: workspace.Patience = field(default_factory=workspace.Patience)
    """For another tfgen that writes to the tree."""


def run(
    loaded: config.Loaded, listing: model.Listing, asked: Asked, ends: Ends, talk: Talk
) -> errors.ExitCode:
    """Do the whole main line once and give its exit code.

    Raises what any step raises before the apply; after it, Unpublished alone.
    """
    if resolved := resolve.missing(loaded, listing, ends.subnets, asked.render, ends.balancers):
        resolve.write(loaded, resolved)
        talk.resolved(resolved)
    rendering = render.carry_out(listing, loaded, asked.render, asked.patience)
    talk.rendered(rendering)
    known = rendering.desired.manifest
    heard, unheard = _published(listing, known.tree), _unheard(listing)
    do = replace(ends.start(known), published=heard, unheard=unheard)
    options = replace(asked.plan, only=_with_gone(asked.plan.only, rendering))
    with ends.watched(do) as watched:
        plans = plan.plan(watched, options)
    if do.interruption:
        raise errors.Interrupted("nothing was applied", remedy="Run the same command again.")
    talk.planned(plans)
    if ends.cluster and loaded.settings.publish.events:
        talk.announced(publish.announce(ends.cluster, listing, _changing(plans)))
    report = _apply(do, plans, options, ends, talk)
    codes = [
        rendering.code(check=False, allow_held=asked.allow_held),
        plans.code(exit_code=False, allow_held=asked.allow_held),
        report.code,
    ]
    if ends.cluster and errors.ExitCode.INTERRUPTED not in codes:
        with _last_step(codes):
            found = _found(ends, plans, report, known)
            written = _publish(loaded, listing, found, options.only, ends.cluster)
        talk.published(written)
        codes += [errors.ExitCode.PARTIAL] * bool(written.code)
    return errors.worst(*codes)


def _apply(
    do: work.Work, plans: plan.Plans, options: plan.Options, ends: Ends, talk: Talk
) -> apply.Report:
    """Apply what passes; whoever interrupts twice hears all the same what was done."""
    with do.interruption.listening():
        with ends.watched(do) as watched:
            shown = {each.stack: each.effect for each in plans.saved}
            prepared = apply.prepare(watched, [*plans.stacks], options.allowed, shown)
            report = apply.apply(watched, prepared)
        talk.applied(report)
    return report


@contextmanager
def _last_step(codes: list[errors.ExitCode]) -> Iterator[None]:
    """Say of what fails here that all before it is done, and that it can be done by itself."""
    try:
        yield
    except errors.TfgenError as failure:
        made = Unpublished(
            f"nothing was published: {failure.what}",
            remedy=f"What was applied stands. Once this is mended: tfgen publish. {failure.remedy}",
        )
        made.code = errors.worst(*codes, Unpublished.code)
        raise made from failure


def _published(listing: model.Listing, tree_id: str) -> frozenset[model.Owner]:
    """Give whose address Services carry, of this tree: one made anew would be another."""
    ours = [each for each in listing.services if status.tree(each) == tree_id]
    first = {write.key(each) for each in ours if status.published(each)}
    second = {model.SecondKey(write.key(each)) for each in ours if status.second(each)}
    return frozenset(first | second)


def _unheard(listing: model.Listing) -> frozenset[model.Owner]:
    """Give whose address nobody was told; files do not tell that."""
    live = listing.services if listing.live else ()
    first = {write.key(each) for each in live if not status.published(each)}
    second = {model.SecondKey(write.key(each)) for each in live if not status.second(each)}
    return frozenset(first | second)


def _with_gone(only: scope.Scope, rendering: render.Rendering) -> scope.Scope:
    """Let Services that go with this rendering be named, too."""
    before = rendering.before.manifest
    if before is None:
        return only
    homes = {key: before.services[key].stack for key in rendering.desired.gone}
    return replace(only, homes=homes)


def _changing(plans: plan.Plans) -> frozenset[model.ServiceKey]:
    """Give the Services that the apply is about: they are told that it begins."""
    changing = (plans.stacks[each.stack].changes for each in plans.passing)
    return frozenset(one.service for changes in changing for one in changes if one.service)


def _found(
    ends: Ends, plans: plan.Plans, report: apply.Report, known: manifest.Manifest
) -> status.Found:
    """Give the addresses of all Services that went well, each confirmed in the cloud."""
    states = {name: each.addresses for name, each in plans.stacks.items()}
    states |= {name: each.addresses for name, each in report.stacks.items()}
    troubled = _troubled(plans, report, known)
    everything = (address for addresses in states.values() for address in addresses)
    confirmation = ends.confirm(each for each in everything if each.service not in troubled)
    doubts = {problem.service: str(problem) for problem in confirmation.problems}
    return status.Found(
        addresses=confirmation.confirmed,
        doubts=doubts | troubled,
        answered=frozenset(states),
        silent={name: each.what for name, each in plans.failures.items()},
    )


def _troubled(
    plans: plan.Plans, report: apply.Report, known: manifest.Manifest
) -> dict[model.ServiceKey, str]:
    """Give the Services that a failed apply was to change; its neighbours stand as they stood."""
    return {
        service: failure.what
        for name, failure in report.failures.items()
        if name in plans.stacks
        for change in plans.stacks[name].changes
        for service in _concerned(change, known)
    }


def _concerned(change: policy.Change, known: manifest.Manifest) -> Iterable[model.ServiceKey]:
    if change.group:
        return known.sharing.get(change.group, ())
    return (change.service,) if change.service else ()


def _publish(
    loaded: config.Loaded,
    listing: model.Listing,
    found: status.Found,
    only: scope.Scope,
    cluster: "live.Cluster",
) -> publish.Report:
    question = publish.know(loaded, listing).question(found, only)
    return publish.publish(cluster, question, events=loaded.settings.publish.events)
