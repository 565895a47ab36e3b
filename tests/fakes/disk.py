"""A disk on which the n-th operation goes wrong: the process dies there, or there is no room."""

import contextlib
import errno
import itertools
import os
import signal
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias
from unittest import mock

CHANGING = ("mkdir", "open", "write", "fsync", "replace", "unlink", "rmdir")
"""Calls of the system that change files, or the moment before."""
FILLING = ("mkdir", "open", "write", "fsync", "replace")
"""Those that a full disk may refuse."""
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_ON_DESCRIPTORS = ("write", "fsync")
Act: TypeAlias = Callable[[str, tuple[Any, ...]], None]


@contextlib.contextmanager
def operations(below: Path, names: tuple[str, ...], step: int, act: Act) -> Iterator[list[str]]:
    """Act at the n-th operation on anything below a folder, in its place; gives which that was."""
    count = itertools.count(1)
    acted: list[str] = []

    def spied(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:  # noqa: ANN401  of any system call
            if _changes(name, args, below) and next(count) == step:
                acted.append(name)
                act(name, args)
            return real(*args, **named)

        return call

    with contextlib.ExitStack() as stack:
        for name in names:
            spy = spied(name, getattr(os, name))
            stack.enter_context(mock.patch.object(os, name, spy))
        yield acted


def killed(below: Path, step: int, do: Callable[[], object]) -> bool:
    """Do something in a process that is killed (SIGKILL) at its n-th operation; say if it was.

    A write is cut in the middle.
    """
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with operations(below, CHANGING, step, _die):
                do()
            code = 0
        except BaseException:  # noqa: BLE001  it is a process of its own
            traceback.print_exc()
        os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.waitstatus_to_exitcode(status) == 0
    return False


@contextlib.contextmanager
def recorded(below: Path) -> Iterator[list[tuple[str, str]]]:
    """Give all operations below a folder, in their order: name, and path from there.

    Of a file that takes another's place, it is the other's.
    """
    done: list[tuple[str, str]] = []

    def spied(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:  # noqa: ANN401  of any system call
            place = str(args[1]) if name == "replace" else _place(name, args[0])
            if place.startswith(str(below)):
                done.append((name, str(Path(place).relative_to(below))))
            return real(*args, **named)

        return call

    with contextlib.ExitStack() as stack:
        for name in ("fsync", "replace", "unlink"):
            stack.enter_context(mock.patch.object(os, name, spied(name, getattr(os, name))))
        yield done


def full(below: Path, step: int) -> contextlib.AbstractContextManager[list[str]]:
    """Let the n-th operation find no room on the disk."""
    return operations(below, FILLING, step, _refuse)


def _changes(name: str, args: tuple[Any, ...], below: Path) -> bool:
    """Whether a call is about something below a folder, and more than a look at it."""
    reads = name == "open" and not args[1] & _WRITING
    return not reads and _place(name, args[0]).startswith(str(below))


def _place(name: str, first: Any) -> str:  # noqa: ANN401  of any system call
    if name not in _ON_DESCRIPTORS:
        return str(first)
    with contextlib.suppress(OSError):
        return str(Path(f"/proc/self/fd/{first}").readlink())
    return ""


def _die(name: str, args: tuple[Any, ...]) -> None:
    if name == "write":
        os.pwrite(args[0], args[1][: len(args[1]) // 2], 0)
    os.kill(os.getpid(), signal.SIGKILL)


def _refuse(name: str, args: tuple[Any, ...]) -> None:
    named = [str(args[0])] if name not in _ON_DESCRIPTORS else []
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), *named)
