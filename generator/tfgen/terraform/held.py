"""A state's lock that somebody else holds: what the engine says of it, and the way out.

The id is looked for only to be shown: whether a command failed its exit code has said.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from tfgen import config
from tfgen.terraform.events import Diagnostic

_ID = re.compile(r"^\W*ID:\s+([0-9A-Za-z][\w./:-]*)\s*$", re.MULTILINE)
_PARAGRAPH = "\n\n"


def lock_id(diagnostics: Iterable[Diagnostic]) -> str:
    """Give the id of the lock that stood in the way; empty where none did."""
    texts = (f"{each.summary}\n{each.detail}" for each in diagnostics if each.error)
    found = (_ID.search(text) for text in texts)
    return next((match[1] for match in found if match), "")


def remedy(lock: str, engine: str, directory: Path) -> str:
    """Say how to go on where a lock is held."""
    command = f"{Path(engine).name} -chdir={config.display(directory)} force-unlock {lock}"
    return (
        f"Is another run at work? Then wait for it. If it died: {command}, then "
        "run the same command again."
    )


def told(diagnostic: Diagnostic) -> Diagnostic:
    """Leave out what the engine says after the lock: its advice is to do without locks."""
    found = _ID.search(diagnostic.detail)
    if not found:
        return diagnostic
    rest = diagnostic.detail[found.end() :].partition(_PARAGRAPH)[0]
    return replace(diagnostic, detail=(diagnostic.detail[: found.end()] + rest).rstrip())
