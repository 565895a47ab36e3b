"""Which stacks a pass is about, and which part of each: pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from tfgen import errors, manifest, model, policy, terraform

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; only who connects pays

_NODE_ACCESS = "node_access"
Groups: TypeAlias = Mapping[model.GroupKey, Sequence[model.ServiceKey]]
"""Who shares the load balancer of a group."""
LeftOut = Mapping[model.ServiceKey, str]
"""Services that are kept out of a plan, and why."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a person asked for; nothing: everything."""

    stacks: frozenset[str] = frozenset()
    services: frozenset[model.ServiceKey] = frozenset()
    homes: Mapping[model.ServiceKey, str] = field(default_factory=dict)
    """Stacks of Services that have no file any more, and still a state."""

    def names(self, known: manifest.Manifest) -> tuple[str, ...]:
        """Give the stacks to work on, sorted. Raises TreeError for what the tree does not have."""
        _known("stack", self.stacks, known.stacks)
        stands = {key: entry.stack for key, entry in known.services.items()}
        places = {**self.homes, **stands}
        _known("Service", self.services, places)
        homes = {places[key] for key in self.services}
        if self.stacks and self.services and not homes <= self.stacks:
            raise errors.TreeError(
                f"the Services asked for stand in the stacks {_listed(homes)}, and only "
                f"{_listed(self.stacks)} was asked for",
                remedy="Leave --stack out: --service says enough.",
            )
        return tuple(sorted(homes or self.stacks or known.stacks))


@dataclass(frozen=True, slots=True)
class Part:
    """One stack as it stands, and which Services of it are wanted."""

    entries: tuple[manifest.Entry, ...]
    state: terraform.State
    services: frozenset[model.ServiceKey] = frozenset()
    """Only these; none: all."""
    left_out: LeftOut = field(default_factory=dict)
    node_access: bool = False
    """Whether the stack's files have one; what node ports are open is of no one Service."""

    @property
    def present(self) -> frozenset[model.ServiceKey]:
        """Services of the stack: those that have a file and those that still have a state."""
        return frozenset(entry.service for entry in self.entries) | frozenset(self._owned)

    @property
    def wanted(self) -> frozenset[model.ServiceKey]:
        """Services that the plan is to cover: all that share a load balancer, or none of them."""
        chosen = self._together(self.services & self.present) or self.present
        return chosen - self._together(frozenset(self.left_out))

    def _together(self, services: frozenset[model.ServiceKey]) -> frozenset[model.ServiceKey]:
        """Add those that share a load balancer with one of them: their ports are one chain."""
        groups = {each.common for each in self.entries if each.service in services} - {None}
        return services | {each.service for each in self.entries if each.common in groups}

    @property
    def _owned(self) -> dict[model.ServiceKey, dict[model.Owner, set[str]]]:
        """Ports of each Service that the state knows, by whose load balancer is meant."""
        owned: dict[model.ServiceKey, dict[model.Owner, set[str]]] = {}
        for instance in self.state.instances:
            found = policy.named(instance.address)
            if found.service and found.owner:
                ports = owned.setdefault(found.service, {}).setdefault(found.owner, set())
                ports.add(found.port)
        return owned

    def asked(self, engine: terraform.Engine, *, refresh: bool) -> terraform.Asked:
        """Say it to the engine: nothing where all is wanted, else excludes or targets."""
        others = self.present - self.wanted
        if not others:
            return terraform.Asked(refresh=refresh)
        if engine.excludes:
            return terraform.Asked(refresh=refresh, excludes=self._addresses(others))
        return terraform.Asked(refresh=refresh, targets=self._targets())

    def _targets(self) -> tuple[str, ...]:
        """Give the addresses of all that is wanted, and what opens node ports, or did."""
        access = f"module.{_NODE_ACCESS}"
        has = any(each.address.startswith(f"{access}.") for each in self.state.instances)
        further = (access,) if self.node_access or has else ()
        return (*self._addresses(self.wanted), *further)

    def _addresses(self, services: Iterable[model.ServiceKey]) -> tuple[str, ...]:
        chosen = frozenset(services)
        own = (address for key in sorted(chosen) for address in self._of(key))
        return (*own, *self._shared(chosen))

    def _shared(self, services: frozenset[model.ServiceKey]) -> Iterator[str]:
        """Give the addresses of the load balancers that they share.

        One whose last Service went has to do with none: it is left to a plan of the whole.
        """
        mine = {each.shares for each in self.entries if each.service in services}
        others = {each.shares for each in self.entries} - mine
        found = (policy.named(instance.address).group for instance in self.state.instances)
        lost = set(found) - others if self.wanted.isdisjoint(services) else set()
        for group in sorted(filter(None, mine | lost)):
            binds = [policy.Kind.ASSOCIATION] if self._binds(group) else []
            yield from (f"{kind}.{group.address}" for kind in (*_OF_A_BALANCER, *binds))

    def _of(self, key: model.ServiceKey) -> list[str]:
        """Give all root addresses of one Service, also of ports that are only in the state."""
        entry = next((one for one in self.entries if one.service == key), None)
        own = set(entry.ports if entry else ())
        ports: dict[model.Owner, set[str]] = {key: own}
        if entry and entry.second:
            ports[model.SecondKey(key)] = own
        for owner, owned in self._owned.get(key, {}).items():
            ports[owner] = ports.get(owner, set()) | owned - {""}
        return [address for owner in ports for address in self._of_one(owner, ports[owner])]

    def _of_one(self, owner: model.Owner, ports: Iterable[str]) -> list[str]:
        whole = [*_OF_A_BALANCER]
        whole += [policy.Kind.REVISION] if isinstance(owner, model.ServiceKey) else []
        whole += [policy.Kind.ASSOCIATION] if self._binds(owner) else []
        return [f"{kind}.{owner.address}" for kind in whole] + [
            f"module.{owner.address}_{port}" for port in sorted(ports)
        ]

    def _binds(self, owner: model.Owner) -> bool:
        """Whether a floating IP that exists is bound to somebody's, by its file or the state."""
        address = f"{policy.Kind.ASSOCIATION}.{owner.address}"
        sides = [pair for one in self.entries for pair in (*one.sides, (one.shares, one))]
        return any(each.address == address for each in self.state.instances) or any(
            owner == whose and side.frozen.floating_address for whose, side in sides
        )


