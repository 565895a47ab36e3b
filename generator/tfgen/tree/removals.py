"""The shrink guard of a rendering: how much may vanish between two of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tfgen import config, errors, model
from tfgen.tree import consent

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
) -> tuple[model.Notice, ...]:
    """Raise Refused where more Services go than count, percent or a person allows.

    Where there were two or more, never all of them. Gives a notice of what a person allowed.
    """
    return _opened(_too_many(before, gone, limits), len(gone), limits)


def check_nodes(
    before: Mapping[str, Any], counting: Collection[str], existing: frozenset[str], limits: Limits
) -> tuple[model.Notice, ...]:
    """Raise Refused where a node group loses more than a living cluster would.

    Never all; beyond the percentage only where at least half (and two) remain and the lost ones
    have no Node object any more. One that counts and that `members.max_per_pool` leaves out is not
    lost. Gives a notice of what a person allowed.
    """
    lost = frozenset(before) - frozenset(counting)
    return _opened(_lost(frozenset(before), lost, existing, limits), len(lost), limits)


def _opened(refusal: errors.Refused | None, lost: int, limits: Limits) -> tuple[model.Notice, ...]:
    """Let a refusal pass that a person opened, and say so."""
    if refusal is None:
        return ()
    if not limits.allow(lost):
        raise refusal
    return (consent.notice("The input", refusal.what, f"--allow-removals {limits.allowed}"),)


def _too_many(
    before: Collection[model.ServiceKey], gone: frozenset[model.ServiceKey], limits: Limits
) -> errors.Refused | None:
    if not gone:
        return None
    most = min(limits.count, max(1, len(before) * limits.percent // _PERCENT))
    everything = len(before) > 1 and len(gone) == len(before)
    if len(gone) <= most and not everything:
        return None
    rule = "all of them never go" if everything else f"at most {most} may go at once"
    return errors.Refused(
        f"{len(gone)} of {len(before)} Services are gone from the input: {_some(gone)}; {rule} "
        "(guards.max_removals)",
        remedy="Is the input whole, and of the right cluster? If they are meant to go: "
        f"--allow-removals {len(gone)}",
    )


def _lost(
    before: frozenset[str], lost: frozenset[str], existing: frozenset[str], limits: Limits
) -> errors.Refused | None:
    left = len(before) - len(lost)
    if not lost or (left and len(lost) * _PERCENT <= len(before) * limits.percent):
        return None
    most_remain = left >= 2 and left * 2 >= len(before)  # noqa: PLR2004  half, and two
    if most_remain and not lost & existing:
        return None
    return errors.Refused(
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
