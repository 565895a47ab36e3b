"""Commands for the rival."""

from typing import Annotated

import typer

from lab import say
from lab.cli import base
from lab.settings import Settings

app = base.make("The rival on this laboratory: the OpenStack cloud controller manager.")
Workers = Annotated[int, typer.Option(min=1, help="How many Services it works on at once.")]


@app.command()
def up(workers: Workers = 1) -> None:
    """Build it if need be, and run it; the laboratory, too, if it is down."""
    from lab import rival

    rival.up(Settings.read(), say.Reporter(), workers)


@app.command()
def down() -> None:
    """Stop it. What it made in OpenStack stays."""
    from lab import rival

    rival.down(base.settings())
