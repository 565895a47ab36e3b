"""tfgen guard: files in, a verdict and an exit code out."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import plans
from tfgen import cli, manifest

JOINS = plans.members(
    "shop/web", {"node-1": "10.0.0.11"}, {"node-1": "10.0.0.11", "node-2": "10.0.0.12"}
)
DESTROYS = plans.balancer("shop/web", "delete")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with settings and a rendered tree of one Service; it is the working folder."""
    tree = plans.tree(plans.entry("shop/web"))
    (tmp_path / "tfgen.yaml").write_text(f"cluster: {plans.CLUSTER}\ntree: {plans.TREE}\n")
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / manifest.FILE).write_text(manifest.dumps(tree))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _write(folder: Path, *changes: plans.Json, name: str = "plan.json", **document: Any) -> str:  # noqa: ANN401  plan JSON
    (folder / name).write_text(json.dumps(plans.plan(*changes, **document)))
    return name


def _run(*arguments: str) -> int:
    return cli.app.run(["guard", *arguments])


def test_harmless_plan_passes(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A plan that adds a node passes with exit code 0, and says what it does."""
    assert _run("--plan", _write(project, JOINS)) == 0
    said = capsys.readouterr()
    assert said.out == "Service shop/web: members tcp-80: 1 -> 2 (+node-2)\n"
    assert said.err == "the plan passes the guards\n"


def test_refused_plan(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A refused plan ends with 3; guard, Service, address and remedy stand on the screen."""
    assert _run("--plan", _write(project, DESTROYS)) == 3
    said = capsys.readouterr().out
    assert "delete      Service shop/web: the load balancer is destroyed" in said
    assert f"{plans.BALANCER}.lb_shop_web in plan.json" in said
    assert "Run `tfgen render` again" in said


def test_json_verdict(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --format json there is one document, refused or not."""
    assert _run("--plan", _write(project, DESTROYS), "--format", "json") == 3
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "tfgen.guard"
    assert document["passes"] is False
    assert document["refusals"][0]["service"] == "shop/web"
    assert document["refusals"][0]["flags"] is None
    effects = ["removes load balancer"]
    change = {"plan": "plan.json", "service": "shop/web", "group": None, "effects": effects}
    assert document["changes"] == [change]


def test_flags_open(project: Path) -> None:
    """The flag that a refusal names lets the same plan pass."""
    plan = _write(project, plans.balancer("shop/web", "delete", "create"))
    assert _run("--plan", plan) == 3
    assert _run("--plan", plan, "--allow-protected", "shop/web", "--new-state") == 3
    assert _run("--plan", plan, "--allow-address-change", "shop/web") == 0


def test_several_plans_are_judged_together(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Removals of several plans are counted together."""
    files = []
    for number in (1, 2):
        removal = plans.balancer(f"shop/old{number}", "delete")
        files += ["--plan", _write(project, removal, name=f"{number}.json")]
    assert _run(*files[:2]) == 0
    assert _run(*files) == 3
    assert "removes 2 of 3 Services" in capsys.readouterr().out
    assert _run(*files, "--allow-removals", "2") == 0


def test_plan_from_standard_input(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dash reads the plan from standard input."""
    data = (project / _write(project, DESTROYS)).read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert _run("--plan", "-") == 3


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"PK\x03\x04...", "tfgen: odd.json is a saved plan, and its JSON is wanted"),
        (b"", "tfgen: plan odd.json cannot be read as JSON"),
        (b'{"@level":"info"}\n{"@level":"info"}\n', "tfgen: plan odd.json cannot be read as JSON"),
        (b"[]", "tfgen: plan odd.json holds a JSON list, expected an object"),
        (b'{"format_version":"2.0"}', "tfgen: the plan's JSON has format_version 2.0"),
    ],
)
def test_what_is_no_plan_is_an_error(
    project: Path, content: bytes, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A saved plan, or anything else that is no plan's JSON, ends with 1 and what to do."""
    (project / "odd.json").write_bytes(content)
    assert _run("--plan", "odd.json") == 1
    said = capsys.readouterr().err
    assert said.startswith(what)
    assert len(said.splitlines()) > 1


def test_saved_plan_names_the_command(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who gives the saved plan is told the command that converts it."""
    (project / "tfplan").write_bytes(b"PK\x03\x04")
    assert _run("--plan", "tfplan") == 1
    assert "terraform show -json tfplan > tfplan.json" in capsys.readouterr().err


def test_missing_plan(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is not there is an error that says how it is made."""
    assert _run("--plan", str(project / "none.json")) == 1
    assert "No such file" in capsys.readouterr().err


def test_state_is_no_plan(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The JSON of a state has no changes, and must not pass as a plan without changes."""
    (project / "state.json").write_text('{"format_version":"1.0","values":{}}')
    assert _run("--plan", "state.json") == 3
    assert "unreadable" in capsys.readouterr().out


def test_failed_plan(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A plan that the engine could not finish is an error: it lacks what came after."""
    assert _run("--plan", _write(project, errored=True)) == 1
    assert "could not finish the plan (plan.json)" in capsys.readouterr().err


def test_missing_manifest(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a manifest nothing can be told from a removal, so nothing is judged."""
    (project / "infra" / manifest.FILE).unlink()
    assert _run("--plan", _write(project, JOINS)) == 1
    assert "has no tfgen-manifest.json" in capsys.readouterr().err


def test_tree_of_other_settings(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Settings of another cluster or tree do not judge this one's plans."""
    (project / "tfgen.yaml").write_text(f"cluster: other\ntree: {plans.TREE}\n")
    assert _run("--plan", _write(project, JOINS)) == 3
    assert "setting cluster is 'other'" in capsys.readouterr().err


def test_bad_service_flag(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is not NAMESPACE/NAME is wrong usage."""
    assert _run("--plan", _write(project, JOINS), "--allow-protected", "web") == 64
    assert "'web' is not NAMESPACE/NAME" in capsys.readouterr().err


def test_lost_node_is_told_once(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What happens to many Services in the same words is told once, with their number."""
    services = [plans.entry(f"shop/s{number}") for number in range(6)]
    text = manifest.dumps(plans.tree(*services))
    (project / "infra" / manifest.FILE).write_text(text)
    nodes = {"node-1": "10.0.0.11"}
    lost = [plans.members(str(one.service), nodes, {}) for one in services]
    assert _run("--plan", _write(project, *lost)) == 3
    said = capsys.readouterr()
    assert "Service shop/s0, Service shop/s1, Service shop/s2 and 3 more: pool tcp-80" in said.out
    assert "refused for 6 reasons" in said.err
