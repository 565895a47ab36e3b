"""What stops a pass, and the exit code that says so.

What is wrong with one Service never stands here: that is a `model.Problem`, a value.
"""

from enum import IntEnum
from typing import Self


class ExitCode(IntEnum):
    """How a command ended. The table of docs/reference/exit-codes.md is made from this."""

    DONE = 0, "done, or nothing to do"
    ERROR = 1, "error; nothing was done beyond what the message says"
    CHANGES = 2, "there are changes (only with --check or --exit-code)"
    REFUSED = 3, "refused by a guard"
    HELD = 4, "everything else was done, some Services are held"
    PARTIAL = 5, "some stacks, or the publishing, failed; the rest is done"
    USAGE = 64, "wrong usage"
    INTERRUPTED = 130, "interrupted"

    meaning: str

    def __new__(cls, code: int, meaning: str) -> Self:
        """Carry the meaning beside the number."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member


_WORST_FIRST = (
    ExitCode.INTERRUPTED,
    ExitCode.USAGE,
    ExitCode.ERROR,
    ExitCode.REFUSED,
    ExitCode.PARTIAL,
    ExitCode.HELD,
    ExitCode.CHANGES,
    ExitCode.DONE,
)


def worst(*codes: ExitCode) -> ExitCode:
    """Give the one code that speaks for several: 130, 64, 1, 3, 5, 4, 2, 0, in this order."""
    return min(codes, key=_WORST_FIRST.index, default=ExitCode.DONE)


class TfgenError(Exception):
    """A foreseen failure, worded for the person who must act.

    `what` names the object and what was found; `remedy` is what to do about it, as a sentence.
    """

    code = ExitCode.ERROR

    def __init__(self, what: str, *, remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.what}\n{self.remedy}" if self.remedy else self.what


class SettingsError(TfgenError):
    """tfgen.yaml, an environment variable or a flag says something that cannot be."""


class InputError(TfgenError):
    """Services and Nodes could not be read whole; an incomplete listing is never an empty one."""


class ClusterError(InputError):
    """The Kubernetes API could not be asked, or refused."""


class CloudError(TfgenError):
    """The OpenStack API could not be asked, or refused."""


class EngineError(TfgenError):
    """Terraform or OpenTofu is missing, too old, or failed."""


class PlanError(TfgenError):
    """What was given as a plan's JSON is something else, or of a format that is not known."""


class TreeError(TfgenError):
    """The output tree is not what its manifest says."""


class Refused(TfgenError):  # noqa: N818  a refusal is a verdict, not an error
    """A guard, or the rule of a command, says no."""

    code = ExitCode.REFUSED


class Interrupted(TfgenError):  # noqa: N818  said by a person, not an error
    """SIGINT or SIGTERM; what ran was given the time to save its state."""

    code = ExitCode.INTERRUPTED
