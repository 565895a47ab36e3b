"""The TFGEN_* variables of all flags: with the settings' own, there are no others."""

from collections.abc import Iterator

import typer.core
import typer.main


def known() -> frozenset[str]:
    """Give the variables of all flags and arguments of all commands."""
    from tfgen.cli import app

    return frozenset(_variables(typer.main.get_command(app.app)))


def _variables(command: object) -> Iterator[str]:
    if isinstance(command, typer.core.TyperGroup):
        for each in command.commands.values():
            yield from _variables(each)
    elif isinstance(command, typer.core.TyperCommand):
        for parameter in command.params:
            variables = parameter.envvar or ()
            yield from (variables,) if isinstance(variables, str) else variables
