"""The commands that drive the engine, over a cluster, a cloud and an engine on loopback."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import place as world
from tests.fakes import terraform as fake
from tests.fakes.place import Place
from tfgen import errors, model

# The client library warns of calls between its own modules.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")

WEB = model.ServiceKey("shop", "web")
Printed = pytest.CaptureFixture[str]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A world with one Service."""
    with world.running(tmp_path, monkeypatch) as made:
        made.service("shop/web")
        yield made


class Terminal(io.StringIO):
    """Somebody who types."""

    def isatty(self) -> bool:
        """Be one."""
        return True


def ingress(place: Place) -> list[dict[str, str]]:
    """Give what the Service's status says."""
    found: list[dict[str, str]] = place.cluster.services[WEB]["status"]["loadBalancer"].get(
        "ingress", []
    )
    return found


def test_run_from_nothing_to_an_address(place: Place, capsys: Printed) -> None:
    """One command renders, plans, applies and publishes, and ends with a table."""
    assert place.tfgen("run", "--yes") == 0
    printed = capsys.readouterr()
    [entry] = ingress(place)
    head, row = printed.out.splitlines()
    assert head.split() == ["SERVICE", "ADDRESS", "CHANGED", "TIME"]
    assert row.split()[:2] == ["shop/web", entry["ip"]]
    assert "shop/web  creating listener tcp-80 ... done" in printed.err
    assert not list(place.tree.rglob("*.tfplan*"))


def test_a_second_run_does_nothing(place: Place, capsys: Printed) -> None:
    """Where all is as it should be, nothing is applied and nothing is written."""
    place.tfgen("run", "--yes")
    writes = len(place.cluster.writes)
    capsys.readouterr()
    assert place.tfgen("run", "--yes") == 0
    assert len(place.cluster.writes) == writes
    assert place.engine.commands().count("apply") == 1
    assert "1 Service unchanged" in capsys.readouterr().err


def test_a_deleted_service_goes_with_its_stack(place: Place) -> None:
    """A Service that is gone is removed from the cloud, and its empty stack from the tree."""
    place.service("blog/www")
    place.tfgen("run", "--yes")
    del place.cluster.services[WEB]
    assert place.tfgen("run", "--yes") == 0
    assert [path.name for path in (place.tree / "stacks").iterdir()] == ["blog"]
    assert place.cloud.lists()["/load-balancer/v2/lbaas/loadbalancers"][1][0]["name"].endswith(
        "www"
    )


def test_run_prints_one_document(place: Place, capsys: Printed) -> None:
    """With --format json there is one document, with a part for each step."""
    assert place.tfgen("run", "--yes", "--format", "json") == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["schema_version"]) == ("tfgen.run", 1)
    assert set(document) == {"schema", "schema_version", "render", "plan", "apply", "publish"}
    [service] = document["apply"]["services"]
    assert (service["service"], service["address"]) == ("shop/web", ingress(place)[0]["ip"])


def test_from_files_nothing_is_published(place: Place) -> None:
    """With --from there is no cluster to write to."""
    services = [*place.cluster.services.values()]
    listing = {"kind": "List", "apiVersion": "v1", "items": [*services, *place.cluster.nodes]}
    (place.folder / "input.json").write_text(json.dumps(listing))
    assert place.tfgen("run", "--yes", "--from", "input.json") == 0
    assert place.cluster.requests == []
    assert place.engine.commands().count("apply") == 1


def test_plan_and_apply(place: Place, capsys: Printed) -> None:
    """`plan` says what would change and saves it; `apply` does that, and publishes nothing."""
    place.tfgen("render")
    assert place.tfgen("plan", "--exit-code") == 2
    printed = capsys.readouterr()
    assert "shop/web  shop   creates load balancer" in printed.out
    assert "SAVED PLAN" in printed.out
    assert "Apply with: tfgen apply" in printed.err
    assert place.tfgen("apply", "--yes") == 0
    assert ingress(place) == []
    assert place.tfgen("plan", "--exit-code") == 0


def test_plan_as_a_document(place: Place, capsys: Printed) -> None:
    """The document has digests, changes by Service, and the guards' verdict."""
    place.tfgen("render")
    capsys.readouterr()
    place.tfgen("plan", "--format", "json")
    document = json.loads(capsys.readouterr().out)
    [stack] = document["stacks"]
    assert stack["changes"][0]["service"] == "shop/web"
    assert len(stack["effect_digest"]) == len(stack["plan_digest"]) == 64
    assert document["verdict"]["passes"]


@pytest.mark.parametrize("command", ["apply", "run"])
def test_nobody_to_ask(place: Place, capsys: Printed, command: str) -> None:
    """Without a terminal and without --yes nothing is even begun."""
    place.tfgen("render")
    assert place.tfgen(command) == 64
    assert "no terminal to ask on" in capsys.readouterr().err
    assert place.engine.calls() == []
    assert place.cloud.calls == []


