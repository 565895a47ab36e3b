"""The program: its commands, and the one place where an error becomes a message and a code."""

import contextlib
import gc
import io
import itertools
import os
import sys

import typer

from tfgen import __version__, errors, terraform
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
    repair,
    resolve,
    schema,
    secrets,
    session,
    status,
    sync,
)
from tfgen.cli import run as run_command

app = typer.Typer(
    name="tfgen",
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
    session.use_format(output_format)
    output.result({"version": __version__}, f"tfgen {__version__}")


app.command()(init.init)
app.command()(guard.guard)
app.command()(render.render)
app.command()(resolve.resolve)
app.command()(lock.lock)
app.command()(plan.plan)
app.command()(apply.apply)
app.command()(sync.sync)
app.command()(publish.publish)
app.command()(run_command.run)
app.command()(status.status)
app.command()(explain.explain)
app.command()(doctor.doctor)
app.command()(repair.repair)
app.command()(schema.schema)
app.add_typer(config.app, name="config")
app.add_typer(secrets.app, name="secrets")


def spare_collector() -> None:
    """Let Python look for cycles seldom: records have none, and looking through a fleet takes long.

    Its first look comes when half a million objects have come and stayed.
    """
    gc.freeze()  # what is imported stays: no use in looking through it again and again
    gc.set_threshold(500_000)


def main() -> None:
    """Run the program; every way out ends here with an exit code of `errors.ExitCode`."""
    spare_collector()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(
                errors="replace"
            )  # an old locale fails no apply for a quotation mark
    code = run(sys.argv[1:])
    if code == errors.ExitCode.INTERRUPTED:
        _leave(code)
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run one command line and give its exit code. Errors are shown here, once."""
    output.use_format(_format(arguments))
    with terraform.Interruption().ending() as signals:
        try:
            return _command(arguments, signals)
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  the boundary: whatever comes is said
            with signals.listening():
                _settle(signals)
                return output.failure(error)


def _command(arguments: list[str], signals: terraform.Interruption) -> int:
    """Run a command; nothing at all is a question for help, and wrong in a script."""
    if not arguments and not output.as_json():
        app(["--help"], prog_name="tfgen", standalone_mode=False)
        return errors.ExitCode.USAGE
    try:
        code = app(arguments, prog_name="tfgen", standalone_mode=False)
    except typer.Exit as end:
        return end.exit_code
    if signals.ended:  # typer makes a silent exit code of it
        raise KeyboardInterrupt
    return int(code or 0)


def _settle(signals: terraform.Interruption) -> None:
    """Leave no engine behind that still saves its state."""
    if signals and signals.running:
        output.note("interrupted: waiting for the engine to end (interrupt again to insist)")
    if signals:
        signals.settle()


def _leave(code: int) -> None:
    """End at once: threads that wait for a server's answer have nothing to save."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def _format(arguments: list[str]) -> str:
    """Find the asked form before the command line is parsed: its own errors take that form too."""
    pairs = itertools.pairwise(arguments)
    asked = ("--format", "json") in pairs or "--format=json" in arguments
    return "json" if asked or os.environ.get("TFGEN_FORMAT") == "json" else "text"
