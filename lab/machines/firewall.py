"""Security groups as nftables takes them: elements of a set whose intervals never overlap."""

import ipaddress
import itertools
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

LAST_PORT = 65535


class Rule(NamedTuple):
    """A rule of a security group: who may come in to an address. None means any."""

    address: str
    protocol: str | None
    port_min: int | None
    port_max: int | None
    source: str | None


def allowed(rules: Iterable[Rule]) -> list[str]:
    """Give the elements `address . protocol . ports . sources` that say what the rules allow.

    nftables refuses overlaps, and refuses all of a set for one. So ports are cut wherever a rule
    begins or ends, and the sources of each piece are joined.
    """
    targets: dict[tuple[str, str], list[tuple[int, int, Any]]] = {}
    for rule in rules:
        for protocol in {rule.protocol or "tcp", rule.protocol or "udp"} & {"tcp", "udp"}:
            ports = (rule.port_min or 0, LAST_PORT if rule.port_max is None else rule.port_max)
            source = ipaddress.ip_network(rule.source or "0.0.0.0/0")
            targets.setdefault((rule.address, protocol), []).append((*ports, source))
    return sorted(
        f"{address} . {protocol} . {piece}"
        for (address, protocol), parts in targets.items()
        for piece in pieces(parts)
    )


def pieces(parts: list[tuple[int, int, Any]]) -> Iterator[str]:
    """Give `ports . sources`, without overlaps, of `first port, last port, source`."""
    cuts = sorted({port for first, last, _ in parts for port in (first, last + 1)})
    for begin, end in itertools.pairwise(cuts):
        sources = [source for first, last, source in parts if first <= begin and end <= last + 1]
        for net in ipaddress.collapse_addresses(sources):
            yield f"{begin}-{end - 1} . {net}"


def replace(what: str, elements: Iterable[str]) -> str:
    """Give the nftables commands by which a set or map has exactly these elements."""
    kind, name = what.split()
    text = f"flush {kind} ip lab {name}\n"
    if listed := ", ".join(elements):
        text += f"add element ip lab {name} {{ {listed} }}\n"
    return text
