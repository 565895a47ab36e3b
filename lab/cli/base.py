"""What all commands share: the settings, and the one place where errors become words."""

import contextlib
import os
import sys
from collections.abc import Iterator

import typer

from lab import commands, errors
from lab.machines.site import Site
from lab.settings import Settings

FAILED = 1
INTERRUPTED = 130


def make(text: str) -> typer.Typer:
    """Make an application that shows its help when it is given nothing."""
    return typer.Typer(
        help=text,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )


@contextlib.contextmanager
def boundary(name: str = "lab", again: str = "python -m lab up") -> Iterator[None]:
    """Turn what we foresee into a message and a code; the rest is a bug and shows itself.

    `name` is who speaks, `again` the command that goes on after an interruption.
    """
    try:
        yield
    except (errors.LabError, commands.CommandError) as error:
        sys.stderr.write(f"{name}: {error}\n")
        sys.exit(FAILED)
    except BrokenPipeError:  # who reads our output has seen enough: `lab logs ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.stderr.write(f"{name}: interrupted; `{again}` goes on where this was\n")
        sys.exit(INTERRUPTED)


def settings() -> Settings:
    """Give the laboratory that is meant; LabError if there is none yet."""
    found = Settings.read()
    if not found.etc.is_dir():
        raise errors.LabError(f"there is no laboratory in {found.home}; start it: python -m lab up")
    return found


def site() -> Site:
    """Its data plane."""
    found = settings()
    return Site(found.home, found.prefix)
