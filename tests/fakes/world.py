"""A small world for commands: settings, a cluster and a cloud in memory, and what was said."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import openstack
from tests.fakes.cluster import FakeCluster
from tfgen import cli, manifest, model, status

TREE = "3f9c1a2b"
SUBNET = "11111111-1111-1111-1111-111111111111"
PUBLIC = "22222222-2222-2222-2222-222222222222"
TAGS = ["tfgen", "tfgen_cluster=demo", f"tfgen_tree={TREE}"]
SETTINGS = f"""\
cluster: demo
tree: {TREE}
openstack: {{cloud: demo}}
network:
  subnet_id: {SUBNET}
  floating_networks: [{{id: {PUBLIC}, name: public}}]
"""


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """What it printed with --format json."""
        found: dict[str, Any] = json.loads(self.out)
        return found


@dataclass
class World:
    """Where a command runs. Services are made, rendered, deployed and published by hand."""

    folder: Path
    cluster: FakeCluster
    cloud: openstack.FakeCloud
    capsys: pytest.CaptureFixture[str]

    def run(self, *arguments: str) -> Said:
        """Run one command line of tfgen."""
        self.capsys.readouterr()
        code = cli.app.run(list(arguments))
        said = self.capsys.readouterr()
        return Said(code, said.out, said.err)

    def service(self, name: str, **spec: Any) -> dict[str, Any]:  # noqa: ANN401  fields of a Service
        """Put a Service that tfgen claims into namespace shop."""
        annotations = spec.pop("annotations", {})
        port = {
            "name": "http",
            "protocol": "TCP",
            "port": 80,
            "targetPort": 8080,
            "nodePort": 30080,
        }
        whole = {
            "type": "LoadBalancer",
            "loadBalancerClass": "tfgen.io/octavia",
            "selector": {"app": name},
            "ports": [port],
            **spec,
        }
        metadata = {"name": name, "namespace": "shop", "annotations": annotations}
        return self.cluster.put({"metadata": metadata, "spec": whole})

    def nodes(self, *names: str) -> None:
        """Let the cluster have these Nodes."""
        self.cluster.nodes = [node(name, 11 + place) for place, name in enumerate(names)]

    def rendered(self) -> manifest.Manifest:
        """Render, and give the manifest."""
        said = self.run("render", "--allow-held")
        assert said.code == 0, said.err
        return manifest.loads((self.folder / "infra" / manifest.FILE).read_text())

    def deployed(self, name: str, operating: str = "ONLINE") -> None:
        """Let the cloud have the load balancer and floating IP of shop/NAME."""
        number = len(self.cloud.load_balancers) + 1
        identity = f"{number:08d}-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
        tags = [*TAGS, f"tfgen_service=shop_{name}"]
        self.cloud.load_balancers.append(
            {
                "id": identity,
                "name": f"demo_shop_{name}",
                "tags": tags,
                "provisioning_status": "ACTIVE",
                "operating_status": operating,
                "vip_address": f"10.0.3.{number}",
                "vip_port_id": f"port-{number}",
                "project_id": self.cloud.project_id,
                "listeners": [{"id": f"listener-{number}"}],
            }
        )
        self.cloud.floating_ips.append(
            {
                "id": f"fip-{number}",
                "floating_ip_address": f"172.24.0.{number}",
                "port_id": f"port-{number}",
                "tags": tags,
            }
        )

    def standing(self, identity: str, *listeners: tuple[str, int, str], floating: str = "") -> None:
        """Let a load balancer exist that somebody made: listeners by name, port and Service.

        Those of a Service of ours, `shop/web`, carry its tags; "" is nobody's.
        """
        made = [
            {
                "id": f"{identity[:8]}-{number}",
                "name": name,
                "protocol": "TCP",
                "protocol_port": number,
                "project_id": self.cloud.project_id,
                "loadbalancers": [{"id": identity}],
                "tags": [*TAGS, f"tfgen_service={ours.replace('/', '_')}"] if ours else [],
            }
            for name, number, ours in listeners
        ]
        self.cloud.listeners += made
        self.cloud.load_balancers.append(
            {
                "id": identity,
                "name": "front",
                "tags": ["made-by-hand"],
                "provider": "amphora",
                "provisioning_status": "ACTIVE",
                "operating_status": "ONLINE",
                "vip_address": "10.0.9.9",
                "vip_port_id": f"port-{identity}",
                "project_id": self.cloud.project_id,
                "listeners": [{"id": each["id"]} for each in made],
            }
        )
        if floating:
            port = f"port-{identity}"
            address = {"floating_ip_address": floating, "port_id": port, "tags": []}
            self.cloud.floating_ips.append({"id": f"fip-{identity}", **address})

    def published(self, name: str) -> None:
        """Let shop/NAME carry what `tfgen publish` would write for its load balancer."""
        key = model.ServiceKey("shop", name)
        tag = f"tfgen_service={key.label}"
        [balancer] = [each for each in self.cloud.load_balancers if tag in each["tags"]]
        [floating] = [each for each in self.cloud.floating_ips if tag in each["tags"]]
        path = self.folder / "infra" / manifest.FILE
        digest = manifest.loads(path.read_text()).services[key].revision
        address = model.Address(
            service=key,
            load_balancer_id=balancer["id"],
            vip_address=balancer["vip_address"],
            address=floating["floating_ip_address"],
            stack="shop",
            provenance={"tfgen.io/digest": digest},
        )
        standing = status.Standing(status.Phase.APPLIED, TREE, address)
        patch = status.patch(self.stored(name), standing, now="2026-01-01T00:00:00Z")
        self.cluster.answer("PATCH", f"/api/v1/namespaces/shop/services/{name}/status", patch)

    def stored(self, name: str) -> dict[str, Any]:
        """Give a Service as the cluster has it."""
        return self.cluster.services[model.ServiceKey("shop", name)]


def node(name: str, number: int, **labels: str) -> dict[str, Any]:
    """Make a Node with the internal address 10.0.0.NUMBER."""
    addresses = [{"type": "InternalIP", "address": f"10.0.0.{number}"}]
    return {"metadata": {"name": name, "labels": labels}, "status": {"addresses": addresses}}


@contextlib.contextmanager
def running(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[World]:
    """Make a world of two Nodes whose cluster and cloud answer; a command runs in its folder."""
    sky = openstack.FakeCloud(
        networks=[
            {"id": "net", "name": "demo-net", "router:external": False},
            {"id": PUBLIC, "name": "public", "router:external": True},
        ],
        subnets=[{"id": SUBNET, "name": "demo", "cidr": "10.0.0.0/16", "network_id": "net"}],
    )
    (folder / "tfgen.yaml").write_text(SETTINGS)
    monkeypatch.chdir(folder)
    with FakeCluster() as cluster, openstack.running(sky):
        (folder / "clouds.yaml").write_text(sky.clouds_yaml())
        monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(folder / "clouds.yaml"))
        monkeypatch.setenv("KUBECONFIG", str(cluster.kubeconfig(folder)))
        made = World(folder, cluster, sky, capsys)
        made.nodes("node-1", "node-2")
        yield made
