"""Services and Nodes of any kind, made from a seed: cheap enough for ten thousand of them.

Hypothesis' own strategies (services.py) shrink what fails and take some ten milliseconds each;
these take a tenth of one. The same seed gives the same objects.
"""

from collections.abc import Mapping
from random import Random
from typing import Any

from tests.fakes import objects, vocabulary
from tfgen import annotations

Json = dict[str, Any]

_TEXTS = (
    *("", " ", "..", "/", '"', "${x}", "%{if}", "\n", "\x1b[2J", "\u202e", "\ud800", "é"),
    *("-1", "0", "1", "80", "65536", "true", "false", "None", "TCP", "a" * 300, "a,b", "x=y"),
)
_NUMBERS = (0, 1, -1, 80, 443, 30080, 65535, 65536, 2**31, 2**63, 10**40)
_PLAIN = (None, True, False, 0.5, -1e300)
_VALUES = {key: (good, good, good, good, bad) for key, good, _, bad, _ in vocabulary.INPUTS}
_PARTS = ("80", "80", "tcp-80", "tcp-80", "443", "udp-53", "p80", "http", "99999", "tcp-80.x")
_TYPES = (*["LoadBalancer"] * 15, "NodePort", "ClusterIP", "ExternalName")
_FIELDS: Mapping[str, tuple[Any, ...]] = {
    "loadBalancerClass": (*["tfgen.io/octavia"] * 5, "example.com/other", ""),
    "loadBalancerIP": ("192.0.2.9", "", "x", "2001:db8::1"),
    "loadBalancerSourceRanges": (["192.0.2.0/24"], ["0.0.0.0/0", "::/0"], [], ["x"], ""),
    "externalTrafficPolicy": ("Cluster", "Local", "local"),
    "healthCheckNodePort": (30900, 0, "30900"),
    "sessionAffinity": ("None", "ClientIP", "client"),
    "sessionAffinityConfig": ({"clientIP": {"timeoutSeconds": 60}}, {"clientIP": None}, {}),
    "ipFamilies": (["IPv4"], ["IPv6"], ["IPv4", "IPv6"], ["IPv6", "IPv4"], ["IPv5"], []),
    "ipFamilyPolicy": ("SingleStack", "PreferDualStack", "RequireDualStack", "x"),
    "allocateLoadBalancerNodePorts": (True, False, "false"),
    "selector": ({"app": "x"}, None),
    "externalIPs": (["192.0.2.7"],),
}
_PORT: Mapping[str, tuple[Any, ...]] = {
    "protocol": ("TCP", "TCP", "UDP", "SCTP", "ICMP", None),
    "port": (80, 443, 53, 8080, 1, 65535, 0, 65536, "80"),
    "nodePort": (30080, 30443, 32767, 0, None, 70000),
    "appProtocol": ("http", "https", "grpc", "kubernetes.io/h2c", "x/y"),
    "name": ("http", "p80", "p443", "", "Ä"),
    "targetPort": (8080, "web"),
}


def anything(random: Random, depth: int = 3) -> Any:  # noqa: ANN401  any JSON
    """Give any JSON."""
    kind = random.randrange(3 + 2 * (depth > 0))
    if kind == 0:
        return random.choice(_TEXTS)
    if kind == 1:
        return random.choice(_NUMBERS)
    if kind == 2:
        return random.choice(_PLAIN)
    inner = [anything(random, depth - 1) for _ in range(random.randrange(4))]
    return inner if kind == 3 else {_text(random): each for each in inner}


def _text(random: Random) -> str:
    """Give a text, from time to time one that nobody thought of."""
    if random.randrange(3):
        return random.choice(_TEXTS)
    return "".join(chr(random.randrange(0x250)) for _ in range(random.randrange(12)))


def notes(random: Random) -> Json:
    """Give a map of annotations: ours with values right and wrong, those of ports, and others'."""
    return dict(_note(random) for _ in range(random.choice((0, 0, 1, 1, 1, 2, 3, 8))))


def _note(random: Random) -> tuple[str, Any]:
    key = random.choice(tuple(annotations.TABLE))
    value = random.choice(_VALUES.get(key, _TEXTS))
    if not random.randrange(4):
        setting, row = random.choice(tuple(annotations.PER_PORT.items()))
        value = random.choice(_VALUES[row.key])
        key = f"{annotations.PORT}{random.choice(_PARTS)}.{setting}"
    if not random.randrange(12):
        return _text(random), value
    return key, value if random.randrange(12) else anything(random)


def service(random: Random) -> Json:
    """Give a Service that may be right, wrong somewhere, or no Service at all."""
    if not random.randrange(12):
        found = anything(random)
        return found if isinstance(found, dict) else {"metadata": found, "spec": found}
    name = random.choice(("web", "api", "0", "a" * 63))
    metadata = {"namespace": "shop", "name": name, "annotations": notes(random)}
    spec = {"type": random.choice(_TYPES), **_some(random, _FIELDS, most=2)}
    spec["ports"] = [port(random) for _ in range(random.choice((0, 1, 1, 1, 1, 2, 2, 3)))]
    return _mutated(random, {"metadata": metadata, "spec": spec, "kind": "Service"})


def port(random: Random) -> Json:
    """Give an entry of spec.ports, mostly one that can be."""
    number = random.choice((80, 443, random.randrange(1, 999)))
    right = {"protocol": "TCP", "port": number, "nodePort": 30080}
    return {**right, **_some(random, _PORT, most=1)}


def node(random: Random) -> Json:
    """Give a Node, and what else a listing may hold in its place."""
    if not random.randrange(8):
        found = anything(random)
        return found if isinstance(found, dict) else {"metadata": found, "status": found}
    whole = objects.node(random.randrange(1, 9))
    whole["metadata"]["annotations"] = notes(random)
    return _mutated(random, whole)


def _some(random: Random, table: Mapping[str, tuple[Any, ...]], most: int) -> Json:
    keys = random.sample(tuple(table), random.randrange(most + 1))
    return {key: random.choice(table[key]) for key in keys}


def _mutated(random: Random, whole: Json) -> Json:
    """Put anything in up to three random places."""
    for _ in range(random.choice((0, 0, 0, 1, 1, 2))):
        key = random.choice(tuple(whole))
        whole = {**whole, key: _broken(random, whole[key])}
    return whole


def _broken(random: Random, value: Any) -> Any:  # noqa: ANN401  any JSON
    """Go down to a random place, and put anything there."""
    if isinstance(value, dict) and value and random.randrange(6):
        key = random.choice(tuple(value))
        return {**value, key: _broken(random, value[key])}
    if isinstance(value, dict) and random.randrange(4):
        return {**value, _text(random): anything(random)}
    if isinstance(value, list) and value and random.randrange(3):
        index = random.randrange(len(value))
        return [*value[:index], _broken(random, value[index]), *value[index + 1 :]]
    return anything(random)
