"""The shrink guard of a rendering: how much may vanish between two of them."""

from collections.abc import Collection, Mapping
from typing import Any

from tfgen import config, errors, model

_SHOWN = 5
_PERCENT = 100


def check_services(
    before: Collection[model.ServiceKey],
    gone: frozenset[model.ServiceKey],
    limits: config.MaxRemovals,
    allowed: int | None,
) -> None:
    """Raise Refused where more Services go than count, percent or a person allows.

    Where there were two or more, never all of them.
    """
    if not gone or (allowed is not None and len(gone) <= allowed):
        return
    share = max(1, len(before) * limits.percent // _PERCENT)
    everything = len(before) > 1 and len(gone) == len(before)
    if len(gone) <= min(limits.count, share) and not everything:
        return
    raise errors.Refused(
        f"{len(gone)} of {len(before)} Services are gone from the input: {_some(gone)}; at most "
        f"{min(limits.count, share)} may go at once (guards.max_removals)",
        remedy="Is the input whole, and of the right cluster? If they are meant to go: "
        f"--allow-removals {len(gone)}",
    )


def check_nodes(
    before: Mapping[str, Any],
    after: Collection[str],
    existing: frozenset[str],
    limits: config.MaxRemovals,
) -> None:
    """Raise Refused where a node group loses more than a living cluster would.

    Never all; beyond the percentage only where at least half (and two) remain and the lost ones
    have no Node object any more.
    """
    lost = set(before) - set(after)
    if not lost:
        return
    left = len(before) - len(lost)
    if left and len(lost) * _PERCENT <= len(before) * limits.percent:
        return
    most_remain = left >= 2 and left * 2 >= len(before)  # noqa: PLR2004  half, and two
    if most_remain and not lost & existing:
        return
    raise errors.Refused(
        f"{len(lost)} of {len(before)} nodes are gone from the input: {_some(lost)}",
        remedy="Is the listing whole? Remove nodes step by step, or raise "
        "guards.max_removals.percent for this rendering.",
    )


def empty_nodes() -> errors.Refused:
    """Give the refusal of an input without any usable node."""
    return errors.Refused(
        "the input has no Node that could stand behind a load balancer: every pool would be empty",
        remedy="List Nodes too (kubectl get services,nodes -A -o yaml). For manifests in Git "
        "without a cluster at hand: --intent-only",
    )


def _some(items: Collection[object]) -> str:
    names = sorted(map(str, items))
    return ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
