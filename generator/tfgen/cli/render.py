"""tfgen render: Services and Nodes to the output tree."""

from collections.abc import Collection, Iterator
from itertools import islice
from typing import Annotated, Any

import typer

from tfgen import config, errors, manifest, tree, workspace
from tfgen.cli import options, output, session
from tfgen.cli import prune as pruning
from tfgen.reconcile import render as reconcile
from tfgen.reconcile import tombstones

_REVIEW, _ALLOW = "Review", "What you allow"
_SHOWN = 5
_NOTHING = tombstones.Pruned()
_SCREENFUL = 40

Check = Annotated[
    bool,
    typer.Option(
        "--check",
        envvar="TFGEN_CHECK",
        help="Write nothing; exit 2 if the tree is stale.",
        rich_help_panel=_REVIEW,
    ),
]
Diff = Annotated[
    bool,
    typer.Option(
        "--diff",
        envvar="TFGEN_DIFF",
        help="Show what changes, as a unified diff.",
        rich_help_panel=_REVIEW,
    ),
]
IntentOnly = Annotated[
    bool,
    typer.Option(
        "--intent-only",
        envvar="TFGEN_INTENT_ONLY",
        help="Leave nodes and node ports as they stand: for manifests in Git, without a cluster.",
    ),
]
AllowRemovals = Annotated[
    int | None,
    typer.Option(
        "--allow-removals",
        envvar="TFGEN_ALLOW_REMOVALS",
        metavar="N",
        min=0,
        help="Let as many Services, and as many nodes, go.",
        rich_help_panel=_ALLOW,
    ),
]
AllowProtected = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-protected",
        envvar="TFGEN_ALLOW_PROTECTED",
        metavar="NS/NAME",
        help="Let a protected Service go.",
        rich_help_panel=_ALLOW,
    ),
]
AllowAddressChange = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-address-change",
        envvar="TFGEN_ALLOW_ADDRESS_CHANGE",
        metavar="NS/NAME",
        help="Take new creation-only values for a Service: its address changes.",
        rich_help_panel=_ALLOW,
    ),
]
AcceptUnclaimed = Annotated[
    bool,
    typer.Option(
        "--accept-unclaimed",
        envvar="TFGEN_ACCEPT_UNCLAIMED",
        help="Let go of Services that the settings do not claim any more.",
        rich_help_panel=_ALLOW,
    ),
]
AcceptCluster = Annotated[
    str,
    typer.Option(
        "--accept-cluster",
        envvar="TFGEN_ACCEPT_CLUSTER",
        metavar="UID",
        help="Take this cluster for the one that the tree was rendered from.",
        rich_help_panel=_ALLOW,
    ),
]
OverwriteEdited = Annotated[
    bool,
    typer.Option(
        "--overwrite-edited",
        envvar="TFGEN_OVERWRITE_EDITED",
        help="Drop hand edits of generated files.",
        rich_help_panel=_ALLOW,
    ),
]


def render(
    config_file: options.Config = None,
    out: options.Out = None,
    source: options.From = None,
    kubeconfig: options.Kubeconfig = None,
    context: options.Context = None,
    *,
    check: Check = False,
    diff: Diff = False,
    intent_only: IntentOnly = False,
    prune: pruning.Prune = False,
    service: options.Service = None,
    stack: options.Stack = None,
    allow_removals: AllowRemovals = None,
    allow_protected: AllowProtected = None,
    allow_address_change: AllowAddressChange = None,
    accept_unclaimed: AcceptUnclaimed = False,
    accept_cluster: AcceptCluster = "",
    overwrite_edited: OverwriteEdited = False,
    allow_held: options.AllowHeld = False,
    lock_timeout: options.LockTimeout = workspace.WAIT,
    engine: options.EngineName = None,
    output_format: options.Format = "text",
) -> None:
    """Render Services and Nodes into the output tree.

    Reads the cluster, or files with --from, and writes Terraform into the output tree. Nothing in
    the cloud changes. A Service with a problem is *held*: its file and its load balancer stay.
    A stack without Services stays until its state is empty: see --prune.

    Examples: `tfgen render --diff` · `tfgen render --from manifests/ --intent-only` ·
    `kubectl get services,nodes -A -o yaml | tfgen render --from - --check`
    """
    loaded = session.load(config_file, out, output_format)
    asked = tree.Options(
        lane=tree.Lane.INTENT if intent_only else tree.Lane.ALL,
        overwrite_edited=overwrite_edited,
        allow_removals=allow_removals,
        allow_protected=session.services(allow_protected, "--allow-protected"),
        address_change=session.services(allow_address_change, "--allow-address-change"),
        accept_unclaimed=accept_unclaimed,
        accept_cluster=accept_cluster,
        services=session.services(service, "--service"),
        stacks=frozenset(stack or ()),
    )
    listing = session.listing(source, kubeconfig, context)
    if check:
        rendering = reconcile.render(listing, loaded, asked)
    else:
        patience = workspace.Patience(lock_timeout)
        rendering = reconcile.carry_out(listing, loaded, asked, patience)
    pruned = _NOTHING
    if prune:
        pruned = pruning.prune(loaded, rendering.desired.manifest, engine, check=check)
    show(loaded, rendering, check=check, diff=diff, pruned=pruned)
    code = rendering.code(check=check, allow_held=allow_held)
    session.finish(errors.worst(code, pruned.code(check=check)))


