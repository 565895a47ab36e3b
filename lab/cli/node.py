"""Commands for the cluster's nodes."""

import json
from typing import Annotated

import typer

from lab import say
from lab.cli import base
from lab.cluster import fleet

app = base.make("The cluster's nodes, and what is open on them.")
Names = Annotated[list[str] | None, typer.Argument(help="nodes; all: as it was at first")]
Flags = Annotated[list[str] | None, typer.Argument(help="proxy, tls: nothing else is understood")]


def nodes() -> fleet.Fleet:
    """Give the nodes of the laboratory that is meant."""
    return fleet.Fleet(base.settings())


@app.command()
def show() -> None:
    """Show nodes and open node ports."""
    say.out(json.dumps(nodes().show(), indent=1))


@app.command()
def add(name: str, address: str) -> None:
    """Let a node join: lab node add node-4 10.0.0.14."""
    nodes().add(name, address)


@app.command()
def remove(name: str) -> None:
    """Let a node leave for good."""
    nodes().remove(name)


@app.command()
def address(name: str, addresses: list[str]) -> None:
    """Give a node other addresses."""
    nodes().set_addresses(name, *addresses)


@app.command()
def cordon(name: str) -> None:
    """Take no new pods there."""
    nodes().cordon(name)


@app.command()
def uncordon(name: str) -> None:
    """Take pods there again."""
    nodes().uncordon(name)


def state_command(state: str, text: str) -> None:
    """One of `lab node up|sick|closed|gone NAME`."""

    def change(name: str) -> None:
        nodes().state(name, state)

    app.command(state, help=text)(change)


state_command("up", "The machine answers.")
state_command("sick", "The machine answers 503.")
state_command("closed", "The machine's ports refuse.")
state_command("gone", "The machine does not answer at all.")


@app.command()
def endpoints(service: str, names: Names = None) -> None:
    """Say which nodes have endpoints of a Service (NAMESPACE/NAME): NODE..., all, or nobody."""
    nodes().endpoints(service, None if names == ["all"] else names or [])


@app.command("open")
def open_(port: int, flags: Flags = None) -> None:
    """Open a node port by hand; those of Services are opened without."""
    nodes().open(port, *flags or [])


@app.command()
def close(port: int) -> None:
    """Close a node port that was opened by hand."""
    nodes().close(port)


@app.command()
def reset() -> None:
    """Go back to the three nodes of the beginning, all up; no port open but those of Services."""
    nodes().reset()
