"""tfgen publish: addresses back to the Services."""

import os
from collections import defaultdict
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

import typer

from tfgen.cli import options, output, session, table, told
from tfgen.kube import live, write
from tfgen.reconcile import addresses, scope, states
from tfgen.reconcile import publish as reconcile

_HEADINGS = ("service", "address", "cluster", "remark")
_NAMED = 5
"""Services that are named where many fail alike."""


class Source(StrEnum):
    """Where addresses come from."""

    STATE = "state"
    CLOUD = "cloud"


SourceOption = Annotated[
    Source,
    typer.Option(
        "--source",
        envvar="TFGEN_SOURCE",
        help="Read addresses from the stacks' states, or from Octavia by our tags.",
    ),
]


def publish(
    config_file: options.Config = None,
    out: options.Out = None,
    kubeconfig: options.Kubeconfig = None,
    context: options.Context = None,
    *,
    source: SourceOption = Source.STATE,
    service: options.Service = None,
    stack: options.Stack = None,
    jobs: options.Jobs = 4,
    engine: options.EngineName = None,
    output_format: options.Format = "text",
) -> None:
    """Write addresses back to the Services of the cluster.

    EXTERNAL-IP, annotations, conditions and Events follow what was applied; only differences are
    written, and an address only after the cloud confirmed it.

    Examples: `tfgen publish` · `tfgen publish --source cloud` · `tfgen publish --service shop/web`
    """
    from tfgen import cloud

    loaded = session.load(config_file, out, output_format)
    asked = scope.Scope(frozenset(stack or ()), session.services(service, "--service"))
    cluster = live.Cluster(kubeconfig, context)
    known = reconcile.know(loaded, cluster.listing())
    stacks = asked.names(known.manifest)
    with cloud.connect(loaded.settings, os.environ) as sky:
        sky.check_project(loaded.settings)
        if source is Source.CLOUD:
            found = addresses.of_cloud(sky, loaded.settings, known.manifest)
        else:
            reader = states.States(loaded, os.environ, engine, jobs)
            found = addresses.of_states(stacks, reader.of, sky, jobs=jobs)
    question = known.question(found, asked)
    report = reconcile.publish(cluster, question, events=loaded.settings.publish.events)
    show(report)
    session.finish(report.code)


def show(report: reconcile.Report, *, listed: bool = True) -> None:
    """Say what became of each Service: a table on stdout, what went wrong on stderr."""
    for notice in report.notices:
        output.note(f"notice: {notice}")
    for (text, remedy), services in _failures(report).items():
        output.note(f"failed: {_named(services)}: {text}")
        if remedy:
            output.note(remedy)
    rows = [_row(result) for result in report.results]
    text = table.plain(_HEADINGS, rows) if rows and listed else ""
    output.result(_document(report), text, schema="tfgen.publish")
    counts = ((len(report.of(outcome)), outcome) for outcome in write.Outcome)
    said = ", ".join(f"{count} {outcome}" for count, outcome in counts if count)
    output.note(f"published: {said or 'there are no Services of ours'}")


def _failures(report: reconcile.Report) -> Mapping[tuple[str, str], list[str]]:
    """Give what went wrong and its remedy, each once, with the Services that share it."""
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for result in report.of(write.Outcome.FAILED):
        found[result.text, result.remedy].append(str(result.service))
    return found


def _named(services: list[str]) -> str:
    if len(services) == 1:
        return f"Service {services[0]}"
    more = ", ..." if len(services) > _NAMED else ""
    return f"{len(services)} Services ({', '.join(services[:_NAMED])}{more})"


def _row(result: reconcile.Result) -> tuple[str, ...]:
    remark = "see above" if result.outcome is write.Outcome.FAILED else result.text
    address = told.beside(result.address, result.second_address)
    return (str(result.service), address, result.outcome.value, remark)


def _document(report: reconcile.Report) -> dict[str, Any]:
    return {
        "services": [
            {
                "service": str(result.service),
                "outcome": result.outcome.value,
                "phase": result.phase,
                "address": result.address,
                "second_address": result.second_address,
                "text": result.text,
                "remedy": result.remedy,
            }
            for result in report.results
        ],
        "notices": list(report.notices),
    }
