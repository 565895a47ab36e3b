"""The facts lane: nodes and node ports follow the cluster, and nothing else changes.

Nobody reviews a node, so nothing may come along with one: a stack whose plan does more is refused.
"""

import contextlib
from dataclasses import replace

from tfgen import errors, policy, workspace
from tfgen.reconcile import apply, plan, work
from tfgen.terraform import saved


def sync(do: work.Work, options: plan.Options) -> tuple[plan.Plans, apply.Report]:
    """Plan the stacks of a scope and apply those in which nothing but facts changes."""
    plans = plan.plan(do, options)
    more = {name: _refusal(made) for name, made in plans.stacks.items() if _does_more(made)}
    for name in more:
        _drop(do, plans.stacks[name])
    shown = {each.stack: each.effect for each in plans.saved if each.stack not in more}
    report = apply.apply(do, apply.prepare(do, shown, options.allowed, shown))
    return plans, replace(report, failures={**more, **report.failures})


def _drop(do: work.Work, made: plan.StackPlan) -> None:
    """Remove the saved plan that was made here; one that somebody else saved meanwhile stays."""
    with contextlib.suppress(workspace.Held), do.alone(made.stack) as stack:
        if saved.read(stack) == made.saved:
            saved.remove(stack)


def _does_more(made: plan.StackPlan) -> bool:
    return not all(change.facts_only for change in made.changes)


def _refusal(made: plan.StackPlan) -> errors.Refused:
    effects = "; ".join(map(_told, (one for one in made.changes if not one.facts_only)))
    return errors.Refused(
        f"stack {made.stack} is not synced: its plan changes more than members: {effects}",
        remedy=f"Review that and apply it: tfgen plan --stack {made.stack}, then tfgen apply.",
    )


def _told(change: policy.Change) -> str:
    return f"{change.about} {', '.join(change.effects)}"
