"""A class over the settings: what holds for the Services that name it."""

from collections.abc import Mapping
from types import MappingProxyType

from tfgen.config import settings

DEFAULT = ""
"""The name of no class."""
_PLACES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "provider": ("octavia", "provider"),
        "flavor_id": ("octavia", "flavor_id"),
        "availability_zone": ("octavia", "availability_zone"),
        "subnet_id": ("network", "subnet_id"),
        "network_id": ("network", "network_id"),
        "member_subnet_id": ("network", "member_subnet_id"),
        "ipv6_subnet_id": ("network", "ipv6_subnet_id"),
        "ipv6_member_subnet_id": ("network", "ipv6_member_subnet_id"),
        "floating_networks": ("network", "floating_networks"),
        "floating_subnet_id": ("network", "floating_subnet_id"),
        "floating_subnet": ("network", "floating_subnet"),
        "floating_subnet_tags": ("network", "floating_subnet_tags"),
        "node_selector": ("members", "node_selector"),
    }
)
"""Where a field of a class stands in the settings; the others stand under `defaults`."""

_SUBNETS = ("floating_subnet_id", "floating_subnet", "floating_subnet_tags")


def place(field: str) -> tuple[str, ...]:
    """Give the setting that a field of a class stands for."""
    return _PLACES.get(field, ("defaults", field))


class Profile:
    """The settings as they hold for one class, and who says each."""

    def __init__(self, whole: settings.Settings, name: str = DEFAULT) -> None:
        self.name = name
        self.whole = whole
        self._said = dict(_leaves(whole.classes[name], ())) if name else {}
        self.settings = _laid_over(whole, self._said)

    def said(self, key: str) -> str:
        """Name the setting that gives a value: `classes.gold.lb_method`, `defaults.lb_method`."""
        return self._of_class().get(key, key)

    def _of_class(self) -> dict[str, str]:
        return {
            ".".join(_path(field)): ".".join(("classes", self.name, *field)) for field in self._said
        }


def _path(field: tuple[str, ...]) -> tuple[str, ...]:
    return (*place(field[0]), *field[1:])


def _leaves(
    section: settings.Section, above: tuple[str, ...]
) -> list[tuple[tuple[str, ...], object]]:
    """Give what a section says itself, by path."""
    found: list[tuple[tuple[str, ...], object]] = []
    for name in sorted(section.model_fields_set):
        value = getattr(section, name)
        inner = isinstance(value, settings.Section)
        found += _leaves(value, (*above, name)) if inner else [((*above, name), value)]
    return found


def _laid_over(
    whole: settings.Settings, said: Mapping[tuple[str, ...], object]
) -> settings.Settings:
    for field, value in said.items():
        whole = _with(whole, _path(field), value)
    # A VIP has a subnet or a network: a class that says one of them means that one alone.
    if ("network_id",) in said and ("subnet_id",) not in said:
        whole = _with(whole, ("network", "subnet_id"), "")
    if ("subnet_id",) in said and ("network_id",) not in said:
        whole = _with(whole, ("network", "network_id"), "")
    # Likewise of the ways to choose the subnet of a floating IP.
    if any((name,) in said for name in _SUBNETS):
        for name in _SUBNETS:
            whole = _with(whole, ("network", name), said.get((name,), ""))
    return whole


def _with(section: settings.Settings, path: tuple[str, ...], value: object) -> settings.Settings:
    inner = value if len(path) == 1 else _with(getattr(section, path[0]), path[1:], value)
    return section.model_copy(update={path[0]: inner})
