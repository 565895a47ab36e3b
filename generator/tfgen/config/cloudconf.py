"""OCCM's and kubespray's cloud.conf as settings: each option carried, or named with the reason.

The meaning of the options is that of cloud-provider-openstack's own documentation and code
(`LoadBalancerOpts` and `LBClass`); what OCCM silently ignores is named here.
"""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tfgen import model
from tfgen.config import gcfg, loading

Key = tuple[str, ...]

_CREDENTIALS = "credentials are no settings: clouds.yaml or the OS_* variables hold them"
_NODES = "not about load balancers: it shapes Node objects, and those are read as they are"
_ENGINE = "the engine creates and deletes one object after the other"
_LATER = "not supported yet"
_HIDDEN = "(hidden)"
_DURATION = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_TRUE, _FALSE = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one option."""

    option: str
    value: str
    setting: str = ""
    """The setting that has it now; empty where it was not carried over."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Conversion:
    """A cloud.conf as settings: values by key, and a row for every option read."""

    values: Mapping[Key, Any]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """Where an option goes, how its text is read, and what must be said of it."""

    key: Key
    read: Callable[[str], Any] = str
    note: str = ""


def _boolean(text: str) -> bool:
    if text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    raise ValueError("expected true or false")


def _integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError("expected a whole number") from None


def _duration(text: str) -> int:
    """Read a Go duration as whole seconds, cut as OCCM cuts it before it asks Octavia."""
    parts = _DURATION.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError("expected a duration with a unit, as 5s or 1m")
    return int(sum(float(number) * _SECONDS[unit] for number, unit in parts))


def _floating(text: str) -> list[dict[str, str]]:
    return [{"id": text, "name": ""}]


_MONITOR = ("defaults", "monitor")
_APP_PROTOCOL = ("defaults", "app_protocol")
_GLOBAL = {
    "auth-url": _Rule(("openstack", "auth_url")),
    "region": _Rule(("openstack", "region")),
    "tenant-id": _Rule(("openstack", "project_id")),
    "cloud": _Rule(("openstack", "cloud")),
}
_CARRIED = {
    "lb-provider": _Rule(("octavia", "provider")),
    "lb-method": _Rule(("defaults", "lb_method")),
    "subnet-id": _Rule(("network", "subnet_id")),
    "network-id": _Rule(("network", "network_id")),
    "member-subnet-id": _Rule(("network", "member_subnet_id")),
    "floating-network-id": _Rule(("network", "floating_networks"), _floating),
    "floating-subnet-id": _Rule(("network", "floating_subnet_id")),
    "floating-subnet": _Rule(("network", "floating_subnet")),
    "floating-subnet-tags": _Rule(("network", "floating_subnet_tags")),
    "enable-ingress-hostname": _Rule(("publish", "ingress_hostname"), _boolean),
    "ingress-hostname-suffix": _Rule(("publish", "hostname_suffix")),
    "create-monitor": _Rule((*_MONITOR, "enabled"), _boolean),
    "monitor-delay": _Rule((*_MONITOR, "delay"), _duration),
    "monitor-timeout": _Rule((*_MONITOR, "timeout"), _duration),
    "monitor-max-retries": _Rule((*_MONITOR, "max_retries"), _integer),
    "monitor-max-retries-down": _Rule((*_MONITOR, "max_retries_down"), _integer),
    "internal-lb": _Rule(
        ("defaults", "internal"), _boolean, "an annotation of a Service still says otherwise"
    ),
    "node-selector": _Rule(("members", "node_selector")),
    "default-tls-container-ref": _Rule(
        ("defaults", "tls", "container_ref"), note="of TCP ports; an empty annotation turns it off"
    ),
    "container-store": _Rule(("tls", "container_store")),
    "manage-security-groups": _Rule(
        ("node_access", "enabled"),
        _boolean,
        "one group a stack; fill in node_access.member_cidr, and node_access.node_ports beside it",
    ),
    "flavor-id": _Rule(("octavia", "flavor_id")),
    "availability-zone": _Rule(("octavia", "availability_zone")),
}
_OF_CLASS = {
    "floating-subnet-id": _Rule(("floating_subnet_id",)),
    "floating-subnet": _Rule(("floating_subnet",)),
    "floating-subnet-tags": _Rule(("floating_subnet_tags",)),
    "floating-network-id": _Rule(("floating_networks",), _floating),
    "subnet-id": _Rule(("subnet_id",)),
    "network-id": _Rule(("network_id",)),
    "member-subnet-id": _Rule(("member_subnet_id",)),
}
_REASONS = {
    "enabled": "which controller acts is said by the Service's class: see settings, claim",
    "lb-version": "there is no other version than v2",
    "use-octavia": "there is nothing else; OCCM does not know it any more",
    "max-shared-lb": "there is no limit: who shares a load balancer is in its Services' manifests",
    "cascade-delete": _ENGINE,
    "provider-requires-serial-api-calls": _ENGINE,
}
_CLASS = ("floating-network-id", "floating-subnet-id", "floating-subnet", "floating-subnet-tags")
_KNOWN = {
    "loadbalancer": {*_CARRIED, *_REASONS},
    "loadbalancerclass": {*_CLASS, "network-id", "subnet-id", "member-subnet-id"},
}
_TITLES = {
    "global": "Global",
    "loadbalancer": "LoadBalancer",
    "loadbalancerclass": "LoadBalancerClass",
    "networking": "Networking",
    "metadata": "Metadata",
    "route": "Route",
    "blockstorage": "BlockStorage",
}


