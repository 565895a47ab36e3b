"""Questions with numbered answers, asked on a terminal only."""

import sys

import typer

from tfgen import errors
from tfgen.cli import output
from tfgen.reconcile import init


def possible() -> bool:
    """Whether somebody is there to answer: a terminal, and no program that reads the result."""
    return sys.stdin.isatty() and sys.stderr.isatty() and not output.as_json()


def by_number(question: init.Question) -> str:
    """List the candidates and read a number; Enter takes the likeliest, or the first."""
    values = [option.value for option in question.options]
    default = values.index(question.default) + 1 if question.default else 1
    output.note(f"\n{question.what[0].upper()}{question.what[1:]} ({question.flag}):")
    for place, option in enumerate(question.options, start=1):
        output.note(f"  {place}  {option.label or option.value}")
    if question.default:
        output.note(f"{question.why} {default}.")
    while True:
        number: int = typer.prompt("Number", default=default, type=int, err=True)
        if 1 <= number <= len(values):
            return values[number - 1]
        output.note(f"Expected a number from 1 to {len(values)}.")


def chooser() -> init.Choose:
    """Give who chooses: the person at the terminal, or nobody."""
    return by_number if possible() else init.refuse


def cluster() -> str:
    """Ask for the cluster's name. Raises SettingsError where nobody is there to answer."""
    if not possible():
        raise errors.SettingsError(
            "the cluster has no name",
            remedy="Name it: --cluster NAME. It becomes part of every name in the cloud.",
        )
    asked = "Name of the cluster, part of every name in the cloud"
    return str(typer.prompt(asked, err=True))
