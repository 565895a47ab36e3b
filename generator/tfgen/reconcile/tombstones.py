"""Stacks whose last Service went: a folder goes once its state says that nothing is left."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tfgen import config, errors, manifest, terraform, workspace
from tfgen.reconcile import states, work


@dataclass(frozen=True, slots=True)
class Pruned:
    """What became of the stacks without Services."""

    over: tuple[str, ...] = ()
    """Those that are over: their folders go."""
    kept: Mapping[str, str] = field(default_factory=dict)
    """The others, and why."""
    failed: bool = False
    """Whether a state could not be read."""

    def code(self, *, check: bool) -> errors.ExitCode:
        """Give the exit code: a state that cannot be read is 5, and with `check` work is 2."""
        failed = errors.ExitCode.PARTIAL if self.failed else errors.ExitCode.DONE
        stale = errors.ExitCode.CHANGES if check and self.over else errors.ExitCode.DONE
        return errors.worst(failed, stale)


def look(known: manifest.Manifest, reader: states.States) -> Pruned:
    """Read the states of all tombstones. A stack goes only if its state exists and is empty."""
    why, failures = work.each(known.tombstones, reader.jobs, lambda stack: _why(reader.of(stack)))
    over = tuple(stack for stack, text in why.items() if not text)
    kept = {stack: text for stack, text in why.items() if text}
    broken = {stack: str(failure) for stack, failure in failures.items()}
    return Pruned(over, {**kept, **broken}, failed=bool(broken))


def _why(state: terraform.State) -> str:
    """Say why a stack without Services stays; nothing where it may go."""
    if state.instances:
        return f"{len(state.instances)} objects are in its state: tfgen apply destroys them"
    if not state.lineage:
        return "it has no state: none was applied, or it is lost; tfgen apply looks closer"
    return ""


def remove(loaded: config.Loaded, pruned: Pruned) -> None:
    """Remove what is over. Raises TreeError."""
    for stack in pruned.over:
        workspace.Tree(loaded.out).remove_stack(stack)
