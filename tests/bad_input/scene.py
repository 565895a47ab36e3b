"""Where bad input comes: two Services that have their addresses, and what stands as one value."""

import copy
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import terraform
from tests.fakes.place import Place
from tfgen import model

Json = dict[str, Any]
WEB, API = model.ServiceKey("shop", "web"), model.ServiceKey("shop", "api")
RENDER, RUN = ("render",), ("run", "--yes")
OCCM = "loadbalancer.openstack.org/"
_LEAVINGS = {".terraform", ".terraform.lock.hcl"}
"""What engines keep for themselves in a stack's folder."""


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Json:
        """What it printed with --format json: one document."""
        found: Json = json.loads(self.out)
        return found

    @property
    def error(self) -> Json:
        """The error that it printed with --format json."""
        found: Json = self.document["error"]
        return found


@dataclass(frozen=True, slots=True)
class Standing:
    """All that a command could change."""

    cloud: dict[str, Any]
    """What was made of each address: the fake cloud holds what the states say."""
    cluster: dict[model.ServiceKey, Json]
    events: int
    tree: dict[str, bytes]

    def of(self, key: model.ServiceKey) -> tuple[Json, bytes, Json]:
        """Give what a Service has in the cloud, its file, and its addresses in the cluster."""
        mine = {name: it for name, it in self.cloud.items() if key.address in name}
        ingress = self.cluster[key]["status"]["loadBalancer"]
        return mine, self.tree[f"stacks/{key.namespace}/{key.address}.tf"], ingress


@dataclass
class Mould:
    """What a first run makes, kept for the scenes that follow."""

    folder: Path
    services: dict[model.ServiceKey, Json] = field(default_factory=dict)


@dataclass
class Scene:
    """A place in which shop/web and shop/api are served."""

    place: Place
    capsys: pytest.CaptureFixture[str]
    environ: pytest.MonkeyPatch

    def run(self, *arguments: str) -> Said:
        """Run one command line of tfgen."""
        self.capsys.readouterr()
        code = self.place.tfgen(*arguments)
        printed = self.capsys.readouterr()
        return Said(code, printed.out, printed.err)

    def serve(self, mould: Mould) -> None:
        """Give both Services their addresses: by a run the first time, later as it left them."""
        for key in (WEB, API):
            self.place.service(str(key))
        if mould.services:
            shutil.copytree(mould.folder / "infra", self.place.tree)
            self.place.cluster.services = copy.deepcopy(mould.services)
            return
        said = self.run(*RUN)
        assert said.code == 0, said.err
        self.place.engine.path.with_suffix(".log").unlink()
        self.place.cluster.requests.clear()
        self.place.cluster.events.clear()
        shutil.copytree(self.place.tree, mould.folder / "infra")
        mould.services = copy.deepcopy(self.place.cluster.services)

    def standing(self) -> Standing:
        """Look at cloud, cluster and tree."""
        tree = self.place.tree
        files = (path for path in tree.rglob("*") if path.is_file())
        return Standing(
            cloud=dict(self._cloud()),
            cluster=copy.deepcopy(self.place.cluster.services),
            events=len(self.place.cluster.events),
            tree={
                str(path.relative_to(tree)): path.read_bytes()
                for path in files
                if not _LEAVINGS & set(path.relative_to(tree).parts)
            },
        )

    def _cloud(self) -> Iterator[tuple[str, list[Json]]]:
        for path in sorted(self.place.tree.glob("stacks/*/terraform.tfstate")):
            for found in json.loads(path.read_text())["resources"]:
                name = f"{found.get('module', '')}.{found['type']}.{found['name']}"
                yield name, [each["attributes"] for each in found["instances"]]

    def spec(self, key: model.ServiceKey, **fields: object) -> None:
        """Change a Service's spec."""
        self._change(key, "spec", fields)

    def annotate(self, key: model.ServiceKey, annotations: dict[str, str]) -> None:
        """Add annotations to a Service."""
        known = self.place.cluster.services[key]["metadata"].get("annotations", {})
        self._change(key, "metadata", {"annotations": {**known, **annotations}})

    def _change(self, key: model.ServiceKey, section: str, fields: Json) -> None:
        stored = copy.deepcopy(self.place.cluster.services[key])
        stored[section] |= fields
        self.place.cluster.put(stored)

    def asks_for_more(self) -> None:
        """Let shop/api want a second port, so that there is something to do."""
        ports = [{"port": 80 + n, "nodePort": 30080 + n, "protocol": "TCP"} for n in range(2)]
        self.spec(API, ports=ports)

    def behave(self, **behaviour: Any) -> None:  # noqa: ANN401  as of Behaviour
        """Let the engine behave like this; with nothing said, well."""
        self.place.engine.behave(terraform.Behaviour(**behaviour))

    def write(self, name: str, text: str) -> None:
        """Write a file of the folder that commands run in."""
        (self.place.folder / name).write_text(text)

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a file of that folder by hand."""
        path = self.place.folder / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def planned_or_applied(self) -> bool:
        """Whether the engine was asked for more than its version."""
        return set(self.place.engine.commands()) > {"version"}
