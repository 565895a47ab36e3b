"""Where each value comes from: the Service, an annotation, a setting, a default."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tfgen import annotations, config, manifest, model
from tfgen.annotations import table
from tfgen.config import layers

_FLOATING = table.OCCM + "floating-network-id"
_ADDRESS = "spec.loadBalancerIP"
_RANGES = "spec.loadBalancerSourceRanges"
_ALL = "none: all nodes that count"
_TOLD = (table.REDIRECT, table.OCCM + "listener-tags", table.OCCM + "pool-tags")
_FROZEN: Mapping[str, tuple[str, str]] = {
    "vip_subnet_id": (table.OCCM + "subnet-id", "network.subnet_id"),
    "vip_network_id": (table.OCCM + "network-id", "network.network_id"),
    "provider": (table.TFGEN + "provider", "octavia.provider"),
    "flavor_id": (table.OCCM + "flavor-id", "octavia.flavor_id"),
    "availability_zone": (table.OCCM + "availability-zone", "octavia.availability_zone"),
    "floating_network": (_FLOATING, "network.floating_networks"),
    "member_subnet_id": (table.OCCM + "member-subnet-id", "network.member_subnet_id"),
    "vip_port_id": (table.OCCM + "port-id", ""),
    "vip_address": (_ADDRESS, ""),
    "floating_address": (_ADDRESS, ""),
    "floating_subnets": (table.OCCM + "floating-subnet-id", "network.floating_subnet_id"),
    "load_balancer_id": (table.ATTACH, ""),
}
"""The annotation and the setting that say what is frozen."""
_ON_ANOTHER = ("load_balancer_id", "member_subnet_id")
"""What is of the Service still where its load balancer exists without it."""
_OF_ANOTHER = ("provider", "vip_address")
_OF_IPV6 = {
    "vip_subnet_id": "network.ipv6_subnet_id",
    "vip_network_id": "",
    "member_subnet_id": "network.ipv6_member_subnet_id",
    "floating_network": "",
    "floating_subnets": "",
}
"""The settings that stand for others where the address is one of IPv6."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value, and who said it."""

    name: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class Sources:
    """All that can say a value."""

    service: Mapping[str, Any]
    settings: config.Settings
    origins: Mapping[str, str]
    """Who said each setting, as `config.Loaded` has it."""
    entry: manifest.Entry | None = None

    def setting(self, key: str, value: object) -> Value:
        """Give the value of a setting, with the layer that gave it."""
        said = self.profile.said(key)
        origin = self.origins.get(said, layers.DEFAULT)
        return Value(key.removeprefix("defaults."), _shown(value), f"{origin} (setting {said})")

    @property
    def profile(self) -> config.Profile:
        """The settings as they hold for the class that the Service names, if there is such."""
        name = self.annotations.get(table.CLASS)
        known = isinstance(name, str) and name in self.settings.classes
        return config.Profile(self.settings, str(name) if known else "")

    @property
    def annotations(self) -> Mapping[str, Any]:
        """The annotations of the Service."""
        return _section(_section(self.service, "metadata"), "annotations")

    @property
    def family(self) -> model.Family:
        """The family of its address: as it was rendered, else as the Service says first."""
        if self.entry:
            return self.entry.family
        named = self.spec.get("ipFamilies")
        six = isinstance(named, list) and named[:1] == ["IPv6"]
        return model.Family.IPV6 if six else model.Family.IPV4

    @property
    def spec(self) -> Mapping[str, Any]:
        """What the Service asks for."""
        return _section(self.service, "spec")


def of(sources: Sources) -> tuple[Value, ...]:
    """Give the values of one Service, in the order in which people read them."""
    return (
        *_ports(sources.spec),
        *_families(sources),
        _allowed(sources),
        *_annotated(sources),
        *_without_setting(sources),
        *_of_ports(sources),
        _affinity(sources.spec),
        *_group(sources),
        _protect(sources),
        *_selector(sources),
        *_frozen(sources),
    )


def _ports(spec: Mapping[str, Any]) -> Iterator[Value]:
    ports = spec.get("ports")
    for index, port in enumerate(ports if isinstance(ports, list) else ()):
        if isinstance(port, Mapping):
            key = f"{str(port.get('protocol') or 'TCP').lower()}-{port.get('port')}"
            node_port = port.get("nodePort") or "not known"
            yield Value(f"port {key}", f"node port {node_port}", f"spec.ports[{index}]")


def _allowed(sources: Sources) -> Value:
    ranges = sources.spec.get("loadBalancerSourceRanges")
    if isinstance(ranges, list) and ranges:
        return Value("allowed_cidrs", _shown(ranges), _RANGES)
    text = sources.annotations.get(table.SOURCE_RANGES)
    if text:
        return Value("allowed_cidrs", _shown(text), f"annotation {table.SOURCE_RANGES}")
    world = sources.family.world
    return Value("allowed_cidrs", world, f"default: neither {_RANGES} nor an annotation")


def _families(sources: Sources) -> Iterator[Value]:
    """Give the families that the Service names, and its policy."""
    for name, field in (("ip_families", "ipFamilies"), ("ip_family_policy", "ipFamilyPolicy")):
        if found := sources.spec.get(field):
            yield Value(name, _shown(found), f"spec.{field}")


