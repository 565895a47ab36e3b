"""Which stack, that is which Terraform state, each Service lives in."""

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from tfgen import config, errors, manifest, model

NO_GROUPS: Mapping[model.ServiceKey, model.GroupKey] = MappingProxyType({})


def assign(
    services: Iterable[model.ServiceKey],
    before: manifest.Manifest | None,
    settings: config.Settings,
    groups: Mapping[model.ServiceKey, model.GroupKey] = NO_GROUPS,
) -> dict[model.ServiceKey, str]:
    """Give each Service its stack: the one the manifest records, else the first with room.

    Those of a group are all in one, full or not, for they share a load balancer. One that went and
    comes back returns to its own, full or not: its load balancer may stand there still. Raises
    Refused where `stacks.by` differs from what the tree was rendered with: a Service that changed
    its state would be destroyed in one and made in the other.
    """
    known = {key: entry.stack for key, entry in before.services.items()} if before else {}
    homes = {**before.gone, **known} if before else {}
    if before and (before.stacks or before.services) and before.stacks_by != settings.stacks.by:
        raise errors.Refused(
            f"setting stacks.by is {settings.stacks.by!r}, and the tree was rendered with "
            f"{before.stacks_by!r}",
            remedy=f"Set it back to {before.stacks_by}: Services cannot move between states yet. "
            "(Where all are gone, `tfgen apply` removes the last stacks first.)",
        )
    filled = Counter(known.values())
    shared = {**_of_members(groups, homes), **_of_groups(before)}
    placed: dict[model.ServiceKey, str] = {}
    for key in sorted(services):
        group = groups.get(key)
        known_home = shared.get(group) if group else homes.get(key)
        if known_home:
            placed[key] = known_home
            continue
        base = home(group or key, settings)
        placed[key] = _first_with_room(base, filled, settings.stacks.max_services)
        filled[placed[key]] += 1
        if group:
            shared[group] = placed[key]
    return placed


def _of_members(
    groups: Mapping[model.ServiceKey, model.GroupKey], homes: Mapping[model.ServiceKey, str]
) -> dict[model.GroupKey, str]:
    """Give each group the stack of its first Service that has one: that one need not move."""
    found: dict[model.GroupKey, str] = {}
    for key in sorted(groups.keys() & homes.keys()):
        found.setdefault(groups[key], homes[key])
    return found


def _of_groups(before: manifest.Manifest | None) -> dict[model.GroupKey, str]:
    """Give the stack of each group's load balancer."""
    found = before.groups if before else {}
    return {group: entries[0].stack for group, entries in found.items()}


def home(owner: model.Owner, settings: config.Settings) -> str:
    """Give the first stack that a new load balancer would go to, full or not."""
    match settings.stacks.by:
        case "namespace":
            return owner.namespace
        case "cluster":
            return settings.cluster
        case "service":
            return owner.address if isinstance(owner, model.GroupKey) else owner.label


def _first_with_room(base: str, filled: Mapping[str, int], most: int) -> str:
    """`web`, `web_01`, `web_02`, ...: no namespace holds an underscore, so none is met twice."""
    number = 0
    while filled.get(name := f"{base}_{number:02d}" if number else base, 0) >= most:
        number += 1
    return name
