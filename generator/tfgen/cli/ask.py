"""The one question that is ever asked: literally yes, or nothing happens."""

import sys

import typer

from tfgen import errors
from tfgen.cli import output

STAY = "The saved plans stay; to apply them: tfgen apply"


def possible(*, yes: bool) -> None:
    """Check, before any work, that someone is there to agree. Raises BadParameter."""
    if not yes and not sys.stdin.isatty():
        raise typer.BadParameter(
            "there is no terminal to ask on; agree beforehand", param_hint="--yes"
        )


def yes(question: str, *, undone: str = "nothing was applied", remedy: str = STAY) -> None:
    """Ask on the terminal. Raises TfgenError for every answer but `yes`, Interrupted for none."""
    output.note(f"\n{question} Only yes is taken as an agreement.")
    output.stderr.file.write("> ")
    output.stderr.file.flush()
    try:
        answer = sys.stdin.readline().strip()
    except KeyboardInterrupt as error:
        output.note("")
        raise errors.Interrupted(undone, remedy=remedy) from error
    if answer != "yes":
        raise errors.TfgenError(
            f"{undone}: the answer was {answer!r}, not 'yes'",
            remedy=remedy,
        )
