"""The guard pass: plans that someone made, judged by the tree's manifest and the settings."""

from collections.abc import Mapping
from typing import Any

from tfgen import config, errors, manifest, policy, workspace


def judge(
    loaded: config.Loaded, documents: Mapping[str, Mapping[str, Any]], allowed: policy.Allowed
) -> policy.Verdict:
    """Judge plans by name. Raises TreeError, PlanError, and Refused where the tree is another's."""
    return policy.check_all(
        documents, manifest=_manifest(loaded), settings=loaded.settings, allowed=allowed
    )


def _manifest(loaded: config.Loaded) -> manifest.Manifest:
    found = workspace.Tree(loaded.out).manifest()
    if found is None:
        raise errors.TreeError(
            f"{loaded.out} has no {manifest.FILE}",
            remedy="Name the output tree that the plan is of with -o, or run `tfgen render` first.",
        )
    _same("cluster", found.cluster, loaded.settings.cluster)
    _same("tree", found.tree, loaded.settings.tree)
    return found


def _same(name: str, rendered: str, now: str) -> None:
    if rendered != now:
        raise errors.Refused(
            f"setting {name} is {now!r}, and the tree was rendered with {rendered!r}",
            remedy="Name the settings (-c) and the output tree (-o) that belong together.",
        )
