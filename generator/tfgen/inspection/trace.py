"""One Service from end to end: file, resources, ids, nodes, and where each value comes from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tfgen import manifest, model, policy
from tfgen.inspection import behind, children, values
from tfgen.inspection.overview import Row
from tfgen.inspection.subject import Subject
from tfgen.translate import nodes

JudgedNodes: TypeAlias = Sequence[tuple[str, model.Member | nodes.LeftOut]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was read about one Service, beside its row. None: it was not, or could not be, read."""

    service: Mapping[str, Any] | None = None
    nodes: JudgedNodes | None = None
    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Its node group, as the tree has it."""
    listeners: Mapping[str, children.Listener] | None = None
    """As Octavia has them, by port key."""
    floating_ip_id: str = ""
    octavia: bool = False
    """Whether Octavia answered, so that what it does not have is not there."""
    state: Mapping[str, str] | None = None
    """Ids by address, of its stack's state."""


@dataclass(frozen=True, slots=True)
class Port:
    """One port and what stands behind it."""

    key: str
    node_port: int | None
    intent: Mapping[str, str]
    """What its file says, by dotted name."""
    target: str
    """Where the node sends it on: the Service's targetPort."""
    listener: children.Listener | None
    nodes: tuple[behind.Node, ...]


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of the Service: its address in the state and its id in the cloud."""

    address: str
    what: str
    id: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """One Service from end to end."""

    row: Row
    ports: tuple[Port, ...]
    resources: tuple[Resource, ...]
    values: tuple[values.Value, ...]
    pods: str
    """The selector of the pods behind it, as text."""
    floating_network: str
    second: "Trace | None" = None
    """The same, as the load balancer of the second IP family serves it."""


def trace(subject: Subject, row: Row, evidence: Evidence, said: values.Sources) -> Trace:
    """Lay one Service out. Without the Service itself (cluster away) no value has an origin."""
    entry = subject.entry or subject.wanted
    spec = said.spec
    selector = spec.get("selector")
    pairs = selector.items() if isinstance(selector, Mapping) else ()
    return Trace(
        row=row,
        ports=tuple(_port(subject, evidence, key, spec) for key in (entry.ports if entry else ())),
        resources=tuple(_resources(subject, evidence)),
        values=values.of(said) if evidence.service is not None else (),
        pods=", ".join(f"{name}={value}" for name, value in pairs),
        floating_network=entry.frozen.floating_network if entry else "",
    )


def _port(subject: Subject, evidence: Evidence, key: str, spec: Mapping[str, Any]) -> Port:
    listener = (evidence.listeners or {}).get(key)
    asked, target = _of_service(key, spec)
    node_port = subject.node_ports.get(key) if subject.entry else asked
    sight = behind.Sight(
        judged=evidence.nodes,
        facts=evidence.facts,
        node_port=node_port,
        listener=listener,
        cloud=evidence.octavia,
    )
    intent = subject.before or subject.after
    found = intent.ports.get(key, {}) if intent else {}
    return Port(key, node_port, found, target, listener, behind.behind(sight))


def _of_service(key: str, spec: Mapping[str, Any]) -> tuple[int | None, str]:
    """Give node port and target port of one of the Service's ports."""
    ports = spec.get("ports")
    for port in ports if isinstance(ports, list) else ():
        if not isinstance(port, Mapping):
            continue
        if key == f"{str(port.get('protocol') or 'TCP').lower()}-{port.get('port')}":
            found = port.get("nodePort")
            target = str(port.get("targetPort") or port.get("port"))
            return found if isinstance(found, int) else None, target
    return None, ""


def _resources(subject: Subject, evidence: Evidence) -> Iterator[Resource]:
    """Give what the file makes, then what only the state still has."""
    entry = subject.entry
    expected = _expected(subject, entry, evidence) if entry else {}
    for address, identity in expected.items():
        recorded = "" if evidence.state is None else evidence.state.get(address, "")
        missing = evidence.state is not None and not recorded
        moved = recorded and identity and recorded != identity
        note = f"the state has {recorded}" if moved else "not in the state" * missing
        yield Resource(address, _words(address), identity or recorded, note)
    for address, identity in (evidence.state or {}).items():
        if policy.named(address).owner == subject.owner and address not in expected:
            yield Resource(address, _words(address), identity, "goes with the next apply")


def _words(address: str) -> str:
    found = policy.named(address)
    return found.kind.words if found.kind else found.type


def _expected(subject: Subject, entry: manifest.Entry, evidence: Evidence) -> dict[str, str]:
    """Give the addresses that the file makes, with the ids that the cloud has for them."""
    root, balancer = subject.owner.address, subject.balancer
    whole = entry.shares.address if entry.shares else root
    made = f"{policy.Kind.LOAD_BALANCER}.{whole}"
    found = {} if entry.attached else {made: balancer.id if balancer else ""}
    if entry.has_floating_ip:
        bound = policy.Kind.ASSOCIATION if entry.frozen.floating_address else None
        found[f"{bound or policy.Kind.FLOATING_IP}.{whole}"] = evidence.floating_ip_id
    for key in entry.ports:
        listener = (evidence.listeners or {}).get(key) or children.Listener("", key, "")
        call = f"module.{root}_{key}"
        found[f"{call}.{policy.Kind.LISTENER}.this"] = listener.id
        found[f"{call}.{policy.Kind.POOL}.this"] = listener.pool_id
        found[f"{call}.{policy.Kind.MEMBERS}.this"] = listener.pool_id
        intent = subject.before.ports.get(key, {}) if subject.before else {}
        if intent.get("monitor") != "null":
            found[f"{call}.{policy.Kind.MONITOR}.this[0]"] = listener.monitor_id
        if "redirect_prefix" in intent:
            found[f"{call}.{policy.Kind.REDIRECT}.redirect[0]"] = ""
            found[f"{call}.{policy.Kind.RULE}.redirect[0]"] = ""
    if entry.revision and not subject.is_second:
        found[f"{policy.Kind.REVISION}.{root}"] = ""
    return found
