"""Small output trees, rendered by tfgen itself, for tests that run an engine."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from tfgen import config, manifest, model, render

SETTINGS = config.Settings.model_validate(
    {
        "cluster": "demo",
        "tree": "3f9c1a2b",
        "openstack": {
            "project_id": "0123456789abcdef0123456789abcdef",
            "auth_url": "http://127.0.0.1:5000/v3",
            "region": "RegionOne",
        },
        "network": {"subnet_id": "11111111-1111-1111-1111-111111111111"},
    }
)
NODES = {"node-1": "10.0.0.11", "node-2": "10.0.0.12"}


def load_balancer(service: str, *ports: int, internal: bool = False) -> model.LoadBalancer:
    """Give a load balancer for `namespace/name`; port 80 by default."""
    key = model.ServiceKey.parse(service)
    return model.LoadBalancer(
        service=key,
        name=f"demo_{key.label}",
        description=f"Kubernetes Service {key} of cluster demo",
        tags=("tfgen", "tfgen_cluster=demo", "tfgen_tree=3f9c1a2b", f"tfgen_service={key.label}"),
        frozen=model.Frozen(vip_subnet_id=SETTINGS.network.subnet_id, floating_network="public"),
        internal=internal,
        member_subnet_id="",
        node_group="default",
        ports=tuple(_port(number) for number in sorted(ports or (80,))),
    )


def _port(number: int) -> model.Port:
    return model.Port(
        protocol=model.Protocol.TCP,
        port=number,
        node_port=30000 + number % 1000,
        listener_protocol="TCP",
        pool_protocol="TCP",
        lb_method="ROUND_ROBIN",
        persistence=None,
        connection_limit=-1,
        timeouts=model.Timeouts(),
        monitor=model.Monitor("TCP", 5, 3, 1, 3),
        allowed_cidrs=("0.0.0.0/0",),
    )


@dataclass(frozen=True, slots=True)
class Tree:
    """An output tree on disk."""

    root: Path

    def stack(self, name: str) -> Path:
        """Give a stack's folder."""
        return self.root / "stacks" / name

    def render(
        self, *load_balancers: model.LoadBalancer, settings: config.Settings = SETTINGS
    ) -> manifest.Manifest:
        """Write the tree for these load balancers, one stack a namespace; others go."""
        for path in self.root.glob("stacks/*/lb_*.tf"):
            path.unlink()
        known = {path.name for path in self.root.glob("stacks/*")}
        stacks = tuple(sorted(known | {lb.service.namespace for lb in load_balancers}))
        self._write(render.module_documents())
        for stack in stacks:
            mine = [lb for lb in load_balancers if lb.service.namespace == stack]
            self._write(render.stack_documents(stack, settings))
            self.facts(stack, NODES, mine)
        documents = {_path(lb): render.service_document(lb) for lb in load_balancers}
        self._write(documents)
        made = manifest.Manifest(
            cluster="demo",
            tree="3f9c1a2b",
            stacks_by="namespace",
            stacks=stacks,
            services={lb.service: _entry(lb) for lb in load_balancers},
        )
        self._write({manifest.FILE: manifest.dumps(made)})
        return made

    def facts(
        self, stack: str, nodes: dict[str, str], load_balancers: Iterable[model.LoadBalancer]
    ) -> None:
        """Write a stack's facts."""
        services = list(load_balancers)
        groups = {"default": {name: {"address": at} for name, at in nodes.items()}}
        ports = {
            lb.service.label: {port.key: port.node_port for port in lb.ports} for lb in services
        }
        text = render.dump_facts(render.Facts(groups if services else {}, ports))
        self._write({f"stacks/{stack}/facts.auto.tfvars.json": text})

    def _write(self, documents: dict[str, str]) -> None:
        for path, text in documents.items():
            target = self.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)


def _path(lb: model.LoadBalancer) -> str:
    return f"stacks/{lb.service.namespace}/{lb.service.address}.tf"


def _entry(lb: model.LoadBalancer) -> manifest.Entry:
    return manifest.Entry(
        service=lb.service,
        stack=lb.service.namespace,
        digest="",
        ports=tuple(port.key for port in lb.ports),
        node_group=lb.node_group,
        internal=lb.internal,
        protect=lb.protect,
        frozen=lb.frozen,
        revision=render.revision(render.service_document(lb)),
    )


def with_ports(lb: model.LoadBalancer, *ports: int) -> model.LoadBalancer:
    """Give the same load balancer with other ports."""
    return replace(lb, ports=tuple(_port(number) for number in sorted(ports)))