def show(
    loaded: config.Loaded,
    rendering: reconcile.Rendering,
    *,
    check: bool,
    diff: bool,
    pruned: tombstones.Pruned = _NOTHING,
) -> None:
    """Say what a rendering did, or would do: changes on stdout, all else on stderr."""
    desired = rendering.desired
    _list([f"notice: {notice}" for notice in desired.notices], "notices")
    for agreed in desired.consents:
        output.note(f"agreed: {agreed}")
    _list([f"gone: {line}" for line in _gone(rendering)], "Services that go")
    for problem in rendering.desired.problems:
        output.note(f"held: {problem}")
    for line in _edits(rendering, whole=diff):
        output.note(line)
    text = "\n".join(rendering.diff()) if diff else ""
    document = {**_document(rendering), **pruning.document(pruned)}
    output.result(document, text, schema="tfgen.render")
    pruning.tell(pruned, check=check)
    if awaiting := rendering.desired.awaiting:
        output.note(
            f"awaiting facts: node ports or nodes of {_some(awaiting)}; tfgen sync fills them in"
        )
    output.note(_summary(loaded, rendering, check=check))


def _list(lines: list[str], what: str) -> None:
    for line in lines[:_SCREENFUL]:
        output.note(line)
    if len(lines) > _SCREENFUL:
        output.note(f"... {len(lines) - _SCREENFUL} more {what} (--format json has all)")


def _gone(rendering: reconcile.Rendering) -> Iterator[str]:
    """Say what becomes of the Services that ask for nothing any more."""
    before = rendering.before.manifest
    for key in rendering.desired.gone:
        kept = before and before.services[key].left_floating_ip
        stays = "; its floating IP stays in the project" if kept else ""
        shared = before.services[key].shares if before else None
        staying = shared and shared in rendering.desired.manifest.groups
        what = f"its ports on that of group {shared}" if staying else f"its load balancer{stays}"
        if before and (on := before.services[key].attached):
            what = f"its ports on load balancer {on}, which stays as it is"
        yield f"Service {key}: its file goes, and with the next apply {what}"


def _edits(rendering: reconcile.Rendering, *, whole: bool) -> Iterator[str]:
    """Show the hand edits that are kept; a screenful, unless --diff asks for all."""
    lines = list(rendering.edits())
    shown = lines if whole else lines[:_SCREENFUL]
    yield from shown
    if len(shown) < len(lines):
        yield f"... {len(lines) - len(shown)} more lines (--diff shows all)"


def _summary(loaded: config.Loaded, rendering: reconcile.Rendering, *, check: bool) -> str:
    known = rendering.desired.manifest
    size = f"{_count(known.services, 'Service')} in {_count(known.stacks, 'stack')}"
    held = f", {len(rendering.held)} held" if rendering.held else ""
    if not rendering.stale:
        return f"{loaded.out}: {size}{held}; nothing changed"
    verb = "would change" if check else "changed"
    touched = f"{_count(rendering.changes, 'file')} {verb}"
    stacks = f" in stacks {_some(rendering.stacks)}" if rendering.stacks else ""
    return f"{loaded.out}: {size}{held}; {touched}{stacks}"


def _count(of: Collection[object], what: str) -> str:
    return f"{len(of)} {what}" if len(of) == 1 else f"{len(of)} {what}s"


def _some(of: Collection[object]) -> str:
    named = ", ".join(map(str, islice(of, _SHOWN)))
    return named if len(of) <= _SHOWN else f"{named} and {len(of) - _SHOWN} more"


def _document(rendering: reconcile.Rendering) -> dict[str, Any]:
    desired = rendering.desired
    return {
        "stale": rendering.stale,
        "stacks": list(rendering.stacks),
        "files": [
            {"path": path, "change": _change(rendering, path)} for path in sorted(rendering.changes)
        ],
        "services": [_service(entry) for entry in desired.manifest.services.values()],
        "gone": [str(key) for key in desired.gone],
        "never_rendered": [str(key) for key in desired.never_rendered],
        "awaiting": [str(key) for key in desired.awaiting],
        "problems": [
            {
                "service": str(problem.service),
                "field": problem.field,
                "found": problem.found,
                "expected": problem.expected,
                "remedy": problem.remedy,
            }
            for problem in desired.problems
        ],
        "notices": [{"about": notice.about, "text": notice.text} for notice in desired.notices],
        "consents": [{"about": agreed.about, "text": agreed.text} for agreed in desired.consents],
        "edits": list(rendering.edits()),
    }


def _service(entry: manifest.Entry) -> dict[str, Any]:
    return {
        "service": str(entry.service),
        "stack": entry.stack,
        "file": entry.file,
        "state": entry.state.value,
        "ports": list(entry.ports),
    }


def _change(rendering: reconcile.Rendering, path: str) -> str:
    if rendering.changes[path] is None:
        return "removed"
    return "changed" if path in rendering.before.texts else "created"
