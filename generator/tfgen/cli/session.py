"""What most commands begin with: settings, and the input they ask for."""

import os
from pathlib import Path

import typer

from tfgen import config, errors, model
from tfgen.cli import output, twins
from tfgen.config import faults, layers
from tfgen.kube import files


def load(path: Path | None, out: Path | None, output_format: str = "text") -> config.Loaded:
    """Choose the output's form and load the settings."""
    use_format(output_format)
    flags = {"out": str(out)} if out else {}
    return config.load(path, flags=flags, environ=os.environ, twins=twins.known)


def check_variables() -> None:
    """Refuse TFGEN_* variables that nobody reads, where no settings are. Raises SettingsError."""
    wrong = layers.fold({}, os.environ, {}, twins.known).problems
    if wrong:
        raise faults.error(wrong)


def use_format(name: str) -> None:
    """Choose the output's form. Raises BadParameter where there is no such form."""
    if name not in {"text", "json"}:
        raise typer.BadParameter(f"{name!r} is not text or json", param_hint="--format")
    output.use_format(name)


def listing(source: str | None, kubeconfig: Path | None, context: str | None) -> model.Listing:
    """Read Services and Nodes, from files where `source` names them, else from the cluster."""
    if source is not None:
        return files.read(source)
    from tfgen.kube import live

    return live.Cluster(kubeconfig, context).listing()


def services(texts: list[str] | None, flag: str) -> frozenset[model.ServiceKey]:
    """Read NAMESPACE/NAME flags."""
    try:
        return frozenset(model.ServiceKey.parse(text) for text in texts or ())
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=flag) from error


def finish(code: errors.ExitCode) -> None:
    """End the command with a code."""
    if code:
        raise typer.Exit(code)
