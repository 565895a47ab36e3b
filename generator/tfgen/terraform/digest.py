"""What a saved plan stands for, as two digests: pure functions over values.

The *plan digest* binds a saved plan to everything that it was made from. The *effect digest* is
what people approve: what happens to whom, without facts (nodes come and go unreviewed).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import orjson

MEMBERS = "openstack_lb_members_v2"
_UNKNOWN = "(known after apply)"
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Bindings:
    """Everything that a saved plan holds for; the contents are sha256 digests."""

    intent: str
    facts: str
    modules: str
    lock: str
    engine: str
    lineage: str
    serial: int
    project_id: str
    auth_url: str
    region: str
    plan_file: str


_WORDS = {
    "intent": "the stack's files",
    "facts": "the facts (nodes, node ports)",
    "modules": "the modules",
    "lock": "the provider lock",
    "engine": "the engine",
    "lineage": "the state (another one)",
    "serial": "the state (it has moved on)",
    "project_id": "the OpenStack project",
    "auth_url": "the address of Keystone",
    "region": "the region",
    "plan_file": "the plan file itself",
}
STALE = frozenset({"facts", "serial"})
"""What may move on by itself between plan and apply: a plan made anew then speaks for it."""


def plan_digest(bindings: Bindings) -> str:
    """Digest what a saved plan was made from."""
    return _digest(asdict(bindings))


def differing(then: Bindings, now: Bindings) -> frozenset[str]:
    """Give the names of the bindings that differ."""
    before, after = asdict(then), asdict(now)
    return frozenset(name for name in before if before[name] != after[name])


def words(names: frozenset[str]) -> str:
    """Say which bindings differ, in the order of their fields."""
    return ", ".join(text for name, text in _WORDS.items() if name in names)


def effect_digest(document: Mapping[str, Any], *, members: bool = False) -> str:
    """Digest what a plan's JSON does: addresses, actions, attributes before and after.

    Members that come and go are facts, and no part of it unless that is asked for.
    """
    changes = document.get("resource_changes") or ()
    effects = (_effect(one, members=members) for one in changes if _is_effect(one, members=members))
    return _digest(sorted(effects, key=lambda effect: str(effect["address"])))


def short(digest: str) -> str:
    """Give as much of a digest as people compare."""
    return digest[:_SHOWN]


def _is_effect(entry: Mapping[str, Any], *, members: bool) -> bool:
    """Whether it happens, and is more than members of a pool that stands."""
    change = entry["change"]
    actions = change["actions"]
    happens = actions not in (["no-op"], ["read"]) or change.get("importing") is not None
    return happens and (members or not (entry["type"] == MEMBERS and actions == ["update"]))


def _effect(entry: Mapping[str, Any], *, members: bool) -> dict[str, Any]:
    change = entry["change"]
    return {
        "address": entry["address"],
        "from": entry.get("previous_address"),
        "actions": change["actions"],
        "import": (change.get("importing") or {}).get("id"),
        "attributes": _attributes(entry["type"] == MEMBERS and not members, change),
    }


def _attributes(facts: bool, change: Mapping[str, Any]) -> dict[str, Any]:  # noqa: FBT001  private, of one caller
    """Give each attribute that differs, before and after; of facts no members."""
    before, after = change.get("before") or {}, change.get("after") or {}
    unknown = change.get("after_unknown") or {}
    later = {name for name in unknown if unknown[name]}
    found = {}
    for name in (before.keys() | after.keys() | later) - ({"member"} if facts else set()):
        then, now = before.get(name), _UNKNOWN if name in later else after.get(name)
        if then != now:
            found[name] = [then, now]
    return found


def _digest(value: object) -> str:
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()
