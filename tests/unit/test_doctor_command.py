"""tfgen doctor: each thing that can be wrong is found, with the remedy, and changes nothing."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from tests.fakes import terraform
from tests.fakes import world as fake
from tests.fakes.world import World
from tfgen.cli import output
from tfgen.reconcile import doctor
from tfgen.reconcile.doctor.check import examine
from tfgen.reconcile.doctor.patient import Patient

# The client library warns of calls between its own modules.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")

_HOLDER = """
import fcntl, sys
file = open(sys.argv[1], "r+")
fcntl.lockf(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[World]:
    """Give a world where all is well, with an engine on PATH."""
    engine = terraform.install(tmp_path / "bin")
    monkeypatch.setenv("TFGEN_ENGINE", str(engine.path))
    with fake.running(tmp_path, monkeypatch, capsys) as made:
        made.service("web")
        made.rendered()
        for place in (tmp_path / "infra", tmp_path / "infra" / "stacks" / "shop"):
            (place / ".terraform.lock.hcl").write_text("# hashes\n")
        yield made


def findings(world: World, code: int) -> dict[str, list[str]]:
    """Run the doctor, and give what it found by check, as `level: found (remedy)`."""
    said = world.run("doctor", "--format", "json")
    assert said.code == code, said.out
    found: dict[str, list[str]] = {}
    for each in said.document["findings"]:
        found.setdefault(each["check"], []).append(told(doctor.Finding(**each)))
    return found


def look(name: str, code: int) -> list[str]:
    """Run one check with what it needs, and give what it found; the others cost time."""
    known = {check.name: check for check in doctor.CHECKS}
    wanted, more = {name}, {name}
    while more:
        more = {need for one in more for need in known[one].needs} - wanted
        wanted |= more
    checks = tuple(check for check in doctor.CHECKS if check.name in wanted)
    asked = doctor.Asked(os.environ, engine=os.environ["TFGEN_ENGINE"])
    patient = Patient(asked)
    found = examine(patient, checks, lambda _left: None)
    patient.close()
    assert doctor.code(found) == code, found
    return [told(each) for each in found if each.check == name]


def told(found: doctor.Finding) -> str:
    """Write one finding as `level: found (remedy)`."""
    remedy = f" ({found.remedy})" if found.remedy else ""
    return f"{found.level}: {found.found}{remedy}"


def change(world: World, *pairs: tuple[str, str]) -> None:
    """Replace texts in the settings."""
    text = fake.SETTINGS
    for before, after in pairs:
        assert before in text
        text = text.replace(before, after)
    (world.folder / "tfgen.yaml").write_text(text)


def test_all_is_well(world: World) -> None:
    """Where nothing is wrong every line is ok, and the exit code is 0."""
    change(world, ("{cloud: demo}", f"{{cloud: demo, project_id: {'a' * 32}}}"))
    said = world.run("doctor")
    assert said.code == 0
    levels = {line.split("  ")[0]: line for line in said.out.splitlines()}
    assert "CHECK" in levels
    assert all(" ok " in line for name, line in levels.items() if name != "CHECK")
    assert "terraform 1.11.4" in said.out
    assert "Kubernetes v1.35.4" in said.out
    assert "API 2.27 (settings: 2.27), provider amphora" in said.out
    assert "network.subnet_id: demo 10.0.0.0/16" in said.out
    assert "-> " not in said.out


def test_nothing_is_changed(world: World) -> None:
    """Neither the tree nor the cluster is written to, and the cloud is only read."""
    world.cluster.requests.clear()
    world.cloud.calls.clear()
    before = {path: path.stat().st_mtime_ns for path in (world.folder / "infra").rglob("*")}
    findings(world, 0)
    assert {path: path.stat().st_mtime_ns for path in (world.folder / "infra").rglob("*")} == before
    assert {
        each for each in world.cluster.writes if "selfsubjectaccessreviews" not in each
    } == set()
    assert {each for each in world.cloud.calls if not each.startswith("GET")} == {
        "POST /identity/v3/auth/tokens"
    }


def test_a_missing_right_is_named(world: World) -> None:
    """One right less is reported by name, with what it is for; the others are listed."""
    world.cluster.forbidden.add("patch services/status")
    found = look("rights", 1)
    assert found[0].startswith("error: this user may not patch services/status: publish and run")
    assert "kubectl auth can-i patch services --subresource=status" in found[0]
    assert "list services, list nodes" in found[1]
    assert "patch services/status" not in found[1]


def test_a_right_to_watch_is_only_a_warning(world: World) -> None:
    """What only some commands need ends with 0."""
    world.cluster.forbidden.add("watch nodes")
    assert look("rights", 0)[0].startswith("warning: this user may not watch nodes")


def test_no_events_no_right_to_write_them(world: World) -> None:
    """Where the settings write no Events, the right to is not asked for."""
    change(world, ("network:", "publish: {events: false}\nnetwork:"))
    world.cluster.forbidden.add("create events")
    assert len(look("rights", 0)) == 1


def test_wrong_settings(world: World) -> None:
    """What needs settings is skipped, and the rest is looked at all the same."""
    (world.folder / "tfgen.yaml").write_text("cluster: demo\n")
    found = findings(world, 1)
    assert found["settings"][0].startswith("error: tfgen.yaml")
    assert found["cluster"][0].startswith("ok")
    assert found["engine"][0].startswith("ok")
    assert found["credentials"] == ["skipped: needs settings"]


def test_no_cluster(world: World) -> None:
    """Without the cluster the cloud is looked at all the same."""
    world.cluster.status = 503
    found = findings(world, 1)
    assert found["cluster"][0].startswith("error: cluster http://127.0.0.1")
    assert found["rights"] == ["skipped: needs cluster"]
    assert found["credentials"][0].startswith("ok")


def test_another_cluster(world: World) -> None:
    """The cluster is compared with the one that the tree was rendered from."""
    world.cluster.uid = "99999999-2222-4333-8444-555555555555"
    found = findings(world, 1)
    assert "this is another cluster" in found["identity"][0]
    assert found["rendering"] == ["skipped: needs identity"]


def test_no_engine(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing engine is an error with the ways out."""
    monkeypatch.setenv("TFGEN_ENGINE", "no-such-engine")
    found = findings(world, 1)
    assert found["engine"][0].startswith("error: no engine: no-such-engine")
    assert found["provider"] == ["skipped: needs engine"]


def test_no_provider(world: World) -> None:
    """A provider that cannot be installed is found before a plan needs it."""
    fake_engine = terraform.FakeTerraform(world.folder / "bin" / "terraform")
    fake_engine.behave(terraform.Behaviour(init_error="Failed to query available provider"))
    [found] = look("provider", 1)
    assert "Failed to query available provider" in found
    assert "TF_CLI_CONFIG_FILE" in found


def test_no_lock(world: World) -> None:
    """A tree without a provider lock is warned of."""
    for path in (world.folder / "infra").rglob(".terraform.lock.hcl"):
        path.unlink()
    assert look("provider", 0)[1] == (
        "warning: the tree has no provider lock: each stack takes the newest (Run: tfgen lock)"
    )


def test_wrong_password(world: World) -> None:
    """Credentials that are refused stop what needs the cloud, and nothing else."""
    world.cloud.password = "another"
    found = findings(world, 1)
    assert "refused the credentials" in found["credentials"][0]
    assert found["quotas"] == ["skipped: needs credentials"]
    assert found["tree"][0].startswith("ok")


def test_another_project(world: World) -> None:
    """The project is compared with the one that init recorded."""
    change(world, ("{cloud: demo}", f"{{cloud: demo, project_id: {'b' * 32}}}"))
    assert "openstack.project_id of tfgen.yaml" in look("credentials", 1)[0]


@pytest.mark.usefixtures("world")
def test_a_project_that_is_not_recorded() -> None:
    """Settings that record no project would not notice another one."""
    [_ok, found] = look("credentials", 0)
    assert found.startswith("warning: the settings do not record the project")


def test_octavia_is_older_than_the_settings_say(world: World) -> None:
    """Versions are compared as numbers."""
    world.cloud.octavia_versions = ["v2.0", "v2.9"]
    [found, _ok] = look("octavia", 1)
    assert found == (
        "error: the cloud offers API 2.9, and octavia.api_version is 2.27 (Set "
        "octavia.api_version to 2.9 in tfgen.yaml)"
    )


def test_a_provider_that_octavia_does_not_have(world: World) -> None:
    """The provider of the settings is looked for among those on offer."""
    world.cloud.providers = ["ovn"]
    [found] = look("octavia", 1)
    assert found.startswith("error: octavia.provider is amphora, and the cloud offers ovn")


def test_an_unknown_subnet(world: World) -> None:
    """A subnet that is none is named with its setting, and what there is."""
    world.cloud.subnets[0]["id"] = "3" * 32
    [found] = look("subnets", 1)
    assert found.startswith(f"error: network.subnet_id is {fake.SUBNET}, which is no subnet")
    assert "demo 10.0.0.0/16" in found


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (f"{{id: {fake.SUBNET}, name: public}}", "[0].id is"),
        (f"{{id: {fake.PUBLIC}, name: other}}", "[0].name is 'other', and the cloud calls"),
        ("{name: other}", "[0].name is 'other'"),
    ],
)
def test_an_unknown_floating_network(world: World, after: str, words: str) -> None:
    """External networks are looked for by id and by name, and both must be of one."""
    change(world, (f"{{id: {fake.PUBLIC}, name: public}}", after))
    [found] = look("floating networks", 1)
    assert found.startswith("error: network.floating_networks")
    assert words in found


def test_no_floating_network(world: World) -> None:
    """Without an external network only internal load balancers can be made."""
    change(world, (f"[{{id: {fake.PUBLIC}, name: public}}]", "[]"))
    [found] = look("floating networks", 0)
    assert "only internal load balancers" in found


def test_quotas(world: World) -> None:
    """What the tree still needs is compared with what is left; near the limit is a warning."""
    world.cloud.limits = {"load_balancer": 0, "listener": 1, "member": 100}
    found = look("quotas", 1)
    assert found[0].startswith(
        "error: load balancers 0 of 0: the tree needs 1 more, and 0 can be made"
    )
    assert found[1].startswith("warning: listeners 0 of 1 in use, and the tree needs 1 more")
    assert found[2] == "ok: members 0 of 100"


@pytest.mark.usefixtures("world")
def test_no_limits() -> None:
    """Where nothing is limited that is said."""
    assert look("quotas", 0) == ["ok: no limits"]


def test_what_stands_is_not_needed_again(world: World) -> None:
    """A load balancer that is there counts as used, and not as needed."""
    world.deployed("web")
    world.cloud.limits = {"load_balancer": 2}
    assert look("quotas", 0) == ["ok: load balancers 1 of 2"]


def test_quotas_that_cannot_be_read(world: World) -> None:
    """Who may not read quotas is warned; nothing else depends on them."""
    world.cloud.failing["/load-balancer/v2/lbaas/quotas"] = 403
    [found] = look("quotas", 0)
    assert found.startswith("warning: Octavia at")


def test_an_edited_file(world: World) -> None:
    """A hand edit is named with its file."""
    file = world.folder / "infra/stacks/shop/lb_shop_web.tf"
    file.write_text(file.read_text().replace("ROUND_ROBIN", "SOURCE_IP"))
    found = findings(world, 0)
    assert found["files"][0].startswith(
        "warning: stacks/shop/lb_shop_web.tf is edited by hand (Carry the edit"
    )
    assert any(each.startswith("warning: held: shop/web") for each in found["rendering"])


def test_a_missing_file(world: World) -> None:
    """A file that the manifest lists and that is not there would cost a load balancer."""
    (world.folder / "infra/stacks/shop/lb_shop_web.tf").unlink()
    found = look("files", 1)[0]
    assert found.startswith("error: stacks/shop/lb_shop_web.tf is missing: an apply would remove")


def test_a_missing_file_hides_nothing_else(world: World) -> None:
    """What needs no more than a tree that can be read is looked at all the same."""
    (world.folder / "infra/stacks/shop/lb_shop_web.tf").unlink()
    found = findings(world, 1)
    assert found["files"][0].startswith("error: ")
    assert found["tree"] == ["ok: infra: 1 Service in 1 stack"]
    for name in ("provider", "states", "identity", "rendering", "quotas"):
        assert "skipped" not in found[name][0], name
    assert found["rendering"][0].startswith("warning: the tree is behind")


def test_a_lost_manifest(world: World) -> None:
    """What would be read from it is skipped; the provider needs settings and engine alone."""
    (world.folder / "infra/tfgen-manifest.json").unlink()
    found = findings(world, 1)
    assert found["tree"][0].startswith("error: infra/tfgen-manifest.json is missing beside")
    for name in ("files", "states", "identity", "quotas"):
        assert found[name] == ["skipped: needs tree"], name
    assert found["provider"][0].startswith("ok: terraform-provider-openstack/openstack ")


def test_a_tree_that_cannot_be_read(world: World) -> None:
    """The provider is installed without the lock that nobody could read, and nobody misses it."""
    (world.folder / "infra/tfgen-manifest.json").write_text("{")
    found = findings(world, 1)
    assert found["tree"][0].startswith("error: ")
    [provider] = found["provider"]
    assert provider.startswith("ok: ")


@pytest.mark.usefixtures("world")
def test_a_tree_that_is_not_ours_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rendering would fail at its first file."""
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    assert look("files", 1) == ["error: infra cannot be written to (Give this user the right to.)"]


def test_a_file_of_somebody_else(world: World) -> None:
    """A file in a stack that tfgen did not make is named."""
    (world.folder / "infra/stacks/shop/extra.tf").write_text("# mine\n")
    assert look("files", 0)[0].startswith("warning: stacks/shop/extra.tf was edited")


def test_two_renderings_mixed(world: World) -> None:
    """A file that is whole and yet not the manifest's comes from another commit."""
    file = world.folder / "infra/stacks/shop/lb_shop_web.tf"
    text = file.read_text()
    world.service("web", loadBalancerSourceRanges=["192.0.2.0/24"])
    world.rendered()
    file.write_text(text)
    assert "is of another rendering than tfgen-manifest.json" in look("files", 0)[0]


def test_the_tree_is_behind(world: World) -> None:
    """A Service that is not rendered yet makes the tree stale."""
    world.service("new")
    found = look("rendering", 0)[0]
    assert found.startswith("warning: the tree is behind: ")
    assert "tfgen render --diff" in found


def test_a_rendering_that_would_be_refused(world: World) -> None:
    """The guard's words are told before it refuses."""
    world.service("other")
    world.rendered()
    world.cluster.services.clear()
    found = look("rendering", 0)[0]
    assert found.startswith("warning: tfgen render would stop: 2 of 2 Services are gone")


def test_facts_that_are_awaited(world: World) -> None:
    """A stack whose nodes nobody knows yet is named."""
    (world.folder / "infra/stacks/shop/facts.auto.tfvars.json").unlink()
    assert look("files", 0)[0] == (
        "warning: nodes and node ports are not known yet in shop (Run: tfgen sync)"
    )


def test_no_tree_yet(world: World) -> None:
    """Before the first rendering nothing is wrong."""
    change(world, ("network:", "out: elsewhere\nnetwork:"))
    found = findings(world, 0)
    assert found["tree"][0].endswith("nothing rendered yet")
    assert found["states"] == ["ok: there are no stacks yet"]


def test_a_broken_state(world: World) -> None:
    """A state that is none is an error with its path."""
    (world.folder / "infra/stacks/shop/terraform.tfstate").write_text("{")
    found = look("states", 1)
    assert found[0].startswith("error: the state of stack shop cannot be read: ")
    assert found[1] == "ok: 0 of 1 local state can be read"


def test_a_locked_state(world: World) -> None:
    """Who holds a local state is named, as the engine wrote it beside the file."""
    file = world.folder / "infra/stacks/shop/terraform.tfstate"
    file.write_text("")
    who = {"Who": "ci@runner", "Operation": "OperationTypeApply", "Created": "2026-01-01"}
    file.with_name(".terraform.tfstate.lock.info").write_text(json.dumps(who))
    assert look("states", 0) == ["ok: 1 of 1 local state can be read"]
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout
        holder.stdout.readline()
        found = look("states", 0)[0]
        holder.communicate()
    assert found.startswith(
        "warning: the state of stack shop is locked by ci@runner (OperationTypeApply, since 2026"
    )
    assert found.endswith("the lock of a local file goes with its process.)")


@pytest.mark.usefixtures("world")
def test_local_states_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """States in files are lost with the job that made them."""
    monkeypatch.setenv("CI", "true")
    assert look("states", 0)[1].startswith("warning: the states are local files")


REMOTE = "backend: {type: http, config: {address: 'http://127.0.0.1:1/{stack}'}}\nnetwork:"


def test_remote_states(world: World) -> None:
    """States elsewhere are asked for by the engine, from a folder that is not the tree's."""
    change(world, ("network:", REMOTE))
    world.rendered()
    assert look("states", 0) == ["ok: backend http: 1 of 1 state looked at, 1 can be read"]
    assert not (world.folder / "infra/stacks/shop/.terraform").exists()


def test_a_remote_state_that_is_locked_or_away(world: World) -> None:
    """What the engine says of a backend is told under the stack's name."""
    change(world, ("network:", REMOTE))
    world.rendered()
    engine = terraform.FakeTerraform(world.folder / "bin" / "terraform")
    engine.behave(terraform.Behaviour(locked=True))
    found = look("states", 0)[0]
    assert found.startswith("warning: the state of stack shop is locked: terraform lock of stack")
    assert "Error acquiring the state lock" in found
    engine.behave(terraform.Behaviour(init_error="connection refused"))
    found = look("states", 1)[0]
    assert found.startswith("error: the state of stack shop cannot be read: terraform init")
    assert "connection refused" in found


def test_remote_states_beyond_the_first_few(world: World) -> None:
    """What was not looked at is counted, and not passed off as fine."""
    text = "stacks: {max_services: 1}\n"
    change(world, ("network:", f"{text}{REMOTE}"))
    for number in range(4):
        world.service(f"web-{number}")
    world.rendered()
    assert look("states", 0) == ["ok: backend http: 3 of 5 states looked at, 3 can be read"]


def test_text(world: World) -> None:
    """Remedies stand below the table, each after what it is for; the last line counts."""
    world.service("new")
    said = world.run("doctor")
    assert "\nrendering warning: the tree is behind" in said.out
    assert "\n  -> Run: tfgen render --diff\n" in said.out
    assert said.err.endswith(" ok, 2 warnings\n")


def test_long_words_stand_below_the_table(world: World) -> None:
    """Of what an engine says the table has the first line, and the rest stands by its remedy."""
    fake_engine = terraform.FakeTerraform(world.folder / "bin" / "terraform")
    fake_engine.behave(terraform.Behaviour(init_error="Failed to query\n\nno such mirror"))
    said = world.run("doctor")
    table, _, below = said.out.partition("\n\n")
    assert "no such mirror" not in table
    assert "\n  no such mirror\n  -> If the provider lock" in below


def test_progress_on_a_terminal(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the checks that are still under way are shown, and then wiped out."""
    screen = io.StringIO()
    monkeypatch.setattr(output, "stderr", Console(file=screen, force_terminal=True, width=200))
    said = world.run("doctor")
    assert said.out.startswith("CHECK ")
    assert "checking" in screen.getvalue()
