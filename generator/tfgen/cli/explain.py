"""tfgen explain: from any end of a load balancer to all others."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from tfgen import annotations
from tfgen.cli import options, output, session, table
from tfgen.inspection import picture, trace
from tfgen.reconcile import explain as reconcile
from tfgen.reconcile import states

Target = Annotated[
    str | None,
    typer.Argument(
        envvar="TFGEN_TARGET",
        metavar="[NS/NAME|ADDRESS|ID]",
        help="A Service, an IP address, an id in the cloud, a file, or an address in the state.",
        show_default=False,
    ),
]
Vocabulary = Annotated[
    bool,
    typer.Option("--annotations", envvar="TFGEN_ANNOTATIONS", help="List all annotations instead."),
]

_ANNOTATIONS = ("Key", "Kind", "Value", "Setting", "Change", "Meaning")
_INDENT = "  "


def explain(
    target: Target = None,
    config_file: options.Config = None,
    out: options.Out = None,
    *,
    source: options.From = None,
    kubeconfig: options.Kubeconfig = None,
    context: options.Context = None,
    vocabulary: Vocabulary = False,
    engine: options.EngineName = None,
    output_format: options.Format = "text",
) -> None:
    """Explain one load balancer from end to end, starting from whatever you have in hand.

    The way of a packet from the client to the pod, the nodes behind each port and why a node is
    none, where each value comes from, resource addresses and ids. Nothing is changed.

    Examples: `tfgen explain shop/web` · `tfgen explain 172.24.0.5` · `tfgen explain --annotations`
    """
    session.use_format(output_format)
    if vocabulary:
        _show_annotations()
        return
    if target is None:
        raise typer.BadParameter("give a Service, an address or an id", param_hint="TARGET")
    from tfgen import cloud
    from tfgen.kube import live

    live.prepare()
    loaded = session.load(config_file, out, output_format)
    sides = reconcile.Sides(
        cluster=lambda: session.listing(source, kubeconfig, context),
        cloud=lambda: cloud.connect(loaded.settings, os.environ),
        state=states.States(loaded, os.environ, engine).of,
    )
    explanation = reconcile.explain(loaded, sides, target)
    show(explanation)
    session.finish(explanation.code)


def show(explanation: reconcile.Explanation) -> None:
    """Print an explanation, and who did not answer."""
    output.away(explanation.away)
    if output.as_json():
        output.result(_document(explanation), "", schema="tfgen.explain")
    elif explanation.whole is None:
        words = explanation.not_ours
        output.result({}, f"Service {explanation.service} is none of ours: {words}")
    else:
        output.result({}, "\n".join(_lines(explanation.whole)))


def _lines(found: trace.Trace) -> Iterator[str]:
    yield from _head(found)
    yield from _ports(found, "")
    if found.second:
        yield from _ports(found.second, " by the second IP family")
    yield from _section(
        "Values, and where they come from",
        [(each.name, each.value, each.origin) for each in found.values],
    )
    yield from _section(
        "Resources",
        [
            (each.what, each.address, each.id, each.note)
            for each in (*found.resources, *(found.second.resources if found.second else ()))
        ],
    )


def _ports(found: trace.Trace, whose: str) -> Iterator[str]:
    for port in found.ports:
        yield from ("", f"Port {port.key}{whose}, from the client to the pod")
        yield from (f"{_INDENT}{line}" for line in picture.of(found, port))
    yield from _left_out(found.ports, whose)


def _head(found: trace.Trace) -> Iterator[str]:
    row, balancer = found.row, found.row.balancer
    stack = f"{row.file} (stack {row.stack})" if row.stack else "not in the tree"
    yield f"Service {row.service}: {row.state}"
    address = ", ".join(row.addresses) or "none yet"
    yield f"  address        {address}{' (internal)' if row.internal else ''}"
    yield f"  load balancer  {f'{balancer.id} ({balancer.name})' if balancer else 'none known'}"
    if row.second:
        other = row.second.balancer
        yield f"  second         {f'{other.id} ({other.name})' if other else 'none known'}"
    yield f"  file           {stack}"
    for difference in row.differences:
        yield f"  {difference.kind}: {difference.text}"
        if difference.remedy:
            yield f"    -> {difference.remedy}"


def _left_out(ports: Sequence[trace.Port], whose: str) -> Iterator[str]:
    """Say of each node that is no member of a pool why; once, where it is so for all ports."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for port in ports:
        for node in port.nodes:
            if node.why and not node.member:
                reasons.setdefault((node.name, node.why), []).append(port.key)
    rows = [
        (name, why, "" if len(keys) == len(ports) else ", ".join(keys))
        for (name, why), keys in sorted(reasons.items())
    ]
    yield from _section(f"Nodes that are no members{whose}", rows)


def _section(title: str, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if rows:
        yield from ("", title)
        yield from (f"{_INDENT}{line}" for line in table.columns(rows))


def _document(explanation: reconcile.Explanation) -> dict[str, Any]:
    found = explanation.whole
    head = {
        "service": str(explanation.service),
        "not_ours": explanation.not_ours,
        "away": {
            side: {"error": failure.what, "remedy": failure.remedy}
            for side, failure in explanation.away.items()
        },
    }
    if found is None:
        return {**head, "load_balancer": None}
    row = found.row
    return {
        **head,
        "state": row.state,
        "differences": [asdict(each) for each in row.differences],
        "address": row.address,
        "internal": row.internal,
        "stack": row.stack,
        "file": row.file,
        "load_balancer": _balancer(found),
        "ports": [_port(found, port) for port in found.ports],
        "values": [asdict(each) for each in found.values],
        "resources": [asdict(each) for each in found.resources],
        "second": _second(found.second) if found.second else None,
    }


def _second(found: trace.Trace) -> dict[str, Any]:
    return {
        "address": found.row.address,
        "load_balancer": _balancer(found),
        "ports": [_port(found, port) for port in found.ports],
        "resources": [asdict(each) for each in found.resources],
    }


def _balancer(found: trace.Trace) -> dict[str, Any] | None:
    balancer = found.row.balancer
    if balancer is None:
        return None
    return {
        "id": balancer.id,
        "name": balancer.name,
        "provisioning_status": balancer.provisioning,
        "operating_status": balancer.operating,
        "vip_address": balancer.vip_address,
        "floating_ip": balancer.floating_ip,
    }


def _port(found: trace.Trace, port: trace.Port) -> dict[str, Any]:
    listener = port.listener
    return {
        "port": port.key,
        "node_port": port.node_port,
        "target_port": port.target,
        "listener_id": listener.id if listener else "",
        "pool_id": listener.pool_id if listener else "",
        "monitor_id": listener.monitor_id if listener else "",
        "nodes": [asdict(node) for node in port.nodes],
        "path": list(picture.of(found, port)),
    }


def _show_annotations() -> None:
    rows = [
        {
            "key": row.key,
            "kind": row.kind.value,
            "value": row.value,
            "setting": f"defaults.{row.field}" if row.field else "",
            "change": row.change.value,
            "meaning": row.meaning,
        }
        for row in annotations.TABLE.values()
    ]
    if output.as_json():
        output.result({"annotations": rows}, "", schema="tfgen.annotations")
    else:
        table.show(_ANNOTATIONS, [[row[name.lower()] for name in _ANNOTATIONS] for row in rows])
