"""The ground that faults are tried on: a few Services that stand, objects of others beside them.

It is one site for all faults, so each of them is tried on what the ones before have left. Whatever
tfgen and its engines ask goes through the gate.
"""

import json
import subprocess
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson
import yaml
from openstack.connection import Connection

from tests.e2e.sites import Site
from tests.e2e.test_kill import elsewhere
from tests.faults.gate import Gate

PORTS = [{"name": "http", "port": 80}, {"name": "admin", "port": 81}]
INTERNAL = "service.beta.kubernetes.io/openstack-internal-load-balancer"
LIMIT = "loadbalancer.openstack.org/connection-limit"
SETTINGS = """
stacks: {max_services: 2}
defaults: {monitor: {delay: 2, timeout: 1}}
"""
"""Two Services a stack at first, so that there are two stacks; and members that are UP soon."""


@dataclass
class Ground(Site):
    """A site behind the gate."""

    gate: Gate = field(kw_only=True)
    addresses: dict[str, str] = field(default_factory=dict)
    """What each Service that lives answers on."""
    planted: frozenset[str] = frozenset()
    """Ids of objects of others that were put beside ours."""
    foreign: dict[str, str] = field(default_factory=dict)
    """What they look like, by id."""

    extra: dict[str, str] = field(default_factory=dict)
    """Further variables of its commands."""

    @property
    def environment(self) -> dict[str, str]:
        """The gate's addresses in the place of the laboratory's."""
        mine = {
            "KUBECONFIG": str(self.folder / "kubeconfig"),
            "OS_CLIENT_CONFIG_FILE": str(self.folder / "clouds.yaml"),
        }
        return super().environment | mine | self.extra

    @cached_property
    def cloud_itself(self) -> Connection:
        """The project, past the gate."""
        return self.lab.openstack(self.cloud)

    @property
    def openstack(self) -> Connection:
        """One connection for all that is looked at."""
        return self.cloud_itself

    @property
    def manifest(self) -> dict[str, Any]:
        """What the tree remembers."""
        found: dict[str, Any] = orjson.loads((self.tree / "tfgen-manifest.json").read_bytes())
        return found

    def stack(self, service: str) -> Path:
        """Give the folder of a Service's stack."""
        entry = self.manifest["services"][f"{self.name}/{service}"]
        return self.tree / "stacks" / str(entry["stack"])

    def file(self, service: str) -> Path:
        """Give the file of a Service."""
        return self.stack(service) / f"lb_{self.name}_{service}.tf"

    def setting(self, text: str) -> None:
        """Add to tfgen.yaml."""
        with (self.folder / "tfgen.yaml").open("a") as file:
            file.write(f"\n{text}\n")

    def limit(self, service: str, connections: object) -> None:
        """Give a Service another limit of connections: a change that moves nothing."""
        words = ("annotate", "service", service, "-n", self.name, "--overwrite")
        self.kubectl(*words, f"{LIMIT}={connections}")

    def balancer(self, service: str) -> Any:  # noqa: ANN401  openstacksdk's own
        """Give the load balancer of a Service; there is one."""
        tag = f"tfgen_service={self.name}_{service}"
        [found] = [each for each in self.load_balancers() if tag in each.tags]
        return found

    def listener(self, service: str, port: int = 80) -> Any:  # noqa: ANN401  openstacksdk's own
        """Give a listener of a Service, as Octavia has it now."""
        octavia = self.openstack.load_balancer
        found = octavia.listeners(load_balancer_id=self.balancer(service).id)
        return next(each for each in found if each.protocol_port == port)

    def git(self, *arguments: str) -> str:
        """Run git in the site's folder."""
        who = ("-c", "user.name=ops", "-c", "user.email=ops@example.org")
        return self.run("git", *who, *arguments).stdout

    def commit(self) -> None:
        """Commit all as it stands."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", "as it stands")


def mounted(ground: Ground) -> None:
    """Give the site's folder a small disk of its own; what its runs print lies elsewhere."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tfgen", ground.folder], check=True)
    (ground.folder / "run.log").symlink_to(ground.folder.with_name(f"{ground.folder.name}.log"))


def unmounted(ground: Ground) -> None:
    """Take that disk away."""
    subprocess.run(["umount", "--lazy", ground.folder], check=False)


