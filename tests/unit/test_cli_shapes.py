"""What commands print with --format json is what `tfgen schema` says, field by field."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import place as world
from tests.fakes import plans, schemas
from tests.fakes.place import Place
from tfgen import cli, manifest

# The client library warns of calls between its own modules.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")

Printed = pytest.CaptureFixture[str]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A world with a Service, one that is held, and one that is none of ours."""
    with world.running(tmp_path, monkeypatch) as made:
        made.service("shop/web")
        made.service("shop/bad", annotations={"loadbalancer.openstack.org/lb-method": "x"})
        made.cluster.put(
            {"metadata": {"name": "db", "namespace": "shop"}, "spec": {"type": "ClusterIP"}}
        )
        yield made


def document(capsys: Printed, code: int, *arguments: str) -> dict[str, Any]:
    """Run a command that ends with a code; give what it prints as JSON, if it fits its schema."""
    capsys.readouterr()
    assert cli.app.run([*arguments, "--format", "json"]) == code
    printed: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert cli.app.run(["schema", printed["schema"].removeprefix("tfgen.")]) == 0
    assert schemas.faults(json.loads(capsys.readouterr().out), printed) == []
    return printed


def test_the_steps_of_the_main_line(place: Place, capsys: Printed) -> None:
    """Render, plan, apply and publish, each by itself and with something to say."""
    rendered = document(capsys, 4, "render", "--prune")
    assert rendered["problems"]
    assert rendered["files"]
    assert rendered["services"]
    planned = document(capsys, 0, "plan")
    assert planned["stacks"][0]["changes"]
    applied = document(capsys, 0, "apply", "--yes")
    assert applied["services"][0]["address"]
    assert applied["stacks"]
    published = document(capsys, 0, "publish")
    assert published["services"]
    place.cluster.services.pop(next(key for key in place.cluster.services if key.name == "web"))
    gone = document(capsys, 4, "render", "--prune", "--allow-removals", "1")
    assert gone["gone"]
    assert gone["tombstones"]


@pytest.mark.usefixtures("place")
def test_a_whole_run(capsys: Printed) -> None:
    """All steps in one document, each with its own head."""
    made = document(capsys, 4, "run", "--yes")
    assert {"render", "plan", "apply", "publish"} < made.keys()
    assert made["render"]["schema"] == "tfgen.render"


def test_a_run_that_is_stopped(place: Place, capsys: Printed) -> None:
    """What a guard refuses, and why a run went no further."""
    place.setting("guards: {stop: true}")
    made = document(capsys, 3, "run", "--yes")
    assert made["plan"]["verdict"]["refusals"]


def test_a_run_that_cannot_begin_its_plan(place: Place, capsys: Printed) -> None:
    """A failure in the middle stands beside what was done before."""
    place.setting("octavia: {provider: amphora}")
    place.engine.path.write_text("#!/bin/sh\nexit 1\n")
    made = document(capsys, 1, "run", "--yes")
    assert made["error"]["code"] == 1
    assert made["render"]


def test_the_commands_that_look(place: Place, capsys: Printed) -> None:
    """Status, explain and doctor, with Services in sync, held, and none of ours."""
    assert place.tfgen("run", "--yes") == 4
    seen = document(capsys, 4, "status", "--state")
    assert seen["services"][0]["differences"]
    assert any(each["load_balancer"] for each in seen["services"])
    whole = document(capsys, 0, "explain", "shop/web")
    assert whole["ports"][0]["nodes"]
    assert whole["resources"]
    assert document(capsys, 0, "explain", "shop/db")["not_ours"]
    assert {each["level"] for each in document(capsys, 1, "doctor")["findings"]} > {"ok", "error"}


def test_sides_that_are_away(place: Place, capsys: Printed) -> None:
    """Who did not answer is part of the document."""
    assert place.tfgen("run", "--yes") == 4
    (place.folder / "clouds.yaml").unlink()
    assert not document(capsys, 4, "status")["sides"]["cloud"]["answered"]
    assert document(capsys, 0, "explain", "shop/web")["away"]


def test_the_verdict_on_plans_of_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    """A refused plan, with its changes."""
    monkeypatch.chdir(tmp_path)
    Path("tfgen.yaml").write_text(f"cluster: {plans.CLUSTER}\ntree: {plans.TREE}\n")
    Path("infra").mkdir()
    text = manifest.dumps(plans.tree(plans.entry("shop/web")))
    (Path("infra") / manifest.FILE).write_text(text)
    Path("plan.json").write_text(json.dumps(plans.plan(plans.balancer("shop/web", "delete"))))
    made = document(capsys, 3, "guard", "--plan", "plan.json")
    assert made["refusals"]
    assert made["changes"]


@pytest.mark.usefixtures("place")
def test_a_failure(capsys: Printed) -> None:
    """Why a command ended, as a document."""
    assert document(capsys, 1, "plan")["error"]["remedy"]


def test_every_schema_is_one(capsys: Printed) -> None:
    """Each has a head, and describes nothing that it does not define."""
    for name in cli.schema.Document:
        assert cli.app.run(["schema", name]) == 0
        text = capsys.readouterr().out
        made = json.loads(text)
        assert made["$schema"].endswith("2020-12/schema")
        for kind in made.get("$defs", {}):
            assert f'"#/$defs/{kind}"' in text


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ({"a": "1"}, "$.a is '1', no integer"),
        ({"a": True}, "$.a is True, no integer"),
        ({}, "$.a is missing"),
        ({"a": 1, "b": 2}, "$.b is not described"),
        ({"a": 1, "c": ["x", None]}, "$.c[1] is None, no string"),
        ({"a": 1, "d": "z"}, "$.d is 'z', none of ['x', 'y']"),
    ],
)
def test_the_judge_finds_what_does_not_fit(document: dict[str, Any], fault: str) -> None:
    """Else all of the above says nothing."""
    schema = {
        "type": "object",
        "properties": {
            "a": {"type": "integer"},
            "c": {"type": "array", "items": {"$ref": "#/$defs/C"}},
            "d": {"anyOf": [{"enum": ["x", "y"]}]},
        },
        "required": ["a"],
        "$defs": {"C": {"type": "string"}},
    }
    assert schemas.faults(schema, document) == [fault]
    assert schemas.faults(schema, {"a": 1, "c": ["x"], "d": "y"}) == []
