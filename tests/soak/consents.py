"""What a person would agree to, who wants everything to go on: named from what stands."""

from tests.soak.seen import Seen
from tests.soak.step import Consent, Memory
from tests.soak.wishes import Wishes


def everything(now: Wishes, memory: Memory, seen: Seen, *, overwrite: bool) -> Consent:
    """Agree to all that waits; but never to the change of a Service that a problem holds."""
    stuck = frozenset() if overwrite else edited(memory, seen)
    stuck |= {name for name, spec in now.services.items() if spec.bad}
    protected = {name for name, each in seen.entries.items() if each.protect}
    protected |= {name for name, spec in now.services.items() if spec.protect}
    known = seen.entries.keys() | now.services.keys()
    return Consent(
        removals=True,
        protected=frozenset(protected & known - stuck),
        moved=frozenset(moved(now, seen) | memory.yielded & seen.entries.keys()) - stuck,
        overwrite=overwrite,
    )


def edited(memory: Memory, seen: Seen) -> frozenset[str]:
    """Give the Services whose file is as somebody edited it."""
    return frozenset(
        name
        for name, digest in memory.edited.items()
        if name in seen.entries and seen.files.get(seen.entries[name].file) == digest
    )


def moved(now: Wishes, seen: Seen) -> frozenset[str]:
    """Give the Services that the tree has in another group than they ask for, or in none."""
    return frozenset(
        name
        for name, entry in seen.entries.items()
        if name in now.services and now.services[name].group != entry.group
    )
