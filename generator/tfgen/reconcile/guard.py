"""The guard pass: plans that someone made, judged by the tree's manifest and the settings."""

from collections.abc import Mapping
from typing import Any

from tfgen import config, errors, history, manifest, model, policy
from tfgen.reconcile import consents, known


def before(loaded: config.Loaded, base: str) -> manifest.Manifest | None:
    """Read the manifest as it stood before the change, from a file or a commit.

    None where there was no tree yet. Raises InputError where it is none of this tree's.
    """
    found = history.before(loaded.out, base)
    settings = loaded.settings
    if found and (found.cluster, found.tree) != (settings.cluster, settings.tree):
        raise errors.InputError(
            f"--base {base} is of cluster {found.cluster}, tree {found.tree}; this one is of "
            f"cluster {settings.cluster}, tree {settings.tree}",
            remedy="Name the manifest of this tree, as it stood before.",
        )
    return found


def judge(
    loaded: config.Loaded,
    documents: Mapping[str, Mapping[str, Any]],
    allowed: policy.Allowed,
    base: manifest.Manifest | None = None,
) -> policy.Verdict:
    """Judge plans by name; what stood in `base` is not made anew.

    Raises TreeError, PlanError, and Refused where the tree is another's.
    """
    return policy.check_all(
        documents,
        manifest=known.tree(loaded),
        settings=loaded.settings,
        allowed=allowed,
        rendered_before=_owners(base) if base else frozenset(),
        stopped=config.stopped(loaded),
        agreed=consents.agreed(loaded, documents),
    )


def _owners(known: manifest.Manifest) -> frozenset[model.Owner]:
    """Give whose load balancers a tree has: of Services, by family, and of groups."""
    own = {owner for each in known.services.values() for owner, _ in each.sides}
    return frozenset({*own, *known.services, *known.groups})
