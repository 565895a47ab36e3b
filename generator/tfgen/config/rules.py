"""What must hold between settings, beyond the type of each."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tfgen import model
from tfgen.config import backend, classes, faults, names, settings

_TAGS_SINCE = 5


def broken(section: settings.Section) -> Iterator[faults.Broken]:
    """Give what a section by itself breaks; the sections inside it are asked on their own."""
    rule = _RULES.get(type(section))
    if rule:
        yield from rule(section)


def _openstack(section: settings.OpenStack) -> Iterator[faults.Broken]:
    if section.auth_url and faults.has_password(section.auth_url):
        yield faults.Broken(
            ("auth_url",),
            "a URL with a password in it",
            "Keystone's address alone",
            "Credentials belong in clouds.yaml or in the OS_* variables.",
        )


def _octavia(section: settings.Octavia) -> Iterator[faults.Broken]:
    if int(section.api_version.partition(".")[2]) < _TAGS_SINCE:
        yield faults.Broken(
            ("api_version",),
            section.api_version,
            f"2.{_TAGS_SINCE} or later: what is whose is told by tags, and those came with it",
            "Such a cloud is too old for tfgen.",
        )


def _network(section: settings.Network) -> Iterator[faults.Broken]:
    for index, network in enumerate(section.floating_networks):
        if not (network.id or network.name):
            yield faults.Broken(
                ("floating_networks", index),
                "without id and name",
                "an external network's name, and its id",
                "`openstack network list --external` shows both.",
            )
    yield from _twice(section, "name")
    yield from _twice(section, "id")


def _twice(section: settings.Network, field: str) -> Iterator[faults.Broken]:
    values = [getattr(network, field) for network in section.floating_networks]
    for value, times in Counter(values).items():
        if value and times > 1:
            yield faults.Broken(
                ("floating_networks",),
                f"a list with {field} {value!r} {times} times",
                "each external network once",
                "Remove the repetition: the first network is the default.",
            )


def _monitor(section: settings.Monitor) -> Iterator[faults.Broken]:
    if section.timeout >= section.delay:
        yield faults.Broken(
            ("timeout",),
            f"{section.timeout} s with a delay of {section.delay} s",
            "less than delay",
            "A probe must have ended when the next one starts: "
            "lower timeout, or raise delay beside it.",
        )


def _node_access(section: settings.NodeAccess) -> Iterator[faults.Broken]:
    for node, port in section.node_ports.items():
        if not port:
            yield faults.Broken(
                ("node_ports", node),
                "empty",
                "the id of the node's port in Neutron",
                "`openstack port list --server NODE` shows it; without one, leave the node out.",
            )


def _hsts(section: settings.Tls) -> Iterator[faults.Broken]:
    for name in ("hsts_include_subdomains", "hsts_preload"):
        if getattr(section, name) and not section.hsts_max_age:
            yield faults.Broken(
                (name,), "true", "false while hsts_max_age is 0", "Set hsts_max_age beside it."
            )


def _classes(section: settings.Settings) -> Iterator[faults.Broken]:
    """Check each class as it holds: a monitor of which it says one number has the other, too."""
    for name in section.classes:
        monitor = classes.Profile(section, name).settings.defaults.monitor
        for broken in _monitor(monitor):
            key = ("classes", name, "monitor", *broken.key)
            yield faults.Broken(key, broken.found, broken.expected, broken.remedy)


def _whole(section: settings.Settings) -> Iterator[faults.Broken]:
    yield from _classes(section)
    if section.tls.container_store == "barbican":
        yield from _references(section)


def _references(section: settings.Settings) -> Iterator[faults.Broken]:
    """Check what names a certificate, in the defaults and in classes."""
    places = [(("defaults",), section.defaults), *_named_classes(section)]
    for above, part in places:
        for key, ref in _refs(part.tls):
            if ref and not model.BARBICAN.fullmatch(ref):
                yield faults.Broken(
                    (*above, "tls", *key),
                    repr(ref),
                    "a reference to Barbican that ends in secrets/UUID or containers/UUID",
                    "Correct it; tls.container_store: external checks none.",
                )


def _named_classes(
    section: settings.Settings,
) -> Iterator[tuple[tuple[str, ...], settings.Defaults]]:
    yield from ((("classes", name), found) for name, found in section.classes.items())


def _refs(tls: settings.Tls) -> Iterator[tuple[faults.Key, str]]:
    yield ("container_ref",), tls.container_ref
    yield from ((("sni_refs", index), ref) for index, ref in enumerate(tls.sni_refs))


_RULES: Mapping[type[settings.Section], Callable[[Any], Iterator[faults.Broken]]] = {
    settings.OpenStack: _openstack,
    settings.Network: _network,
    settings.Octavia: _octavia,
    settings.Monitor: _monitor,
    settings.Backend: backend.broken,
    settings.Names: names.broken,
    settings.Settings: _whole,
    settings.NodeAccess: _node_access,
    settings.Tls: _hsts,
    settings.ClassTls: _hsts,
}
