"""Runs tasks that wait for one another, as many at once as can be."""

import dataclasses
import time
from collections.abc import Callable, Iterable
from concurrent import futures

from lab import errors, say

HEARTBEAT_SECONDS = 30.0


@dataclasses.dataclass(frozen=True, slots=True)
class Task:
    """A piece of work: `run` returns what to say of it, or nothing if it is not worth a line."""

    name: str
    run: Callable[[], str]
    after: tuple[str, ...] = ()


Running = dict[futures.Future[str], tuple[str, float]]


def run(tasks: Iterable[Task], reporter: say.Reporter, *, workers: int = 16) -> None:
    """Run every task when those before it are done; names in `after` that are no task are done.

    Raises LabError for the first that fails, when those under way have ended.
    """
    waiting = {task.name: task for task in tasks}
    running: Running = {}
    with futures.ThreadPoolExecutor(workers) as pool:
        while waiting or running:
            for task in startable(waiting, running):
                running[pool.submit(waiting.pop(task.name).run)] = task.name, time.monotonic()
            if not running:
                raise errors.LabError(f"these wait for one another: {', '.join(sorted(waiting))}")
            try:
                finish(running, wait(running, reporter), reporter)
            except errors.LabError:
                waiting.clear()  # the pool waits for those under way
                raise


def startable(waiting: dict[str, Task], running: Running) -> list[Task]:
    """Give the tasks that wait for nothing that is still to be done."""
    undone = {*waiting, *(name for name, _ in running.values())}
    return [task for task in waiting.values() if undone.isdisjoint(task.after)]


def wait(running: Running, reporter: say.Reporter) -> set[futures.Future[str]]:
    """Wait until one task is done; now and then say which are not."""
    while True:
        done, _ = futures.wait(running, HEARTBEAT_SECONDS, futures.FIRST_COMPLETED)
        if done:
            return done
        now = time.monotonic()
        left = ", ".join(f"{name} ({now - start:.0f} s)" for name, start in running.values())
        reporter.line(f"... still at work: {left}", style="dim")


def finish(running: Running, done: Iterable[futures.Future[str]], reporter: say.Reporter) -> None:
    """Say what is done. Raises LabError for what failed."""
    for future in done:
        name, _ = running.pop(future)
        if error := future.exception():
            raise errors.LabError(f"{name}: {error}") from error
        if text := future.result():
            reporter.line(text)
