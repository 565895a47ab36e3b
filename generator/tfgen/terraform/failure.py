"""A command of the engine that failed, with what the engine said about it."""

import re

from tfgen import errors
from tfgen.terraform import process
from tfgen.terraform.events import Diagnostic

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_SHOWN = 3


class CommandFailed(errors.EngineError):
    """An engine's command ended with an error. Its words are shown, never judged by."""

    def __init__(
        self, words: str, stack: str, diagnostics: tuple[Diagnostic, ...], *, remedy: str = ""
    ) -> None:
        found = [str(diagnostic) for diagnostic in diagnostics if diagnostic.error]
        what = "; ".join(found[:_SHOWN]) or "it gave no reason"
        more = f"\n(and {len(found) - _SHOWN} more errors)" if len(found) > _SHOWN else ""
        super().__init__(f"{words} of stack {stack} failed: {what}{more}", remedy=remedy)
        self.diagnostics = diagnostics


def plain(finished: process.Finished) -> tuple[Diagnostic, ...]:
    """Give what a command without JSON said, as one diagnostic."""
    said = _COLOUR.sub("", finished.stderr or finished.stdout).strip()
    return (Diagnostic("error", said),) if said else ()
