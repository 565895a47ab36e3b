"""tfgen publish: addresses back to the Services."""

import os
from enum import StrEnum
from typing import Annotated, Any

import typer

from tfgen import cloud, config, terraform, workspace
from tfgen.cli import options, output, session
from tfgen.kube import live, write
from tfgen.reconcile import addresses, scope
from tfgen.reconcile import publish as reconcile

_HEADINGS = ("SERVICE", "ADDRESS", "CLUSTER", "REMARK")


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


def publish(  # noqa: PLR0913  flags are parameters
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
    loaded = session.load(config_file, out, output_format)
    asked = scope.Scope(frozenset(stack or ()), session.services(service, "--service"))
    cluster = live.Cluster(kubeconfig, context)
    known = reconcile.know(loaded, cluster.listing())
    stacks = asked.names(known.manifest)
    with cloud.connect(loaded.settings, os.environ) as sky:
        sky.check_project(loaded.settings)
        if source is Source.CLOUD:
            found = addresses.of_cloud(sky, loaded.settings)
        else:
            found = addresses.of_states(_stacks(loaded, stacks, engine), sky, jobs)
    question = known.question(found, asked)
    report = reconcile.publish(cluster, question, events=loaded.settings.publish.events)
    show(report)
    session.finish(report.code)


def _stacks(
    loaded: config.Loaded, names: tuple[str, ...], engine: str | None
) -> list[terraform.Stack]:
    found = terraform.find(engine, os.environ)
    environment = config.engine_environment(loaded.settings, os.environ)
    place = workspace.Tree(loaded.out)
    return [terraform.Stack(place.stack(name), found, environment) for name in names]


def show(report: reconcile.Report) -> None:
    """Say what became of each Service: a table on stdout, what went wrong on stderr."""
    for notice in report.notices:
        output.note(f"notice: {notice}")
    for result in report.of(write.Outcome.FAILED):
        output.note(f"failed: Service {result.service}: {result.text}")
        if result.remedy:
            output.note(result.remedy)
    output.result(_document(report), "\n".join(_lines(report)), schema="tfgen.publish")
    counts = ((len(report.of(outcome)), outcome) for outcome in write.Outcome)
    said = ", ".join(f"{count} {outcome}" for count, outcome in counts if count)
    output.note(f"{len(report.results)} Services: {said}" if said else "no Services of ours")


def _lines(report: reconcile.Report) -> list[str]:
    if not report.results:
        return []
    rows = [_HEADINGS, *(_row(result) for result in report.results)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _row(result: reconcile.Result) -> tuple[str, ...]:
    remark = "see above" if result.outcome is write.Outcome.FAILED else result.text
    return (str(result.service), result.address or "-", result.outcome.value, remark)


def _document(report: reconcile.Report) -> dict[str, Any]:
    return {
        "services": [
            {
                "service": str(result.service),
                "outcome": result.outcome.value,
                "phase": result.phase,
                "address": result.address,
                "text": result.text,
                "remedy": result.remedy,
            }
            for result in report.results
        ],
        "notices": list(report.notices),
    }
