"""A plan of files that stayed the same while it was made: a rendering, or Git, may come between."""

from functools import partial

from tfgen import errors, terraform
from tfgen.reconcile import work
from tfgen.terraform import digest, saved

_TRIES = 3


def plan(
    do: work.Work, stack: terraform.Stack, state: terraform.State, asked: terraform.Asked
) -> terraform.Planned:
    """Plan; where files of the stack changed meanwhile, plan again.

    Raises CommandFailed, and TreeError where they never stay the same.
    """
    changed: frozenset[str] = frozenset()
    for _ in range(_TRIES):
        before = saved.ground(stack, state, do.sky.where)
        try:
            planned = stack.plan(asked, partial(do.watcher.event, stack.name))
        except terraform.CommandFailed:
            if before == saved.ground(stack, state, do.sky.where):
                raise
        else:
            changed = digest.differing(before, saved.ground(stack, state, do.sky.where))
            if not changed:
                return planned
        stack.init()
    saved.remove(stack)
    raise errors.TreeError(
        f"stack {stack.name} was planned {_TRIES} times, and each time this changed meanwhile: "
        f"{digest.words(changed) or digest.words(frozenset({'intent'}))}",
        remedy="Let whoever changes it (tfgen render, git) come to an end. Then run the same "
        "command again.",
    )
