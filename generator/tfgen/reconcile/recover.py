"""Objects that stand in the cloud and not in the state: taken in by `import` blocks, for one plan.

An apply that was interrupted, killed or refused half-way leaves them: the engine keeps an object's
id only once it stands. Made anew, a listener's 409 would be retried for minutes, and a second
floating IP would be paid for. Only what hangs on a load balancer of ours is taken in, and a load
balancer only by the tags of this tree.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tfgen import hcl, manifest, model, policy, terraform
from tfgen.inspection import children
from tfgen.policy import Kind

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; only who connects pays


@dataclass(frozen=True, slots=True)
class Below:
    """What hangs on one load balancer in the cloud."""

    listeners: Mapping[str, children.Listener] = field(default_factory=dict)
    """By port key."""
    floating_ip_id: str = ""
    """The one at its VIP port."""
    redirects: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """L7 policy and its rule, by the id of their listener; "" for a rule that is not there."""

    def redirect(self, listener: children.Listener, kind: Kind) -> str:
        """Give what the provider imports a redirect or its rule by; "" where there is none."""
        policy_id, rule_id = self.redirects.get(listener.id, ("", ""))
        if kind is Kind.REDIRECT:
            return policy_id
        return f"{policy_id}/{rule_id}" if rule_id else ""


@dataclass(frozen=True, slots=True)
class Lost:
    """A Service whose plan creates something where something may stand already."""

    balancer: "cloud.LoadBalancer"
    addresses: tuple[str, ...]
    """What the plan creates for it."""

    def imports(self, below: Below, known: frozenset[str]) -> dict[str, str]:
        """Give ids by address of what stands and is not among the known ids."""
        found = ((address, self._id(address, below)) for address in self.addresses)
        return {address: id_ for address, id_ in found if id_ and id_ not in known}

    def _id(self, address: str, below: Below) -> str:
        named = policy.named(address)
        if named.kind is Kind.LOAD_BALANCER:
            return self.balancer.id
        if named.kind is Kind.FLOATING_IP:
            return below.floating_ip_id
        listener = below.listeners.get(named.port)
        return _child(named.kind, listener, below) if listener else ""


def _child(kind: Kind | None, listener: children.Listener, below: Below) -> str:
    match kind:
        case Kind.LISTENER:
            return listener.id
        case Kind.POOL:
            return listener.pool_id
        case Kind.MONITOR:
            return listener.monitor_id
        case Kind.REDIRECT | Kind.RULE:
            return below.redirect(listener, kind)
        case _:
            return ""  # members are written as a whole list: made twice, they are the same


def lost(
    document: Mapping[str, Any],
    state: terraform.State,
    standing: "tuple[cloud.LoadBalancer, ...]",
    *,
    fresh: Collection[model.Owner | None],
    known: manifest.Manifest,
) -> Iterator[Lost]:
    """Find the Services to look at: their load balancer stands, and the plan creates below it.

    A load balancer itself is taken in only where the stack has a state already: where it has none,
    the guard *vanished* speaks first, but for the `fresh`: nobody was told an address of theirs (an
    apply was killed before its first state was written), or a new state was agreed to.
    """
    by_id = {balancer.id: balancer for balancer in standing}
    ids = {instance.address: instance.id for instance in state.instances}
    for owner, addresses in created(document, known).items():
        own = f"{Kind.LOAD_BALANCER}.{owner.address}"
        balancer = by_id.get(ids.get(own, ""))
        if own in addresses and (state.lineage or owner in fresh):
            balancer = _only(owner, standing)
        if balancer:
            yield Lost(balancer, addresses)


def apart(document: Mapping[str, Any], adopted: Mapping[str, str]) -> dict[str, str]:
    """Give ids by address of what a plan creates and was found by its own tags."""
    new = set(_new(document))
    return {address: id_ for address, id_ in adopted.items() if address in new}


def opened(
    document: Mapping[str, Any],
    state: terraform.State,
    find: Callable[[], str],
    look: Callable[[str], Mapping[str, str]],
) -> dict[str, str]:
    """Give what a plan makes of a node access, and that stands: its group, and what that opens.

    A second group would leave the first one at the nodes; a rule that is there Neutron refuses
    (409), and so would every apply. `find` gives the id of the stack's group by its tags, `look`
    the ids of a group's rules by protocol and port.
    """
    known = [each.id for each in state.instances if each.type == Kind.SECURITY_GROUP]
    new = {each: policy.named(each) for each in _new(document)}
    made = [each for each, named in new.items() if named.kind is Kind.SECURITY_GROUP]
    group = known[0] if known else find() if made else ""
    rules = {each: named.port for each, named in new.items() if named.kind is Kind.OPENING}
    standing = look(group) if group and rules else {}
    found = {each: standing.get(port, "") for each, port in rules.items()}
    found |= dict.fromkeys(made, group if not known else "")
    return {address: id_ for address, id_ in found.items() if id_}


def _new(document: Mapping[str, Any]) -> Iterator[str]:
    """Give what a plan creates and does not import."""
    for entry in document.get("resource_changes") or ():
        change = entry["change"]
        if change["actions"] == ["create"] and not change.get("importing"):
            yield entry["address"]


def stale(
    state: terraform.State, imports: Mapping[str, str], allowed: policy.Allowed
) -> tuple[str, ...]:
    """Give what the state has and a plan makes anew, for it is gone, where another stands by now.

    An engine passes over the import of what its state has, and would meet the other one: a 409. A
    load balancer and a floating IP are given up only where it was agreed that an address may move.
    """
    found = (each.address for each in state.instances if each.address in imports)
    named = ((each, policy.named(each)) for each in found)
    return tuple(
        address
        for address, each in named
        if allowed.new_state or each.owner in allowed.anew or each.kind not in _ADDRESSES
    )


_ADDRESSES = (Kind.LOAD_BALANCER, Kind.FLOATING_IP)


def text(imports: Mapping[str, str]) -> str:
    """Write import blocks."""
    blocks = (
        f"import {{\n  to = {address}\n  id = {hcl.literal(id_)}\n}}\n"
        for address, id_ in sorted(imports.items())
    )
    return "# Made by tfgen plan, and gone with its apply.\n\n" + "\n".join(blocks)


def created(
    document: Mapping[str, Any], known: manifest.Manifest
) -> dict[model.Owner, tuple[str, ...]]:
    """Give what a plan creates and does not import, by whose load balancer it is on."""
    found: dict[model.Owner, tuple[str, ...]] = {}
    for address in _new(document):
        owner = _owner(address, known)
        if owner and not address.startswith(f"{Kind.REVISION}."):
            found[owner] = (*found.get(owner, ()), address)
    return found


def _owner(address: str, known: manifest.Manifest) -> model.Owner | None:
    """Give whose load balancer something is on: a Service's port may be on that of its group."""
    named = policy.named(address)
    entry = known.services.get(named.service) if named.service else None
    return (entry.shares if entry and named.port else None) or named.owner


def _only(
    owner: model.Owner, standing: "tuple[cloud.LoadBalancer, ...]"
) -> "cloud.LoadBalancer | None":
    """Give somebody's one load balancer; of two, neither."""
    mine = [balancer for balancer in standing if balancer.owner == owner]
    return mine[0] if len(mine) == 1 else None
