"""Services and Nodes as the API server gives them, and the tree that becomes of them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tfgen import config, manifest, model, tree, workspace
from tfgen.reconcile import render

Json = dict[str, Any]
CLASS = "tfgen.io/octavia"
SUBNET = "11111111-2222-3333-4444-555555555555"
SETTINGS: Json = {
    "cluster": "demo",
    "tree": "3f9c1a2b4d5e6f70",
    "network": {"subnet_id": SUBNET, "floating_networks": [{"name": "public"}]},
}


def service(name: str = "web", /, **spec: Any) -> Json:  # noqa: ANN401  any field of a Service
    """Make a claimed Service `name` or `namespace/name`; annotations and labels are metadata."""
    namespace, _, short = name.rpartition("/")
    metadata = {"name": short, "namespace": namespace or "shop"}
    for key in ("annotations", "labels", "deletionTimestamp"):
        if key in spec:
            metadata[key] = spec.pop(key)
    whole = {
        "type": "LoadBalancer",
        "loadBalancerClass": CLASS,
        "ports": [port(80)],
        **spec,
    }
    given = {key: value for key, value in whole.items() if value is not ...}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": given}


def port(number: int, protocol: str = "TCP", **fields: Any) -> Json:  # noqa: ANN401  of any type
    """Make a Service port; its node port is 30000 and its number."""
    return {"port": number, "protocol": protocol, "nodePort": 30000 + number, **fields}


def node(number: int, **fields: Any) -> Json:  # noqa: ANN401  any field of a Node
    """Make Node `node-N` at 10.0.0.1N; labels and the like are metadata."""
    metadata = {"name": f"node-{number}"}
    for key in ("labels", "deletionTimestamp", "name"):
        if key in fields:
            metadata[key] = fields.pop(key)
    addresses = [{"type": "InternalIP", "address": f"10.0.0.{10 + number}"}]
    status = {"addresses": fields.pop("addresses", addresses)}
    return {"apiVersion": "v1", "kind": "Node", "metadata": metadata, "status": status, **fields}


def nodes(count: int = 3) -> list[Json]:
    """Make Nodes node-1, node-2 and so on."""
    return [node(number) for number in range(1, count + 1)]


def settings(**sections: Any) -> config.Settings:  # noqa: ANN401  any setting
    """Make settings; sections are laid over those of the tests."""
    return config.Settings.model_validate({**SETTINGS, **sections})


def listing(services: Iterable[Json], found: Iterable[Json] = (), uid: str = "") -> model.Listing:
    """Make a listing: live with a `uid`, else from a file."""
    source = "cluster https://api" if uid else "file input.yaml"
    return model.Listing(tuple(services), tuple(found), uid or None, source)


def entry(service: model.ServiceKey, stack: str = "", **fields: Any) -> manifest.Entry:  # noqa: ANN401  any field
    """Make the manifest's entry of a rendered Service."""
    plain = manifest.Entry(
        service=service,
        stack=stack or service.namespace,
        digest="d" * 64,
        ports=("tcp-80", "udp-53"),
        node_group="default",
        internal=False,
        protect=True,
        frozen=model.Frozen(vip_subnet_id="s", provider="amphora", floating_network="public"),
    )
    return replace(plain, **fields)


@dataclass(slots=True)
class Place:
    """An output tree in a folder, rendered pass after pass."""

    root: Path
    settings: Json = field(default_factory=dict)
    """Sections that are laid over the settings of the tests."""
    patience: workspace.Patience = field(default_factory=workspace.Patience)
    """For another tfgen at the same tree."""

    @property
    def loaded(self) -> config.Loaded:
        """The settings as they are loaded."""
        made = settings(**self.settings)
        return config.Loaded(made, self.root / "tfgen.yaml", {}, self.root / "infra")

    def decide(
        self,
        services: Iterable[Json],
        found: Iterable[Json] | None = None,
        /,
        *,
        uid: str = "",
        **options: Any,  # noqa: ANN401  as of tree.Options
    ) -> render.Rendering:
        """Decide a rendering of these Services (and three nodes); write nothing."""
        given = listing(services, nodes() if found is None else found, uid)
        return render.render(given, self.loaded, tree.Options(**options))

    def render(
        self,
        services: Iterable[Json],
        found: Iterable[Json] | None = None,
        /,
        *,
        uid: str = "",
        **options: Any,  # noqa: ANN401  as of tree.Options
    ) -> render.Rendering:
        """Render, and write."""
        given = listing(services, nodes() if found is None else found, uid)
        return render.carry_out(given, self.loaded, tree.Options(**options), self.patience)

    def file(self, path: str) -> Path:
        """Give a file of the tree."""
        return self.root / "infra" / path

    def text(self, path: str) -> str:
        """Read a file of the tree."""
        return self.file(path).read_text()

    def facts(self, stack: str = "shop") -> Json:
        """Read a stack's facts."""
        found: Json = json.loads(self.text(f"stacks/{stack}/facts.auto.tfvars.json"))
        return found

    def manifest(self) -> Json:
        """Read the manifest."""
        found: Json = json.loads(self.text("tfgen-manifest.json"))
        return found

    def files(self) -> dict[str, str]:
        """Read the whole tree, by path."""
        found = (path for path in (self.root / "infra").rglob("*") if path.is_file())
        return {str(path.relative_to(self.root / "infra")): path.read_text() for path in found}
