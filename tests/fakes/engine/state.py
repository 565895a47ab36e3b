"""The fake engine's state: a real file of format 4, with a lock and a serial."""

import atexit
import json
import os
import re
import uuid
import zlib
from pathlib import Path
from typing import Any, NamedTuple

from tests.fakes.engine import configuration, saying

FILE, LOCK = Path("terraform.tfstate"), Path(".terraform.tfstate.lock.info")
LOAD_BALANCER = "openstack_lb_loadbalancer_v2"
FLOATING_IP = "openstack_networking_floatingip_v2"
REVISION = "terraform_data"


class Standing(NamedTuple):
    """One object of the state."""

    type: str
    values: dict[str, Any]
    tainted: bool = False


class State(NamedTuple):
    """A whole state."""

    lineage: str
    serial: int
    objects: dict[str, Standing]


def read() -> State:
    """Read the state; an empty one where there is none, or a file without a word."""
    if not (FILE.exists() and FILE.read_text().strip()):
        return State("", 0, {})
    document = json.loads(FILE.read_text())
    objects = {
        _address(resource, instance): Standing(
            resource["type"], instance["attributes"], "status" in instance
        )
        for resource in document["resources"]
        for instance in resource["instances"]
    }
    return State(document["lineage"], document["serial"], objects)


def write(state: State, *, anew: bool = False) -> None:
    """Write the state with the next serial, if it differs from the one that stands, or was lost."""
    if FILE.exists() and read().objects == state.objects and not anew:
        return
    new = state._replace(lineage=state.lineage or os.urandom(8).hex(), serial=state.serial + 1)
    document = {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": new.serial,
        "lineage": new.lineage,
        "outputs": _outputs(new.objects),
        "resources": [_resource(address, found) for address, found in sorted(new.objects.items())],
    }
    FILE.write_text(json.dumps(document))


def hold_lock() -> None:
    """Take the state's lock for as long as this process lives."""
    who = {"id": str(uuid.uuid4()), "who": f"root@{os.uname().nodename}"}
    try:
        with os.fdopen(os.open(LOCK, os.O_CREAT | os.O_EXCL | os.O_WRONLY), "w") as file:
            json.dump(who, file)
    except FileExistsError:
        saying.refuse_lock(**_holder())
    atexit.register(LOCK.unlink)


def _holder() -> dict[str, str]:
    try:
        return dict(json.loads(LOCK.read_text()))
    except (OSError, ValueError):
        return {"id": "unknown"}  # it is being written, or has gone


def let_go(identity: str) -> None:
    """Let go of a lock that another process took."""
    if not LOCK.exists() or _holder()["id"] != identity:
        raise saying.Failure("Failed to unlock state")
    LOCK.unlink()


def made(address: str, kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """Give an object as the cloud would have it: same address, same id."""
    number = zlib.crc32(address.encode())
    first, second = number >> 8 & 255, number & 255
    extra = {LOAD_BALANCER: {"vip_address": f"10.0.{first}.{second}"}}
    extra[FLOATING_IP] = {"address": f"172.24.{first}.{second}"}
    return {**values, "id": f"id-{number:08x}", **extra.get(kind, {})}


def _address(resource: dict[str, Any], instance: dict[str, Any]) -> str:
    module = f"{resource['module']}." if "module" in resource else ""
    index = f"[{instance['index_key']}]" if "index_key" in instance else ""
    return f"{module}{resource['type']}.{resource['name']}{index}"


def _resource(address: str, found: Standing) -> dict[str, Any]:
    match = re.fullmatch(r"(?:(module\.[^.]+)\.)?\w+\.([^.[]+)(?:\[(\d+)\])?", address)
    if match is None:
        raise ValueError(address)
    instance: dict[str, Any] = {"schema_version": 0, "attributes": found.values}
    if match[3]:
        instance["index_key"] = int(match[3])
    if found.tainted:
        instance["status"] = "tainted"
    resource = {"mode": "managed", "type": found.type, "name": match[2], "instances": [instance]}
    return {"module": match[1], **resource} if match[1] else resource


def _outputs(objects: dict[str, Standing]) -> dict[str, Any]:
    """Give the outputs whose values are known by now."""
    found = {}
    for block in configuration.blocks("output"):
        label = block.labels[0]
        noted = objects.get(f"{REVISION}.{label}")
        if "attached    = true" in block.body and noted:
            found[label] = {"value": _attached(block.body, noted), "type": "dynamic"}
        lb = objects.get(f"{LOAD_BALANCER}.{label}")
        fip = objects.get(f"{FLOATING_IP}.{label}")
        internal = FLOATING_IP not in block.body
        if lb is None or not (internal or fip) or (noted is None and REVISION in block.body):
            continue
        vip = lb.values["vip_address"]
        who = dict(re.findall(r'(namespace|name)\s+= "([^"]+)"', block.body))
        address = fip.values["address"] if fip else vip
        value = {**who, "id": lb.values["id"], "vip_address": vip, "address": address}
        value |= {"revision": noted.values["input"]} if noted else {}
        found[label] = {"value": value, "type": "dynamic"}
    return found


def _attached(body: str, noted: Standing) -> dict[str, Any]:
    """Give the output of a Service on a load balancer that exists: its file says it all."""
    said = re.findall(r'(namespace|name|id|vip_address|address)\s+= "([^"]+)"', body)
    return {**dict(said), "revision": noted.values["input"], "attached": True}
