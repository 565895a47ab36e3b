"""A state in a local file, looked at without an engine: its content, and who holds it.

Both engines lock the file itself (POSIX record lock) and write who they are beside it.
"""

import fcntl
from pathlib import Path
from typing import Any

import orjson

from tfgen import errors
from tfgen.terraform import state

_ENCRYPTED = "encrypted_data"
"""In the place of all else where OpenTofu encrypts the state."""


def read(path: Path, stack: str) -> state.State | None:
    """Read a state; empty where there is none yet, None where only its engine can read it.

    Raises EngineError where it is no state.
    """
    try:
        text = path.read_text()
        return None if _encrypted(text) else state.loads(text)
    except FileNotFoundError:
        return state.State()
    except (OSError, ValueError) as error:
        raise errors.EngineError(
            f"the state of stack {stack} cannot be read: {path}: {error}",
            remedy="Restore it from the backup that lies beside it.",
        ) from error


def _encrypted(text: str) -> bool:
    document = orjson.loads(text) if text.strip() else {}
    return isinstance(document, dict) and _ENCRYPTED in document


def holder(path: Path) -> str:
    """Say who holds a state's lock; empty where nobody does. The lock is only tried."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return _words(path.with_name(f".{path.name}.lock.info"))
    return ""


def _words(path: Path) -> str:
    try:
        found: Any = orjson.loads(path.read_bytes())
        return f"{found['Who']} ({found['Operation']}, since {found['Created']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "somebody who left no name"
