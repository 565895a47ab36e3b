"""The program: its commands, and the one place where an error becomes a message and a code."""

import gc
import itertools
import os
import sys

import typer

from tfgen import __version__, errors
from tfgen.cli import (
    apply,
    config,
    doctor,
    explain,
    guard,
    init,
    lock,
    options,
    output,
    plan,
    publish,
    render,
    schema,
    status,
    sync,
)
from tfgen.cli import run as run_command

app = typer.Typer(
    name="tfgen",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _program() -> None:
    """Kubernetes Services in, reviewed Terraform for Octavia load balancers out."""


@app.command()
def version(output_format: options.Format = "text") -> None:
    """Print the version."""
    output.use_format(output_format)
    output.result({"version": __version__}, f"tfgen {__version__}")


app.command()(init.init)
app.command()(guard.guard)
app.command()(render.render)
app.command()(lock.lock)
app.command()(plan.plan)
app.command()(apply.apply)
app.command()(sync.sync)
app.command()(publish.publish)
app.command()(run_command.run)
app.command()(status.status)
app.command()(explain.explain)
app.command()(doctor.doctor)
app.command()(schema.schema)
app.add_typer(config.app, name="config")


def main() -> None:
    """Run the program; every way out ends here with an exit code of `errors.ExitCode`."""
    gc.freeze()  # what is imported stays: no use in looking through it again and again
    gc.set_threshold(50_000)
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line and give its exit code. Errors are shown here, once."""
    output.use_format(_format(arguments))
    try:
        code = app(arguments, prog_name="tfgen", standalone_mode=False)
    except typer.Exit as end:
        return end.exit_code
    except (errors.TfgenError, KeyboardInterrupt) as error:
        return output.failure(error)
    except Exception as error:  # noqa: BLE001  the boundary: whatever comes is said, with its log
        return output.failure(error)
    return int(code or 0)


def _format(arguments: list[str]) -> str:
    """Find the asked form before the command line is parsed: its own errors take that form too."""
    pairs = itertools.pairwise(arguments)
    asked = ("--format", "json") in pairs or "--format=json" in arguments
    return "json" if asked or os.environ.get("TFGEN_FORMAT") == "json" else "text"
