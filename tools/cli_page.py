"""docs/reference/cli.md, made from the commands themselves."""

from collections.abc import Iterator, Mapping
from enum import Enum

import typer.core
import typer.main

from tfgen.cli import app

_HEAD = """\
<!-- Made by `python -m tools.docs` from generator/tfgen/cli. -->
# Commands

`tfgen COMMAND --help` says the same on the terminal. Each flag can be given as a variable too; a
flag wins over its variable. A repeatable flag's variable holds several values with spaces between
them. Results go to standard output, everything else to standard error; `--format json` makes
results and errors JSON documents with `schema` and `schema_version`, and `tfgen schema NAME` prints
the JSON Schema of each. How a command ends: [exit codes](exit-codes.md). What stands in
tfgen.yaml: [settings](settings.md).

| command | what it does |
|---|---|
"""

_TABLE = "| flag | variable | default | meaning |\n|---|---|---|---|"
_BAR = "\\|"  # a bar within a cell of a table

Command = typer.core.TyperCommand
Parameter = typer.core.TyperOption | typer.core.TyperArgument


def page() -> str:
    """Write the page: a table of all commands, then a section each."""
    found = commands()
    index = (f"| {_link(name)} | {_first(command)} |" for name, command in found.items())
    sections = (_section(name, command) for name, command in found.items())
    return _HEAD + "\n".join(index) + "\n\n" + "\n".join(sections) + _completion()


def commands() -> Mapping[str, Command]:
    """Give every command by what one types, sorted: `tfgen config show`."""
    return dict(sorted(_commands(_program(), "tfgen")))


def _program() -> typer.core.TyperGroup:
    made = typer.main.get_command(app.app)
    if not isinstance(made, typer.core.TyperGroup):
        raise TypeError("tfgen has no commands")
    return made


def _commands(group: typer.core.TyperGroup, path: str) -> Iterator[tuple[str, Command]]:
    for name, found in group.commands.items():
        if isinstance(found, typer.core.TyperGroup):
            yield from _commands(found, f"{path} {name}")
        elif isinstance(found, Command) and not found.hidden:
            yield f"{path} {name}", found


def _link(name: str) -> str:
    return f"[`{name}`](#{name.replace(' ', '-')})"


def _first(command: Command) -> str:
    return (command.help or "").split("\n\n")[0]


def _section(name: str, command: Command) -> str:
    parameters = [found for found in command.params if isinstance(found, Parameter)]
    arguments = [found for found in parameters if isinstance(found, typer.core.TyperArgument)]
    usage = " ".join([name, *(_placeholder(found) for found in arguments), "[FLAGS]"])
    head = f"## {name}\n\n{command.help or ''}\n\n```text\n{usage}\n```\n"
    rows = [_row(found) for found in sorted(parameters, key=_place) if not found.hidden]
    if not rows:
        return head
    return "\n".join([head, _TABLE, *rows, ""])


def _place(parameter: Parameter) -> tuple[bool, str]:
    """Sort arguments first, then by panel; within a panel the declared order stands."""
    return isinstance(parameter, typer.core.TyperOption), parameter.rich_help_panel or ""


def _row(parameter: Parameter) -> str:
    variable = f"`{parameter.envvar}`" if parameter.envvar else ""
    cells = (_names(parameter), variable, _default(parameter), parameter.help or "")
    return f"| {' | '.join(cell.replace('|', _BAR) for cell in cells)} |"


def _names(parameter: Parameter) -> str:
    if isinstance(parameter, typer.core.TyperArgument):
        return f"`{_placeholder(parameter)}`"
    value = "" if parameter.is_flag else f" {_value(parameter)}"
    return f"`{', '.join([*parameter.opts, *parameter.secondary_opts])}{value}`"


def _placeholder(argument: typer.core.TyperArgument) -> str:
    text = _value(argument).strip("[]") + ("..." if argument.nargs == -1 else "")
    return text if argument.required else f"[{text}]"


def _value(parameter: Parameter) -> str:
    if isinstance(parameter.default, Enum):
        return "|".join(str(choice.value) for choice in type(parameter.default))
    return parameter.metavar or (parameter.name or "").upper()


def _default(parameter: Parameter) -> str:
    value = parameter.default
    if parameter.required:
        return "mandatory"
    if value is None or value is False or value == "":
        return ""
    return f"`{value.value if isinstance(value, Enum) else value}`"


def _completion() -> str:
    flags = (found.opts[0] for found in _program().params if "completion" in found.opts[0])
    listed = " and ".join(f"`tfgen {flag}`" for flag in flags)
    return f"\n## Shell completion\n\n{listed} set up or print completion for the shell in use.\n"