def convert(text: str, name: str) -> Conversion:
    """Read a cloud.conf. Without `create-monitor` monitors are off, as in OCCM.

    Raises SettingsError where the text is no cloud.conf; a bad value is told in its row.
    """
    values: dict[Key, Any] = {(*_MONITOR, "enabled"): False, _APP_PROTOCOL: False}
    rows: list[Row] = []
    for option in gcfg.parse(text, name):
        rule = _rule(option)
        row, value = _carried(option, rule) if rule else (_left(option), None)
        if rule and row.setting:
            values[rule.key] = value
            rows = [_overruled(earlier, row.setting) for earlier in rows]
        rows.append(row)
    return Conversion(*_checked(*_with_reference(values, _with_default(rows))))


def _overruled(row: Row, setting: str) -> Row:
    if row.setting != setting:
        return row
    return replace(row, setting="", note="given again further down, which holds")


def _rule(option: gcfg.Option) -> _Rule | None:
    if option.section == "loadbalancerclass":
        rule = _OF_CLASS.get(option.name) if option.subsection else None
        return replace(rule, key=("classes", option.subsection, *rule.key)) if rule else None
    tables = {"global": _GLOBAL, "loadbalancer": _CARRIED}
    return tables.get(option.section, {}).get(option.name)


def _carried(option: gcfg.Option, rule: _Rule) -> tuple[Row, Any]:
    if not option.value:
        return Row(_named(option), "", note="empty: says nothing"), None
    if option.section == "global" and "@" in option.value:
        return Row(_named(option), _HIDDEN, note=_CREDENTIALS), None
    setting = ".".join(rule.key)
    row = Row(_named(option), option.value, setting, rule.note)
    try:
        value = rule.read(option.value)
    except ValueError as error:
        return replace(row, setting="", note=str(error)), None
    expected = loading.expected(rule.key, value)
    if expected:
        return replace(row, setting="", note=f"expected {expected}"), None
    return row, value


def _left(option: gcfg.Option) -> Row:
    known = _KNOWN.get(option.section)
    hidden = option.section == "global"
    value = _HIDDEN if hidden else option.value
    if hidden:
        return Row(_named(option), value, note=_CREDENTIALS)
    if known is None:
        note = _NODES if option.section in _TITLES else "no section of OCCM about load balancers"
        return Row(_named(option), value, note=note)
    if option.name not in known:
        near = difflib.get_close_matches(option.name, known, n=1)
        note = "unknown to OCCM, which ignores it" + (f"; {near[0]}?" if near else "")
        return Row(_named(option), value, note=note)
    if option.section == "loadbalancerclass" and not option.subsection:
        return Row(_named(option), value, note="no name: a class is named in its section")
    return Row(_named(option), value, note=_REASONS.get(option.name, _LATER))


def _named(option: gcfg.Option) -> str:
    title = _TITLES.get(option.section, option.section)
    return (
        f'[{title} "{option.subsection}"] {option.name}'
        if option.subsection
        else (f"[{title}] {option.name}")
    )


def _with_default(rows: list[Row]) -> list[Row]:
    enabled = ".".join((*_MONITOR, "enabled"))
    ignored = "OCCM ignores it; tfgen's own default does not"
    rows = [*rows, Row("appProtocol of ports", "false", ".".join(_APP_PROTOCOL), ignored)]
    if any(row.setting == enabled for row in rows):
        return rows
    note = "not said, and off is OCCM's default; tfgen's own is on"
    return [*rows, Row("[LoadBalancer] create-monitor", "false", enabled, note)]


def _with_reference(values: dict[Key, Any], rows: list[Row]) -> tuple[dict[Key, Any], list[Row]]:
    """Leave out a certificate that Barbican, the store, has no such form for: OCCM refuses it."""
    key = ("defaults", "tls", "container_ref")
    external = values.get(("tls", "container_store")) == "external"
    if external or key not in values or model.BARBICAN.fullmatch(values[key]):
        return values, rows
    note = "expected a reference to Barbican that ends in secrets/UUID or containers/UUID"
    kept = {each: value for each, value in values.items() if each != key}
    named = ".".join(key)
    return kept, [
        replace(row, setting="", note=note) if row.setting == named else row for row in rows
    ]


def _checked(values: dict[Key, Any], rows: list[Row]) -> tuple[dict[Key, Any], tuple[Row, ...]]:
    """Leave out the monitor's times where Octavia would refuse them together."""
    times = ((*_MONITOR, "delay"), (*_MONITOR, "timeout"))
    delay, timeout = (values.get(key, default) for key, default in zip(times, (5, 3), strict=True))
    if timeout < delay:
        return values, tuple(rows)
    note = f"a timeout of {timeout} s must be less than the delay of {delay} s"
    names = {".".join(key) for key in times}
    kept = {key: value for key, value in values.items() if key not in times}
    return kept, tuple(
        replace(row, setting="", note=note) if row.setting in names else row for row in rows
    )
