"""States that a dead process left locked: let go of where a person agrees."""

from collections.abc import Iterable, Iterator

from tfgen import terraform
from tfgen.reconcile import scope, work
from tfgen.terraform import held, holder


def unlock(do: work.Work, stacks: Iterable[str]) -> Iterator[str]:
    """Let go of the locks of stacks whose holders are dead; say of each what was done.

    Raises TreeError for a stack that the tree does not have, Refused where a holder may be alive.
    """
    for name in scope.Scope(frozenset(stacks)).names(do.manifest):
        with do.alone(name) as stack:
            stack.init()
            whose = _break(stack)
        if whose:
            yield f"the state of stack {name} is free: it was locked by {whose}, which is dead"
        else:
            yield f"nobody holds the state of stack {name}: no lock was broken"


def _break(stack: terraform.Stack) -> held.Lock | None:
    """Let go of a lock whose holder is dead; give it, None where there was none."""
    try:
        stack.try_lock()
    except terraform.CommandFailed as locked:
        lock = held.lock(locked.diagnostics)
        if not lock:
            raise
        if why := holder.alive(lock, stack.directory, stack.engine.path):
            command = held.command(lock, stack.engine.path, stack.directory)
            raise held.refusal(lock, stack.name, why, command) from locked
        stack.force_unlock(lock.id)
        return lock
    return None
