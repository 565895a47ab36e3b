"""A Service's intent file read back: the form that `render` writes, line by line.

Thousands of them are read for one table, which a parser of all of HCL would take minutes for.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from tfgen.render import header

_BLOCK = re.compile(
    r'^(resource|module|output) ((?:"[^"]*" )+)\{\n(.*?)^\}', re.MULTILINE | re.DOTALL
)
_OPENS = re.compile(r"([\w-]+)(?: +=)? +[\[{]$")
_ARGUMENT = re.compile(r"([\w-]+) += (.*)$")
_CLOSES = ("}", "]")
_BALANCER, _FLOATING_IP = "openstack_lb_loadbalancer_v2", "openstack_networking_floatingip_v2"
_ASSOCIATION = "openstack_networking_floatingip_associate_v2"
_SECOND = "lb6_"
"""Begins the labels of the load balancer of a second IP family, and of its ports."""
_MOST = 3


@dataclass(frozen=True, slots=True)
class Intent:
    """What one file says, as text by dotted name: `pool.lb_method`, `allowed_cidrs`."""

    ports: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By port key, `tcp-80`."""
    balancer: Mapping[str, str] = field(default_factory=dict)
    floating_ip: Mapping[str, str] = field(default_factory=dict)
    second: "Intent | None" = None
    """What it says of the load balancer of a second IP family."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Who may connect to any of its ports, sorted; everyone where Octavia is told nothing."""
        cidrs = (values.get("allowed_cidrs", "") for values in self.ports.values())
        said = ("0.0.0.0/0" if text == "null" else text for text in cidrs)
        others = self.second.sources if self.second else ()
        return tuple(sorted({*others, *(one for text in said for one in text.split(", ") if one)}))


def read(*texts: str) -> Intent:
    """Read a Service's file, and its group's, as far as they have our form; all else is no news."""
    found = map(header.strip, texts)
    body = "\n".join(parts.body for parts in found if parts)
    if _SECOND not in body:
        return _read(_BLOCK.finditer(body))
    blocks: dict[bool, list[re.Match[str]]] = {False: [], True: []}
    for match in _BLOCK.finditer(body):
        blocks[f'"{_SECOND}' in match[2]].append(match)
    second = _read(blocks[True]) if blocks[True] else None
    return replace(_read(blocks[False]), second=second)


def _read(blocks: Iterable[re.Match[str]]) -> Intent:
    ports, resources = {}, {}
    for match in blocks:
        label = match[2].split('"')[1]
        if match[1] == "module":
            ports[label.rpartition("_")[2]] = _values(match[3])
        elif match[1] == "resource":
            resources[label] = _values(match[3])
    floating_ip = resources.get(_FLOATING_IP) or resources.get(_ASSOCIATION) or {}
    return Intent(ports, resources.get(_BALANCER, {}), floating_ip)


def changes(before: Intent, after: Intent) -> tuple[str, ...]:
    """Say what another rendering makes of a file, the first few things of it."""
    found = list(_changes(before, after))
    more = (f"and {len(found) - _MOST} more",) if len(found) > _MOST else ()
    return (*found[:_MOST], *more)


def _changes(before: Intent, after: Intent) -> Iterator[str]:
    for key in sorted(after.ports.keys() - before.ports.keys()):
        yield f"port {key} is new"
    for key in sorted(before.ports.keys() - after.ports.keys()):
        yield f"port {key} goes"
    same: dict[str, list[str]] = {}
    for key in sorted(before.ports.keys() & after.ports.keys()):
        for change in _between("", before.ports[key], after.ports[key]):
            same.setdefault(change, []).append(key)
    yield from (f"{', '.join(keys)} {change}" for change, keys in same.items())
    yield from _between("load balancer ", before.balancer, after.balancer)
    yield from _between("floating IP ", before.floating_ip, after.floating_ip)
    yield from _seconds(before.second, after.second)


def _seconds(before: Intent | None, after: Intent | None) -> Iterator[str]:
    """Say what becomes of the load balancer of a second IP family."""
    what = "load balancer of the second IP family"
    if after and not before:
        yield f"a {what} is new"
    elif before and not after:
        yield f"its {what} goes"
    elif before and after:
        yield from (f"second IP family: {each}" for each in _changes(before, after))


def _between(about: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        then, now = before.get(name, "nothing"), after.get(name, "nothing")
        if then != now and name != "depends_on":
            yield f"{about}{name}: {then} -> {now}"


def _values(body: str) -> dict[str, str]:
    """Read the arguments of a block; the items of a list are joined with commas."""
    values: dict[str, str] = {}
    path: list[str] = []
    for line in map(str.strip, body.splitlines()):
        if line.startswith(_CLOSES):
            del path[-1:]
        elif opens := _OPENS.fullmatch(line):
            path.append(opens[1])
        elif argument := _ARGUMENT.fullmatch(line):
            values[".".join((*path, argument[1]))] = _plain(argument[2])
        elif line and path:
            name = ".".join(path)
            values[name] = ", ".join(filter(None, (values.get(name), _plain(line))))
    return values


def _plain(text: str) -> str:
    bare = text.rstrip(",")
    return bare[1:-1] if bare[:1] == bare[-1:] == '"' else bare
