"""A whole small world for commands: cluster, cloud and engine on loopback, settings in a folder."""

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import cluster as fake_cluster
from tests.fakes import linked, openstack
from tests.fakes import terraform as fake
from tfgen import cli

_SETTINGS = """\
cluster: demo
tree: 3f9c1a2b
openstack: {{cloud: demo, region: RegionOne, project_id: {project}, auth_url: "{url}/identity/v3"}}
network:
  subnet_id: 11111111-1111-1111-1111-111111111111
  floating_networks: [{{name: public}}]
"""


@dataclass
class Place:
    """Where commands are run, and what they find."""

    folder: Path
    cloud: linked.LinkedCloud
    cluster: fake_cluster.FakeCluster
    engine: fake.FakeTerraform

    @property
    def tree(self) -> Path:
        """The output tree."""
        return self.folder / "infra"

    def manifest(self) -> dict[str, Any]:
        """Read the tree's memory."""
        return dict(json.loads((self.tree / "tfgen-manifest.json").read_text()))

    def objects(self, stack: str) -> int:
        """Count the objects in a stack's state."""
        path = self.tree / "stacks" / stack / "terraform.tfstate"
        return len(json.loads(path.read_text())["resources"]) if path.exists() else 0

    def tfgen(self, *arguments: str) -> int:
        """Run one command and give its exit code."""
        return cli.app.run(list(arguments))

    def service(self, name: str, *ports: int, **metadata: object) -> None:
        """Put a Service `namespace/name` of ours into the cluster."""
        namespace, _, own = name.partition("/")
        spec = {
            "type": "LoadBalancer",
            "loadBalancerClass": "tfgen.io/octavia",
            "ports": [
                {"port": port, "nodePort": 30000 + port, "protocol": "TCP"}
                for port in ports or (80,)
            ],
        }
        whole: dict[str, Any] = {"name": own, "namespace": namespace, **metadata}
        self.cluster.put({"kind": "Service", "apiVersion": "v1", "metadata": whole, "spec": spec})

    def node(self, number: int) -> None:
        """Put a node into the cluster."""
        address = {"type": "InternalIP", "address": f"10.0.0.{10 + number}"}
        self.cluster.nodes.append(
            {
                "kind": "Node",
                "apiVersion": "v1",
                "metadata": {"name": f"node-{number}"},
                "status": {"addresses": [address]},
            }
        )

    def setting(self, text: str) -> None:
        """Add a line to tfgen.yaml."""
        with (self.folder / "tfgen.yaml").open("a") as file:
            file.write(f"{text}\n")


@contextlib.contextmanager
def running(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """Make a world with two nodes and no Services, and stand in its folder."""
    cloud = linked.LinkedCloud(tree=folder / "infra")
    engine = fake.install(folder / "bin")
    with openstack.running(cloud), fake_cluster.FakeCluster() as cluster:
        (folder / "clouds.yaml").write_text(cloud.clouds_yaml())
        settings = _SETTINGS.format(project=cloud.project_id, url=cloud.url)
        (folder / "tfgen.yaml").write_text(settings)
        monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(folder / "clouds.yaml"))
        monkeypatch.setenv("KUBECONFIG", str(cluster.kubeconfig(folder)))
        monkeypatch.setenv("PATH", f"{engine.path.parent}:{os.environ['PATH']}")
        monkeypatch.chdir(folder)
        place = Place(folder, cloud, cluster, engine)
        place.node(1)
        place.node(2)
        yield place
