"""The applying pass: saved plans that still hold, judged once more, and nothing else."""

import contextlib
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from tfgen import config, errors, model, policy, terraform
from tfgen.reconcile import holding, orphans, plan, work
from tfgen.terraform import saved

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; only who connects pays


@dataclass(frozen=True, slots=True)
class Applied:
    """One stack after its apply."""

    stack: str
    changes: tuple[policy.Change, ...]
    state: terraform.State
    seconds: float
    warnings: tuple[terraform.Diagnostic, ...] = ()
    anew: bool = False

    @property
    def addresses(self) -> tuple[model.Address, ...]:
        """What its Services answer on."""
        return self.state.addresses(self.stack)


@dataclass(frozen=True, slots=True)
class Report:
    """What an applying pass did."""

    names: tuple[str, ...] = ()
    """All stacks that it was about."""
    stacks: Mapping[str, Applied] = field(default_factory=dict)
    failures: work.Failures = field(default_factory=dict)
    verdict: policy.Verdict = field(default_factory=policy.Verdict)
    removed: tuple[str, ...] = ()
    """Stacks without Services whose state is empty: their folders are gone."""
    full: "tuple[cloud.Quota, ...]" = ()
    """Quotas of which nothing was left when an engine failed."""

    @property
    def code(self) -> errors.ExitCode:
        """Refused 3, some failed 5, all failed 1, interrupted 130."""
        refused = [errors.ExitCode.REFUSED] * bool(self.verdict.refusals)
        well = len(frozenset(self.names) - frozenset(self.failures))
        return errors.worst(work.code(well, self.failures), *refused)


@dataclass(frozen=True, slots=True)
class Prepared:
    """Saved plans that hold, with what the guards say of them: the last look before an apply."""

    names: tuple[str, ...]
    """All stacks that were asked for, with or without a saved plan."""
    ready: Mapping[str, holding.Ready]
    failures: work.Failures
    verdict: policy.Verdict
    allowed: policy.Allowed = field(default_factory=policy.Allowed)

    @property
    def going(self) -> tuple[holding.Ready, ...]:
        """What no guard refuses."""
        return tuple(
            each for name, each in self.ready.items() if not plan.refused(self.verdict, name)
        )


def prepare(
    do: work.Work,
    names: Iterable[str],
    allowed: policy.Allowed,
    shown: Mapping[str, str] | None = None,
) -> Prepared:
    """Find the saved plans of stacks that still hold; those without one are left as they are.

    `shown`: the effect digests, by stack, that people or a rule have passed: nothing else goes.
    """
    chosen = tuple(names)
    found, failures = work.each(chosen, do.jobs, partial(_ready, do, shown))
    verdict = plan.judge(do, {name: each.document for name, each in found.items()}, allowed)
    return Prepared(chosen, found, failures, verdict, allowed)


def apply(do: work.Work, prepared: Prepared) -> Report:
    """Apply what was prepared and passed; then let go of stacks that are over."""
    going = {each.record.stack: each for each in prepared.going}
    applied, broken = work.each(going, do.jobs, partial(_apply_one, do, prepared))
    failures = {**prepared.failures, **broken}
    _forget_gone(do, applied.values(), going)
    empty = _tombstones(do, prepared.names, failures)
    over, unsure = work.each(empty, do.jobs, lambda name: _over(do, name, going.get(name)))
    removed, kept = work.each(over, 1, partial(_remove, do))
    return Report(
        names=prepared.names,
        stacks=applied,
        failures={**failures, **unsure, **kept},
        verdict=prepared.verdict,
        removed=tuple(removed),
        full=_full(do, broken),
    )


def _ready(do: work.Work, shown: Mapping[str, str] | None, name: str) -> holding.Ready | None:
    """Give a stack's saved plan if it holds. Raises Refused where it does not."""
    if shown is not None and name not in shown:
        return None
    try:
        with do.alone(name) as stack:
            do.watcher.stage(name, work.Stage.INIT)
            return holding.find(do, stack, (shown or {}).get(name, ""))
    finally:
        do.watcher.stage(name, work.Stage.DONE)


def _apply_one(do: work.Work, prepared: Prepared, name: str) -> Applied | None:
    try:
        with do.alone(name) as stack:
            found = _same(do, prepared, stack)
            return _applied(do, found, stack) if found else None
    finally:
        do.watcher.stage(name, work.Stage.DONE)


