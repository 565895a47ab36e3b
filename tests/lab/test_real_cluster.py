"""The data plane follows the cluster."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from lab import Lab, LabError, topology
from tests.lab.balancers import MONITOR, balancer, members, part

REFUSED = 7  # of curl's
pytestmark = [pytest.mark.lab, pytest.mark.disruptive]
SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "lab-follows", "namespace": "default"},
    "spec": {
        "type": "LoadBalancer",
        # Nobody's: whatever controller runs here leaves it alone.
        "loadBalancerClass": "example.org/none",
        "externalTrafficPolicy": "Local",
        "selector": {"app": "none"},
        "ports": [{"name": "http", "port": 80}],
    },
}


@pytest.fixture
def spec(lab: Lab) -> Iterator[dict[str, Any]]:
    """A Service in the cluster, as the API server completed it."""
    lab.kubectl("apply", "-f", "-", stdin=json.dumps(SERVICE))
    found: dict[str, Any] = json.loads(lab.kubectl("get", "service", "lab-follows", "-o", "json"))[
        "spec"
    ]
    yield found
    lab.kubectl("delete", "service", "lab-follows", "--ignore-not-found")


def test_nodes_of_the_beginning(lab: Lab) -> None:
    """Three nodes are ready, without taints, with their addresses and a providerID."""
    items = json.loads(lab.kubectl("get", "nodes", "-o", "json"))["items"]
    nodes = {item["metadata"]["name"]: item for item in items}
    for name, address in topology.NODES.items():
        spec, status = nodes[name]["spec"], nodes[name]["status"]
        assert spec["providerID"].startswith("openstack:///")
        assert "taints" not in spec
        assert {"type": "InternalIP", "address": address} in status["addresses"]
        assert [c["status"] for c in status["conditions"] if c["type"] == "Ready"] == ["True"]


def test_node_ports_follow_services(lab: Lab, spec: dict[str, Any]) -> None:
    """`kubectl apply` opens the node port everywhere; `kubectl delete` closes it."""
    node_port = spec["ports"][0]["nodePort"]
    lab.nodes.wait_port(node_port)
    lab.nodes.wait_port(spec["healthCheckNodePort"])
    for name, address in topology.NODES.items():
        url = f"http://{address}:{node_port}/"
        answer = json.loads(lab.run_in("cloud", "curl", "-sH", "Accept: application/json", url))
        assert (answer["node"], answer["service"]) == (name, "default/lab-follows")
    lab.kubectl("delete", "service", "lab-follows")
    lab.until(lambda: str(node_port) not in lab.nodes.show()["ports"], what="closed again")


def test_traffic_stays_local(lab: Lab, spec: dict[str, Any]) -> None:
    """With externalTrafficPolicy Local, nodes without endpoints fail the check and get nothing.

    The load balancer asks each node's health check port (monitor_port), as with a real kube-proxy.
    """
    node_port, check = spec["ports"][0]["nodePort"], spec["healthCheckNodePort"]
    lab.nodes.wait_port(check)
    pool = {
        "protocol": "HTTP",
        "members": [{**member, "monitor_port": check} for member in members(node_port)],
        "healthmonitor": {"type": "HTTP", "url_path": "/healthz", **MONITOR},
    }
    with balancer(lab, "lab-local", [part("web", "HTTP", 80, pool)]) as made:

        def online() -> set[str]:
            return {a for a, status in made.statuses("web").items() if status == "ONLINE"}

        for held in (["node-2"], ["node-1", "node-3"], None):
            lab.nodes.endpoints("default/lab-follows", held)
            wanted = {topology.NODES[name] for name in held or topology.NODES}
            lab.until(lambda: online() == wanted, what=f"ONLINE: {held}")  # noqa: B023 - called here
            assert set(made.nodes(6)) == {*(held or topology.NODES)}
        lab.nodes.endpoints("default/lab-follows", ["node-2"])
        facts = {name: checked(lab, address, check) for name, address in topology.NODES.items()}
        assert facts == {"node-1": (503, 0), "node-2": (200, 1), "node-3": (503, 0)}
        for name, address in topology.NODES.items():
            found = lab.run_in(
                "cloud", "sh", "-c", f"curl -s -o /dev/null http://{address}:{node_port}/; echo $?"
            )
            assert int(found) == (0 if name == "node-2" else REFUSED)


def checked(lab: Lab, address: str, port: int) -> tuple[int, int]:
    """The status of a node's health check port, and how many endpoints it tells of."""
    url = f"http://{address}:{port}/healthz"
    text, _, status = lab.run_in("cloud", "curl", "-sw", "\n%{http_code}", url).rpartition("\n")
    return int(status), json.loads(text)["localEndpoints"]


def test_a_service_that_is_not_there(lab: Lab) -> None:
    """Endpoints of a misspelled Service are an error, not forgotten."""
    with pytest.raises(LabError, match="no Service default/nobody with a node port"):
        lab.nodes.endpoints("default/nobody", [])


def test_a_node_joins_and_leaves(lab: Lab, spec: dict[str, Any]) -> None:
    """A new node gets traffic as soon as it is a member; its address is nobody else's."""
    node_port = spec["ports"][0]["nodePort"]
    lab.nodes.add("lab-joins", "10.0.0.77", {"pool": "new"})
    try:
        member = {"address": "10.0.0.77", "protocol_port": node_port}
        listener = part("web", "HTTP", 80, {"protocol": "HTTP", "members": [member]})
        with balancer(lab, "lab-joins", [listener]) as made:
            made.answers(80)
            assert set(made.nodes(3)) == {"lab-joins"}
            lab.nodes.set_addresses("lab-joins", "10.0.0.78")
            assert made.code(80) != 200
        lab.nodes.cordon("lab-joins")
        assert "SchedulingDisabled" in lab.kubectl("get", "node", "lab-joins")
        lab.nodes.uncordon("lab-joins")
        lab.nodes.label("lab-joins", {"pool": None, "zone": "a"})
        labels = lab.kubectl("get", "node", "lab-joins", "--show-labels")
        assert "zone=a" in labels
        assert "pool=new" not in labels
        assert lab.openstack().network.find_port("lab-joins") is not None
    finally:
        lab.nodes.remove("lab-joins")
    assert "lab-joins" not in lab.nodes.names()
    assert lab.openstack().network.find_port("lab-joins") is None


def test_a_node_that_is_not_there(lab: Lab) -> None:
    """A misspelled name is an error, not a node more."""
    with pytest.raises(LabError, match="no node node-9"):
        lab.nodes.state("node-9", "sick")
