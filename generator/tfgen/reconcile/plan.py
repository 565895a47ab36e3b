"""The planning pass: each stack gets a saved plan, and all plans together a verdict."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from tfgen import config, errors, manifest, model, policy, terraform
from tfgen.reconcile import (
    ailing,
    consents,
    forgotten,
    guests,
    heal,
    recover,
    scope,
    states,
    steady,
    work,
)
from tfgen.reconcile.planned import Options, Plans, StackPlan, refused
from tfgen.terraform import digest, saved, settled

__all__ = ["Options", "Plans", "StackPlan", "held", "judge", "keep", "plan", "refused", "standing"]
_NOTHING = policy.Allowed()


def plan(do: work.Work, options: Options) -> Plans:
    """Plan the stacks of a scope. Raises TreeError for one that the tree does not have."""
    names = options.only.names(do.manifest)
    made, failures = work.each(names, do.jobs, partial(_plan_one, do, options))
    verdict = judge(do, {name: plan.document for name, plan in made.items()}, options.allowed)
    unfinished = {
        name: _unfinished(do, plan)
        for name, plan in made.items()
        if plan.document.get("errored") and not refused(verdict, name)
    }
    left = (*_restored(made), *forgotten.notices(do, made))
    return Plans(
        stacks={name: plan for name, plan in made.items() if name not in unfinished},
        failures=failures | unfinished,
        verdict=replace(verdict, notices=(*verdict.notices, *left)),
        held=held(do.manifest, names),
    )


def _restored(made: Mapping[str, StackPlan]) -> Iterator[model.Notice]:
    for name, each in made.items():
        if each.restored:
            yield model.Notice(
                f"Stack {name}",
                "its state was cut off while an engine wrote it, as a kill does: the one before "
                "it (its backup) was taken back, and what was made since comes in by this plan",
            )


def judge(
    do: work.Work, documents: Mapping[str, Mapping[str, Any]], allowed: policy.Allowed
) -> policy.Verdict:
    """Let the guards look at the plans of all stacks together."""
    planned = {name: document for name, document in documents.items() if document}
    return policy.check_all(
        planned,
        manifest=do.manifest,
        settings=do.loaded.settings,
        allowed=allowed,
        known_addresses=do.sky.owners | do.published,
        unheard=do.unheard,
        stopped=config.stopped(do.loaded),
        agreed=consents.agreed(do.loaded, planned),
    )


def held(known: manifest.Manifest, names: tuple[str, ...]) -> frozenset[model.ServiceKey]:
    """Give the Services of stacks that rendering holds."""
    entries = (entry for name in names for entry in known.of_stack(name))
    return frozenset(each.service for each in entries if each.state is manifest.State.HELD)


def _plan_one(do: work.Work, options: Options, name: str) -> StackPlan:
    if do.interruption:
        raise errors.Interrupted(
            f"stack {name} was not planned", remedy="Run the same command again."
        )
    try:
        with do.alone(name) as stack:
            restored = states.restore(do.loaded, name)
            return replace(_made(do, options, stack), restored=restored)
    finally:
        do.watcher.stage(name, work.Stage.DONE)


def _made(do: work.Work, options: Options, stack: terraform.Stack) -> StackPlan:
    start, name = time.monotonic(), stack.name
    saved.remove(stack)
    stack.take_in("")
    if why := _awaits(stack):
        return StackPlan(name, {}, None, terraform.State(), skipped=why)
    do.watcher.stage(name, work.Stage.INIT)
    stack.init()
    state, left_out = heal.heal(do, stack)
    part = scope.Part(
        do.manifest.of_stack(name),
        state,
        options.only.services,
        left_out,
        node_access=do.loaded.settings.node_access.enabled,
    )
    if part.present and not part.wanted:
        return StackPlan(name, {}, None, state, left_out=left_out)
    asked = part.asked(stack.engine, refresh=options.refresh)
    if asked.certain and settled.holds(stack, state, do.sky.where):
        return StackPlan(name, {}, None, state, seconds=time.monotonic() - start)
    do.watcher.stage(name, work.Stage.PLAN)
    planned, state = _planned(do, options, stack, state, asked)
    while shielded := _shielded(do, planned, options.allowed, part):
        saved.remove(stack)
        stack.take_in("")
        left_out = {**left_out, **shielded}
        part = replace(part, state=state, left_out=left_out)
        if not part.wanted:
            return StackPlan(name, {}, None, state, left_out=left_out)
        asked = part.asked(stack.engine, refresh=options.refresh)
        planned, state = _planned(do, options, stack, state, asked)
    if not planned.changes and part.wanted - {one.service for one in state.addresses(name)}:
        state = stack.state()  # another run has finished the job while its lock was waited for
    if asked.whole and not (planned.changes or planned.errored):
        settled.remember(stack, state, do.sky.where)
    return StackPlan(
        stack=name,
        document=planned.document,
        saved=keep(do, stack, state, asked, planned),
        state=state,
        diagnostics=planned.diagnostics,
        left_out=left_out,
        seconds=time.monotonic() - start,
    )


def _planned(
    do: work.Work,
    options: Options,
    stack: terraform.Stack,
    state: terraform.State,
    asked: terraform.Asked,
) -> tuple[terraform.Planned, terraform.State]:
    """Plan; where the plan would make what stands already, take that in and plan again.

    Gives the state, too: it forgets what is gone where another has taken its place.
    """
    planned = steady.plan(do, stack, state, asked)
    allowed = options.allowed
    imports = standing(do, stack.name, state, planned.document, allowed=allowed)
    if not imports:
        return planned, state
    if stale := recover.stale(state, imports, allowed):
        stack.forget(stale)
        state = stack.state()
    stack.take_in(recover.text(imports))
    return steady.plan(do, stack, state, asked), state


def standing(
    do: work.Work,
    stack: str,
    state: terraform.State,
    document: Mapping[str, Any],
    *,
    allowed: policy.Allowed = _NOTHING,
) -> dict[str, str]:
    """Give ids by address of what a plan creates and the cloud has; asked only where it may.

    Only what hangs on a load balancer, or in a security group, that stands can be there already.
    """
    known = frozenset(instance.id for instance in state.instances)
    access = recover.opened(document, state, partial(do.access, stack), do.openings)
    found = recover.apart(document, do.adopted) | access
    found |= guests.imports(do, document, known)
    everybody = {each.owner for each in do.sky.load_balancers}
    fresh = everybody if allowed.new_state else do.unheard | allowed.anew
    for each in recover.lost(
        document, state, do.sky.load_balancers, fresh=fresh, known=do.manifest
    ):
        found |= each.imports(do.below(each.balancer), known)
    return found


def _shielded(
    do: work.Work,
    planned: terraform.Planned,
    allowed: policy.Allowed,
    part: scope.Part,
) -> scope.LeftOut:
    """Give further Services without which it is to be planned again, and why.

    Those at whose objects the engine fails, unless a guard has a word for it; else the held ones,
    and those whose ports somebody else has.
    """
    if planned.errored and not judge(do, {"": planned.document}, allowed).refusals:
        found = ailing.ailing(planned, do.manifest, part.wanted)
    else:
        found = _held_back(do, planned.document, allowed)
        found |= guests.taken(do, planned.document)
    return {key: why for key, why in found.items() if key not in part.left_out}


def _held_back(
    do: work.Work, document: Mapping[str, Any], allowed: policy.Allowed
) -> dict[model.ServiceKey, str]:
    """Give the held Services that a plan does more to than follow the nodes, and why not."""
    found = {}
    for change in policy.changes(document) if document else ():
        for entry in () if change.facts_only else _entries(do.manifest, change):
            if entry.state is manifest.State.HELD:
                words = f"the plan {', '.join(change.effects)}, and it is held: "
                found[entry.service] = words + " ".join(entry.problems)
    agreed = consents.agreed(do.loaded, {"": document}) if found else policy.Agreed()
    opened = allowed.protected | agreed.protected("")
    return {key: why for key, why in found.items() if key not in opened}


def _entries(known: manifest.Manifest, change: policy.Change) -> tuple[manifest.Entry, ...]:
    """Give the Services that a change is about: of a group's load balancer, all of them."""
    if change.group:
        return known.groups.get(change.group, ())
    entry = known.services.get(change.service) if change.service else None
    return (entry,) if entry else ()


def keep(
    do: work.Work,
    stack: terraform.Stack,
    state: terraform.State,
    asked: terraform.Asked,
    planned: terraform.Planned,
) -> terraform.SavedPlan | None:
    """Write the record of a plan that can be applied."""
    if not planned.changes:
        return None
    record = terraform.SavedPlan(
        stack=stack.name,
        bindings=saved.bindings(stack, state, do.sky.where),
        effect=digest.effect_digest(planned.document),
        asked=asked,
    )
    saved.write(stack, record)
    return record


def _awaits(stack: terraform.Stack) -> str:
    """Say what a stack waits for, if anything."""
    if not stack.directory.is_dir():
        return "its folder is missing: run tfgen render"
    if not stack.awaits_facts:
        return ""
    return "awaits facts (nodes, node ports): run tfgen sync, or tfgen render with a cluster"


def _unfinished(do: work.Work, plan: StackPlan) -> terraform.CommandFailed:
    words = f"{do.engine.product} plan"
    return terraform.CommandFailed(words, plan.stack, plan.diagnostics)
