"""Commands for using the laboratory by hand: env, shell, curl, logs, run."""

import os
import shlex
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from lab import commands, errors, say
from lab.cli import base
from lab.services import table
from lab.traffic import client

PASS_ON: dict[str, Any] = {"allow_extra_args": True, "ignore_unknown_options": True}
Source = Annotated[str | None, typer.Option("--from", help="198.51.100.10 or 203.0.113.9")]
Follow = Annotated[bool, typer.Option("--follow", "-f", help="Go on as the log grows.")]
Lines = Annotated[int, typer.Option("--lines", "-n", help="How many of the last lines.")]


def variables() -> dict[str, str]:
    """Give the laboratory's variables."""
    from lab.laboratory import Lab

    return Lab(base.settings()).environment()


def env() -> None:
    """Print the variables for a shell: eval "$(python -m lab env)"."""
    for name, value in variables().items():
        say.out(f"export {name}={shlex.quote(value)}")


def shell() -> None:
    """Start a shell with the variables set."""
    program = os.environ.get("SHELL", "/bin/sh")
    os.execvpe(program, [program], {**os.environ, **variables()})  # noqa: S606 - that is the point


def curl(context: typer.Context, source: Source = None) -> None:
    """Run curl as a client on the internet: lab curl [--from ADDRESS] ARGS..."""
    replace(client.command(base.site(), *context.args, source=source))


def run(context: typer.Context, place: str) -> None:
    """Run a command in a namespace of the data plane: lab run internet|cloud COMMAND..."""
    site = base.site()
    namespaces = {"internet": site.internet, "cloud": site.cloud}
    if place not in namespaces or not context.args:
        raise errors.LabError("lab run internet|cloud COMMAND...")
    replace(["ip", "netns", "exec", namespaces[place], *context.args])


def logs(service: str, lines: Lines = 40, follow: Follow = False) -> None:  # noqa: FBT002 - a flag
    """Show a service's log: what it printed, and what it wrote to a log file of its own."""
    settings = base.settings()
    if service not in table.services(settings):
        names = ", ".join(table.services(settings))
        raise errors.LabError(f"no service {service}; there are: {names}")
    found = [settings.log / f"{service}{end}" for end in (".out", ".log")]
    files = [str(file) for file in found if file.exists()]
    replace(["tail", f"-n{lines}", *(["-F"] if follow else []), *files])


def replace(command: list[str]) -> None:
    """Become another program."""
    sys.stdout.flush()
    with commands.existing(command):
        os.execvp(command[0], command)  # noqa: S606 - that is the point


COMMANDS: dict[Callable[..., None], dict[str, Any]] = {
    env: {},
    shell: {},
    curl: {"context_settings": {**PASS_ON, "help_option_names": []}},
    run: {"context_settings": PASS_ON},
    logs: {},
}
