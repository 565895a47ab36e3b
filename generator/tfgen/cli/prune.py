"""tfgen render --prune: let go of stacks whose last Service went and whose state is empty."""

import os
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from tfgen import config, manifest
from tfgen.cli import output
from tfgen.reconcile import states, tombstones

Prune = Annotated[
    bool,
    typer.Option(
        "--prune",
        envvar="TFGEN_PRUNE",
        help="Remove stacks without Services whose state, read from the backend, is empty.",
    ),
]


def prune(
    loaded: config.Loaded, known: manifest.Manifest, engine: str | None, *, check: bool
) -> tombstones.Pruned:
    """Look at the states, and remove what is over, unless this is a check."""
    pruned = tombstones.look(known, states.States(loaded, os.environ, engine))
    if not check:
        tombstones.remove(loaded, pruned)
    return pruned


def tell(pruned: tombstones.Pruned, *, check: bool) -> None:
    """Say what went, and what stays and why."""
    for stack in pruned.over:
        output.note(
            f"stack {stack} {'would be removed' if check else 'removed'}: its state is empty"
        )
    for stack, why in pruned.kept.items():
        output.note(f"stack {stack} stays: {why}")


def document(pruned: tombstones.Pruned) -> Mapping[str, Any]:
    """Give what became of the stacks as part of a document."""
    kept = [{"stack": stack, "why": why} for stack, why in pruned.kept.items()]
    return {"pruned": list(pruned.over), "tombstones": kept}
