"""tfgen guard in a pipeline that runs terraform itself: what passes is applied, the rest is not."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lab import Lab
from tests.e2e.sites import Site

pytestmark = pytest.mark.lab

PORTS = [{"name": "http", "port": 80}, {"name": "https", "port": 443}]


@dataclass
class Pipeline:
    """The steps of a pipeline: render, plan, guard, apply."""

    site: Site

    @property
    def stack(self) -> Path:
        """The one stack of this site."""
        return self.site.tree / "stacks" / self.site.name

    def terraform(self, *arguments: str, code: int = 0) -> str:
        """Run the engine in the stack's folder."""
        engine = str(self.site.lab.terraform or self.site.lab.tofu)
        chdir = f"-chdir={self.stack}"
        return self.site.run(engine, chdir, *arguments, "-no-color", code=code).stdout

    def services(self, **ports: list[dict[str, Any]]) -> None:
        """Bring Services to the cluster, and the tree to what they ask for."""
        self.site.apply(*(self.site.service(name, ports=found) for name, found in ports.items()))
        self.site.tfgen("render", "--overwrite-edited")

    def plan(self, code: int = 0) -> None:
        """Make a plan and its JSON; init first, for a new module call is a new module to it."""
        self.terraform("init", "-input=false")
        self.terraform("plan", "-input=false", "-out=tfplan", code=code)
        (self.site.folder / "plan.json").write_text(self.terraform("show", "-json", "tfplan"))

    def guard(self, *flags: str, code: int = 0) -> dict[str, Any]:
        """Let the guards look at the plan; the verdict."""
        done = self.site.tfgen(
            "guard", "--plan", "plan.json", "--format", "json", *flags, code=code
        )
        verdict: dict[str, Any] = json.loads(done.stdout)
        return verdict

    def apply(self) -> None:
        """Apply the plan that was made."""
        self.terraform("apply", "-input=false", "tfplan")

    def noted(self, service: str) -> str:
        """Give the revision of a Service's file that the state notes as applied."""
        outputs = json.loads(self.terraform("output", "-json"))
        value = outputs[f"lb_{self.site.name}_{service}"]["value"]
        return str(value["revision"])

    def rendered(self, service: str) -> str:
        """Give the revision of a Service's file that the tree has."""
        document = json.loads((self.site.tree / "tfgen-manifest.json").read_text())
        return str(document["services"][f"{self.site.name}/{service}"]["revision"])

    def file(self, service: str) -> Path:
        """Give a Service's file."""
        return self.stack / f"lb_{self.site.name}_{service}.tf"


def _guards(verdict: dict[str, Any]) -> set[str]:
    return {refusal["guard"] for refusal in verdict["refusals"]}


