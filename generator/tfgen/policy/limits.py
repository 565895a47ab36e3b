"""How much may go at once: `guards.max_removals`, the same arithmetic for render and for plans."""

from tfgen import config, manifest


def services(total: int, settings: config.Settings) -> int:
    """Give how many of `total` Services may go: never all where there were two or more."""
    limits = settings.guards.max_removals
    most = min(limits.count, max(1, total * limits.percent // 100))
    return most if total <= 1 else min(most, total - 1)


def asked_for(
    before: int, kept: int, entry: manifest.Entry | None, settings: config.Settings
) -> int:
    """Give of how many members losses count: of no more than `members.max_per_pool` asks for.

    That bounds the pools of a Service with a node group of its own: `<namespace>_<name>`.
    """
    most = settings.members.max_per_pool
    bounded = most and entry and entry.node_group.startswith(entry.service.label)
    return max(kept, min(before, most)) if bounded else before


def loses_too_many(before: int, kept: int, settings: config.Settings) -> bool:
    """Whether too many nodes go: never all; beyond percent only while half and two remain."""
    lost = before - kept
    if not lost:
        return False
    within = lost * 100 <= before * settings.guards.max_removals.percent
    enough = kept >= 2 and kept * 2 >= before  # noqa: PLR2004  two nodes, half of them: the rule
    return not kept or not (within or enough)
