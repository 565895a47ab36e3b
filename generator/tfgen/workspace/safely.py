"""Bytes that reach the disk, or an error that names the file."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

_FRESH = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC


def fill(temporary: str, target: str, content: bytes, *, sync: bool) -> None:
    """Write a file under its first name. Raises OSError with the name that it is to have."""
    with _naming(target):
        handle = os.open(temporary, _FRESH, 0o666)
        try:
            while content:
                content = content[os.write(handle, content) :]
            if sync:
                os.fsync(handle)
        finally:
            os.close(handle)


def sync(path: Path) -> None:
    """See that a folder's names are on the disk. Raises OSError."""
    with _naming(str(path)):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _naming(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        error.filename = path
        raise
