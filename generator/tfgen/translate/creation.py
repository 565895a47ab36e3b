"""What Octavia takes at creation only: frozen when a Service is first rendered."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from tfgen import config, model
from tfgen.annotations import table
from tfgen.resolved import Resolved
from tfgen.translate import attach, attached, families, fixed, floating, values

_FLAVOR, _ZONE = table.OCCM + "flavor-id", table.OCCM + "availability-zone"
_SUBNET, _NETWORK = table.OCCM + "subnet-id", table.OCCM + "network-id"
_PORT = table.OCCM + "port-id"
_MEMBER_SUBNET, _PROVIDER = table.OCCM + "member-subnet-id", table.TFGEN + "provider"
OF_THE_PRIMARY = frozenset({_SUBNET, _NETWORK, _PORT, _MEMBER_SUBNET})
"""What says where the load balancer of the primary family is: that of a second is elsewhere."""


def settle(
    key: model.ServiceKey, wanted: model.Frozen, kept: model.Frozen | None, *, floats: bool
) -> tuple[model.Frozen, tuple[model.Notice, ...]]:
    """Give what is kept, with a notice of what differs; for a new load balancer what is wanted.

    The floating network counts from the day on which a Service first has a floating IP.
    """
    if kept is None:
        return wanted, ()
    if not floats or not (kept.floating_network or kept.floating_address):
        kept = replace(
            kept,
            floating_network=wanted.floating_network,
            floating_address=wanted.floating_address,
            floating_subnets=wanted.floating_subnets,
        )
    if floats:
        wanted = replace(wanted, vip_address=kept.vip_address)
    if kept == wanted:
        return kept, ()
    names = [each.name for each in fields(kept)]
    differing = [name for name in names if getattr(kept, name) != getattr(wanted, name)]
    return kept, (_notice(key, differing, kept, wanted),)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a Service beside what it says."""

    internal: bool
    resolved: Resolved
    kept: model.Frozen | None
    """What it was made with; None where it is new, or may change."""
    attached: str = ""
    """Id of the existing load balancer that its ports are to be on."""
    side: families.Side = families.IPV4

    @property
    def floats(self) -> bool:
        """Whether a floating IP leads to it: Neutron has none of IPv6."""
        return not self.internal and self.side.family is model.Family.IPV4


def wanted(
    reader: values.Reader,
    key: model.ServiceKey,
    spec: Mapping[str, Any],
    profile: config.Profile,
    known: Known,
) -> model.Frozen:
    """Give what annotations, class and settings ask for; what they lack is noted as a problem.

    Raises Malformed.
    """
    if known.attached:
        found = attached.frozen(reader, profile, known.attached, known.kept)
        members = _members(reader, profile.settings.network, known.side)
        return replace(found, member_subnet_id=members)
    octavia, floats = profile.settings.octavia, known.floats
    mine = reader.without(OF_THE_PRIMARY) if known.side.is_second else reader
    port_id = _port(mine, key, profile.settings)
    subnet_id, network_id = ("", "") if port_id else _vip(mine, profile, known)
    address = fixed.address(reader, spec, profile.settings, floats=floats, side=known.side)
    if port_id and address and not floats:
        reader.note(f"spec.loadBalancerIP says nothing beside {_PORT}: the port has its address")
    if address and floats:
        floating.say_nothing(reader, "spec.loadBalancerIP: that exists")
    if not (floats or known.internal or known.side.beside):
        floating.say_nothing(reader, "an IPv6 address: that is published as it is")
    external = ""
    subnets: tuple[str, ...] = ()
    if floats and not address:
        external = floating.network(reader, profile)
        subnets = floating.subnets(reader, profile, external, known.resolved, known.kept)
    return model.Frozen(
        vip_subnet_id=subnet_id,
        vip_network_id=network_id,
        provider=reader.get(_PROVIDER, octavia.provider),
        flavor_id=reader.get(_FLAVOR, octavia.flavor_id),
        availability_zone=reader.get(_ZONE, octavia.availability_zone),
        floating_network=external,
        member_subnet_id=_members(mine, profile.settings.network, known.side) or subnet_id,
        vip_port_id=port_id,
        vip_address="" if floats or port_id else address,
        floating_address=address if floats else "",
        floating_subnets=subnets,
    )


def _port(reader: values.Reader, key: model.ServiceKey, settings: config.Settings) -> str:
    """Give the port that becomes the VIP: Octavia takes subnet and network from it."""
    port_id = reader.get(_PORT, "")
    if not port_id:
        return ""
    attach.check(reader, key, settings, reader.name(_PORT), port_id)
    aside = [each for each in (_SUBNET, _NETWORK) if reader.has(each)]
    if aside:
        reader.note(f"{' and '.join(aside)} say nothing beside {_PORT}: the port is where it is")
    return port_id


def _members(reader: values.Reader, network: config.Network, side: families.Side) -> str:
    """Give the subnet from which members are reached, "" where nothing says one."""
    own, usual = network.member_subnet_id, network.subnet_id
    if side.family is model.Family.IPV6:
        own, usual = network.ipv6_member_subnet_id, network.ipv6_subnet_id
    return reader.get(_MEMBER_SUBNET, own) or usual


def _vip(reader: values.Reader, profile: config.Profile, known: Known) -> tuple[str, str]:
    """Give subnet and network of the VIP: who says one of the two means that one alone.

    Octavia takes a network's subnet of IPv4 first: for IPv6 a network alone does not do.
    """
    if known.side.family is model.Family.IPV6:
        subnet_id = families.subnet(reader, known.side, profile, known.kept)
        return subnet_id, reader.get(_NETWORK, "")
    return _vip_of_ipv4(reader, profile.settings.network)


def _vip_of_ipv4(reader: values.Reader, network: config.Network) -> tuple[str, str]:
    said = reader.has(_SUBNET), reader.has(_NETWORK)
    subnet_id = reader.get(_SUBNET, network.subnet_id)
    network_id = reader.get(_NETWORK, network.network_id)
    if said == (True, False) and subnet_id:
        return subnet_id, ""
    if said == (False, True) and network_id:
        return "", network_id
    if any(said) and not (subnet_id or network_id):
        key = _SUBNET if reader.has(_SUBNET) else _NETWORK
        expected = "a subnet or network in which the VIP can be, for nothing else says one"
        reader.wrong(reader.name(key), "", expected, "Give its id, or remove it.")
    return subnet_id, network_id


def _notice(
    key: model.ServiceKey, names: list[str], kept: model.Frozen, wanted: model.Frozen
) -> model.Notice:
    pairs = (f"{name} {getattr(kept, name)!r}, not {getattr(wanted, name)!r}" for name in names)
    return model.Notice(
        f"Service {key}",
        f"keeps {'; '.join(pairs)}: new values hold for new load balancers only "
        f"(--allow-address-change {key} takes them, and replaces the load balancer)",
    )
