"""`tfgen config`: the settings in force."""

from typing import Annotated

import typer

from tfgen.cli import options, output, session
from tfgen.config import show as settings_text

app = typer.Typer(help="The settings in force.")

Origin = Annotated[
    bool, typer.Option("--origin", envvar="TFGEN_ORIGIN", help="Say which layer gave each setting.")
]


@app.command()
def show(
    settings: options.Config = None,
    out: options.Out = None,
    *,
    origin: Origin = False,
    output_format: options.Format = "text",
) -> None:
    """Print all settings: flag over TFGEN_* variable over tfgen.yaml over default."""
    loaded = session.load(settings, out, output_format)
    text = settings_text.text(loaded, origins=origin)
    output.result(settings_text.document(loaded), text, schema="tfgen.settings")
