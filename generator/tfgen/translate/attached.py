"""An existing load balancer that gets a Service's ports: what stands there is not ours to change.

OCCM ignores what a Service says of the load balancer itself beside its id; here each is told.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tfgen import config, model
from tfgen.annotations import table
from tfgen.translate import attach, capabilities, shape, values

KEY = table.ATTACH
_NETWORK = table.OCCM + "floating-network-id"
_ASIDE = (
    *(
        table.OCCM + name
        for name in (
            "subnet-id",
            "network-id",
            "port-id",
            "flavor-id",
            "availability-zone",
            "load-balancer-tags",
            "floating-network-id",
            "floating-subnet-id",
            "floating-subnet",
            "floating-subnet-tags",
            "keep-floatingip",
        )
    ),
    table.TFGEN + "provider",
)
"""What is said of a load balancer that is to be made, or of its floating IP."""
_NEUTRAL = ("", "false")
_OF_CLASS = frozenset(name.rpartition("/")[2].replace("-", "_") for name in _ASIDE) | {
    "floating_networks"
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a Service would have of an existing load balancer."""

    ports: tuple[model.Port, ...]
    frozen: model.Frozen
    seat: model.Seat | None
    internal: bool
    """Whether annotation, class or settings ask for no address outside."""
    family: model.Family = model.Family.IPV4


def read(
    reader: values.Reader, settings: config.Settings, seat: model.Seat | None, *, accept: bool
) -> str:
    """Read the id, "" where there is none; another than it was rendered with is a problem unasked.

    Ids are written with or without hyphens: they are compared, and kept, with them.
    """
    said, key = reader.get(KEY, ""), reader.service
    wanted = str(uuid.UUID(said)) if said else ""
    stands = seat.attached if seat else ""
    if seat and stands != wanted and not accept:
        reader.wrong(
            reader.name(KEY),
            said or "missing",
            f"{stands or 'none'}, as it was rendered: another load balancer has another address",
            f"Set it back, or let the address change: --allow-address-change {key}",
        )
    if wanted:
        attach.check(reader, key, settings, reader.name(KEY), wanted)
    if wanted and reader.get(table.GROUP, default=""):
        reader.wrong(
            reader.name(KEY),
            said,
            f"nothing beside {table.GROUP}: a Service has one load balancer",
            "Remove one of the two.",
        )
    return wanted


def frozen(
    reader: values.Reader, profile: config.Profile, identity: str, kept: model.Frozen | None
) -> model.Frozen:
    """Give what stands, and from where its members are reached.

    An id, a provider and a VIP stay as long as a load balancer does: who is on it already needs no
    answer of the cloud.
    """
    network = profile.settings.network
    member = reader.get(table.OCCM + "member-subnet-id", network.member_subnet_id)
    provider, vip_address = _known(reader, identity, kept)
    return model.Frozen(
        member_subnet_id=member or network.subnet_id,
        load_balancer_id=identity,
        provider=provider,
        vip_address=vip_address,
    )


def _known(reader: values.Reader, identity: str, kept: model.Frozen | None) -> tuple[str, str]:
    """Give provider and VIP; that nobody looked yet, or found none, is a problem."""
    if kept and kept.load_balancer_id == identity:
        return kept.provider, kept.vip_address
    if identity not in reader.resolved.load_balancers:
        expected = "what tfgen-resolved.json knows already: only the cloud can tell"
        reader.wrong(reader.name(KEY), identity, expected, "Run: tfgen resolve")
        return "", ""
    found = reader.resolved.load_balancers[identity]
    if found is None:
        remedy = "There is none: correct it, and run: tfgen resolve"
        reader.wrong(reader.name(KEY), identity, "a load balancer of the project", remedy)
        return "", ""
    if found.owner:
        reader.wrong(
            reader.name(KEY),
            identity,
            f"a load balancer that tfgen did not make: this is that of {found.owner}",
            f"To share it, give both Services the same {table.GROUP}, and none of them an id.",
        )
    return found.provider, found.vip_address


def check(
    reader: values.Reader, spec: Mapping[str, Any], profile: config.Profile, wish: Wish
) -> None:
    """Note what cannot be had there, and what says nothing there; ask about the ports.

    Raises Malformed.
    """
    identity = wish.frozen.load_balancer_id
    lacking = capabilities.lacks(capabilities.octavia(profile.settings, wish.frozen), KEY)
    if lacking:
        expected = f"nothing, for {lacking} does not tag what would be ours there"
        reader.wrong(reader.name(KEY), identity, expected, "Remove it.")
    if wish.internal:
        _internal(reader, profile)
    _address(reader, spec, wish.frozen)
    _family(reader, wish)
    _taken(reader, wish)
    aside = [*_aside(reader), *_of_class(profile)]
    if aside:
        reader.note(f"{' and '.join(aside)} say nothing beside {KEY}: that load balancer exists")
    if attach.may(profile.settings, reader.service.namespace, identity):
        ports = tuple(port.key for port in wish.ports)
        reader.queries.append(model.BalancerQuery(identity, ports))


def _internal(reader: values.Reader, profile: config.Profile) -> None:
    """Refuse to put on it what is not to be reached from outside: its address is not ours."""
    empty = reader.carries(_NETWORK, "")
    reader.wrong(
        reader.name(_NETWORK) if empty else reader.said(table.INTERNAL, profile),
        "" if empty else "true",
        f"nothing of the kind beside {KEY}: whoever made that load balancer decides from where it "
        "is reached",
        f'Remove it, or say {table.INTERNAL}: "false".',
    )


def _address(reader: values.Reader, spec: Mapping[str, Any], frozen: model.Frozen) -> None:
    asked = shape.get(spec, "loadBalancerIP", str, path="spec.")
    if asked and asked != frozen.vip_address:
        expected = f"nothing beside {KEY}, or its VIP {frozen.vip_address}".rstrip()
        reader.wrong("spec.loadBalancerIP", asked, expected, "Remove it.")


def _family(reader: values.Reader, wish: Wish) -> None:
    """Note a Service of another IP family than its load balancer has."""
    vip = wish.frozen.vip_address
    if vip and model.Family.of(vip) is not wish.family:
        expected = f"{model.Family.of(vip)}, for the VIP of load balancer "
        expected += f"{wish.frozen.load_balancer_id} is {vip}"
        reader.wrong("spec.ipFamilies", wish.family, expected)


def _taken(reader: values.Reader, wish: Wish) -> None:
    """Note ports that listeners of others have; those that stand in the tree are ours."""
    identity = wish.frozen.load_balancer_id
    found = reader.resolved.load_balancers.get(identity)
    same = wish.seat if wish.seat and wish.seat.attached == identity else None
    for port in wish.ports if found else ():
        name = found.taken.get(port.key) if found else None
        if name is not None and not (same and port.key in same.ports):
            reader.wrong(
                reader.name(KEY),
                identity,
                f"a load balancer with {port.key} free: its listener {name or 'without a name'} "
                "has that, and is not ours",
                "Take another port; or remove that listener, and run: tfgen resolve",
            )


def _aside(reader: values.Reader) -> Iterator[str]:
    """Give the annotations that say nothing; what is wrong in them is told all the same."""
    for key in _ASIDE:
        reader.get(key, None)
        if reader.has(key) and reader.text(key) not in _NEUTRAL:
            yield key


def _of_class(profile: config.Profile) -> Iterator[str]:
    """Give what the class says, where the Service names one."""
    if profile.name:
        said = profile.settings.classes[profile.name].model_fields_set & _OF_CLASS
        yield from (f"classes.{profile.name}.{name}" for name in sorted(said))