def _same(do: work.Work, prepared: Prepared, stack: terraform.Stack) -> holding.Ready | None:
    """Give the plan that was prepared; one in its place holds if it does the same, and may.

    None where somebody has applied it meanwhile.
    """
    then = prepared.ready[stack.name]
    if saved.read(stack) == then.record and saved.untouched(stack, then.record):
        return then
    now = holding.find(do, stack, then.record.effect)
    if now and (verdict := plan.judge(do, {stack.name: now.document}, prepared.allowed)).refusals:
        raise errors.Refused(
            f"the saved plan of stack {stack.name} was replaced while it was being looked at, and "
            f"that one is refused: {verdict.refusals[0].what}",
            remedy=holding.REPLAN,
        )
    return now


def _applied(do: work.Work, found: holding.Ready, stack: terraform.Stack) -> Applied:
    name, start = stack.name, time.monotonic()
    holding.unless_interrupted(do, name)
    if stopped := config.stopped(do.loaded):
        raise errors.Refused(f"stack {name} was not begun, for {stopped}", remedy=holding.STAYS)
    do.watcher.stage(name, work.Stage.APPLY)
    try:
        warnings = stack.apply(partial(do.watcher.event, name))
    finally:
        if not stack.plan_file.exists():  # it is used up: the engine has begun
            saved.remove(stack)
            stack.take_in("")
    return Applied(
        stack=name,
        changes=policy.changes(found.document),
        state=_read_back(stack),
        seconds=time.monotonic() - start,
        warnings=warnings,
        anew=found.anew,
    )


def _read_back(stack: terraform.Stack) -> terraform.State:
    """Read what an apply made. Raises EngineError that says that it is made."""
    try:
        return stack.undisturbed.state()
    except errors.EngineError as failure:
        raise errors.EngineError(
            f"stack {stack.name} is applied; its state could not be read afterwards: "
            f"{failure.what}",
            remedy="Nothing of it is to be done again. Once this is mended, tfgen run goes on.",
        ) from failure


def _forget_gone(
    do: work.Work, applied: Iterable[Applied], plans: Mapping[str, holding.Ready]
) -> None:
    """Forget the Services that went from stacks, as far as neither state nor cloud has them.

    A tree that is held meanwhile, or is spoilt, keeps the memory: it harms nobody, and the next
    apply comes.
    """
    homes = frozenset(do.manifest.gone.values())
    for each in applied:
        if each.stack in homes:
            found = {policy.named(one.address).service for one in each.state.instances}
            standing = orphans.of_stack(do, each.stack, plans[each.stack].document)
            found |= {balancer.service for balancer in standing}
            if any(balancer.group for balancer in standing):
                continue  # whoever shared it must find it where it stands
            with contextlib.suppress(errors.TfgenError):
                do.tree.forget_gone(each.stack, frozenset(filter(None, found)))


def _tombstones(do: work.Work, chosen: Iterable[str], failures: work.Failures) -> list[str]:
    """Give the stacks without Services that may be over, among those that were worked on."""
    if do.interruption:
        return []
    return [name for name in do.manifest.tombstones if name in chosen and name not in failures]


def _over(do: work.Work, name: str, applied: holding.Ready | None) -> bool | None:
    """Tell whether a stack without Services has an empty state, and so may go; else None.

    An absent state may be a lost one. Raises Refused where load balancers of it stand.
    """
    with do.alone(name) as stack:
        state = terraform.State()
        if stack.directory.is_dir():
            stack.init()
            state = stack.state()
    if not state.empty:
        return None
    if standing := orphans.of_stack(do, name, applied.document if applied else {}):
        raise orphans.refusal(name, state, standing)
    if left := orphans.listeners(do, name, applied.document if applied else {}):
        raise orphans.refusal_for(name, state, left)
    certain = state.lineage or do.loaded.settings.openstack.project_id
    return True if certain else None


def _remove(do: work.Work, name: str) -> bool:
    do.tree.remove_stack(name)
    return True


def _full(do: work.Work, broken: work.Failures) -> "tuple[cloud.Quota, ...]":
    """Look for a quota that is used up where an engine failed: the usual cause, and not its words.

    What cannot be asked is no reason to lose the report.
    """
    if do.interruption or not any(
        isinstance(failure, terraform.CommandFailed) for failure in broken.values()
    ):
        return ()
    try:
        return tuple(quota for quota in do.quotas() if quota.left is not None and quota.left <= 0)
    except errors.TfgenError:
        return ()
