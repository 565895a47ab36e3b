"""What we read of a state: its identity, outputs, and which of its objects are tainted.

Source: state file format version 4, as `state pull` prints it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from tfgen import model

_ADDRESS_KEYS = ("namespace", "name", "id", "vip_address", "address")
_SECOND = "lb6_"
"""Begins the outputs of the load balancers of a second IP family."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One managed object of a state."""

    address: str
    """`module.lb_a_b_tcp-80.openstack_lb_listener_v2.this`."""
    type: str
    id: str
    tainted: bool = False
    balancer: str = ""
    """Id of the load balancer that a listener hangs on; empty for what says none."""


@dataclass(frozen=True, slots=True)
class State:
    """One state. Without lineage there is none yet."""

    lineage: str = ""
    serial: int = 0
    instances: tuple[Instance, ...] = ()
    outputs: Mapping[str, object] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether nothing in the cloud is in it."""
        return not self.instances

    @property
    def tainted(self) -> tuple[Instance, ...]:
        """Objects that the engine would replace: their creation did not end well."""
        return tuple(instance for instance in self.instances if instance.tainted)

    def addresses(self, stack: str) -> tuple[model.Address, ...]:
        """Read the outputs that a Service's file declares; sorted by Service."""
        found = (
            _address(value, stack, is_second=name.startswith(_SECOND))
            for name, value in self.outputs.items()
            if isinstance(value, dict) and all(value.get(key) for key in _ADDRESS_KEYS)
        )
        return tuple(sorted(found, key=lambda address: (address.service, address.is_second)))


def loads(text: str) -> State:
    """Read what `state pull` printed; nothing is the state that does not exist yet.

    Raises ValueError where it is no state.
    """
    if not text.strip():
        return State()
    document = orjson.loads(text)
    try:
        return State(
            lineage=document["lineage"],
            serial=document["serial"],
            instances=tuple(_instances(document["resources"])),
            outputs={name: output["value"] for name, output in document["outputs"].items()},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a state: {error!r}") from error


def _instances(resources: list[Mapping[str, Any]]) -> Iterator[Instance]:
    for resource in resources:
        if resource["mode"] != "managed":
            continue
        prefix = f"{resource['module']}." if resource.get("module") else ""
        base = f"{prefix}{resource['type']}.{resource['name']}"
        for instance in resource["instances"]:
            attributes = instance.get("attributes", {})
            yield Instance(
                address=base + _index(instance.get("index_key")),
                type=resource["type"],
                id=str(attributes.get("id") or ""),
                tainted=instance.get("status") == "tainted",
                balancer=str(attributes.get("loadbalancer_id") or ""),
            )


def _index(key: object) -> str:
    if key is None:
        return ""
    return f"[{orjson.dumps(key).decode()}]"


def _address(value: Mapping[str, Any], stack: str, *, is_second: bool) -> model.Address:
    return model.Address(
        service=model.ServiceKey(value["namespace"], value["name"]),
        load_balancer_id=value["id"],
        vip_address=value["vip_address"],
        address=value["address"],
        stack=stack,
        revision=str(value.get("revision") or ""),
        attached=value.get("attached") is True,
        is_second=is_second,
    )
