"""Node objects, made as a kubelet and a cloud's node controller would make them."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from lab import topology
from lab.cluster import kube

PATH = "/api/v1/nodes"
CONFLICT = 409
# Names of nodes give them their UUIDs, so that the same node has the same providerID in every run.
NAMESPACE = uuid.UUID("6c1f5a52-3f0e-4a6e-9a5c-4b1d5a1f3b7a")


def provider_id(name: str) -> str:
    """Give the server's id in OpenStack's form."""
    return f"openstack:///{uuid.uuid5(NAMESPACE, name)}"


def ready(*, is_ready: bool) -> dict[str, Any]:
    """Give the condition by which controllers judge a node."""
    now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "type": "Ready",
        "status": "True" if is_ready else "False",
        "reason": "LabSaysSo",
        "message": "set by the laboratory",
        "lastHeartbeatTime": now,
        "lastTransitionTime": now,
    }


def create(client: kube.Client, name: str, internal: Sequence[str], labels: dict[str, str]) -> None:
    """Make a Node, with its internal addresses and ready; one that is there gets both.

    All in one request, as a kubelet registers: who watches never sees a node without an address.
    """
    labels = {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux", **labels}
    node = {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": labels},
        "spec": {"providerID": provider_id(name)},
        "status": {"addresses": addresses(name, *internal), "conditions": [ready(is_ready=True)]},
    }
    try:
        client.request("POST", PATH, node)
    except kube.KubeError as error:
        if error.code != CONFLICT:
            raise
        set_addresses(client, name, *internal)
        set_ready(client, name, is_ready=True)


def addresses(name: str, *internal: str) -> list[dict[str, str]]:
    """Give a Node's addresses: internal ones, and its hostname."""
    found = [{"type": "InternalIP", "address": address} for address in internal]
    return [*found, {"type": "Hostname", "address": name}]


def set_addresses(client: kube.Client, name: str, *internal: str) -> None:
    """Give a Node these internal addresses and its hostname."""
    found = addresses(name, *internal)
    # A strategic merge would keep old addresses; this replaces the list.
    client.patch(f"{PATH}/{name}/status", {"status": {"addresses": found}})


def widen(client: kube.Client) -> None:
    """Give the nodes of the beginning that have their IPv4 address only that of IPv6 beside it."""
    for item in client.get(PATH)["items"]:
        name = item["metadata"]["name"]
        found = item.get("status", {}).get("addresses", [])
        internal = [each["address"] for each in found if each["type"] == "InternalIP"]
        if internal == [topology.NODES.get(name)]:
            set_addresses(client, name, *topology.families(internal[0]))


def set_ready(client: kube.Client, name: str, *, is_ready: bool) -> None:
    """Set a Node's Ready condition."""
    conditions = [ready(is_ready=is_ready)]
    client.patch(f"{PATH}/{name}/status", {"status": {"conditions": conditions}})
