"""tfgen-manifest.json: the memory of what was rendered, and all that must be known afterwards.

It holds intent only (a node that joins changes nothing here). Facts stand in the stacks.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter
from typing import Any

import orjson

from tfgen import errors, model

FILE = "tfgen-manifest.json"
SCHEMA = "tfgen.manifest"
SCHEMA_VERSION = 1
_NAME = re.compile(r"[a-z0-9]([-a-z0-9_]{0,126}[a-z0-9])?")
"""Names of stacks and of Services' parts become paths, so nothing else is taken from a file."""
_GROUP = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_PORT = re.compile(r"(tcp|udp|sctp)-[1-9][0-9]{0,4}")


class State(StrEnum):
    """How a Service stands in the tree."""

    RENDERED = "rendered"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Entry:
    """One Service of the tree."""

    service: model.ServiceKey
    stack: str
    digest: str
    """sha256 of its file's body: what was written; another body on disk is a hand edit."""
    ports: tuple[str, ...]
    """Port keys, `tcp-80`, sorted."""
    node_group: str
    internal: bool
    protect: bool
    frozen: model.Frozen
    address_may_change: bool = False
    hostname: str = ""
    """What its status carries in place of the address."""
    proxy: bool = False
    """Whether its members expect the PROXY protocol, so that clients must come through it."""
    keep_floating_ip: bool = False
    """Whether its floating IP stays in the project when the Service goes."""
    revision: str = ""
    """What its file notes in the state once it is applied; empty where an older tfgen made it."""
    state: State = State.RENDERED
    problems: tuple[str, ...] = ()
    """Why it is held, in words."""
    health_check: bool = False
    """Whether a monitor asks its health check node port."""
    node_selector: str = ""
    """What its node group is made by; empty for the settings' own."""
    family: model.Family = model.Family.IPV4
    """Of the addresses in its node group."""
    group: str = ""
    """Name of the group whose load balancer it shares; empty: it has its own."""

    @property
    def node_port_keys(self) -> tuple[str, ...]:
        """By which the facts know its node ports."""
        return (*self.ports, model.HEALTH_CHECK) if self.health_check else self.ports

    @property
    def nodes(self) -> model.NodeChoice:
        """Which nodes stand behind it."""
        return model.NodeChoice(self.node_group, self.node_selector, self.family)

    @property
    def leaves_floating_ip(self) -> bool:
        """Whether a floating IP of ours outlives it."""
        own = not self.internal and not self.frozen.floating_address
        return self.keep_floating_ip and own

    @property
    def file(self) -> str:
        """Path of its intent file, relative to the tree."""
        return f"stacks/{self.stack}/{self.service.address}.tf"

    @property
    def shares(self) -> model.GroupKey | None:
        """The group that it is in."""
        return model.GroupKey(self.service.namespace, self.group) if self.group else None

    @property
    def balancer_file(self) -> str:
        """Path of the file that its load balancer stands in: its own, or that of its group."""
        shared = self.shares
        return f"stacks/{self.stack}/{shared.address}.tf" if shared else self.file


@dataclass(frozen=True, slots=True)
class Manifest:
    """The tree, as its last rendering left it. `cluster_uid` is empty until a live rendering."""

    cluster: str
    tree: str
    stacks_by: str
    cluster_uid: str = ""
    stacks: tuple[str, ...] = ()
    """All stacks of the tree, sorted; one without Services is a tombstone."""
    services: Mapping[model.ServiceKey, Entry] = field(default_factory=dict)
    gone: Mapping[model.ServiceKey, str] = field(default_factory=dict)
    """Services that went, with their stacks: until that is applied, they can only return there."""

    @property
    def changing(self) -> dict[model.ServiceKey, str]:
        """Services whose address may change, with the revision of the file that lets it."""
        found = self.services.items()
        return {key: each.revision or each.digest for key, each in found if each.address_may_change}

    @property
    def node_choices(self) -> frozenset[model.NodeChoice]:
        """The node groups that files of the tree name."""
        return frozenset(entry.nodes for entry in self.services.values())

    @property
    def bound(self) -> frozenset[str]:
        """Floating IPs that exist without us, and are bound to Services."""
        return frozenset(each.frozen.floating_address for each in self.services.values()) - {""}

    @property
    def seats(self) -> dict[model.ServiceKey, model.Seat]:
        """On whose load balancer each Service is, and what it has there."""
        return {
            key: model.Seat(each.ports, each.internal, each.shares)
            for key, each in self.services.items()
        }

    @property
    def groups(self) -> dict[model.GroupKey, tuple[Entry, ...]]:
        """The Services that share a load balancer, by group."""
        return groups(self.services)

    @property
    def sharing(self) -> dict[model.GroupKey, tuple[model.ServiceKey, ...]]:
        """Give the names of the Services that share a load balancer, by group."""
        found = self.groups.items()
        return {group: tuple(each.service for each in entries) for group, entries in found}

    @property
    def tombstones(self) -> tuple[str, ...]:
        """Stacks whose last Service went; they stay until their state is empty."""
        living = {entry.stack for entry in self.services.values()}
        return tuple(stack for stack in self.stacks if stack not in living)

    def of_stack(self, stack: str) -> tuple[Entry, ...]:
        """Give the Services of one stack, sorted."""
        mine = (entry for entry in self.services.values() if entry.stack == stack)
        return tuple(sorted(mine, key=lambda entry: entry.service))


def groups(services: Mapping[model.ServiceKey, Entry]) -> dict[model.GroupKey, tuple[Entry, ...]]:
    """Give the Services that share a load balancer, sorted, by group."""
    found: dict[model.GroupKey, list[Entry]] = {}
    for entry in services.values():
        if entry.group:
            key = model.GroupKey(entry.service.namespace, entry.group)
            found.setdefault(key, []).append(entry)
    return {key: tuple(sorted(found[key], key=lambda each: each.service)) for key in sorted(found)}


def joined(before: Manifest | None, after: Manifest) -> Manifest:
    """Give the manifest that is true while a tree is being changed: it lists what goes, too."""
    if before is None:
        return after
    stacks = tuple(sorted({*before.stacks, *after.stacks}))
    return replace(after, stacks=stacks, services={**before.services, **after.services})


def applied(known: Manifest, stack: str, left: Collection[model.ServiceKey] | None) -> Manifest:
    """Forget which Services went from a stack, but for those that its state still has.

    None: it has nothing at all any more, and the stack goes.
    """
    gone = {
        key: home for key, home in known.gone.items() if home != stack or (left and key in left)
    }
    stacks = known.stacks if left is not None else tuple(set(known.stacks) - {stack})
    return replace(known, stacks=tuple(sorted(stacks)), gone=gone)


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
    return document


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
}
