"""tfgen secrets: TLS from Kubernetes Secrets, through Barbican."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from tfgen import workspace
from tfgen.cli import options, output, session, table
from tfgen.kube import live
from tfgen.kube import secrets as kube_secrets
from tfgen.reconcile import certificates

if TYPE_CHECKING:
    from tfgen import cloud, config
    from tfgen.cloud import barbican

_HEADINGS = ("secret", "services", "certificate", "until", "change")

app = typer.Typer(
    name="secrets",
    no_args_is_help=True,
    help="TLS from Kubernetes Secrets: into Barbican, its reference into the tree.",
)
Check = Annotated[
    bool,
    typer.Option(
        "--check", envvar="TFGEN_CHECK", help="Store and write nothing; 2 where it is behind."
    ),
]


@app.command()
def sync(
    config_file: options.Config = None,
    out: options.Out = None,
    kubeconfig: options.Kubeconfig = None,
    context: options.Context = None,
    *,
    check: Check = False,
    output_format: options.Format = "text",
) -> None:
    """Put certificates from Secrets into Barbican, and their references into tfgen-resolved.json.

    A Service names Secrets of type kubernetes.io/tls in its namespace: `tfgen.io/tls-secret`. This
    is the only command that reads Secrets, so it alone needs that right, in those namespaces alone.
    Each content is stored once, as PKCS12; a renewed certificate is a changed line to review.
    Run it on the merged branch; `tfgen secrets clean` removes old contents after the apply.

    Examples: `tfgen secrets sync` · `tfgen secrets sync --check`
    """
    loaded = session.load(config_file, out, output_format)
    cluster = live.Cluster(kubeconfig, context)
    listing = cluster.listing()
    with _store(loaded) as (_, store):
        report = certificates.sync(
            listing,
            loaded,
            lambda namespace, name: kube_secrets.read(cluster, namespace, name),
            store,
            check=check,
        )
    if not check:
        certificates.write(loaded, report)
    _show(report, check=check)
    session.finish(report.code(check=check))


@app.command()
def clean(
    config_file: options.Config = None,
    out: options.Out = None,
    *,
    output_format: options.Format = "text",
) -> None:
    """Remove contents from Barbican that no listener uses and tfgen-resolved.json does not name.

    Only secrets of this tree are looked at; Octavia says what its listeners use.

    Examples: `tfgen secrets clean`
    """
    loaded = session.load(config_file, out, output_format)
    known = workspace.Tree(loaded.out).resolved()
    with _store(loaded) as (sky, store):
        gone = certificates.clean(store, sky.certificates_in_use(), known)
    lines = "\n".join(f"removed {each.name}" for each in gone) or "nothing to remove"
    output.result({"removed": [each.name for each in gone]}, lines)


@contextmanager
def _store(loaded: "config.Loaded") -> Iterator[tuple["cloud.Cloud", "barbican.Store"]]:
    from tfgen import cloud
    from tfgen.cloud import barbican

    settings = loaded.settings
    with cloud.connect(settings, os.environ) as sky:
        sky.check_project(settings)
        yield sky, barbican.Store(sky, settings.cluster, settings.tree)


def _show(report: certificates.Report, *, check: bool) -> None:
    if output.as_json():
        output.result(certificates.document(report), "", schema="tfgen.secrets")
        return
    rows = [
        (
            row.secret,
            ", ".join(map(str, row.services)),
            ", ".join(row.certificate.names) if row.certificate else "",
            row.certificate.until if row.certificate else "",
            str(row.change),
        )
        for row in report.rows
    ]
    if rows:
        table.show(_HEADINGS, rows)
    for row in report.rows:
        if row.error:
            output.note(f"problem: {row.error}")
    for secret in report.dropped:
        output.note(f"Secret {secret}: no Service names it any more")
    if report.stale:
        output.note(
            "tfgen-resolved.json would change"
            if check
            else "tfgen-resolved.json changed: run tfgen render, and have both reviewed"
        )
    elif not rows:
        output.note("no Service names a Secret (annotation tfgen.io/tls-secret)")
