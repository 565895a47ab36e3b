"""What was read and what runs."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import pytest

from tests.faults import whole
from tests.faults.fault import Fault
from tests.faults.ground import Ground

pytestmark = [pytest.mark.faults, pytest.mark.quick]

PLAN, RECORD = "tfgen.tfplan", "tfgen.tfplan.json"
LIMITS = itertools.count(1000)


@pytest.fixture
def limit(ground: Ground) -> int:
    """A saved plan that gives both listeners of a Service this limit."""
    made = next(LIMITS)
    ground.limit("web", made)
    ground.tfgen("render")
    ground.tfgen("plan")
    assert (ground.stack("web") / PLAN).is_file()
    return made


@pytest.fixture
def refuse(ground: Ground, fault: Fault) -> Callable[..., None]:
    """Apply what must not be applied: nothing moves."""

    def apply(*fragments: str, code: int = 3, flags: tuple[str, ...] = ()) -> None:
        before = whole.traces(ground)
        fault.told(ground.tfgen("apply", "--yes", *flags, code=code), *fragments)
        assert whole.traces(ground) == before
        fault.mended()

    return apply


def test_a_tree_that_changed(
    ground: Ground, fault: Fault, limit: int, refuse: Callable[..., None]
) -> None:
    """The tree changes between plan and apply."""
    file = ground.file("web")
    text = file.read_text()
    file.write_text(text.replace(f"connection_limit = {limit}", "connection_limit = 4"))
    fault.does("a file of the stack is edited after the plan")
    refuse("does not hold any more", "Run `tfgen plan`")
    file.write_text(text)
    ground.tfgen("apply", "--yes")
    assert ground.listener("web").connection_limit == limit
    fault.whole()


def test_variables_that_changed(
    ground: Ground, fault: Fault, limit: int, refuse: Callable[..., None]
) -> None:
    """Another file of variables stands in the stack between plan and apply."""
    facts = ground.stack("web") / "facts.auto.tfvars.json"
    other = ground.stack("web") / "zz.auto.tfvars.json"
    other.write_text(facts.read_text().replace("10.0.0.11", "10.0.0.99"))
    fault.does("zz.auto.tfvars.json, with another address of a node, after the plan")
    refuse("does not hold any more", "Run `tfgen plan`")
    other.unlink()
    ground.tfgen("apply", "--yes")
    assert ground.listener("web").connection_limit == limit
    fault.whole()


def test_a_state_that_moved_on(ground: Ground, fault: Fault, limit: int) -> None:
    """Somebody changes the state between plan and apply, so that the plan would do more."""
    stack = ground.stack("web")
    address = f"module.lb_{ground.name}_web_tcp-81.openstack_lb_listener_v2.this"
    ground.run("terraform", f"-chdir={stack}", "taint", address)
    fault.does("terraform taint of a listener after the plan")
    done = ground.tfgen("apply", "--yes", code=3)
    fault.told(done, "went stale", "Run `tfgen plan`")
    assert ground.listener("web").connection_limit != limit
    whole.serving(ground)
    fault.mended()
    ground.run("terraform", f"-chdir={stack}", "untaint", address)
    ground.tfgen("run", "--yes")
    assert ground.listener("web").connection_limit == limit
    fault.whole()


@pytest.fixture
def newer(ground: Ground) -> Iterator[Path]:
    """An engine that says it is of another version, and is the same."""
    engine = ground.lab.terraform
    path = ground.folder.parent / "newer" / "terraform"
    path.parent.mkdir(exist_ok=True)
    said = orjson.dumps({"terraform_version": "1.99.0"}).decode()
    script = f'#!/bin/sh\n[ "$1" = version ] && echo \'{said}\' && exit\nexec {engine} "$@"\n'
    path.write_text(script)
    path.chmod(0o755)
    yield path
    shutil.rmtree(path.parent)


@pytest.mark.usefixtures("limit")
def test_an_engine_that_changed(
    ground: Ground, fault: Fault, newer: Path, refuse: Callable[..., None]
) -> None:
    """The engine is upgraded between plan and apply."""
    fault.does("an engine of another version after the plan")
    refuse("does not hold any more", "engine", flags=("--engine", str(newer)))
    ground.tfgen("apply", "--yes")
    fault.whole()


@pytest.mark.usefixtures("limit")
def test_a_plan_of_another_stack(ground: Ground, fault: Fault) -> None:
    """The saved plan of one stack lies in the folder of another."""
    for name in (PLAN, RECORD):
        shutil.copy(ground.stack("web") / name, ground.stack("db") / name)
    fault.does("plan and record are copied into the folder of another stack")
    before = whole.traces(ground)
    done = ground.tfgen("apply", "--yes", "--stack", ground.stack("db").name, code=3)
    fault.told(done, "is one of stack", "Run `tfgen plan`")
    assert whole.traces(ground) == before
    fault.mended()
    ground.tfgen("run", "--yes")
    fault.whole()


def test_a_plan_that_was_applied(
    ground: Ground, fault: Fault, limit: int, refuse: Callable[..., None]
) -> None:
    """A plan is applied, put back, and applied once more."""
    kept = {name: (ground.stack("web") / name).read_bytes() for name in (PLAN, RECORD)}
    ground.tfgen("apply", "--yes")
    assert ground.listener("web").connection_limit == limit
    for name, content in kept.items():
        (ground.stack("web") / name).write_bytes(content)
    fault.does("plan and record are put back after their apply")
    refuse("was applied already")
    ground.tfgen("run", "--yes")
    fault.whole()


@pytest.mark.usefixtures("limit")
@pytest.mark.parametrize("part", ["plan", "record", "digest"])
def test_a_plan_that_was_changed(
    ground: Ground, fault: Fault, refuse: Callable[..., None], part: str
) -> None:
    """The saved plan, its record, or the digest in it is tampered with."""
    plan, record = ground.stack("web") / PLAN, ground.stack("web") / RECORD
    document = orjson.loads(record.read_bytes())
    if part == "plan":
        content = bytearray(plan.read_bytes())
        content[len(content) // 2] ^= 0xFF
        plan.write_bytes(content)
    elif part == "record":
        document["bindings"]["serial"] += 1
    else:
        document["effect_digest"] = "0" * 64
    if part != "plan":
        record.write_bytes(orjson.dumps(document))
    words = {"plan": "a byte of the plan", "record": "the state's serial in its record"}
    fault.does(f"{words.get(part, 'the effect digest in its record')} is changed")
    refuse("the saved plan" if part != "record" else "was changed", "Run `tfgen plan`")
    ground.tfgen("run", "--yes")
    fault.whole()