@pytest.mark.parametrize(("answer", "code"), [("yes\n", 0), ("y\n", 1), ("", 1)])
def test_only_yes_is_yes(
    place: Place, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    """Anything but the word yes applies nothing; the saved plans stay."""
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    assert place.tfgen("run") == code
    assert place.engine.commands().count("apply") == (code == 0)
    assert bool(list(place.tree.rglob("*.tfplan"))) == (code == 1)


def test_a_guard_refuses(place: Place, capsys: Printed) -> None:
    """A refused plan is said with guard and remedy, exit code 3, and nothing is applied."""
    place.setting("guards: {stop: true}")
    assert place.tfgen("run", "--yes") == 3
    assert "guards.stop is true" in capsys.readouterr().err
    assert "apply" not in place.engine.commands()


def test_a_file_stops_plans_that_are_saved_already(place: Place, capsys: Printed) -> None:
    """Put there between plan and apply it still refuses; without it the same plans are applied."""
    place.tfgen("render")
    place.tfgen("plan")
    (place.folder / "tfgen.stop").write_text("ask Ada")
    assert place.tfgen("apply", "--yes") == 3
    assert "tfgen.stop says: ask Ada" in capsys.readouterr().out
    assert "apply" not in place.engine.commands()
    (place.folder / "tfgen.stop").unlink()
    assert place.tfgen("apply", "--yes") == 0


def test_an_address_that_is_gone_is_not_made_anew_in_silence(place: Place, capsys: Printed) -> None:
    """Where the cluster knows an address that neither state nor cloud has, a person decides."""
    place.tfgen("run", "--yes")
    for state in place.tree.glob("stacks/*/terraform.tfstate*"):
        state.unlink()
    assert place.tfgen("run", "--yes") == 3
    assert "--new-state" in capsys.readouterr().err
    assert place.engine.commands().count("apply") == 1
    assert place.tfgen("run", "--yes", "--new-state") == 0


def test_a_failure_names_the_service(place: Place, capsys: Printed) -> None:
    """What the engine reports is told for the Service and the object it belongs to."""
    place.service("blog/www")
    place.engine.behave(fake.Behaviour(fail="lb_shop_web_tcp-80.openstack_lb_pool"))
    assert place.tfgen("run", "--yes") == 5
    error = capsys.readouterr().err
    assert "failed: stack shop: Service shop/web, pool tcp-80: Expected HTTP response" in error
    assert "shop/web  creating pool tcp-80 ... FAILED" in error
    assert ingress(place) == []
    place.engine.behave(fake.Behaviour())
    assert place.tfgen("run", "--yes") == 0
    assert ingress(place)


def test_sync_brings_a_node(place: Place, capsys: Printed) -> None:
    """A node that joins reaches the pools; no other file changes, and nobody is asked."""
    place.tfgen("run", "--yes")
    intent = {path: path.read_bytes() for path in place.tree.rglob("*.tf")}
    place.node(3)
    capsys.readouterr()
    assert place.tfgen("sync") == 0
    assert "members tcp-80: 2 -> 3 (+node-3)" in capsys.readouterr().out
    assert {path: path.read_bytes() for path in intent} == intent
    assert place.tfgen("plan", "--exit-code") == 0


def test_sync_without_news_starts_no_plan(place: Place) -> None:
    """Once it knows that all is in order it trusts the states; asked to, it looks again."""
    place.tfgen("run", "--yes")
    assert place.tfgen("sync") == 0
    planned = place.engine.commands().count("plan")
    assert place.tfgen("sync") == 0
    assert place.engine.commands().count("plan") == planned
    assert place.tfgen("sync", "--refresh") == 0
    assert place.engine.commands().count("plan") == planned + 1


def test_sync_refuses_everything_else(place: Place, capsys: Printed) -> None:
    """Where a plan would do more than members, sync applies nothing of that stack."""
    place.tfgen("run", "--yes")
    place.service("shop/web", 80, 81)
    place.tfgen("render")
    place.node(3)
    assert place.tfgen("sync") == 3
    error = capsys.readouterr().err
    assert "stack shop is not synced" in error
    assert "creates listener tcp-81" in error
    assert place.engine.commands().count("apply") == 1
    assert not list(place.tree.rglob("*.tfplan*"))


def test_a_stack_awaits_facts(place: Place, capsys: Printed) -> None:
    """A stack that was rendered without a cluster is passed over with the way out."""
    listing = {"kind": "List", "apiVersion": "v1", "items": [*place.cluster.services.values()]}
    (place.folder / "input.json").write_text(json.dumps(listing))
    assert place.tfgen("render", "--from", "input.json", "--intent-only") == 0
    assert place.tfgen("plan") == 0
    assert "notice: stack shop awaits facts" in capsys.readouterr().err
    assert "plan" not in place.engine.commands()


def test_lock_is_the_same_everywhere(place: Place, capsys: Printed) -> None:
    """One lock for the tree and each of its stacks; done twice, nothing changes."""
    place.service("blog/www")
    place.tfgen("render")
    assert place.tfgen("lock") == 0
    locks = [path.read_text() for path in place.tree.rglob(".terraform.lock.hcl")]
    assert len(locks) == 3
    assert set(locks) == {"# hashes of linux_amd64 linux_arm64 darwin_amd64 darwin_arm64\n"}
    assert place.tfgen("lock") == 0
    assert "is the same in the tree and its 2 stacks" in capsys.readouterr().err


def test_lock_without_a_registry(place: Place, capsys: Printed) -> None:
    """Where no registry can be reached, the hashes of this platform are better than none."""
    place.tfgen("render")
    place.engine.behave(fake.Behaviour(no_registry=True))
    assert place.tfgen("lock") == 0
    assert "hashes of this platform only" in capsys.readouterr().err
    assert (place.tree / ".terraform.lock.hcl").read_text() == "# hashes of this platform\n"
    assert place.tfgen("lock", "--platform", "darwin_arm64") == 1
    assert "no hashes for all of darwin_arm64" in capsys.readouterr().err


def test_lock_keeps_the_version_or_takes_a_newer_one(place: Place) -> None:
    """What was locked is what the engine starts from, unless a newer version is asked for."""
    place.tfgen("render")
    lock = place.tree / ".terraform.lock.hcl"
    lock.write_text("# hashes of an old version\n")
    place.engine.behave(fake.Behaviour(no_registry=True))
    place.tfgen("lock")
    assert lock.read_text() == "# hashes of an old version\n"
    place.tfgen("lock", "--upgrade")
    assert lock.read_text() == "# hashes of this platform\n"


def test_apply_shows_what_it_asks_about(
    place: Place, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it asks, apply shows what the saved plans would do."""
    place.tfgen("render")
    place.tfgen("plan")
    capsys.readouterr()
    monkeypatch.setattr("sys.stdin", Terminal("no\n"))
    assert place.tfgen("apply") == 1
    error = capsys.readouterr().err
    assert "creates load balancer" in error
    assert "the answer was 'no', not 'yes'" in error
    assert "apply" not in place.engine.commands()


def test_a_service_in_error_is_told(place: Place, capsys: Printed) -> None:
    """A Service that is kept out of its plan is named with the way out, exit code 4."""
    place.service("shop/api")
    place.tfgen("run", "--yes")
    place.cloud.in_error = "demo_shop_web"
    assert place.tfgen("plan") == 4
    error = capsys.readouterr().err
    assert "held: Service shop/web was kept out of its stack's plan" in error
    assert "Run: tfgen repair shop/web" in error
    assert place.tfgen("plan", "--allow-held") == 0


def test_local_states_in_ci(place: Place, capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Local states are warned about where the next job will not find them."""
    place.tfgen("render")
    monkeypatch.setenv("CI", "true")
    place.tfgen("plan")
    assert "the states are local files, and this is a CI job" in capsys.readouterr().err


def test_without_a_project_it_is_said(place: Place, capsys: Printed) -> None:
    """Where tfgen.yaml names no project, credentials of another one would not be noticed."""
    settings = place.folder / "tfgen.yaml"
    known = f"project_id: {place.cloud.project_id}"
    place.tfgen("render")
    assert place.tfgen("plan") == 0
    assert "project_id" not in capsys.readouterr().err
    settings.write_text(settings.read_text().replace(known, 'project_id: ""'))
    assert place.tfgen("plan") == 0
    said = capsys.readouterr().err
    assert "notice: openstack.project_id is not set" in said
    assert f"This one is {place.cloud.project_id}." in said


def test_what_the_tree_does_not_have(place: Place, capsys: Printed) -> None:
    """A wrong name is told before the engine or the cloud is asked anything."""
    place.tfgen("render")
    assert place.tfgen("plan", "--service", "shop/nope") == 1
    assert "no Service shop/nope in the output tree" in capsys.readouterr().err
    assert place.engine.calls() == []
    assert place.cloud.calls == []


def test_no_engine(place: Place, capsys: Printed) -> None:
    """Without an engine the message says what to install."""
    place.tfgen("render")
    assert place.tfgen("plan", "--engine", "/nowhere/terraform") == 1
    assert "Install Terraform" in capsys.readouterr().err


def test_apply_without_a_saved_plan(place: Place, capsys: Printed) -> None:
    """It is said what there is not, and what makes it; that nothing changes is no error."""
    place.tfgen("render")
    capsys.readouterr()
    assert place.tfgen("apply", "--yes") == 0
    said = capsys.readouterr().err
    assert "no stack has a saved plan. Where something is to change: tfgen plan\n" in said
    assert said.endswith("nothing was applied\n")


def test_a_failed_plan_is_not_called_unchanged(place: Place, capsys: Printed) -> None:
    """Nothing is known of a stack that could not be planned."""
    place.tfgen("render")
    place.engine.behave(fake.Behaviour(plan_error="Quota exceeded"))
    capsys.readouterr()
    assert place.tfgen("plan") == 1
    said = capsys.readouterr().err
    assert said.endswith("0 stacks planned, 1 failed\n")
    assert "nothing changes" not in said
    assert "`tfgen doctor` looks at credentials, quotas" in said


def test_a_full_quota_is_named(place: Place, capsys: Printed) -> None:
    """After a failed apply the quota that is used up is told, and whose it is."""
    place.cloud.limits = {"load_balancer": 0}
    place.engine.behave(fake.Behaviour(fail="lb_shop_web"))
    assert place.tfgen("run", "--yes") == 1
    assert (
        "Octavia's quota of load balancers is full: 0 of 0 (0 of this tree). Ask for more, or "
        "delete what is not needed."
    ) in capsys.readouterr().err


def test_run_where_nothing_may_be_published(place: Place, capsys: Printed) -> None:
    """What was applied is applied: only the last step is to be done again, exit code 5."""
    place.cluster.forbidden = {"patch services/status"}
    assert place.tfgen("run", "--yes") == 5
    said = capsys.readouterr().err
    assert said.endswith("everything is applied; to write back what failed: tfgen publish\n")
    place.cluster.forbidden = set()
    assert place.tfgen("publish") == 0


def test_run_where_the_last_step_cannot_begin(
    place: Place, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report of the apply is there, then why nothing was published; one document in JSON."""

    def away(_self: object, _addresses: object) -> None:
        raise errors.CloudError("Neutron does not answer", remedy="Is it up?")

    monkeypatch.setattr("tfgen.cloud.Cloud.confirm", away)
    assert place.tfgen("run", "--yes", "--format", "json") == 5
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "tfgen.run"
    assert document["apply"]["services"][0]["service"] == "shop/web"
    assert document["error"] == {
        "code": 5,
        "what": "nothing was published: Neutron does not answer",
        "remedy": "What was applied stands. Once this is mended: tfgen publish. Is it up?",
    }


def test_no_events_where_none_are_wanted(place: Place) -> None:
    """With publish.events false the beginning of an apply is no Event either."""
    place.setting("publish: {events: false}")
    assert place.tfgen("run", "--yes") == 0
    assert place.cluster.events == []


def test_events_that_cannot_be_written_are_told(place: Place, capsys: Printed) -> None:
    """They hold nothing back, and are not passed over in silence."""
    place.cluster.forbidden = {"create events"}
    assert place.tfgen("run", "--yes") == 0
    assert "notice: cluster" in capsys.readouterr().err


def test_an_interrupted_question(
    place: Place, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C is an answer: nothing is applied, and the saved plans stay."""

    def interrupted() -> str:
        raise KeyboardInterrupt

    terminal = Terminal()
    monkeypatch.setattr(terminal, "readline", interrupted)
    place.tfgen("render")
    place.tfgen("plan")
    monkeypatch.setattr("sys.stdin", terminal)
    assert place.tfgen("apply") == 130
    assert "nothing was applied\nThe saved plans stay" in capsys.readouterr().err
    assert list(place.tree.rglob("*.tfplan"))


def test_no_command(place: Place, capsys: Printed) -> None:
    """`tfgen` alone is help and wrong usage; as a document an error alone, without help."""
    assert place.tfgen() == 64
    printed = capsys.readouterr()
    assert "Usage: tfgen" in printed.out
    assert printed.err == ""


def test_no_command_as_a_document(
    place: Place, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With TFGEN_FORMAT=json there is one document on standard output and nothing else."""
    monkeypatch.setenv("TFGEN_FORMAT", "json")
    assert place.tfgen() == 64
    assert json.loads(capsys.readouterr().out)["error"]["code"] == 64


def test_a_state_that_is_encrypted_is_asked_of_the_engine(place: Place) -> None:
    """Addresses are published from a local state that only the engine can read."""
    place.tfgen("run", "--yes")
    [path] = place.tree.glob("stacks/*/terraform.tfstate")
    path.write_text('{"encrypted_data": "x"}')
    before = place.engine.commands().count("state")
    place.tfgen("publish")
    assert place.engine.commands().count("state") == before + 1
