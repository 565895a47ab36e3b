"""Checks of the cluster: which it is, what we may do in it, whether the tree follows it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from tfgen import config, errors, tree
from tfgen.reconcile import render
from tfgen.reconcile.doctor import finding
from tfgen.reconcile.doctor.finding import Finding, Level
from tfgen.reconcile.doctor.patient import Patient

if TYPE_CHECKING:
    from tfgen.kube import rights as rights_of

ROLES = "docs/rbac.yaml"


class Wanted(NamedTuple):
    """A right, what it is for, and how much its lack hurts."""

    right: "rights_of.Right"
    purpose: str
    level: Level = Level.ERROR


def cluster(patient: Patient) -> Iterator[Finding]:
    """Reach the cluster, and see that it is the one that the tree was rendered from."""
    found = patient.cluster
    version = found.version() or "of unknown version"
    yield finding.ok(f"{found.server}, Kubernetes {version}")


def identity(patient: Patient) -> Iterator[Finding]:
    """See that it is the cluster that the tree was rendered from."""
    known = patient.snapshot.manifest
    uid = patient.cluster.identity()
    if known and known.cluster_uid and known.cluster_uid != uid:
        yield finding.error(
            f"this is another cluster: its kube-system has the UID {uid}, and the tree was "
            f"rendered from {known.cluster_uid}",
            "Choose the right kubeconfig or --context. If the cluster was rebuilt: "
            f"tfgen render --accept-cluster {uid}",
        )
    else:
        since = "as in the manifest" if known and known.cluster_uid else "nothing rendered from yet"
        yield finding.ok(f"kube-system {uid}, {since}")


def rights(patient: Patient) -> Iterator[Finding]:
    """Ask for each right by itself; a missing one is named."""
    from tfgen.kube import rights as ask

    wanted = _wanted(patient.settings)
    with ThreadPoolExecutor(len(wanted)) as pool:
        given = list(pool.map(lambda one: ask.allowed(patient.cluster, one.right), wanted))
    lacking = [one for one, allowed in zip(wanted, given, strict=True) if not allowed]
    for one in lacking:
        verb, resource = one.right.verb, f"{one.right.resource}.{one.right.group}".rstrip(".")
        option = f" --subresource={one.right.subresource}" if one.right.subresource else ""
        yield Finding(
            one.level,
            f"this user may not {one.right}: {one.purpose}",
            f"Give it the roles of {ROLES}, then check with: kubectl auth can-i {verb} "
            f"{resource}{option} --all-namespaces",
        )
    if len(lacking) < len(wanted):
        names = ", ".join(str(one.right) for one in wanted if one not in lacking)
        yield finding.ok(names)


def _wanted(settings: config.Settings) -> tuple[Wanted, ...]:
    from tfgen.kube.rights import Right

    watching = "run --watch needs it"
    wanted = (
        Wanted(Right("list", "services"), "every pass that reads the cluster needs it"),
        Wanted(Right("list", "nodes"), "every pass that reads the cluster needs it"),
        Wanted(
            Right("get", "namespaces", name="kube-system"),
            "its UID tells this cluster from others",
        ),
        Wanted(Right("watch", "services"), watching, Level.WARNING),
        Wanted(Right("watch", "nodes"), watching, Level.WARNING),
        Wanted(Right("patch", "services", subresource="status"), "publish and run need it"),
    )
    events = Wanted(
        Right("create", "events", group="events.k8s.io"),
        "publish writes Events; publish.events: false does without",
        Level.WARNING,
    )
    return (*wanted, events) if settings.publish.events else wanted


def rendering(patient: Patient) -> Iterator[Finding]:
    """Render without writing: whether the tree is behind, and whether a guard would stop it."""
    config.require_complete(patient.loaded)
    try:
        found = render.render(patient.listing, patient.loaded, tree.Options())
    except errors.Refused as refusal:
        yield finding.warning(f"tfgen render would stop: {refusal.what}", refusal.remedy)
        return
    if found.stale:
        yield finding.warning(
            f"the tree is behind: {finding.count(len(found.changes), 'file')} would change",
            "Run: tfgen render --diff",
        )
    else:
        yield finding.ok("the tree is as a rendering would leave it")
    if found.held:
        names = ", ".join(map(str, sorted(found.held)[:3]))
        more = f" and {len(found.held) - 3} more" if len(found.held) > 3 else ""  # noqa: PLR2004  some
        yield finding.warning(f"held: {names}{more}", "Run: tfgen status --problems")
