"""What a planning pass is asked, and what it gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tfgen import errors, model, policy, terraform
from tfgen.reconcile import scope, work


@dataclass(frozen=True, slots=True)
class Options:
    """What a person asks of a planning, and agrees to."""

    only: scope.Scope = field(default_factory=scope.Scope)
    refresh: bool = True
    allowed: policy.Allowed = field(default_factory=policy.Allowed)


@dataclass(frozen=True, slots=True)
class StackPlan:
    """What planning one stack gave."""

    stack: str
    document: Mapping[str, Any]
    """The plan's JSON; empty where nothing changes."""
    saved: terraform.SavedPlan | None
    """None where there is nothing to apply."""
    state: terraform.State
    diagnostics: tuple[terraform.Diagnostic, ...] = ()
    left_out: scope.LeftOut = field(default_factory=dict)
    skipped: str = ""
    """Why it was not planned at all."""
    restored: bool = False
    """Whether its state was cut off, and the one before was taken back."""
    seconds: float = 0

    @property
    def changes(self) -> tuple[policy.Change, ...]:
        """What it does, in words, by Service."""
        return policy.changes(self.document) if self.document else ()

    @property
    def addresses(self) -> tuple[model.Address, ...]:
        """What its Services answer on, as the state has it."""
        return self.state.addresses(self.stack)


@dataclass(frozen=True, slots=True)
class Plans:
    """What a planning pass gave."""

    stacks: Mapping[str, StackPlan]
    failures: work.Failures
    verdict: policy.Verdict
    held: frozenset[model.ServiceKey] = frozenset()
    """Services in its scope that stay as they are until someone decides."""

    @property
    def saved(self) -> tuple[terraform.SavedPlan, ...]:
        """What can be applied, guards allowing."""
        return tuple(plan.saved for plan in self.stacks.values() if plan.saved)

    @property
    def passing(self) -> tuple[terraform.SavedPlan, ...]:
        """What no guard refuses."""
        return tuple(plan for plan in self.saved if not refused(self.verdict, plan.stack))

    @property
    def left_out(self) -> dict[model.ServiceKey, str]:
        """Services that were kept out of their plan, and why."""
        found = (plan.left_out.items() for plan in self.stacks.values())
        return {key: why for items in found for key, why in items}

    def code(self, *, exit_code: bool, allow_held: bool) -> errors.ExitCode:
        """Give the exit code: refused 3, failed 5 (all: 1), held 4, changes 2 where asked for."""
        codes = [work.code(len(self.stacks), self.failures)]
        codes += [errors.ExitCode.REFUSED] * bool(self.verdict.refusals)
        codes += [errors.ExitCode.HELD] * bool((self.held or self.left_out) and not allow_held)
        codes += [errors.ExitCode.CHANGES] * bool(self.saved and exit_code)
        return errors.worst(*codes)


def refused(verdict: policy.Verdict, stack: str) -> bool:
    """Whether a refusal stops a stack: one of its own, or one of all plans together."""
    return any(refusal.plan in {"", stack} for refusal in verdict.refusals)
