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
        moved=frozenset(
            moved(now, seen) | memory.yielded & seen.entries.keys() | astray(now, memory, seen)
        )
        - stuck,
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


def astray(now: Wishes, memory: Memory, seen: Seen) -> frozenset[str]:
    """Give the Services with listeners on a load balancer that is not where they ask to be.

    A run that did not come to its end leaves them; so does one that a Service missed, which went
    and came back.
    """
    before = f"lb_{memory.namespace}_"
    found = {
        (seen.state.get(listener.id, "").removeprefix(before), each.owner)
        for each in seen.ours(memory.tree)
        for listener in each.listeners
    }
    asked = {
        name: f"group {spec.group}" if spec.group else name for name, spec in now.services.items()
    }
    return frozenset(name for name, owner in found if asked.get(name, owner) != owner)
