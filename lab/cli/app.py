"""`python -m lab`."""

import dataclasses
import json
from typing import Annotated

import typer
from rich.table import Table

from lab import errors, say, start, status, stop
from lab.cli import base, fault, node, rival, use
from lab.settings import Settings
from lab.software import go, openstack

app = base.make("A real OpenStack and Kubernetes on loopback. What it is: lab/README.md")
app.add_typer(node.app, name="node")
app.add_typer(fault.app, name="fault")
app.add_typer(rival.app, name="occm")
for command, options in use.COMMANDS.items():
    app.command(**options)(command)

Wipe = Annotated[bool, typer.Option("--wipe", help="Remove all its state, too.")]
Format = Annotated[str, typer.Option("--format", help="table or json")]
Kits = Annotated[
    list[str] | None, typer.Argument(help="openstack, kubernetes, kubectl, provider, occm, tofu")
]


@app.command()
def up() -> None:
    """Bring up what is not up; build what was never built."""
    reporter = say.Reporter()
    settings = Settings.read()
    start.up(settings, reporter)
    reporter.line(f'ready in {settings.home}; in a shell: eval "$(python -m lab env)"')


@app.command()
def down(wipe: Wipe = False) -> None:  # noqa: FBT002 - typer makes a flag of it
    """Stop everything. The state is kept, unless --wipe is given."""
    stop.down(Settings.read(), say.Reporter(), wipe=wipe)


@app.command("status")
def show_status(format_: Format = "table") -> None:
    """Show every service: version, address, state, pid, log. Ends with 1 if one is down."""
    rows = status.rows(base.settings())
    if format_ == "json":
        say.out(json.dumps([dataclasses.asdict(row) for row in rows], indent=1))
    else:
        table = Table("service", "version", "address", "state", "pid", "log", box=None)
        for row in rows:
            colour = {"up": "green", "down": "bold red"}.get(row.state, "dim")
            state = f"[{colour}]{row.state}[/]"
            table.add_row(
                row.service, row.version, row.address, state, str(row.pid or "-"), row.log
            )
        say.show(table)
    if any(row.state == "down" for row in rows):
        raise typer.Exit(base.FAILED)


@app.command()
def build(kits: Kits = None) -> None:
    """Build software into the cache, if it is not there; without names: all but the tools."""
    settings = Settings.read()
    reporter = say.Reporter()
    for name in kits or ["openstack", "provider", "kubernetes", "occm"]:
        log = settings.log / f"build-{name}.log"
        if name == "openstack":
            text = openstack.build(log)
        elif name in go.KITS:
            text = go.KITS[name].build(log)
        else:
            raise errors.LabError(f"no software {name}; there are: openstack, {', '.join(go.KITS)}")
        reporter.line(text or f"{name} is in the cache")


def main() -> None:
    """Run the command line."""
    with base.boundary():
        app()
