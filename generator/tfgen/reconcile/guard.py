"""The guard pass: plans that someone made, judged by the tree's manifest and the settings."""

from collections.abc import Mapping
from typing import Any

from tfgen import config, policy
from tfgen.reconcile import known


def judge(
    loaded: config.Loaded, documents: Mapping[str, Mapping[str, Any]], allowed: policy.Allowed
) -> policy.Verdict:
    """Judge plans by name. Raises TreeError, PlanError, and Refused where the tree is another's."""
    return policy.check_all(
        documents,
        manifest=known.tree(loaded),
        settings=loaded.settings,
        allowed=allowed,
        stopped=config.stopped(loaded),
    )
