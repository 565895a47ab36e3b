"""`tfgen init`: make tfgen.yaml by asking the cloud, the cluster, and you."""

import dataclasses
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from tfgen import config, errors, workspace
from tfgen.cli import choose, options, output, session
from tfgen.config import cloudconf, loading, template
from tfgen.reconcile import init as reconcile

_CLOUD, _SCHEMA = "Cloud", "tfgen.init"

Cluster = Annotated[
    str,
    typer.Option(
        "--cluster",
        envvar="TFGEN_CLUSTER",
        metavar="NAME",
        help="Name of the cluster; a DNS label.",
    ),
]
CloudName = Annotated[
    str,
    typer.Option(
        "--cloud",
        envvar="TFGEN_CLOUD",
        metavar="NAME",
        help="Entry of clouds.yaml; default: OS_CLOUD, or the other OS_* variables.",
        rich_help_panel=_CLOUD,
    ),
]
Subnet = Annotated[
    str,
    typer.Option(
        "--subnet",
        envvar="TFGEN_SUBNET",
        metavar="ID|NAME",
        help="Subnet of the VIPs.",
        rich_help_panel=_CLOUD,
    ),
]
MemberSubnet = Annotated[
    str,
    typer.Option(
        "--member-subnet",
        envvar="TFGEN_MEMBER_SUBNET",
        metavar="ID|NAME",
        help="Subnet from which nodes are reached; default: that of the VIPs.",
        rich_help_panel=_CLOUD,
    ),
]
FloatingNetworks = Annotated[
    list[str] | None,
    typer.Option(
        "--floating-network",
        envvar="TFGEN_FLOATING_NETWORK",
        metavar="ID|NAME|ID=NAME",
        help="External network of floating IPs (repeatable; the first is the default).",
        rich_help_panel=_CLOUD,
    ),
]
Provider = Annotated[
    str,
    typer.Option(
        "--provider",
        envvar="TFGEN_PROVIDER",
        metavar="NAME",
        help="Octavia provider; default: amphora.",
        rich_help_panel=_CLOUD,
    ),
]
Internal = Annotated[
    bool,
    typer.Option(
        "--internal",
        envvar="TFGEN_INTERNAL",
        help="No floating IPs, unless a Service asks for one.",
    ),
]
Offline = Annotated[
    bool, typer.Option("--offline", envvar="TFGEN_OFFLINE", help="Ask no cloud and no cluster.")
]
FromCloudConf = Annotated[
    Path | None,
    typer.Option(
        "--from-cloud-conf",
        envvar="TFGEN_FROM_CLOUD_CONF",
        metavar="FILE",
        help="Carry over OCCM's or kubespray's cloud.conf.",
    ),
]


def init(
    cluster: Cluster = "",
    file: options.Config = None,
    out: options.Out = None,
    *,
    cloud: CloudName = "",
    subnet: Subnet = "",
    member_subnet: MemberSubnet = "",
    floating_network: FloatingNetworks = None,
    provider: Provider = "",
    internal: Internal = False,
    offline: Offline = False,
    from_cloud_conf: FromCloudConf = None,
    kubeconfig: options.Kubeconfig = None,
    context: options.Context = None,
    output_format: options.Format = "text",
) -> None:
    """Make tfgen.yaml.

    Asks the cloud for subnets, external networks and what Octavia can do, and records what it
    finds; where there are several candidates, you choose: by number on a terminal, else by flag.
    No credential is written.

    Examples: `tfgen init --cluster demo --cloud demo` ·
    `tfgen init --cluster demo --from-cloud-conf cloud.conf` ·
    `tfgen init --cluster demo --offline --subnet ID --floating-network ID=public`
    """
    session.use_format(output_format)
    session.check_variables()
    path = (file or Path(config.FILE)).absolute()
    _refuse_existing(path)
    conversion = _conversion(from_cloud_conf)
    wishes = reconcile.Wishes(
        cluster=_checked(cluster or choose.cluster()),
        out=_relative(out, path.parent),
        cloud=cloud,
        subnet=subnet,
        member_subnet=member_subnet,
        floating_networks=tuple(floating_network or ()),
        provider=provider,
        internal=internal,
    )
    tree = workspace.Tree(path.parent / (wishes.out or "infra")).manifest()
    draft = reconcile.begin(wishes, conversion, tree)
    if offline:
        reconcile.offline(draft, wishes)
    else:
        _ask(draft, wishes, kubeconfig, context)
    written, rows = _write(path, draft), reconcile.carried(conversion, draft)
    output.result(_document(path, written, draft, rows), _found(path, draft), schema=_SCHEMA)
    if rows and not output.as_json():
        output.note("\n".join(_carried(rows)))
    output.note(_next(path, draft))


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise errors.Refused(
            f"{path} exists, and is left as it is",
            remedy="Edit it (`tfgen config show` prints what holds), or name another file with "
            "--config. To begin anew, move it away; its `tree` is what marks your objects.",
        )


