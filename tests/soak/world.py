"""Carries operations out: in the cluster, in the tree, in the cloud, by tfgen."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from lab.cluster import kube
from tests.e2e.sites import Site
from tests.soak import consents, looking
from tests.soak.cloud import Cloud
from tests.soak.passes import Passes
from tests.soak.seen import Balancer, Node, Seen
from tests.soak.step import LOOKING, Consent, Memory, Pass
from tests.soak.wishes import RIVAL, Operation, Wishes

if TYPE_CHECKING:
    from pathlib import Path

_EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers"
_EDITED = re.compile(r"(client_data\s*=\s*)\d+")
_FORGOTTEN = re.compile(
    r"neither the tree nor a state has, so no plan removes it. Run: tfgen (repair .*?) \(asks"
)
_BY_HAND = r"\g<1>12345"


class World:
    """The laboratory, one site of it, and the hands that move things in both."""

    def __init__(self, site: Site, tree: str) -> None:
        self._site, self._lab = site, site.lab
        self._kube = kube.Client.of(site.lab.settings)
        self._cloud = Cloud(site.lab, tree, site.name)
        self._tree = tree
        self._planted: dict[str, tuple[str, str]] = {}
        self._originals: dict[str, tuple[Path, str, str]] = {}
        """Per Service whose file was edited: the file, as it was, as it was edited."""
        self._failed: dict[str, str] = {}
        """Ids of load balancers that were set to ERROR, by the Service that was drawn."""
        self.passes = Passes(site)

    def look(self) -> Seen:
        """See everything once."""
        return looking.look(self._lab, self._site.tree, self._site.name)

    @property
    def planted(self) -> dict[str, tuple[str, str]]:
        """Give the ids of foreign load balancer and floating IP, by their name."""
        return dict(self._planted)

    def do(
        self, done: Operation, now: Wishes, memory: Memory, seen: Seen
    ) -> tuple[tuple[Pass, ...], str]:
        """Carry an operation out; the passes that ran, and why there was nothing to do."""
        if done.kind in COMMANDS:
            return tuple(self._passes(done, now, memory, seen)), ""
        hands = {
            **dict.fromkeys(("node-join", "node-leave", "node-change"), self._node),
            **dict.fromkeys(("edit-file", "restore-file"), self._file),
            **dict.fromkeys(("cloud-edit", "error", "active"), self._balancer),
            **dict.fromkeys(("plant", "uproot"), self._foreign),
        }
        return (), hands.get(done.kind, self._service)(done, seen)

    def _service(self, done: Operation, _seen: Seen) -> str:
        path = f"/api/v1/namespaces/{self._site.name}/services"
        if done.kind == "delete":
            self._kube.request("DELETE", f"{path}/{done.target}")
        elif done.spec and done.kind == "create":
            self._kube.request("POST", path, done.spec.manifest(self._site.name, done.target))
        elif done.spec:
            self._kube.patch(f"{path}/{done.target}", done.spec.patch())
        return ""

    def _node(self, done: Operation, _seen: Seen) -> str:
        nodes = self._lab.nodes
        if done.kind == "node-leave":
            nodes.remove(done.target)
            return ""
        node = Node(**done.values)
        if done.kind == "node-join":
            nodes.add(done.target, node.address)
        self.mark(done.target, node)
        return ""

    def mark(self, name: str, node: Node) -> None:
        """Give a Node label and annotations."""
        said = {
            "tfgen.io/weight": str(node.weight) if node.weight > 1 else None,
            "tfgen.io/drain": None if node.weight else "true",
        }
        labels = {_EXCLUDED: None if node.counts else "true"}
        patch = {"metadata": {"annotations": said, "labels": labels}}
        self._kube.patch(f"/api/v1/nodes/{name}", patch)

    def _file(self, done: Operation, seen: Seen) -> str:
        if done.kind == "restore-file":
            return self._restore(done.target)
        entry = seen.entries.get(done.target)
        path = self._site.tree / entry.file if entry else None
        if path is None or not path.exists():
            return "the tree has no file of it"
        text = path.read_text()
        edited = _EDITED.sub(_BY_HAND, text)
        if edited == text:
            return "there is nothing in it to edit"
        self._originals[done.target] = (path, text, edited)
        path.write_text(edited)
        return ""

    def _restore(self, name: str) -> str:
        if name not in self._originals:
            return "its file was not edited"
        path, text, edited = self._originals.pop(name)
        if not path.exists() or path.read_text() != edited:
            return "its file is another one by now"
        path.write_text(text)
        return ""

    def _balancer(self, done: Operation, seen: Seen) -> str:
        found = self._meant(done, seen)
        if found is None:
            return "it has no load balancer"
        if done.kind == "cloud-edit":
            why = self._cloud.edit(found, done.values["what"], done.values["nth"])
            if not why:
                self._cloud.settle(found.id)
            return why
        expected = "ACTIVE" if done.kind == "error" else "ERROR"
        if found.status != expected:
            return f"it is {found.status}"
        self._lab.faults.load_balancer(found.id, done.kind.upper())
        if done.kind == "error":
            self._failed[done.target] = found.id
        return ""

    def _meant(self, done: Operation, seen: Seen) -> Balancer | None:
        """Give the load balancer that a Service is on; to set one back, that which was meant."""
        if done.kind == "active":
            id_ = self._failed.pop(done.target, "")
            return next((each for each in seen.balancers if each.id == id_), None)
        return self._of(done.target, seen)

    def _of(self, name: str, seen: Seen) -> Balancer | None:
        """Give the load balancer of a Service: its own, or that of its group."""
        entry = seen.entries.get(name)
        group = f"group {entry.group}" if entry and entry.group else name
        return seen.of(self._tree, group)

    def _foreign(self, done: Operation, _seen: Seen) -> str:
        if done.kind == "plant":
            self._planted[done.target] = self._cloud.plant(done.target)
        elif done.target in self._planted:
            self._cloud.uproot(*self._planted.pop(done.target))
        return ""

    def _passes(self, done: Operation, now: Wishes, memory: Memory, seen: Seen) -> Iterator[Pass]:
        agreed = self._agreed(done, now, memory, seen)
        if done.kind == "heal":
            yield from self._healed(seen)
        for words in COMMANDS[done.kind]:
            named = (f"{self._site.name}/{done.target}",) if done.target else ()
            ended = self._one(done, (*words, *named), agreed)
            yield ended
            if any(repaired := [*self._pruned(ended)]):
                yield from repaired
                yield self._again(done, now, memory, agreed)

    def _healed(self, seen: Seen) -> Iterator[Pass]:
        """Make anew what Octavia itself gave up in an outage, as every run says how to."""
        for each in seen.ours(self._tree):
            group = each.owner.startswith("group ")
            name = f"{self._site.name}/{each.owner.removeprefix('group ')}"
            if each.status == "ERROR":
                whose = ("--group", name) if group else (name,)
                yield self.passes.do("repair", "--rebuild", "--yes", *whose)

    def _again(self, done: Operation, now: Wishes, memory: Memory, agreed: Consent) -> Pass:
        """Run once more, naming who is there by now; to judge it, what was agreed first counts."""
        left = self._agreed(done, now, memory, self.look())
        return replace(self.passes.do("run", "--yes", consent=left), consent=agreed)

    def _agreed(self, done: Operation, now: Wishes, memory: Memory, seen: Seen) -> Consent:
        if not done.values.get("consent"):
            return Consent()
        overwrite = done.kind not in {"kill", "outage"}
        return consents.everything(now, memory, seen, overwrite=overwrite)

    def _pruned(self, ended: Pass) -> Iterator[Pass]:
        """Do what a run says of listeners and pools that a kill has left."""
        told = sorted({" ".join(words.split()) for words in _FORGOTTEN.findall(ended.output)})
        if ended.command != "run" or ended.hindered or not told:
            return
        for words in told:
            yield self.passes.do(*words.split(), "--yes")

    def _one(self, done: Operation, words: tuple[str, ...], agreed: Consent) -> Pass:
        if done.kind == "kill":
            return self.passes.killed(done.values, *words, consent=agreed)
        if done.kind == "outage":
            stop, start = self._service_hands(done.values["service"])
            return self.passes.without(stop, start, done.values, *words, consent=agreed)
        return self.passes.do(*words, consent=agreed)

    def _service_hands(self, service: str) -> tuple[Callable[[], None], Callable[[], None]]:
        faults = self._lab.faults
        return lambda: faults.stop(service), lambda: faults.start(service)

    @contextmanager
    def tidied(self) -> Iterator[None]:
        """Leave the laboratory as it was: nodes, foreign objects, the site with all of it."""
        try:
            yield
        finally:
            end = time.monotonic() + 120
            while self.passes.busy and time.monotonic() < end:
                time.sleep(0.2)
            self.clean()

    def clean(self) -> None:
        """Remove what this soak, or a former one of the same name, left."""
        for name in list(self._planted):
            self._foreign(Operation("uproot", name), Seen())
        self._lab.nodes.reset()
        for name in self._lab.nodes.names():
            self.mark(name, Node(""))
        self._site.clean()
        self._sweep()

    def _sweep(self) -> None:
        """Remove what carries this soak's name and no tag of ours: foreign and kept objects."""
        left = looking.cloud(self._lab)
        mine = f"tfgen_cluster={self._site.name}"
        for address in left.floating_ips:
            if mine in address.tags or address.description.startswith(_names(self._site.name)):
                self._cloud.remove_floating_ip(address.id)
        for balancer in left.balancers:
            if balancer.name.startswith(_names(self._site.name)):
                self._cloud.remove(balancer.id)


def _names(namespace: str) -> tuple[str, ...]:
    return (f"{namespace}_", "x-neighbour", "x-plain", f"x-{RIVAL}")


COMMANDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "run": (("run", "--yes"),),
    "render": (("render",),),
    "reviewed": (("render",), ("plan",), ("apply", "--yes")),
    "apply": (("plan",), ("apply", "--yes")),
    "sync": (("sync",),),
    "publish": (("publish",),),
    "look": tuple((each,) for each in LOOKING if each in {"status", "doctor"}),
    "rebuild": (("repair", "--rebuild", "--yes"),),
    "heal": (),
    "kill": (("run", "--yes"),),
    "outage": (("run", "--yes"),),
}
"""The commands of each pass."""
