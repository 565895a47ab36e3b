"""What Services should carry back: how each stands, and the patch that says so. Pure."""

from tfgen.status.judge import Found, Judgement, Question, judge
from tfgen.status.marks import published, second, stack, tree
from tfgen.status.patch import Event, events, patch
from tfgen.status.standing import APPLIED, HELD, Phase, Standing

__all__ = [
    "APPLIED",
    "HELD",
    "Event",
    "Found",
    "Judgement",
    "Phase",
    "Question",
    "Standing",
    "events",
    "judge",
    "patch",
    "published",
    "second",
    "stack",
    "tree",
]
