"""tfgen-resolved.json: what only a cloud or a Secret can tell, so that rendering needs neither.

`tfgen resolve` and `tfgen secrets sync` write it, people review it: a certificate that was renewed
is a change of one line. Of a load balancer that exists stands here what does not change.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson

from tfgen import errors

FILE = "tfgen-resolved.json"
SCHEMA = "tfgen.resolved"
SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Certificate:
    """What became of a kubernetes.io/tls Secret."""

    digest: str
    """Of certificate and key: a renewed one has another."""
    container_ref: str
    """URL of the Barbican secret that holds them, as a listener names it."""
    names: tuple[str, ...] = ()
    """DNS names of the certificate, for the reviewer."""
    until: str = ""
    """Its last day, YYYY-MM-DD."""


@dataclass(frozen=True, slots=True)
class Balancer:
    """A load balancer that exists, and that Services attach to."""

    vip_address: str
    provider: str
    owner: str = ""
    """Whose it is where tfgen made it, in words: `Service shop/web`."""
    taken: Mapping[str, str] = field(default_factory=dict)
    """Names of the listeners that are not ours, by port key, on ports that Services want."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """All that was resolved for one tree."""

    floating_subnets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Ids of subnets, sorted, by what asked for them."""
    certificates: Mapping[str, Certificate] = field(default_factory=dict)
    """By Secret, `namespace/name`."""
    load_balancers: Mapping[str, Balancer | None] = field(default_factory=dict)
    """By id; None: the project has none of that id."""


def dumps(resolved: Resolved) -> str:
    """Write it as text: same content, same bytes, a certificate a line."""
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "floating_subnets": {key: list(ids) for key, ids in resolved.floating_subnets.items()},
        "certificates": {key: asdict(each) for key, each in resolved.certificates.items()},
    }
    if resolved.load_balancers:
        found = resolved.load_balancers.items()
        document["load_balancers"] = {key: each and _said(each) for key, each in found}
    option = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS
    return orjson.dumps(document, option=option).decode() + "\n"


def loads(text: str | None, path: str = FILE) -> Resolved:
    """Read it; nothing is resolved where there is no such file. Raises TreeError."""
    if text is None:
        return Resolved()
    try:
        document = orjson.loads(text)
        _check(document)
        return Resolved(
            {
                _text(key): tuple(map(_text, ids))
                for key, ids in document["floating_subnets"].items()
            },
            {_text(key): _certificate(each) for key, each in document["certificates"].items()},
            {_text(key): _balancer(e) for key, e in document.get("load_balancers", {}).items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise errors.TreeError(
            f"{path} cannot be read: {type(error).__name__}: {error}",
            remedy="Restore it from Git; or delete it, and let `tfgen resolve` and "
            "`tfgen secrets sync` write it anew.",
        ) from error


def _check(document: Mapping[str, Any]) -> None:
    if document["schema"] != SCHEMA or document["schema_version"] > SCHEMA_VERSION:
        found = f"{document['schema']} {document['schema_version']}"
        raise ValueError(f"it is {found}, expected {SCHEMA} {SCHEMA_VERSION}")


def _certificate(value: Mapping[str, Any]) -> Certificate:
    names = tuple(map(_text, value["names"]))
    return Certificate(
        _text(value["digest"]), _text(value["container_ref"]), names, _text(value["until"])
    )


def _said(balancer: Balancer) -> dict[str, Any]:
    """Leave out what is not there: most load balancers are nobody's, and free."""
    return {name: value for name, value in asdict(balancer).items() if value}


def _balancer(value: Mapping[str, Any] | None) -> Balancer | None:
    if value is None:
        return None
    taken = {_text(key): _text(name) for key, name in value.get("taken", {}).items()}
    owner = _text(value.get("owner", ""))
    return Balancer(_text(value["vip_address"]), _text(value["provider"]), owner, taken)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise TypeError(f"{value!r} is no text")
