"""The one door to other programs. Standard library only: OpenStack's environment uses it too."""

import contextlib
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path


class CommandError(RuntimeError):
    """A program ended with another code than 0, or does not exist."""


def run(
    *command: str | Path,
    stdin: str | None = None,
    check: bool = True,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> str:
    """Run a program and return what it printed.

    `environment` is added to our own, `folder` is where it runs. Raises CommandError with what the
    program complained of, if it fails and `check` is on, or if there is no such program.
    """
    words = [str(word) for word in command]
    with existing(words):
        done = subprocess.run(
            words,
            input=stdin if stdin is not None else "",
            text=True,
            capture_output=True,
            check=False,
            cwd=folder,
            env={**os.environ, **(environment or {})},
        )
    if check and done.returncode:
        complaint = done.stderr.strip() or done.stdout.strip() or "(it said nothing)"
        raise CommandError(f"{' '.join(words)}: code {done.returncode}: {complaint}")
    return done.stdout


def run_logged(
    command: Sequence[str | Path],
    log: Path,
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> None:
    """Run a program whose output goes to the end of a log file.

    Raises CommandError with the log's last lines if it fails.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    words = [str(word) for word in command]
    with log.open("ab") as out, existing(words):
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
            cwd=folder,
            env={**os.environ, **(environment or {})},
        )
    if done.returncode:
        raise CommandError(
            f"{' '.join(words)}: code {done.returncode}; {log} ends with:\n{tail(log)}"
        )


@contextlib.contextmanager
def existing(words: Sequence[str]) -> Iterator[None]:
    """Say of a program that does not exist what it is; raises CommandError."""
    try:
        yield
    except FileNotFoundError as error:
        raise CommandError(f"{' '.join(words)}: there is no {error.filename}") from error


def tail(log: Path, lines: int = 12) -> str:
    """Give the last lines of a log, indented, for a message."""
    try:
        text = log.read_text(errors="replace")
    except OSError:
        return "    (no log)"
    last = text.rstrip().splitlines()[-lines:]
    return "\n".join(f"    {line}" for line in last) or "    (an empty log)"
