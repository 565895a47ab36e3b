"""Is this the tree, and this the cluster, that belong together? If not, nothing is written."""

from collections.abc import Collection

from tfgen import config, errors, manifest, model
from tfgen.tree import consent
from tfgen.tree.snapshot import Options, Snapshot

_SHOWN = 3


def check(
    snapshot: Snapshot, listing: model.Listing, settings: config.Settings, options: Options
) -> tuple[model.Notice, ...]:
    """Raise TreeError or Refused where tree, settings and input do not belong together.

    Gives a notice where a person said that they do.
    """
    before = snapshot.manifest
    if before is None:
        check_empty(snapshot.stacks, settings)
        return ()
    _same("cluster", before.cluster, settings.cluster)
    _same("tree", before.tree, settings.tree)
    return _same_cluster(before, listing, options)


def check_empty(stacks: Collection[str], settings: config.Settings) -> None:
    """Raise Refused where a tree without a manifest has stacks: it is not a new one."""
    if not stacks:
        return
    names = sorted(stacks)
    some = ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
    raise errors.Refused(
        f"{settings.out}/{manifest.FILE} is missing beside stacks that exist: {some}",
        remedy="Restore it from Git: without it a first rendering cannot be told from a loss. "
        "For a new tree choose an empty folder (-o).",
    )


def _same(name: str, before: str, now: str) -> None:
    if before != now:
        raise errors.Refused(
            f"setting {name} is {now!r}, and the tree was rendered with {before!r}",
            remedy=f"Set {name} back to {before!r}, or render into another folder (-o): with "
            "another name every address would change.",
        )


def _same_cluster(
    before: manifest.Manifest, listing: model.Listing, options: Options
) -> tuple[model.Notice, ...]:
    found = listing.cluster_uid
    if not before.cluster_uid or found in {None, before.cluster_uid}:
        return ()
    what = f"its kube-system has the UID {found}, and the tree was rendered from"
    if found == options.accept_cluster:
        said = f"another cluster: {what} {before.cluster_uid}"
        return (consent.notice(listing.source, said, f"--accept-cluster {found}"),)
    raise errors.Refused(
        f"{listing.source} is another cluster: {what} {before.cluster_uid}",
        remedy=f"Choose the right kubeconfig or --context. If the cluster was rebuilt: "
        f"--accept-cluster {found}",
    )
