import http.client
import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lab.cluster import kube, nodes, proxy
from lab.settings import CHECKOUT


def service(name: str, *ports: dict[str, Any], **spec: object) -> dict[str, Any]:
    """A Service as the API server gives it."""
    return {"metadata": {"namespace": "shop", "name": name}, "spec": {"ports": ports, **spec}}


def test_node_ports_of_services() -> None:
    """Every TCP node port is opened; a port without one, and UDP, are not."""
    services = {
        "shop/web": service("web", {"nodePort": 30080, "protocol": "TCP"}, {"nodePort": 30443}),
        "shop/inner": service("inner", {"port": 80}),
        "shop/dns": service("dns", {"nodePort": 30053, "protocol": "UDP"}),
    }
    expected = {"30080": ["service=shop/web"], "30443": ["service=shop/web"]}
    assert proxy.node_ports(services) == expected


def test_traffic_that_is_to_stay_local() -> None:
    """The node ports of a Service with externalTrafficPolicy Local are open at its pods only."""
    found = proxy.node_ports(
        {"shop/web": service("web", {"nodePort": 30080}, externalTrafficPolicy="Local")}
    )
    assert found == {"30080": ["service=shop/web", "local"]}


def test_the_health_check_port() -> None:
    """A Service with externalTrafficPolicy Local has a port more, with an answer of its own."""
    found = proxy.node_ports({"shop/web": service("web", healthCheckNodePort=31999)})
    assert found == {"31999": ["service=shop/web", "health"]}


def test_a_headless_service_without_ports() -> None:
    """`ports: null` is no error."""
    item = {"metadata": {"namespace": "shop", "name": "db"}, "spec": {"ports": None}}
    assert proxy.node_ports({"shop/db": item}) == {}


def test_addresses_of_nodes() -> None:
    """The first internal IPv4 address is the machine's; hostnames and IPv6 are not."""
    item = {
        "status": {
            "addresses": [
                {"type": "Hostname", "address": "node-1"},
                {"type": "InternalIP", "address": "fd00::1"},
                {"type": "InternalIP", "address": "10.0.0.11"},
                {"type": "InternalIP", "address": "10.0.0.99"},
            ]
        }
    }
    assert proxy.addresses({"node-1": item, "node-2": {}}) == {"node-1": "10.0.0.11"}


def test_events_are_followed() -> None:
    """Objects come, change and go as the watch says."""
    followed = proxy.Collection(client=None, path="", changed=lambda: None)  # type: ignore[arg-type]  # asks nobody
    web = service("web")
    followed.take("ADDED", web)
    followed.take("MODIFIED", web | {"spec": {}})
    assert followed.objects == {"shop/web": web | {"spec": {}}}
    followed.take("DELETED", web)
    assert followed.objects == {}


def test_a_nodes_server_has_the_same_id_every_time() -> None:
    """ProviderID is stable, so that a node added again is the same server."""
    assert nodes.provider_id("node-1") == nodes.provider_id("node-1")
    assert nodes.provider_id("node-1") != nodes.provider_id("node-2")
    assert nodes.provider_id("node-1").startswith("openstack:///")


class Refusing(http.server.BaseHTTPRequestHandler):
    """An API server that has forgotten the version from which a watch is to begin."""

    def do_GET(self) -> None:
        """Refuse."""
        body = b'{"kind": "Status", "message": "too old resource version", "code": 410}'
        self.send_response(410)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> Iterator[kube.Client]:
    """A client of one that refuses."""
    with http.server.HTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = "127.0.0.1", server.server_port

        def connect(*_: object) -> http.client.HTTPConnection:
            return http.client.HTTPConnection(*address, timeout=10)

        monkeypatch.setattr(kube.Client, "connect", connect)
        yield kube.Client(0, Path())
        server.shutdown()


def test_a_watch_that_is_refused(refusing: kube.Client) -> None:
    """It is an error with the server's words, not an event, so that it is listed anew."""
    with pytest.raises(kube.KubeError, match="410: too old resource version"):
        list(refusing.watch("/api/v1/nodes", "1"))
    with pytest.raises(kube.KubeError, match="410: too old"):
        refusing.get("/api/v1/nodes")


def test_a_thread_that_fails_ends_the_process() -> None:
    """A process that follows half of the cluster would look well; one that has ended is seen."""
    program = """
import threading
from lab.cluster import proxy
threading.excepthook = proxy.end
threading.Thread(target=lambda: {}["type"]).start()
threading.Event().wait()
"""
    words = [sys.executable, "-c", program]
    done = subprocess.run(words, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "KeyError: 'type'" in done.stderr
