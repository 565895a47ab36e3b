"""How much may go at once: `guards.max_removals`, the same arithmetic for render and for plans."""

from tfgen import config


def services(total: int, settings: config.Settings) -> int:
    """Give how many of `total` Services may go: never all where there were two or more."""
    limits = settings.guards.max_removals
    most = min(limits.count, max(1, total * limits.percent // 100))
    return most if total <= 1 else min(most, total - 1)


def loses_too_many(before: int, kept: int, settings: config.Settings) -> bool:
    """Whether too many nodes go: never all; beyond percent only while half and two remain."""
    lost = before - kept
    if not lost:
        return False
    within = lost * 100 <= before * settings.guards.max_removals.percent
    enough = kept >= 2 and kept * 2 >= before  # noqa: PLR2004  two nodes, half of them: the rule
    return not kept or not (within or enough)
