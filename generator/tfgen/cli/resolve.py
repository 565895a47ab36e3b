"""tfgen resolve: what only the cloud can tell, written into the tree."""

import os
from typing import Annotated

import typer

from tfgen import resolved
from tfgen.annotations import row
from tfgen.cli import options, output, session, table
from tfgen.reconcile import resolve as reconcile

_HEADINGS = ("network", "name", "tags", "subnets")
_BALANCERS = ("load balancer", "VIP", "provider", "note")
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
    """Find what only the cloud can tell, and keep it in the tree.

    That is the subnets that floating-subnet and floating-subnet-tags mean, and the load balancers
    of load-balancer-id. They stand in tfgen-resolved.json, so that rendering asks no cloud.
    `tfgen run` resolves by itself what is missing.

    Examples: `tfgen resolve` · `tfgen resolve --from services.yaml --check`
    """
    from tfgen import cloud

    loaded = session.load(config_file, out, output_format)
    listing = session.listing(source, kubeconfig, context)
    with cloud.connect(loaded.settings, os.environ) as sky:
        sky.check_project(loaded.settings)
        report = reconcile.resolve(loaded, listing, sky.subnets, balancers=sky.attached)
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
    balancers = [_row(key, report.after.load_balancers[key]) for key in report.attached]
    tables = ((_HEADINGS, rows), (_BALANCERS, balancers))
    text = "\n".join(table.plain(head, found) for head, found in tables if found)
    output.result(reconcile.document(report), text, schema="tfgen.resolve")
    told(report)
    if report.stale:
        output.note(
            "tfgen-resolved.json would change"
            if check
            else "tfgen-resolved.json changed: run tfgen render, and have both reviewed"
        )
    elif not (rows or balancers):
        output.note("no Service asks for a subnet by name or tags, or for a load balancer by id")


def _row(identity: str, found: resolved.Balancer | None) -> tuple[str, ...]:
    if found is None:
        return identity, "", "", "not in the project"
    taken = (f"{key} is listener {name}'s" for key, name in sorted(found.taken.items()))
    told = ", ".join([*([f"made by tfgen for {found.owner}"] if found.owner else []), *taken])
    return identity, found.vip_address, found.provider, told


def told(report: reconcile.Report) -> None:
    """Say what no subnet matches, and which load balancers there are not."""
    for identity in report.absent:
        output.note(
            f"problem: the project has no load balancer {identity}; expected one that exists, for "
            f"tfgen attaches to it and makes none. Correct {row.ATTACH}."
        )
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
