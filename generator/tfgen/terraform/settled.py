"""What a stack was when a whole plan found nothing to do: it need not be planned to know so again.

Only for plans that trust the state (`--no-refresh`): these follow from the files and the state
alone, so the same files over the same state give the same answer, and asking takes seconds a stack.
"""

from pathlib import Path

from tfgen.terraform import content, digest, saved, writing
from tfgen.terraform.stack import Stack
from tfgen.terraform.state import State

_STAMP = "tfgen-settled"
"""In `.terraform`, and so never in Git."""


def holds(stack: Stack, state: State, where: saved.Where) -> bool:
    """Whether a plan found nothing to do for exactly these files, this engine and this state."""
    try:
        return _stamp(stack).read_text() == _digest(stack, state, where)
    except (OSError, ValueError, LookupError, TypeError):
        return False  # no plan yet, or a folder that is not whole


def remember(stack: Stack, state: State, where: saved.Where) -> None:
    """Note that a plan of the whole stack found nothing to do."""
    path = _stamp(stack)
    path.parent.mkdir(exist_ok=True)
    writing.whole(path, _digest(stack, state, where).encode())


def _stamp(stack: Stack) -> Path:
    return stack.directory / content.DATA / _STAMP


def _digest(stack: Stack, state: State, where: saved.Where) -> str:
    return digest.plan_digest(saved.ground(stack, state, where))
