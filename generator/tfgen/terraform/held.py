"""A state's lock that somebody else holds: what the engine says of it, and the way out.

Whether a command failed its exit code has said; the lock is looked for to be shown, and let go of
where a person agrees and its holder is dead.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from tfgen import config, errors
from tfgen.terraform.events import Diagnostic

_ID = re.compile(r"^\W*ID:\s+([0-9A-Za-z][\w./:-]*)\s*$", re.MULTILINE)
_WHO = re.compile(r"^\W*Who:\s+(\S.*?)\s*$", re.MULTILINE)
_CREATED = re.compile(r"^\W*Created:\s+(\S.*?)\s*$", re.MULTILINE)
_PARAGRAPH = "\n\n"


@dataclass(frozen=True, slots=True)
class Lock:
    """One lock, as its holder wrote it into the backend."""

    id: str
    who: str = ""
    """`user@host`."""
    created: str = ""

    def __str__(self) -> str:
        since = f", since {self.created}" if self.created else ""
        return f"{self.who or 'somebody who left no name'} (lock {self.id}{since})"

    @property
    def host(self) -> str:
        """Where its holder ran."""
        return self.who.rpartition("@")[2]


def lock(diagnostics: Iterable[Diagnostic]) -> Lock | None:
    """Give the lock that stood in the way; None where none did."""
    for each in diagnostics:
        text = f"{each.summary}\n{each.detail}"
        if each.error and (found := _ID.search(text)):
            return Lock(found[1], _first(_WHO, text), _first(_CREATED, text))
    return None


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def command(lock: Lock, engine: str, directory: Path) -> str:
    """Give the engine's own command that lets go of a lock."""
    return f"{Path(engine).name} -chdir={config.display(directory)} force-unlock {lock.id}"


def remedy(dead: str, command: str) -> str:
    """Say how to go on where a lock is held; `dead`: the stack, where its holder is known to be."""
    if dead:
        return (
            f"Its holder is dead: it was of this host, and no engine works at stack {dead} here. "
            f"Run the same command again with --break-lock {dead} (by hand: {command})."
        )
    return (
        f"Is another run at work? Then wait for it. If it died: {command}, then "
        "run the same command again."
    )


def refusal(lock: Lock, stack: str, why: str, command: str) -> errors.Refused:
    """Refuse to let go of a lock whose holder may be alive."""
    return errors.Refused(
        f"the state of stack {stack} is locked by {lock}, and that may be alive: {why}",
        remedy=f"Look there. If it is at work, wait for it; if it died: {command}",
    )


def told(diagnostic: Diagnostic) -> Diagnostic:
    """Leave out what the engine says after the lock: its advice is to do without locks."""
    found = _ID.search(diagnostic.detail)
    if not found:
        return diagnostic
    rest = diagnostic.detail[found.end() :].partition(_PARAGRAPH)[0]
    return replace(diagnostic, detail=(diagnostic.detail[: found.end()] + rest).rstrip())