def _checked(cluster: str) -> str:
    expected = loading.expected(("cluster",), cluster)
    if expected:
        raise typer.BadParameter(f"{cluster!r} is not {expected}", param_hint="--cluster")
    return cluster


def _relative(out: Path | None, folder: Path) -> str:
    """Say the output tree as the file says it: from the file's folder, where that is above it."""
    if out is None:
        return ""
    whole = out.expanduser().absolute()
    return str(whole.relative_to(folder) if whole.is_relative_to(folder) else whole)


def _conversion(path: Path | None) -> cloudconf.Conversion | None:
    return cloudconf.convert(loading.text(path, str(path)), str(path)) if path else None


def _ask(
    draft: reconcile.Draft,
    wishes: reconcile.Wishes,
    kubeconfig: Path | None,
    context: str | None,
) -> None:
    from tfgen import cloud

    def nodes() -> Sequence[str]:
        return _node_addresses(kubeconfig, context)

    given = draft.values.get(("openstack", "cloud"), "") or _cloud_name(cloud.names(os.environ))
    draft.values["openstack", "cloud"] = given
    settings = config.Settings(
        cluster=wishes.cluster, tree=draft.values["tree",], openstack=config.OpenStack(cloud=given)
    )
    with cloud.connect(settings, os.environ) as live:
        found = reconcile.survey(live)
    reconcile.online(draft, wishes, found=found, nodes=nodes, choose=choose.chooser())


def _cloud_name(names: Sequence[str]) -> str:
    """Choose of clouds.yaml, unless the environment names a cloud, or is one."""
    if os.environ.get("OS_CLOUD") or os.environ.get("OS_AUTH_URL") or not names:
        return os.environ.get("OS_CLOUD", "")
    listed = tuple(reconcile.Option(name) for name in names)
    question = reconcile.Question("the cloud", "--cloud NAME", listed)
    return names[0] if len(names) == 1 else choose.chooser()(question)


def _node_addresses(kubeconfig: Path | None, context: str | None) -> Sequence[str]:
    """Ask the cluster for its nodes; without one, the choice has no hint."""
    try:
        return reconcile.node_addresses(session.listing(None, kubeconfig, context))
    except errors.ClusterError as error:
        output.note(f"The cluster cannot say where its nodes are: {error.what}")
        return ()


def _write(path: Path, draft: reconcile.Draft) -> config.Settings:
    text = template.document(draft.values, draft.notes)
    settings = loading.parse(text, path.name)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise errors.SettingsError(
            f"{path} cannot be written: {error.strerror}",
            remedy="Name another file with --config FILE.",
        ) from error
    return settings


def _document(
    path: Path,
    written: config.Settings,
    draft: reconcile.Draft,
    rows: Sequence[cloudconf.Row],
) -> dict[str, object]:
    return {
        "file": str(path),
        "settings": written.model_dump(),
        "found": draft.said,
        "cloud_conf": [dataclasses.asdict(row) for row in rows],
    }


def _found(path: Path, draft: reconcile.Draft) -> str:
    return "".join([f"Wrote {path}", *(f"\n  {text}" for text in draft.said)])


def _carried(rows: Sequence[cloudconf.Row]) -> Iterator[str]:
    """List every option that was read: where it went, or why it went nowhere."""
    yield "Carried over from the cloud.conf:"
    for row in rows:
        if row.setting:
            yield f"  {row.option} = {row.value} -> {row.setting}{f'; {row.note}' * bool(row.note)}"
    yield "Not carried over:"
    yield from (f"  {row.option} = {row.value}: {row.note}" for row in rows if not row.setting)


def _next(path: Path, draft: reconcile.Draft) -> str:
    steps = [
        f"read {path.name}, and commit it to Git",
        "give a Service `type: LoadBalancer` and `loadBalancerClass: tfgen.io/octavia`",
        "`tfgen run` renders, plans, asks, applies and publishes; `tfgen render` only renders",
    ]
    opened = [f"fill in {'.'.join(key)}" for key in draft.notes if key[0] == "network"]
    return "Next:\n" + "\n".join(f"  {n}. {text}" for n, text in enumerate([*opened, *steps], 1))
