"""Plans by hand: the JSON of `terraform show -json`, cut down to what is read of it."""

from collections.abc import Mapping
from typing import Any

from tfgen import config, manifest, model

CLUSTER, TREE = "demo", "3f9c1a00"
TAGS = ["tfgen", f"tfgen_cluster={CLUSTER}", f"tfgen_tree={TREE}"]
SETTINGS = config.Settings(cluster=CLUSTER, tree=TREE)

BALANCER = "openstack_lb_loadbalancer_v2"
FLOATING_IP = "openstack_networking_floatingip_v2"
Json = dict[str, Any]


def key(text: str) -> model.ServiceKey:
    """Read `ns/name`."""
    return model.ServiceKey.parse(text)


def entry(service: str, **values: Any) -> manifest.Entry:  # noqa: ANN401  fields of Entry
    """Give the manifest's entry of a Service with port tcp-80."""
    whole: dict[str, Any] = {
        "service": key(service),
        "stack": key(service).namespace,
        "digest": "",
        "ports": ("tcp-80",),
        "node_group": "default",
        "internal": False,
        "protect": False,
        "frozen": model.Frozen(),
    }
    return manifest.Entry(**{**whole, **values})


def tree(*entries: manifest.Entry) -> manifest.Manifest:
    """Give a manifest of some Services."""
    services = {one.service: one for one in entries}
    stacks = tuple(sorted({one.stack for one in entries}))
    return manifest.Manifest(CLUSTER, TREE, "namespace", stacks=stacks, services=services)


def change(address: str, *actions: str, **change: Any) -> Json:  # noqa: ANN401  plan JSON
    """Give an entry of `resource_changes`; before and after are empty unless said."""
    parts = address.removeprefix("module.").split(".")
    return {
        "address": address,
        "mode": "managed",
        "type": parts[-2],
        "name": parts[-1],
        "change": {"actions": list(actions), "before": {}, "after": {}, **change},
    }


def balancer(service: str, *actions: str, **values: Any) -> Json:  # noqa: ANN401  plan JSON
    """Give a load balancer's entry; `before` and `after` hold ours by default."""
    own = {"id": f"lb-{service}", "vip_address": "10.0.0.5", "vip_port_id": "p", "tags": TAGS}
    return change(f"{BALANCER}.{key(service).address}", *actions, **_sides(own, actions, values))


def floating_ip(service: str, *actions: str, **values: Any) -> Json:  # noqa: ANN401  plan JSON
    """Give a floating IP's entry."""
    own = {"id": f"fip-{service}", "address": "172.24.0.9", "port_id": "p", "tags": TAGS}
    return change(f"{FLOATING_IP}.{key(service).address}", *actions, **_sides(own, actions, values))


def child(service: str, kind: str, *actions: str, port: str = "tcp-80", **values: Any) -> Json:  # noqa: ANN401  plan JSON
    """Give the entry of a port's listener, pool, members or monitor."""
    own = {"id": f"{kind}-{port}", "tags": TAGS} if kind in {"listener", "pool"} else {}
    address = f"module.{key(service).address}_{port}.openstack_lb_{kind}_v2.this"
    return change(address, *actions, **_sides(own, actions, values))


def members(
    service: str,
    before: Mapping[str, str] | None,
    after: Mapping[str, str] | None,
    **values: Any,  # noqa: ANN401  plan JSON
) -> Json:
    """Give the members' entry: nodes by name before and after, None where there is no pool."""
    sides = {"before": _set(before), "after": _set(after)}
    actions = ["delete"] * (before is not None) + ["create"] * (after is not None)
    plain = ["update"] if before is not None and after is not None else actions
    return child(service, "members", *values.pop("actions", plain), **{**sides, **values})


def plan(*changes: Json, drift: tuple[Json, ...] = (), **document: Any) -> Json:  # noqa: ANN401  plan JSON
    """Give a plan of some changes; its state holds what the changes have before them."""
    return {
        "format_version": "1.2",
        "errored": False,
        "configuration": {},
        "resource_changes": list(changes),
        "resource_drift": list(drift),
        "prior_state": {"values": {"root_module": {"resources": [*_prior(changes)]}}},
        **document,
    }


def _sides(own: Json, actions: tuple[str, ...], values: Mapping[str, Any]) -> Json:
    sides: Json = {"before": own, "after": own}
    if actions == ("create",):
        sides["before"] = None
    if actions == ("delete",):
        sides["after"] = None
    return {**sides, **values}


def _set(nodes: Mapping[str, str] | None, port: int = 30001) -> Json | None:
    if nodes is None:
        return None
    return {
        "member": [
            {"name": name, "address": address, "protocol_port": port}
            for name, address in nodes.items()
        ]
    }


def _prior(changes: tuple[Json, ...]) -> list[Json]:
    held = (one for one in changes if one["change"].get("before"))
    return [{"type": one["type"], "values": one["change"]["before"]} for one in held]
