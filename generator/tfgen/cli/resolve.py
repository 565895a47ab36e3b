"""tfgen resolve: what only the cloud can tell, written into the tree."""

import os
from typing import Annotated

import typer

from tfgen.cli import options, output, session, table
from tfgen.reconcile import resolve as reconcile

_HEADINGS = ("network", "name", "tags", "subnets")
Check = Annotated[
    bool,
    typer.Option("--check", envvar="TFGEN_CHECK", help="Write nothing; 2 where it is behind."),
]


def resolve(
    config_file: options.Config = None,
    out: options.Out = None,
    source: options.From = None,
    kubeconfig: options.Kubeconfig = None,
    context: options.Context = None,
    *,
    check: Check = False,
    output_format: options.Format = "text",
) -> None:
    """Find the subnets that floating-subnet and floating-subnet-tags mean; keep them in the tree.

    They stand in tfgen-resolved.json, so that rendering asks no cloud. `tfgen run` resolves by
    itself what is missing.

    Examples: `tfgen resolve` · `tfgen resolve --from services.yaml --check`
    """
    from tfgen import cloud

    loaded = session.load(config_file, out, output_format)
    listing = session.listing(source, kubeconfig, context)
    with cloud.connect(loaded.settings, os.environ) as sky:
        sky.check_project(loaded.settings)
        report = reconcile.resolve(loaded, listing, sky.subnets)
    if not check:
        reconcile.write(loaded, report)
    show(report, check=check)
    session.finish(report.code(check=check))


def show(report: reconcile.Report, *, check: bool) -> None:
    """Say what was found."""
    found = report.after.floating_subnets
    rows = [
        (each.network, each.pattern, each.tags, ", ".join(found[each.key]))
        for each in report.queries
    ]
    text = table.plain(_HEADINGS, rows) if rows else ""
    output.result(reconcile.document(report), text, schema="tfgen.resolve")
    told(report)
    if report.stale:
        output.note(
            "tfgen-resolved.json would change"
            if check
            else "tfgen-resolved.json changed: run tfgen render, and have both reviewed"
        )
    elif not rows:
        output.note("no Service asks for a subnet by name or tags")


def told(report: reconcile.Report) -> None:
    """Say what no subnet matches."""
    for each in report.unmatched:
        asked = " and ".join(
            part
            for part in (
                f"name {each.pattern}" if each.pattern else "",
                f"tags {each.tags}" if each.tags else "",
            )
            if part
        )
        output.note(
            f"problem: no subnet of external network {each.network} matches {asked}; expected one "
            "that the project sees. Correct floating-subnet or floating-subnet-tags."
        )
