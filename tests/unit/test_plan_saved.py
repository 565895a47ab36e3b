import os
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from tests.fakes import rendered
from tests.fakes import terraform as fake
from tfgen import errors, terraform
from tfgen.terraform import saved

WHERE = terraform.Where("project", "http://127.0.0.1:5000/v3", "RegionOne")


@pytest.fixture
def stack(tmp_path: Path) -> terraform.Stack:
    """A stack with a plan."""
    engine = fake.install(tmp_path / "bin")
    tree = rendered.Tree(tmp_path / "infra")
    tree.render(rendered.load_balancer("shop/web"))
    found = terraform.find(str(engine.path), os.environ)
    made = terraform.Stack(tree.stack("shop"), found, dict(os.environ))
    made.init()
    made.plan(terraform.Asked(), lambda _event: None)
    return made


def plan_of(stack: terraform.Stack) -> terraform.SavedPlan:
    """Give the record of a stack's plan."""
    bindings = saved.bindings(stack, stack.state(), WHERE)
    asked = terraform.Asked(refresh=False, targets=("a.b",))
    return terraform.SavedPlan(stack.name, bindings, "effect", asked)


def test_written_and_read(stack: terraform.Stack) -> None:
    """What was written is read back, and is for its owner only."""
    plan = plan_of(stack)
    saved.write(stack, plan)
    assert saved.read(stack) == plan
    assert (stack.directory / saved.FILE).stat().st_mode & 0o777 == 0o600


def test_none(stack: terraform.Stack) -> None:
    """A record without its plan, or a plan without its record, is no saved plan."""
    assert saved.read(stack) is None
    saved.write(stack, plan_of(stack))
    stack.plan_file.unlink()
    assert saved.read(stack) is None


def test_removed(stack: terraform.Stack) -> None:
    """Plan and record go together, and may be gone already."""
    saved.write(stack, plan_of(stack))
    saved.remove(stack)
    saved.remove(stack)
    assert not stack.plan_file.exists()
    assert not (stack.directory / saved.FILE).exists()


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("lb_shop_web.tf", {"intent"}),
        ("a_new_file.tf", {"intent"}),
        ("facts.auto.tfvars.json", {"facts"}),
        (".terraform.lock.hcl", {"lock"}),
        ("tfgen.tfplan", {"plan_file"}),
        ("../../modules/octavia_port/main.tf", {"modules"}),
        ("crash.log", set()),
        ("terraform.tfstate.backup", set()),
        (".terraform/something", set()),
    ],
)
def test_what_a_file_binds(stack: terraform.Stack, path: str, names: set[str]) -> None:
    """A change of any file that a plan is made from is seen; what engines leave is not."""
    before = saved.bindings(stack, stack.state(), WHERE)
    with (stack.directory / path).open("ab") as file:
        file.write(b"\n# changed\n")
    after = saved.bindings(stack, stack.state(), WHERE)
    assert terraform.digest.differing(before, after) == names


def test_what_else_is_bound(stack: terraform.Stack) -> None:
    """Engine, state and cloud are part of it too."""
    before = saved.bindings(stack, stack.state(), WHERE)
    state = terraform.State(lineage="another", serial=9)
    where = terraform.Where("other", "http://127.0.0.1:6000/v3", "RegionTwo")
    engine = replace(stack.engine, version="1.12.0")
    after = saved.bindings(replace(stack, engine=engine), state, where)
    assert terraform.digest.differing(before, after) == {
        "engine",
        "lineage",
        "serial",
        "project_id",
        "auth_url",
        "region",
    }


def test_a_record_that_was_changed(stack: terraform.Stack) -> None:
    """A record whose digest is not that of its bindings is refused."""
    saved.write(stack, plan_of(stack))
    path = stack.directory / saved.FILE
    document = orjson.loads(path.read_bytes())
    document["bindings"]["serial"] = 99
    path.write_bytes(orjson.dumps(document))
    with pytest.raises(errors.Refused, match="was changed: its plan_digest is "):
        saved.read(stack)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": "other", "schema_version": 1}'])
def test_what_is_no_record(stack: terraform.Stack, text: str) -> None:
    """Anything else is an error that says what to do."""
    (stack.directory / saved.FILE).write_text(text)
    with pytest.raises(errors.TreeError, match="cannot be read") as caught:
        saved.read(stack)
    assert "tfgen plan" in caught.value.remedy