_OF_A_BALANCER = (policy.Kind.LOAD_BALANCER, policy.Kind.FLOATING_IP)
_NO_GROUPS: Groups = MappingProxyType({})


def _served(balancer: "cloud.LoadBalancer", groups: Groups) -> Sequence[model.ServiceKey]:
    if balancer.group:
        return groups.get(balancer.group, ())
    return (balancer.service,) if balancer.service else ()


def failed(
    load_balancers: "Iterable[cloud.LoadBalancer]", groups: Groups = _NO_GROUPS
) -> dict[model.ServiceKey, str]:
    """Give the Services whose load balancer is in ERROR: the engine would hang on them."""
    return {
        service: f"its load balancer {each.id} is in ERROR, which no plan mends. Run: tfgen repair "
        f"{_named(each, service)} (fails it over, which keeps its address; with --rebuild it is "
        "made anew, with the same floating IP)."
        for each in load_balancers
        if each.failed
        for service in _served(each, groups)
    }


def _named(balancer: "cloud.LoadBalancer", service: model.ServiceKey) -> str:
    return model.argument(model.SecondKey(service) if balancer.is_second else service)


def unfinished(
    load_balancers: "Iterable[cloud.LoadBalancer]",
    tainted: Iterable[terraform.Instance],
    groups: Groups = _NO_GROUPS,
) -> dict[model.ServiceKey, str]:
    """Give the Services whose load balancer an interrupted apply left to be built."""
    ids = {instance.id for instance in tainted}
    return {
        service: f"its load balancer {each.id} is still being built "
        f"({each.provisioning_status}). Run again when it is ACTIVE."
        for each in load_balancers
        if each.pending and each.id in ids
        for service in _served(each, groups)
    }


def busy(
    load_balancers: "Iterable[cloud.LoadBalancer]", groups: Groups = _NO_GROUPS
) -> dict[model.ServiceKey, str]:
    """Give the Services at whose load balancer Octavia is at work: it refuses every change."""
    return {
        service: f"its load balancer {each.id} stays {each.provisioning_status}: Octavia is at "
        f"work on it, and refuses every other change. tfgen repair {service} waits for it; if it "
        "never is ACTIVE, its worker has died, and only an administrator of Octavia can end that."
        for each in load_balancers
        for service in _served(each, groups)
    }


def _known(kind: str, asked: AbstractSet[object], has: Iterable[object]) -> None:
    missing = asked - frozenset(has)
    if missing:
        raise errors.TreeError(
            f"no {kind} {_listed(missing)} in the output tree",
            remedy=f"It has: {_listed(has) or 'none yet; run tfgen render'}.",
        )


def _listed(names: Iterable[object]) -> str:
    return ", ".join(sorted(map(str, names)))
