"""Flags that several commands share: each declared once. Every flag has a TFGEN_* twin."""

from pathlib import Path
from typing import Annotated

import typer

_INPUT, _CLUSTER, _ENGINE = "Input", "Cluster", "Engine"

Format = Annotated[
    str,
    typer.Option("--format", envvar="TFGEN_FORMAT", metavar="text|json", help="Form of results."),
]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        envvar="TFGEN_CONFIG",
        metavar="FILE",
        help="Settings; default: tfgen.yaml here or in a folder above.",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", "-o", envvar="TFGEN_OUT", metavar="DIR", help="Output tree."),
]
From = Annotated[
    str | None,
    typer.Option(
        "--from",
        envvar="TFGEN_FROM",
        metavar="PATH|-",
        help="Read Services and Nodes from a file, a folder or standard input, not the cluster.",
        rich_help_panel=_INPUT,
    ),
]
Kubeconfig = Annotated[
    Path | None,
    typer.Option(
        "--kubeconfig",
        envvar="TFGEN_KUBECONFIG",
        metavar="FILE",
        help="Cluster access; default: KUBECONFIG, ~/.kube/config, or the pod's own.",
        rich_help_panel=_CLUSTER,
    ),
]
Context = Annotated[
    str | None,
    typer.Option(
        "--context",
        envvar="TFGEN_CONTEXT",
        metavar="NAME",
        help="Context of the kubeconfig.",
        rich_help_panel=_CLUSTER,
    ),
]
Service = Annotated[
    list[str] | None,
    typer.Option(
        "--service",
        envvar="TFGEN_SERVICE",
        metavar="NS/NAME",
        help="Only this Service (repeatable).",
    ),
]
Stack = Annotated[
    list[str] | None,
    typer.Option(
        "--stack", envvar="TFGEN_STACK", metavar="NAME", help="Only this stack (repeatable)."
    ),
]
Jobs = Annotated[
    int,
    typer.Option(
        "--jobs",
        envvar="TFGEN_JOBS",
        min=1,
        max=64,
        help="Stacks at once.",
        rich_help_panel=_ENGINE,
    ),
]
EngineName = Annotated[
    str | None,
    typer.Option(
        "--engine",
        envvar="TFGEN_ENGINE",
        metavar="terraform|tofu|PATH",
        help="Which engine; default: terraform, else tofu, from PATH.",
        rich_help_panel=_ENGINE,
    ),
]
LockTimeout = Annotated[
    float,
    typer.Option(
        "--lock-timeout",
        envvar="TFGEN_LOCK_TIMEOUT",
        metavar="SECONDS",
        min=0,
        help="How long another run at the same stack or tree is waited for.",
        rich_help_panel=_ENGINE,
    ),
]
BreakLock = Annotated[
    list[str] | None,
    typer.Option(
        "--break-lock",
        envvar="TFGEN_BREAK_LOCK",
        metavar="STACK",
        help="Let go of the lock of this state, if its holder is dead (repeatable).",
        rich_help_panel=_ENGINE,
    ),
]
Yes = Annotated[
    bool, typer.Option("--yes", "-y", envvar="TFGEN_YES", help="Do not ask before applying.")
]
AllowHeld = Annotated[
    bool,
    typer.Option("--allow-held", envvar="TFGEN_ALLOW_HELD", help="Exit 0 with Services held."),
]