@pytest.fixture(scope="module")
def built(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    """Two Services that went through the pipeline."""
    pipeline = Pipeline(Site(lab, tmp_path_factory.mktemp("guard")))
    try:
        pipeline.site.init()
        pipeline.services(web=PORTS, api=PORTS[:1])
        pipeline.plan()
        assert pipeline.guard()["passes"]
        pipeline.apply()
        yield pipeline
    finally:
        pipeline.site.clean()


@pytest.fixture
def pipeline(built: Pipeline) -> Pipeline:
    """The same, with tree and cluster as they were built."""
    built.services(web=PORTS)
    return built


def _stands(pipeline: Pipeline, service: str) -> bool:
    """Whether a Service has its load balancer and floating IP in the cloud."""
    name = f"{pipeline.site.name}_{service}"
    balancers = [one for one in pipeline.site.load_balancers() if one.name.endswith(name)]
    ports = {one.vip_port_id for one in balancers}
    return bool(balancers) and bool(ports & {one.port_id for one in pipeline.site.floating_ips()})


def test_unchanged_tree_passes(pipeline: Pipeline) -> None:
    """A plan without changes passes."""
    pipeline.plan()
    assert pipeline.guard()["changes"] == []


def test_file_deleted_by_hand_is_refused(pipeline: Pipeline) -> None:
    """A file that somebody deleted does not take the load balancer with it."""
    pipeline.file("web").unlink()
    pipeline.plan()
    verdict = pipeline.guard("--allow-removals", "9", "--new-state", code=3)
    assert _guards(verdict) == {"delete"}
    assert _stands(pipeline, "web")


def test_edited_file_opens_nothing(pipeline: Pipeline) -> None:
    """A hand edit that would open a port holds its Service, and its plan is refused."""
    file = pipeline.file("web")
    edited = file.read_text().replace("connection_limit = -1", "connection_limit = 7")
    file.write_text(edited)
    pipeline.site.tfgen("render", code=4)
    pipeline.plan()
    [refusal] = pipeline.guard(code=3)["refusals"]
    assert refusal["guard"] == "protected"
    assert "connection_limit: -1 -> 7" in refusal["what"]
    assert pipeline.site.tfgen("plan", code=4).stderr.count("was kept out") == 1
    assert pipeline.guard("--allow-protected", f"{pipeline.site.name}/web")["passes"]


def test_failed_apply_notes_nothing(pipeline: Pipeline) -> None:
    """The state notes a revision once all of it stands: not where one port failed."""
    before = pipeline.noted("web"), pipeline.noted("api")
    assert before == (pipeline.rendered("web"), pipeline.rendered("api"))
    narrow = {"loadBalancerSourceRanges": ["192.0.2.0/24"]}
    ports = (("web", PORTS), ("api", PORTS[:1]))
    services = (pipeline.site.service(name, ports=found, **narrow) for name, found in ports)
    pipeline.site.apply(*services)
    pipeline.site.tfgen("render")
    file = pipeline.file("web")
    good = file.read_text()
    head, mark, tail = good.rpartition("connection_limit = -1")
    file.write_text(f"{head}{mark.replace('-1', '-7')}{tail}")
    pipeline.plan()
    pipeline.terraform("apply", "-input=false", "tfplan", code=1)
    assert pipeline.noted("web") == before[0] != pipeline.rendered("web")
    file.write_text(good)
    label = f"lb_{pipeline.site.name}_api"
    only = (f"-target=module.{label}_tcp-80", f"-target=terraform_data.{label}")
    pipeline.terraform("apply", "-input=false", "-auto-approve", *only)
    assert pipeline.noted("web") == before[0]
    assert pipeline.noted("api") == pipeline.rendered("api")
    pipeline.plan()
    pipeline.apply()
    assert pipeline.noted("web") == pipeline.rendered("web")


def test_moved_load_balancer_is_refused(pipeline: Pipeline) -> None:
    """Under prevent_destroy the engine only fails; guard says whose address would change."""
    file, key = pipeline.file("web"), f"{pipeline.site.name}/web"
    subnet = pipeline.site.lab.openstack().network.find_subnet("demo-subnet", ignore_missing=False)
    file.write_text(file.read_text().replace(subnet.id, "22222222-2222-4222-8222-222222222222"))
    pipeline.plan(code=1)
    refusals = pipeline.guard("--allow-address-change", key, code=3)["refusals"]
    [refusal] = [each for each in refusals if each["guard"] == "address"]
    assert {each["service"] for each in refusals} == {key}
    assert f"tfgen render --allow-address-change {key}" in refusal["remedy"]


def test_removed_port_passes_with_a_notice(pipeline: Pipeline) -> None:
    """A port that left the Service may go, and its outage is announced."""
    pipeline.services(web=PORTS[:1])
    pipeline.plan()
    verdict = pipeline.guard()
    effect = "removes listener tcp-443: outage of that port"
    about = f"Service {pipeline.site.name}/web"
    assert verdict["notices"] == [{"about": about, "text": effect}]


def test_lost_floating_ip_is_not_made_anew_in_silence(pipeline: Pipeline) -> None:
    """A floating IP that somebody deleted in the cloud stops the pipeline until that was agreed."""
    before = {one.floating_ip_address for one in pipeline.site.floating_ips()}
    name = f"{pipeline.site.name}_web"
    [web] = [one for one in pipeline.site.load_balancers() if one.name.endswith(name)]
    network = pipeline.site.lab.openstack().network
    [lost] = network.ips(port_id=web.vip_port_id)
    network.delete_ip(lost)
    pipeline.plan()
    [refusal] = pipeline.guard(code=3)["refusals"]
    assert refusal["guard"] == "vanished"
    assert lost.floating_ip_address in refusal["what"]
    assert refusal["flags"] == "--new-state"
    assert pipeline.guard("--new-state")["passes"]
    pipeline.apply()
    assert _stands(pipeline, "web")
    assert len(before) == len(pipeline.site.floating_ips())


def test_foreign_owner_is_respected(pipeline: Pipeline) -> None:
    """A load balancer that another tree has tagged is not changed by this one."""
    octavia = pipeline.site.lab.openstack().load_balancer
    name = f"{pipeline.site.name}_web"
    [web] = [one for one in pipeline.site.load_balancers() if one.name.endswith(name)]
    tags, cluster = list(web.tags), f"tfgen_cluster={pipeline.site.name}"
    octavia.update_load_balancer(web, tags=[cluster, "tfgen_tree=ffffffff"])
    pipeline.site.lab.wait_active(web.id)
    pipeline.plan()
    verdict = pipeline.guard(code=3)
    octavia.update_load_balancer(web, tags=tags)
    pipeline.site.lab.wait_active(web.id)
    assert _guards(verdict) == {"ownership"}
    assert "tfgen_tree=ffffffff" in verdict["refusals"][0]["what"]


def test_second_tree_of_one_cluster_is_told(pipeline: Pipeline, tmp_path: Path) -> None:
    """Who begins anew under a name that has load balancers is told whose they are."""
    second = Site(pipeline.site.lab, tmp_path, pipeline.site.name)
    second.init()
    second.tfgen("render")
    said = second.tfgen("plan", code=3).stderr
    first = json.loads((pipeline.site.tree / "tfgen-manifest.json").read_text())["tree"]
    assert f"2 carry the tag of tree {first}" in said
    assert not list(second.tree.rglob("*.tfplan"))


def test_file_of_the_last_commit_tells_a_lost_state(pipeline: Pipeline) -> None:
    """A plan over a lost state makes all anew: with the manifest as it stood, it is refused."""
    manifest = pipeline.site.tree / "tfgen-manifest.json"
    before = pipeline.site.folder / "before.json"
    before.write_text(manifest.read_text())
    state = pipeline.stack / "terraform.tfstate"
    held = state.rename(pipeline.site.folder / "held.tfstate")
    try:
        pipeline.plan()
        assert pipeline.guard()["passes"]
        verdict = pipeline.guard("--base", str(before), code=3)
    finally:
        held.rename(state)
    assert _guards(verdict) == {"vanished"}
    assert {refusal["flags"] for refusal in verdict["refusals"]} == {"--new-state"}


def test_deleted_service_passes_and_goes(pipeline: Pipeline) -> None:
    """A Service that was deleted in the cluster goes through the pipeline; its neighbour stays."""
    pipeline.services(web=PORTS, gone=PORTS[:1])
    pipeline.plan()
    pipeline.guard()
    pipeline.apply()
    assert _stands(pipeline, "gone")
    pipeline.site.kubectl("delete", "service", "gone", "-n", pipeline.site.name)
    pipeline.site.tfgen("render")
    pipeline.plan()
    assert pipeline.guard()["passes"]
    pipeline.apply()
    assert not _stands(pipeline, "gone")
    assert _stands(pipeline, "web")
