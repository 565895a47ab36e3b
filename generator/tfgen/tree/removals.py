"""The shrink guard of a rendering: how much may vanish between two of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tfgen import config, errors, model

_SHOWN = 5
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Limits:
    """What may vanish at once."""

    count: int
    """Services."""
    percent: int
    """Of Services, and of the nodes of a group."""
    allowed: int | None = None
    """Services, and nodes of a group, that a person lets go; None: nobody was asked."""

    def allow(self, lost: int) -> bool:
        """Whether a person let as many go."""
        return self.allowed is not None and lost <= self.allowed


def limits(settings: config.Settings, allowed: int | None) -> Limits:
    """Give the limits of the settings, and a person's consent."""
    found = settings.guards.max_removals
    return Limits(found.count, found.percent, allowed)


def check_services(
    before: Collection[model.ServiceKey], gone: frozenset[model.ServiceKey], limits: Limits
) -> None:
    """Raise Refused where more Services go than count, percent or a person allows.

    Where there were two or more, never all of them.
    """
    if not gone or limits.allow(len(gone)):
        return
    most = min(limits.count, max(1, len(before) * limits.percent // _PERCENT))
    everything = len(before) > 1 and len(gone) == len(before)
    if len(gone) <= most and not everything:
        return
    rule = "all of them never go" if everything else f"at most {most} may go at once"
    raise errors.Refused(
        f"{len(gone)} of {len(before)} Services are gone from the input: {_some(gone)}; {rule} "
        "(guards.max_removals)",
        remedy="Is the input whole, and of the right cluster? If they are meant to go: "
        f"--allow-removals {len(gone)}",
    )


def check_nodes(
    before: Mapping[str, Any], after: Collection[str], existing: frozenset[str], limits: Limits
) -> None:
    """Raise Refused where a node group loses more than a living cluster would.

    Never all; beyond the percentage only where at least half (and two) remain and the lost ones
    have no Node object any more.
    """
    lost = set(before) - set(after)
    if not lost or limits.allow(len(lost)):
        return
    left = len(before) - len(lost)
    if left and len(lost) * _PERCENT <= len(before) * limits.percent:
        return
    most_remain = left >= 2 and left * 2 >= len(before)  # noqa: PLR2004  half, and two
    if most_remain and not lost & existing:
        return
    raise errors.Refused(
        f"{len(lost)} of {len(before)} nodes do not count any more: {_some(lost)}; beyond "
        f"{limits.percent} % (guards.max_removals) only nodes that were deleted may go, and "
        "half of them (two at least) must remain",
        remedy="Is the input whole, and of the right cluster? If they are meant to go: "
        f"--allow-removals {len(lost)}",
    )


def empty_nodes() -> errors.Refused:
    """Give the refusal of an input without any usable node."""
    return errors.Refused(
        "the input has no Node that could stand behind a load balancer: every pool would be empty",
        remedy="List Nodes too (kubectl get services,nodes -A -o yaml), and see that "
        "members.node_selector matches some. For manifests in Git without a cluster at hand: "
        "--intent-only",
    )


def _some(items: Collection[object]) -> str:
    names = sorted(map(str, items))
    return ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