def laid(ground: Ground) -> None:
    """Serve three Services, in two stacks and in Git, with objects of others beside them."""
    _begun(ground)
    database = ground.service("db", annotations={INTERNAL: "true"})
    ground.apply(ground.service("web", ports=PORTS), ground.service("api"), database)
    plant(ground)
    ground.tfgen("render")
    settings = ground.folder / "tfgen.yaml"
    settings.write_text(settings.read_text().replace("max_services: 2", "max_services: 50"))
    _served(ground, "web", "api", "db")


def laid_elsewhere(ground: Ground) -> None:
    """Serve one Service, with its state in the cluster."""
    _begun(ground)
    elsewhere(ground)
    ground.apply(ground.service("api"))
    ground.foreign = foreign(ground)
    _served(ground, "api")


def _begun(ground: Ground) -> None:
    """Make disk, addresses, repository and settings."""
    mounted(ground)
    _doors(ground)
    ground.git("init", "--quiet", "--initial-branch", "main")
    (ground.folder / ".gitignore").write_text("kubeconfig\nclouds.yaml\nrun.log\n.cache/\n")
    ground.init()
    ground.setting(SETTINGS)


def _served(ground: Ground, *names: str) -> None:
    ground.tfgen("run", "--yes")
    ground.addresses = {name: ground.external_ip(name) for name in names}
    assert all(ground.addresses.values())
    ground.commit()


def plant(ground: Ground) -> None:
    """Put objects of others beside ours: with our names and another tree's tags, and with none."""
    cloud = ground.openstack
    subnet = cloud.network.find_subnet(f"{ground.cloud}-subnet", ignore_missing=False)
    public = cloud.network.find_network("public", ignore_missing=False)
    other = f"other-{ground.name}"
    tags = ["tfgen", f"tfgen_cluster={other}", "tfgen_tree=0123456789abcdef"]
    made = cloud.load_balancer.create_load_balancer(
        name=f"{ground.name}_{ground.name}_web", vip_subnet_id=subnet.id, tags=tags
    )
    ground.lab.wait_active(made.id)
    cloud.load_balancer.create_listener(
        name=f"{ground.name}_{ground.name}_web_tcp-80",
        load_balancer_id=made.id,
        protocol="TCP",
        protocol_port=80,
    )
    ground.lab.wait_active(made.id)
    address = cloud.network.create_ip(
        floating_network_id=public.id, description=f"Kubernetes Service {ground.name}/web"
    )
    ground.planted = frozenset({made.id, address.id})
    ground.foreign = foreign(ground)


_BY_ITSELF = frozenset(
    {"updated_at", "operating_status", "provisioning_status", "status", "revision_number"}
)


def foreign(ground: Ground) -> dict[str, str]:
    """Give what others have beside ours: by id, all that could be changed of it.

    How well it does is not: Octavia notes that by itself, and when it did.
    """
    cloud, planted = ground.openstack, ground.planted
    octavia = cloud.load_balancer
    balancers = [each for each in octavia.load_balancers() if each.id in planted]
    listeners = [each for one in balancers for each in octavia.listeners(load_balancer_id=one.id)]
    addresses = [each for each in cloud.network.ips() if each.id in planted]
    seen = [*balancers, *listeners, *addresses]
    return {each.id: _settings_of(each.to_dict(computed=False)) for each in seen}


def _settings_of(found: dict[str, Any]) -> str:
    kept = {key: value for key, value in found.items() if key not in _BY_ITSELF}
    return json.dumps(kept, sort_keys=True, default=str)


def uproot(ground: Ground) -> None:
    """Take away what was put beside ours."""
    cloud = ground.openstack
    for balancer in [*cloud.load_balancer.load_balancers()]:
        if balancer.id in ground.foreign:
            cloud.load_balancer.delete_load_balancer(balancer.id, cascade=True)
            ground.lab.wait_gone(balancer.id)
    for address in [*cloud.network.ips()]:
        if address.id in ground.foreign:
            cloud.network.delete_ip(address)


def _doors(ground: Ground) -> None:
    """Write clouds.yaml and kubeconfig for the gate."""
    clouds = ground.lab.clouds_yaml.read_bytes()
    (ground.folder / "clouds.yaml").write_bytes(ground.gate.named(clouds))
    server = {"server": ground.gate.url("kube-apiserver")}
    text = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "lab", "cluster": server}],
        "users": [{"name": "admin", "user": {}}],
        "contexts": [{"name": "lab", "context": {"cluster": "lab", "user": "admin"}}],
        "current-context": "lab",
    }
    (ground.folder / "kubeconfig").write_text(yaml.safe_dump(text))
