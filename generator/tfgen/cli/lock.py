"""tfgen lock: one provider lock for the tree."""

import os
from typing import Annotated

import typer

from tfgen import config, terraform
from tfgen.cli import options, output, session, told
from tfgen.reconcile import lock as reconcile

Platform = Annotated[
    list[str] | None,
    typer.Option(
        "--platform",
        envvar="TFGEN_PLATFORM",
        metavar="OS_ARCH",
        help="Record hashes for this platform (repeatable); default: Linux and macOS.",
    ),
]
Mirror = Annotated[
    str | None,
    typer.Option(
        "--mirror",
        envvar="TFGEN_MIRROR",
        metavar="DIR",
        help="Take the providers from this folder, not from the registry.",
    ),
]
Upgrade = Annotated[
    bool,
    typer.Option(
        "--upgrade",
        envvar="TFGEN_UPGRADE",
        help="Take the newest version that is allowed, not the one that is locked.",
    ),
]


def lock(
    config_file: options.Config = None,
    out: options.Out = None,
    *,
    platform: Platform = None,
    mirror: Mirror = None,
    upgrade: Upgrade = False,
    engine_name: options.EngineName = None,
    output_format: options.Format = "text",
) -> None:
    """Record provider version and hashes once, for every stack of the tree.

    Commit the file: everyone then runs the same provider. Where the registry cannot be reached,
    the hashes of this platform alone are taken from what the engine's own configuration (a
    mirror) gives.

    Examples: `tfgen lock` · `tfgen lock --platform linux_amd64 --mirror /srv/terraform-mirror`
    """
    loaded = session.load(config_file, out, output_format)
    engine = terraform.find(engine_name, os.environ)
    environment = config.engine_environment(loaded.settings, os.environ)
    asked = reconcile.Options(tuple(platform or ()), mirror, upgrade)
    done = reconcile.lock(loaded, engine, environment, asked)
    if not done.registry:
        output.note(
            "notice: the registry cannot be reached from here, so there are hashes of this "
            "platform only; for others: tfgen lock --platform OS_ARCH --mirror DIR"
        )
    document = {
        "changed": done.changed,
        "stacks": list(done.stacks),
        "registry": done.registry,
    }
    output.result(document, "", schema="tfgen.lock")
    state = "written to" if done.changed else "is the same in"
    size = told.count(len(done.stacks), "stack")
    output.note(f"{loaded.out}: provider lock {state} the tree and its {size}")
