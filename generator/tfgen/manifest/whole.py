"""The whole tree, as its last rendering left it, and what becomes of that."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from tfgen import model
from tfgen.manifest.entry import Entry


@dataclass(frozen=True, slots=True)
class Manifest:
    """The tree, as its last rendering left it. `cluster_uid` is empty until a live rendering."""

    cluster: str
    tree: str
    stacks_by: str
    cluster_uid: str = ""
    stacks: tuple[str, ...] = ()
    """All stacks of the tree, sorted; one without Services is a tombstone."""
    services: Mapping[model.ServiceKey, Entry] = field(default_factory=dict)
    gone: Mapping[model.ServiceKey, str] = field(default_factory=dict)
    """Services that went, with their stacks: until that is applied, they can only return there."""

    @property
    def changing(self) -> dict[model.ServiceKey, str]:
        """Services whose address may change, with the revision of the file that lets it."""
        found = self.services.items()
        return {key: each.revision or each.digest for key, each in found if each.address_may_change}

    @property
    def node_choices(self) -> frozenset[model.NodeChoice]:
        """The node groups that files of the tree name."""
        return frozenset(nodes for each in self.services.values() for nodes in each.node_choices)

    @property
    def bound(self) -> frozenset[str]:
        """Floating IPs that exist without us, and are bound to Services."""
        own = {each.frozen.floating_address for each in self.services.values()}
        others = {each.second.frozen for each in self.services.values() if each.second}
        return frozenset(own | {frozen.floating_address for frozen in others}) - {""}

    @property
    def seats(self) -> dict[model.ServiceKey, model.Seat]:
        """On whose load balancer each Service is, and what it has there."""
        return {
            key: model.Seat(
                each.ports,
                each.internal,
                each.shares,
                each.attached,
                each.family,
                each.second.frozen if each.second else None,
            )
            for key, each in self.services.items()
        }

    @property
    def groups(self) -> dict[model.GroupKey, tuple[Entry, ...]]:
        """The Services that share a load balancer, by group."""
        return groups(self.services)

    @property
    def attached(self) -> frozenset[str]:
        """Ids of the existing load balancers that Services are attached to."""
        return frozenset(each.attached for each in self.services.values()) - {""}

    @property
    def sharing(self) -> dict[model.GroupKey, tuple[model.ServiceKey, ...]]:
        """Give the names of the Services that share a load balancer, by group."""
        found = self.groups.items()
        return {group: tuple(each.service for each in entries) for group, entries in found}

    @property
    def tombstones(self) -> tuple[str, ...]:
        """Stacks whose last Service went; they stay until their state is empty."""
        living = {entry.stack for entry in self.services.values()}
        return tuple(stack for stack in self.stacks if stack not in living)

    def of_stack(self, stack: str) -> tuple[Entry, ...]:
        """Give the Services of one stack, sorted."""
        mine = (entry for entry in self.services.values() if entry.stack == stack)
        return tuple(sorted(mine, key=lambda entry: entry.service))


def groups(services: Mapping[model.ServiceKey, Entry]) -> dict[model.GroupKey, tuple[Entry, ...]]:
    """Give the Services that share a load balancer, sorted, by group."""
    found: dict[model.GroupKey, list[Entry]] = {}
    for entry in services.values():
        if entry.group:
            key = model.GroupKey(entry.service.namespace, entry.group)
            found.setdefault(key, []).append(entry)
    return {key: tuple(sorted(found[key], key=lambda each: each.service)) for key in sorted(found)}


def attached(
    services: Mapping[model.ServiceKey, Entry],
) -> dict[str, tuple[Entry, ...]]:
    """Give the Services whose ports are on an existing load balancer, sorted, by its id."""
    found: dict[str, list[Entry]] = {}
    for entry in services.values():
        if entry.attached:
            found.setdefault(entry.attached, []).append(entry)
    return {key: tuple(sorted(found[key], key=lambda each: each.service)) for key in sorted(found)}


def joined(before: Manifest | None, after: Manifest) -> Manifest:
    """Give the manifest that is true while a tree is being changed: it lists what goes, too."""
    if before is None:
        return after
    stacks = tuple(sorted({*before.stacks, *after.stacks}))
    return replace(after, stacks=stacks, services={**before.services, **after.services})


def applied(known: Manifest, stack: str, left: Collection[model.ServiceKey] | None) -> Manifest:
    """Forget which Services went from a stack, but for those that its state still has.

    None: it has nothing at all any more, and the stack goes.
    """
    gone = {
        key: home for key, home in known.gone.items() if home != stack or (left and key in left)
    }
    stacks = known.stacks if left is not None else tuple(set(known.stacks) - {stack})
    return replace(known, stacks=tuple(sorted(stacks)), gone=gone)
