"""Reads the files that tfgen renders, well enough to compare them with a state."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.fakes.engine import saying

FACTS = Path("facts.auto.tfvars.json")
LISTENER, POOL = "openstack_lb_listener_v2", "openstack_lb_pool_v2"
MEMBERS, MONITOR = "openstack_lb_members_v2", "openstack_lb_monitor_v2"
_ARGUMENT = re.compile(r"^  (\w+)\s+= (.+?)(?=\n  \w|\n\n|\n?\Z)", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """One top-level block."""

    labels: tuple[str, ...]
    body: str
    file: str

    def arguments(self) -> dict[str, Any]:
        """Give its arguments: as JSON where they are, else the expression's text."""
        return {found[1]: _value(found[2]) for found in _ARGUMENT.finditer(self.body)}


class Wanted(NamedTuple):
    """One object that the configuration asks for."""

    type: str
    values: dict[str, Any]
    file: str
    prevent_destroy: bool = False


def blocks(kind: str) -> Iterator[Block]:
    """Give all blocks of a kind."""
    pattern = re.compile(rf'^{kind} ((?:"[^"]+" ?)+){{\n(.*?)^}}', re.MULTILINE | re.DOTALL)
    for path in sorted(Path.cwd().glob("*.tf")):
        for found in pattern.finditer(path.read_text()):
            yield Block(tuple(re.findall(r'"([^"]+)"', found[1])), found[2], path.name)


def facts() -> dict[str, Any]:
    """Give the variables."""
    if not FACTS.exists():
        raise saying.Failure("No value for required variable", file="variables.tf")
    return dict(json.loads(FACTS.read_text()))


def wanted() -> dict[str, Wanted]:
    """Give every object that the configuration asks for, by address."""
    objects = {}
    for block in blocks("resource"):
        protected = "prevent_destroy = true" in block.body
        objects[".".join(block.labels)] = Wanted(
            block.labels[0], block.arguments(), block.file, protected
        )
    for block in blocks("module"):
        for name, values in _port(block.arguments()):
            address = f"module.{block.labels[0]}.{name}"
            objects[address] = Wanted(name.partition(".")[0], values, block.file)
    for one in objects.values():
        if isinstance(one.values.get("tags"), str):
            one.values["tags"] = objects[one.values["tags"].removesuffix(".tags")].values["tags"]
    return objects


def imports() -> dict[str, str]:
    """Give the ids that import blocks name, by address."""
    pattern = re.compile(r'^import {\n  to = (.+)\n  id = "(.+)"\n}', re.MULTILINE)
    return {
        found[1]: found[2]
        for path in Path.cwd().glob("*.tf")
        for found in pattern.finditer(path.read_text())
    }


def _port(call: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the objects of one port, as the module makes them."""
    listener = ("name", "protocol", "port", "allowed_cidrs", "connection_limit", "tags")
    yield f"{LISTENER}.this", {name: call.get(name) for name in listener}
    yield f"{POOL}.this", {name: call.get(name) for name in ("name", "pool", "tags")}
    yield f"{MEMBERS}.this", {"member": _members(call)}
    if call.get("monitor") is not None:
        yield f"{MONITOR}.this[0]", {"name": call.get("name"), "monitor": call["monitor"]}


def _members(call: dict[str, Any]) -> list[dict[str, Any]]:
    known = facts()
    group = known["node_groups"][re.findall(r'\["([^"]+)"\]', call["nodes"])[0]]
    service, key = re.findall(r'\["([^"]+)"\]', call["node_port"])
    port = known["node_ports"].get(service, {}).get(key)
    return [
        {"name": name, "address": node["address"], "protocol_port": port}
        for name, node in sorted((group or {}).items())
        if port
    ]


def _value(text: str) -> object:
    try:
        return json.loads(re.sub(r",(\s*[\]}])", r"\1", text.strip()))
    except ValueError:
        return text.strip()
