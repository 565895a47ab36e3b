"""Files beside a stack's own, each written whole or not at all."""

import contextlib
import os
from pathlib import Path

from tfgen import errors

_NEW = ".tfgen-new"
"""Ending of a file that is being written; Git ignores it, and so do digests of a stack."""
_FRESH = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC


def whole(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Write a file and see that it is on the disk.

    Whatever moment it is killed at, the file is the old or the new one. Raises TreeError.
    """
    fresh = path.with_name(f".{path.name}{_NEW}")
    try:
        _fill(fresh, content, mode)
        os.replace(fresh, path)  # noqa: PTH105  as every other call here
        _sync(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise errors.TreeError(
            f"{path} cannot be written: {error.strerror}",
            remedy="See that you own the output tree and that the disk has room; then run again.",
        ) from error


def _fill(path: Path, content: bytes, mode: int) -> None:
    handle = os.open(path, _FRESH, mode)
    try:
        while content:
            content = content[os.write(handle, content) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
