"""Which stack, that is which Terraform state, each Service lives in."""

from collections import Counter
from collections.abc import Iterable, Mapping

from tfgen import config, errors, manifest, model


def assign(
    services: Iterable[model.ServiceKey],
    before: manifest.Manifest | None,
    settings: config.Settings,
) -> dict[model.ServiceKey, str]:
    """Give each Service its stack: the one the manifest records, else the first with room.

    One that went and comes back returns to its own, full or not: its load balancer may stand there
    still. Raises Refused where `stacks.by` differs from what the tree was rendered with: a Service
    that changed its state would be destroyed in one and made in the other.
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
    placed: dict[model.ServiceKey, str] = {}
    for key in sorted(services):
        if key in homes:
            placed[key] = homes[key]
            continue
        placed[key] = _first_with_room(home(key, settings), filled, settings.stacks.max_services)
        filled[placed[key]] += 1
    return placed


def home(key: model.ServiceKey, settings: config.Settings) -> str:
    """Give the first stack that a new Service would go to, full or not."""
    match settings.stacks.by:
        case "namespace":
            return key.namespace
        case "cluster":
            return settings.cluster
        case "service":
            return key.label


def _first_with_room(base: str, filled: Mapping[str, int], most: int) -> str:
    """`web`, `web_01`, `web_02`, ...: no namespace holds an underscore, so none is met twice."""
    number = 0
    while filled.get(name := f"{base}_{number:02d}" if number else base, 0) >= most:
        number += 1
    return name
