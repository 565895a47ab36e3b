"""Commands that break something, and mend it."""

from typing import Annotated

import typer

from lab import say
from lab.cli import base
from lab.faults import Faults

app = base.make("Faults on purpose, and their mending.")
Status = Annotated[str, typer.Argument(help="ERROR, ACTIVE, PENDING_UPDATE, ...")]

Seconds = Annotated[float, typer.Argument(min=0)]
Number = Annotated[int, typer.Argument(min=1)]


def faults() -> Faults:
    """Give the faults of the laboratory that is meant."""
    return Faults(base.settings())


@app.command()
def stop(service: str) -> None:
    """Stop a service in an orderly way."""
    faults().stop(service)


@app.command()
def start(service: str) -> None:
    """Start a service, and wait until it is ready."""
    faults().start(service)


@app.command()
def kill(service: str) -> None:
    """Kill -9 a service; it stays down until `start` or `lab up`."""
    say.out(f"killed {service}, pid {faults().kill(service)}")


@app.command()
def load_balancer(name: str, status: Status = "ERROR") -> None:
    """Write a load balancer's provisioning_status into Octavia's database."""
    faults().load_balancer(name, status)


@app.command()
def release() -> None:
    """Set what a killed worker left PENDING to ERROR, so that it can be deleted."""
    say.out(f"{faults().release()} objects set to ERROR")


@app.command()
def build_seconds(seconds: Seconds) -> None:
    """Let amphorae take this long to boot, from now on."""
    faults().build_seconds(seconds)


@app.command()
def flows(number: Number) -> None:
    """Let Octavia's worker run so many flows at once; it is started anew."""
    faults().flows(number)
