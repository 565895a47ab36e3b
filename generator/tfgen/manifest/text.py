"""The manifest as the text of its file: same manifest, same bytes; nothing is taken unread."""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import lru_cache
from operator import attrgetter
from typing import Any

import orjson

from tfgen import errors, model
from tfgen.manifest.entry import Entry, Second, State
from tfgen.manifest.whole import Manifest

FILE = "tfgen-manifest.json"
SCHEMA = "tfgen.manifest"
SCHEMA_VERSION = 1
_NAME = re.compile(r"[a-z0-9]([-a-z0-9_]{0,126}[a-z0-9])?")
"""Names of stacks and of Services' parts become paths, so nothing else is taken from a file."""
_GROUP = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_PORT = re.compile(r"(tcp|udp|sctp)-[1-9][0-9]{0,4}")


def dumps(manifest: Manifest) -> str:
    """Write a manifest as text: same manifest, same bytes."""
    document = {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "cluster": manifest.cluster,
        "tree": manifest.tree,
        "stacks_by": manifest.stacks_by,
        "cluster_uid": manifest.cluster_uid,
        "stacks": sorted(manifest.stacks),
        "services": {
            str(key): _entry_document(entry) for key, entry in sorted(manifest.services.items())
        },
        "gone": {str(key): stack for key, stack in sorted(manifest.gone.items())},
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n"


def loads(text: str, path: str = FILE) -> Manifest:
    """Read a manifest. Raises Refused where it cannot be read, TreeError where it is too new."""
    try:
        document = orjson.loads(text)
        _check_schema(document, path)
        entries = (_entry(key, value) for key, value in document["services"].items())
        return Manifest(
            cluster=_text(document["cluster"]),
            tree=_text(document["tree"]),
            stacks_by=_text(document["stacks_by"]),
            cluster_uid=_text(document["cluster_uid"]),
            stacks=_list(_name)(document["stacks"]),
            services={entry.service: entry for entry in entries},
            gone={_key(key): _name(stack) for key, stack in document.get("gone", {}).items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise unreadable(path, f"{type(error).__name__}: {error}") from error


def unreadable(path: str, why: str) -> errors.Refused:
    """Give the refusal of a tree whose manifest cannot be read: that is never a first rendering."""
    return errors.Refused(
        f"{path} cannot be read: {why}",
        remedy="Restore it from Git: it is the memory of what was rendered, and without it "
        "nothing can be told from a removal.",
    )


def _check_schema(document: Mapping[str, Any], path: str) -> None:
    if document.get("schema") != SCHEMA:
        raise ValueError(f"schema is {document.get('schema')!r}, expected {SCHEMA!r}")
    if document["schema_version"] > SCHEMA_VERSION:
        raise errors.TreeError(
            f"{path} was written by a newer tfgen (schema_version {document['schema_version']}, "
            f"this one knows {SCHEMA_VERSION})",
            remedy="Upgrade tfgen.",
        )


def _entry_document(entry: Entry) -> dict[str, Any]:
    """Give an entry's fields in their order; `asdict` copies them, and takes ten times as long."""
    document: dict[str, Any] = dict(zip(_FIELDS, _VALUES(entry), strict=True))
    for name, usual in USUAL.items():
        if document[name] == usual:
            del document[name]
    document["frozen"] = _frozen_document(entry.frozen)
    document["file"] = entry.file
    if entry.second:
        document["second"] = _second_document(entry.second)
    return document


def _second_document(second: Second) -> dict[str, Any]:
    return {
        "family": second.family,
        "node_group": second.node_group,
        "frozen": _frozen_document(second.frozen),
    }


@lru_cache(maxsize=1024)
def _frozen_document(frozen: model.Frozen) -> dict[str, Any]:
    """Leave out what is asked for seldom and is not here, so that older trees stay as they are."""
    found = {name: getattr(frozen, name) for name in _FROZEN}
    return {name: value for name, value in found.items() if value or name in _FROZEN_ALWAYS}


_FROZEN = tuple(each.name for each in fields(model.Frozen))
_FROZEN_ALWAYS = frozenset(_FROZEN[: _FROZEN.index("member_subnet_id") + 1])
_FIELDS = tuple(each.name for each in fields(Entry) if each.name != "service")
_VALUES = attrgetter(*_FIELDS)
USUAL = {
    "health_check": False,
    "node_selector": "",
    "family": model.Family.IPV4,
    "hostname": "",
    "proxy": False,
    "keep_floating_ip": False,
    "group": "",
    "second": None,
}
"""Fields that are written only where they differ from this: trees without them stay as they are."""


def _entry(key: str, value: Mapping[str, Any]) -> Entry:
    service = _key(key)
    found = {name: _READERS[name](value[name]) for name in value if name != "file"}
    return Entry(service=service, **found)


def _key(text: str) -> model.ServiceKey:
    found = model.ServiceKey.parse(text)
    for part in (found.namespace, found.name):
        _name(part)
    return found


def _name(value: object) -> str:
    if isinstance(value, str) and _NAME.fullmatch(value):
        return value
    raise ValueError(f"{value!r} is no name of a stack or Service")


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise TypeError(f"{value!r} is no text")


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise TypeError(f"{value!r} is neither true nor false")


def _port(value: object) -> str:
    if isinstance(value, str) and _PORT.fullmatch(value):
        return value
    raise ValueError(f"{value!r} is no port, such as tcp-80")


def _group(value: object) -> str:
    if isinstance(value, str) and _GROUP.fullmatch(value):
        return value
    raise ValueError(f"{value!r} is no name of a group")


def _list(read: Callable[[object], str]) -> Callable[[object], tuple[str, ...]]:
    def reader(value: object) -> tuple[str, ...]:
        if isinstance(value, list):
            return tuple(map(read, value))
        raise TypeError(f"{value!r} is no list")

    return reader


def _frozen(value: Any) -> model.Frozen:  # noqa: ANN401  whatever the file holds
    """Read it, once for all Services that have the same: texts, and one list of them."""
    items = value.items()
    return _once(tuple((name, tuple(x) if type(x) is list else x) for name, x in items))


def _second(value: Any) -> Second:  # noqa: ANN401  whatever the file holds
    family, group = model.Family(value["family"]), _text(value["node_group"])
    return Second(family, group, _frozen(value["frozen"]))


@lru_cache(maxsize=1024)
def _once(items: tuple[tuple[str, Any], ...]) -> model.Frozen:
    found = dict(items)
    subnets = found.pop("floating_subnets", ())
    if not isinstance(subnets, tuple):
        raise TypeError(f"{subnets!r} is no list")
    subnets = tuple(map(_text, subnets))
    return model.Frozen(floating_subnets=subnets, **{k: _text(v) for k, v in found.items()})


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "stack": _name,
    "digest": _text,
    "ports": _list(_port),
    "node_group": _text,
    "health_check": _flag,
    "node_selector": _text,
    "family": model.Family,
    "internal": _flag,
    "protect": _flag,
    "frozen": _frozen,
    "address_may_change": _flag,
    "hostname": _text,
    "proxy": _flag,
    "keep_floating_ip": _flag,
    "revision": _text,
    "state": State,
    "problems": _list(_text),
    "group": _group,
    "second": _second,
}
