"""A site of its own for each end-to-end test: namespace, cluster name, settings, output tree.

The laboratory is real and shared, so names are random, and what a test leaves is removed: from the
cloud by its tags, from the cluster with its namespace. Only then is the test over.
"""

import os
import secrets
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from openstack import exceptions
from openstack.connection import Connection

from lab import Lab

_OBJECTS = "services,events.events.k8s.io,serviceaccounts,secrets,configmaps"


@dataclass
class Site:
    """One user of the laboratory: a namespace, a cluster name, a folder with settings."""

    lab: Lab
    folder: Path
    name: str = field(default_factory=lambda: f"e2e-{secrets.token_hex(3)}")
    cloud: str = "demo"
    """Its cloud in clouds.yaml: the project of the same name."""

    @property
    def tree(self) -> Path:
        """The output tree."""
        return self.folder / "infra"

    @property
    def environment(self) -> dict[str, str]:
        """What the commands of this site see."""
        kept = {
            name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ
        }
        mine = {"CI": "true", "TFGEN_CLAIM__NAMESPACES": f'["{self.name}"]'}
        return {**kept, **self.lab.environment(), **mine}

    def run(
        self, *arguments: str, code: int | None = 0, text: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in the site's folder; `code` is the exit code that it must end with."""
        done = subprocess.run(
            arguments,
            cwd=self.folder,
            env=self.environment,
            input=text or "",
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert code is None or done.returncode == code, _told(done, code)
        return done

    def tfgen(
        self, *arguments: str, code: int | None = 0, text: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run tfgen."""
        done = self.run(sys.executable, "-m", "tfgen", *arguments, code=None, text=text)
        with self.folder.with_name(f"{self.folder.name}.said").open("a") as said:
            said.write(done.stdout + done.stderr)  # looked through at the end of the session
        assert code is None or done.returncode == code, _told(done, code)
        return done

    def init(self, *arguments: str) -> None:
        """Make tfgen.yaml for this site's namespace by asking the laboratory's cloud."""
        self.tfgen(
            "init",
            "--cluster",
            self.name,
            "--cloud",
            self.cloud,
            "--subnet",
            f"{self.cloud}-subnet",
            "--floating-network",
            "public",
            *arguments,
        )

    def kubectl(self, *arguments: str, text: str | None = None) -> str:
        """Run kubectl and give what it prints."""
        return self.run("kubectl", *arguments, text=text).stdout

    def apply(self, *manifests: Mapping[str, Any]) -> None:
        """Apply manifests to the cluster; the namespace comes with them."""
        namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.name}}
        items = [namespace, *manifests]
        text = orjson.dumps({"apiVersion": "v1", "kind": "List", "items": items}).decode()
        self.kubectl("apply", "-f", "-", text=text)

    def service(self, name: str, **spec: Any) -> dict[str, Any]:  # noqa: ANN401  fields of a Service
        """Give a manifest of a Service that tfgen claims."""
        annotations = spec.pop("annotations", {})
        whole = {
            "type": "LoadBalancer",
            "loadBalancerClass": "tfgen.io/octavia",
            "selector": {"name": name},
            "ports": [{"name": "http", "port": 80, "targetPort": 8079}],
            **spec,
        }
        metadata = {"name": name, "namespace": self.name, "annotations": annotations}
        return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": whole}

    def get(self, name: str) -> dict[str, Any]:
        """Read a Service from the cluster."""
        text = self.kubectl("get", "service", name, "-n", self.name, "-o", "json")
        found: dict[str, Any] = orjson.loads(text)
        return found

    def external_ip(self, name: str) -> str:
        """Give a Service's EXTERNAL-IP, "" where it has none."""
        ingress = self.get(name).get("status", {}).get("loadBalancer", {}).get("ingress", [])
        return str(ingress[0]["ip"]) if ingress else ""

    @property
    def openstack(self) -> Connection:
        """The site's project, by openstacksdk."""
        return self.lab.openstack(self.cloud)

    def load_balancers(self) -> list[Any]:
        """List what stands in Octavia for this site."""
        return list(self.openstack.load_balancer.load_balancers(tags=f"tfgen_cluster={self.name}"))

    def floating_ips(self) -> list[Any]:
        """List this site's floating IPs: by their tags, and what hangs on its load balancers."""
        network = self.openstack.network
        tagged = network.ips(tags=f"tfgen_cluster={self.name}")
        ports = [balancer.vip_port_id for balancer in self.load_balancers()]
        bound = (each for port in ports for each in network.ips(port_id=port))
        return list({each.id: each for each in (*tagged, *bound)}.values())

    def clean(self) -> None:
        """Remove what the test left, and wait until it is gone."""
        self._empty_cluster()
        for address in self.floating_ips():
            self.openstack.network.delete_ip(address)
        balancers = [balancer.id for balancer in self.load_balancers()]
        for balancer in balancers:
            self.lab.until(partial(self._deleting, balancer), 120, f"{balancer} settled")
        for balancer in balancers:
            self.lab.wait_gone(balancer)

    def _deleting(self, balancer: str) -> bool:
        """Ask Octavia to delete a load balancer; it cannot while it is at work on it (409)."""
        try:
            self.openstack.load_balancer.delete_load_balancer(balancer, cascade=True)
        except exceptions.ConflictException:
            return False
        return True

    def _empty_cluster(self) -> None:
        """Remove the namespace with all in it, as the controllers that the laboratory lacks would.

        A namespace goes once nobody is left who wants to finish something in it.
        """
        path = f"/api/v1/namespaces/{self.name}"
        self.run("kubectl", "delete", _OBJECTS, "--all", "-n", self.name, code=None)
        self.run("kubectl", "delete", "namespace", self.name, "--wait=false", code=None)
        found = self.run("kubectl", "get", "--raw", path, code=None)
        if found.returncode == 0:
            document = {**orjson.loads(found.stdout), "spec": {"finalizers": []}}
            text = orjson.dumps(document).decode()
            self.kubectl("replace", "--raw", f"{path}/finalize", "-f", "-", text=text)


def _told(done: subprocess.CompletedProcess[str], code: int) -> str:
    return f"{done.args} ended with {done.returncode}, not {code}\n{done.stdout}\n{done.stderr}"
