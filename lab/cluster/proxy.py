"""Our kube-proxy, a process: what the cluster says of Nodes and Services, the data plane does.

    python -m lab.cluster.proxy

A Node's InternalIP becomes an address on which node servers listen; each node port of a Service is
opened on every node, and so is a Service's health check port (externalTrafficPolicy: Local). Which
nodes have endpoints of a Service is said by hand (lab.cluster.fleet), for there are no pods.
"""

import dataclasses
import http.client
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lab import errors
from lab.cluster import kube
from lab.machines.site import PORT_VARIABLE, Site
from lab.settings import Settings
from lab.traffic import orders

NODES = "/api/v1/nodes"
SERVICES = "/api/v1/services"
# The servers are told again now and then, whatever became of them meanwhile.
AGAIN_SECONDS = 5.0


@dataclasses.dataclass(slots=True)
class Collection:
    """The objects of one kind, followed by list and watch."""

    client: kube.Client
    path: str
    changed: Callable[[], None]
    objects: dict[str, dict[str, Any]] | None = None

    def follow(self) -> None:
        """Keep `objects` as they are in the cluster, for ever."""
        while True:
            try:
                self.follow_once()
            except (OSError, ValueError, http.client.HTTPException, errors.LabError) as error:
                sys.stderr.write(f"{self.path}: {error}\n")
                time.sleep(0.5)

    def follow_once(self) -> None:
        """List, then watch until the server ends it or says that our version is too old."""
        listed = self.client.get(self.path)
        self.objects = {name(item): item for item in listed["items"]}
        self.changed()
        for event in self.client.watch(self.path, listed["metadata"]["resourceVersion"]):
            if event["type"] == "ERROR":
                return
            self.take(event["type"], event["object"])
            self.changed()

    def take(self, kind: str, item: dict[str, Any]) -> None:
        """One event."""
        objects = dict(self.objects or {})
        if kind == "DELETED":
            objects.pop(name(item), None)
        else:
            objects[name(item)] = item
        self.objects = objects


def name(item: dict[str, Any]) -> str:
    """`namespace/name`, or the name of what has no namespace."""
    metadata = item["metadata"]
    return "/".join(filter(None, (metadata.get("namespace"), metadata["name"])))


def addresses(nodes: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Give each node's first internal IPv4 address, by name; a node without one is left out."""
    found: dict[str, str] = {}
    for node, item in sorted(nodes.items()):
        for address in item.get("status", {}).get("addresses", []):
            if address["type"] == "InternalIP" and ":" not in address["address"]:
                found.setdefault(node, address["address"])
    return found


def node_ports(services: dict[str, dict[str, Any]]) -> dict[str, list[str]]:
    """Give what to open on every node: flags by port. UDP and SCTP are not carried."""
    opened: dict[str, list[str]] = {}
    for key, item in sorted(services.items()):
        spec = item["spec"]
        local = ["local"] if spec.get("externalTrafficPolicy") == "Local" else []
        for port in spec.get("ports") or []:
            if port.get("nodePort") and port.get("protocol", "TCP") == "TCP":
                opened[str(port["nodePort"])] = [f"service={key}", *local]
        if spec.get("healthCheckNodePort"):
            opened[str(spec["healthCheckNodePort"])] = [f"service={key}", "health"]
    return opened


def end(failure: threading.ExceptHookArgs) -> None:
    """End the process with a thread's failure: one that is half dead would look well."""
    threading.__excepthook__(failure)
    os._exit(1)


def main() -> None:
    """Follow the cluster until killed, or until something fails that nobody foresaw."""
    threading.excepthook = end
    site = Site.here()
    settings = Settings(home=Path(site.home), port=int(os.environ[PORT_VARIABLE]))
    client = kube.Client.of(settings)
    news = threading.Event()
    nodes = Collection(client, NODES, news.set)
    services = Collection(client, SERVICES, news.set)
    for collection in (nodes, services):
        threading.Thread(target=collection.follow, daemon=True).start()
    while True:
        news.wait(AGAIN_SECONDS)
        news.clear()
        if nodes.objects is None or services.objects is None:
            continue
        try:
            wanted = (addresses(nodes.objects), node_ports(services.objects))
            orders.send(site, "sync", *wanted)
        except errors.LabError as error:
            sys.stderr.write(f"nodes: {error}\n")


if __name__ == "__main__":
    main()
