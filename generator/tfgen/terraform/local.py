"""A state in a local file, looked at without an engine: its content, and who holds it.

Both engines lock the file itself (POSIX record lock) and write who they are beside it.
"""

import fcntl
import os
import shutil
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


def restore(path: Path) -> bool:
    """Take back the state before, where the last one was cut off while it was written.

    An engine empties the file, and then writes it (Terraform's statemgr.Filesystem); before its
    first change it keeps the state as it was, beside it. A kill in between leaves a file that is
    empty, or a part. Nothing is done where somebody holds it, or where that copy is no state.
    """
    if not cut_off(path) or holder(path):
        return False
    aside = path.with_name(f".{path.name}.tfgen")
    shutil.copy2(_kept(path), aside)
    _sync(aside)
    aside.replace(path)
    _sync(path.parent)
    return True


def _sync(path: Path) -> None:
    """See that a file, or a folder's names, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def cut_off(path: Path) -> bool:
    """Whether a state is empty or a part, and the one before it is there."""
    return path.is_file() and not _is_whole(path) and _is_whole(_kept(path))


def _kept(path: Path) -> Path:
    return path.with_name(f"{path.name}.backup")


def _is_whole(path: Path) -> bool:
    """Whether a file holds a state: of a plain or an encrypted one."""
    try:
        text = path.read_text()
        return bool(text.strip()) and (_encrypted(text) or bool(state.loads(text)))
    except (OSError, ValueError):
        return False


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
