"""tfgen status: how all Services stand, from tree, cluster and cloud."""

import os
from collections import Counter
from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.text import Text

from tfgen import config, inspection, model
from tfgen.cli import options, output, session, table
from tfgen.reconcile import states, survey
from tfgen.reconcile import status as reconcile

_HEAD = ("Service", "Address", "Ports", "Sources", "Octavia", "Stack", "State")
_GRAVE = {inspection.Kind.FAILED, inspection.Kind.VANISHED, inspection.Kind.HELD}

Namespaces = Annotated[
    list[str] | None,
    typer.Option(
        "--namespace",
        "-n",
        envvar="TFGEN_NAMESPACE",
        metavar="NAME",
        help="Only Services of this namespace (repeatable).",
    ),
]
Problems = Annotated[
    bool, typer.Option("--problems", envvar="TFGEN_PROBLEMS", help="Only what needs someone.")
]
WithState = Annotated[
    bool,
    typer.Option(
        "--state",
        envvar="TFGEN_STATE",
        help="Read the states too: which ports they have, what is tainted.",
    ),
]


def status(
    config_file: options.Config = None,
    out: options.Out = None,
    source: options.From = None,
    kubeconfig: options.Kubeconfig = None,
    context: options.Context = None,
    *,
    namespace: Namespaces = None,
    problems: Problems = False,
    state: WithState = False,
    engine: options.EngineName = None,
    jobs: options.Jobs = 4,
    allow_held: options.AllowHeld = False,
    output_format: options.Format = "text",
) -> None:
    """Show every Service: address, ports, sources, health, and what is not in sync.

    Asks the cluster once, and Octavia and Neutron by one list each, whatever the number of
    Services. Where one of them is away it says so and goes on with the others. Nothing is changed.
    Exit code 4 where a Service is held.

    Examples: `tfgen status` · `tfgen status --problems` · `tfgen status -n shop --format json`
    """
    from tfgen import cloud
    from tfgen.kube import live

    live.prepare()
    loaded = session.load(config_file, out, output_format)
    reader = states.States(loaded, os.environ, engine, jobs)
    sides = survey.Sides(
        cluster=lambda: session.listing(source, kubeconfig, context),
        cloud=lambda: cloud.connect(loaded.settings, os.environ),
        states=reader.of_all if state else None,
    )
    overview = reconcile.status(survey.survey(loaded, sides), frozenset(namespace or ()))
    show(overview, problems=problems)
    session.finish(overview.code(allow_held=allow_held))


def show(overview: reconcile.Overview, *, problems: bool) -> None:
    """Print the table, what differs in words, and who did not answer."""
    rows = overview.problems if problems else overview.rows
    output.away(overview.found.away)
    if output.as_json():
        output.result(_document(overview, rows), "", schema="tfgen.status")
        return
    if rows:
        table.show(_HEAD, [_cells(row) for row in rows])
    output.result({}, "\n".join(_details(rows)))
    for note in overview.notes:
        output.note(note)
    output.note(_summary(overview))


def _cells(row: inspection.Row) -> tuple[table.Cell, ...]:
    balancer, addresses = row.balancer, ", ".join(row.addresses)
    return (
        row.name,
        f"{addresses} (internal)" if row.internal and addresses else addresses,
        ", ".join(map(_port, row.ports)),
        ", ".join(row.sources),
        f"{balancer.provisioning}/{balancer.operating}" if balancer else "",
        row.stack,
        Text(row.state, style=_style(row)),
    )


def _port(key: str) -> str:
    protocol, _, number = key.partition("-")
    return f"{number}/{protocol.upper()}"


def _style(row: inspection.Row) -> str:
    if any(each.kind in _GRAVE for each in row.differences):
        return "red"
    return "yellow" if row.needs_someone else "green" if row.state == "in sync" else ""


def _details(rows: tuple[inspection.Row, ...]) -> Iterator[str]:
    """Give each difference in words, with what to type next."""
    for number, row in enumerate(row for row in rows if row.differences):
        if number == 0:
            yield ""
        for difference in row.differences:
            yield f"{row.name} {difference.kind}: {difference.text}"
            if difference.remedy:
                yield f"  -> {difference.remedy}"


def _summary(overview: reconcile.Overview) -> str:
    """Count Services, each by the gravest of what is said of it."""
    counts = Counter(row.state.partition(", ")[0] for row in overview.rows)
    said = ", ".join(f"{count} {state}" for state, count in counts.most_common())
    number = sum(isinstance(row.service, model.ServiceKey) for row in overview.rows)
    place = config.display(overview.found.loaded.out)
    size = f"{place}: {number} Service{'s' * (number != 1)}"
    return f"{size}: {said}" if said else size


def _document(overview: reconcile.Overview, rows: tuple[inspection.Row, ...]) -> dict[str, Any]:
    return {
        "sides": {side: _side(overview, side) for side in _sides(overview)},
        "services": [_row(row) for row in rows],
        "notes": list(overview.notes),
    }


def _sides(overview: reconcile.Overview) -> Iterator[str]:
    """Name the sides that were asked: the states only with --state."""
    yield from (survey.CLUSTER, survey.CLOUD)
    if overview.found.states is not None or survey.STATES in overview.found.away:
        yield survey.STATES


def _side(overview: reconcile.Overview, side: str) -> dict[str, Any]:
    failure = overview.found.away.get(side)
    return {
        "answered": failure is None,
        "error": failure.what if failure else "",
        "remedy": failure.remedy if failure else "",
    }


def _balancer(balancer: inspection.Balancer | None) -> dict[str, Any] | None:
    if balancer is None:
        return None
    return {
        "id": balancer.id,
        "provisioning_status": balancer.provisioning,
        "operating_status": balancer.operating,
        "vip_address": balancer.vip_address,
        "floating_ip": balancer.floating_ip,
    }


def _row(row: inspection.Row) -> dict[str, Any]:
    second = row.second
    return {
        "service": str(row.service),
        "group": isinstance(row.service, model.GroupKey),
        "address": row.address,
        "second_address": second.address if second else "",
        "internal": row.internal,
        "ports": list(row.ports),
        "sources": list(row.sources),
        "load_balancer": _balancer(row.balancer),
        "second_load_balancer": _balancer(second.balancer if second else None),
        "stack": row.stack,
        "file": row.file,
        "state": row.state,
        "held": row.held,
        "needs_someone": row.needs_someone,
        "differences": [
            {"kind": each.kind.value, "text": each.text, "remedy": each.remedy}
            for each in row.differences
        ],
    }
