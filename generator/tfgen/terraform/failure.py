"""A command of the engine that failed, with what the engine said about it."""

import re
import signal

from tfgen import errors
from tfgen.terraform import process
from tfgen.terraform.events import Diagnostic

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_SHOWN = 3
LOOK = (
    "`tfgen doctor` looks at credentials, quotas, subnets and locks. Then run the same command "
    "again."
)


class CommandFailed(errors.EngineError):
    """An engine's command ended with an error. Its words are shown, never judged by."""

    def __init__(
        self, words: str, stack: str, diagnostics: tuple[Diagnostic, ...], *, remedy: str = LOOK
    ) -> None:
        found = [str(diagnostic) for diagnostic in diagnostics if diagnostic.error]
        what = "; ".join(found[:_SHOWN])
        more = f"\n(and {len(found) - _SHOWN} more errors)" if len(found) > _SHOWN else ""
        super().__init__(f"{words} of stack {stack} failed: {what}{more}", remedy=remedy)
        self.diagnostics = diagnostics


def said(diagnostics: tuple[Diagnostic, ...], finished: process.Finished) -> tuple[Diagnostic, ...]:
    """Give what a command said: its diagnostics, else its words, else how it ended."""
    if any(each.error for each in diagnostics):
        return diagnostics
    if finished.code < 0:
        name = signal.Signals(-finished.code).name
        return (Diagnostic("error", f"the engine was killed ({name})"),)
    words = _COLOUR.sub("", finished.stderr or finished.stdout).strip()
    return (Diagnostic("error", words or f"it ended with exit code {finished.code}"),)