def _annotated(sources: Sources) -> Iterator[Value]:
    """Give what an annotation can say over a setting."""
    for row in annotations.TABLE.values():
        if not row.field:
            continue
        text = sources.annotations.get(row.key)
        if text is None:
            key = f"defaults.{row.field}"
            yield sources.setting(key, _dig(sources.profile.settings, key))
        else:
            yield Value(row.field, _shown(text), f"annotation {row.key}")


def _without_setting(sources: Sources) -> Iterator[Value]:
    """Give what an annotation alone can say, where it does."""
    for key in _TOLD:
        if key in sources.annotations:
            name = key.rpartition("/")[2]
            yield Value(name, _shown(sources.annotations[key]), f"annotation {key}")


def _of_ports(sources: Sources) -> Iterator[Value]:
    """Give what single ports say for themselves."""
    for key in sorted(key for key in sources.annotations if key.startswith(table.PORT)):
        port, _, setting = key.removeprefix(table.PORT).rpartition(".")
        yield Value(f"port {port} {setting}", _shown(sources.annotations[key]), f"annotation {key}")


def _affinity(spec: Mapping[str, Any]) -> Value:
    found = spec.get("sessionAffinity")
    return Value("persistence", _shown(found or "None"), "spec.sessionAffinity")


def _protect(sources: Sources) -> Value:
    key = f"{table.TFGEN}protect"
    text = sources.annotations.get(key)
    origin = "default" if text is None else f"annotation {key}"
    return Value("protect", _shown(text or "false"), origin)


def _group(sources: Sources) -> Iterator[Value]:
    """Give the group, and the one it is in by the tree where that is another."""
    text = sources.annotations.get(table.GROUP)
    stands = sources.entry.group if sources.entry else ""
    if text is not None or stands:
        origin = f"annotation {table.GROUP}"
        if stands and stands != text:
            origin = f"as it was rendered; {origin} says {_shown(text or 'nothing')}"
        yield Value("group", stands or _shown(text), origin)


def _selector(sources: Sources) -> Iterator[Value]:
    text = sources.annotations.get(table.NODE_SELECTOR)
    if text is not None:
        said = f"annotation {table.NODE_SELECTOR}"
        yield Value("node_selector", _shown(text) or _ALL, said)
    else:
        selector = sources.profile.settings.members.node_selector
        yield sources.setting("members.node_selector", selector or _ALL)
    most = sources.settings.members.max_per_pool
    if most:
        yield sources.setting("members.max_per_pool", most)


def _frozen(sources: Sources) -> Iterator[Value]:
    """Give what holds from the first rendering on; a setting that says otherwise is told."""
    kept = sources.entry.frozen if sources.entry else None
    on = kept.load_balancer_id if kept else str(sources.annotations.get(table.ATTACH) or "")
    for field in _OF_ANOTHER if kept and on else ():
        yield Value(field, _shown(getattr(kept, field)), f"load balancer {on}, which exists")
    six = sources.family is model.Family.IPV6
    for field, (annotation, usual) in _FROZEN.items():
        if on and field not in _ON_ANOTHER:
            continue
        wanted = _asked(sources, annotation, _OF_IPV6.get(field, usual) if six else usual)
        if kept is None and wanted.value:
            yield Value(field, wanted.value, wanted.origin)
        elif kept is not None and (value := _shown(getattr(kept, field))):
            other = f"; {wanted.origin} says {wanted.value} for new ones"
            differs = bool(wanted.origin) and wanted.value != value
            yield Value(field, value, "kept since it was first rendered" + other * differs)


def _asked(sources: Sources, annotation: str, setting: str) -> Value:
    """Give what a new load balancer would have: an annotation says it, or a setting."""
    if annotation == _ADDRESS:
        return Value(annotation, str(sources.spec.get("loadBalancerIP") or ""), _ADDRESS)
    text = sources.annotations.get(annotation)
    if isinstance(text, str):
        said = _network(sources, text) if annotation == _FLOATING else text
        return Value(annotation, said, f"annotation {annotation}")
    if not setting:
        return Value(annotation, "", "")
    return sources.setting(setting, _wanted(sources.profile.settings, setting))


def _network(sources: Sources, identity: str) -> str:
    """Give the name of an external network: what is kept is the name."""
    profile = sources.profile
    known = (*profile.settings.network.floating_networks, *profile.whole.network.floating_networks)
    return next((each.name for each in known if each.id == identity), identity)


def _wanted(settings: config.Settings, key: str) -> object:
    network = settings.network
    if key == "network.floating_networks":
        return network.floating_networks[0].name if network.floating_networks else ""
    if key == "network.member_subnet_id":
        return network.member_subnet_id or network.subnet_id
    if key == "network.ipv6_member_subnet_id":
        return network.ipv6_member_subnet_id or network.ipv6_subnet_id
    return _dig(settings, key)


def _dig(settings: config.Settings, key: str) -> object:
    value: object = settings
    for part in key.split("."):
        value = getattr(value, part)
    return value


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return str(value)


def _section(parent: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = parent.get(name)
    return found if isinstance(found, Mapping) else {}
