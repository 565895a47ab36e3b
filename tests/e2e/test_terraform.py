"""The engine adapter and the real engine; its built-in provider needs neither cloud nor network."""

import os
import shutil
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tfgen import errors, terraform

pytestmark = pytest.mark.engine

CONFIGURATION = """\
variable "node_groups" {
  type = map(string)
}

resource "terraform_data" "first" {
  input            = "one"
  triggers_replace = "a"

  lifecycle {
    prevent_destroy = true
  }
}

resource "terraform_data" "second" {
  for_each = { "x-y" = 1 }
  input    = terraform_data.first.id

  provisioner "local-exec" {
    command = "sleep ${var.node_groups["seconds"]}"
  }
}

output "lb_shop_web" {
  value = {
    namespace   = "shop"
    name        = "web"
    id          = terraform_data.first.id
    vip_address = "10.0.0.5"
    address     = "172.24.0.5"
  }
}
"""


ENGINES = [name for name in ("terraform", "tofu") if shutil.which(name)]


@pytest.fixture(params=ENGINES or ["terraform"])
def stack(tmp_path: Path, request: pytest.FixtureRequest) -> terraform.Stack:
    """A stack of two objects, for each engine that this machine has."""
    directory = tmp_path / "stacks" / "shop"
    directory.mkdir(parents=True)
    (directory / "main.tf").write_text(CONFIGURATION)
    facts(directory, seconds=0)
    environment = {**os.environ, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"}
    made = terraform.Stack(directory, terraform.find(request.param, os.environ), environment)
    made.init()
    return made


def facts(directory: Path, seconds: int) -> None:
    """Say how long the second object takes."""
    path = directory / "facts.auto.tfvars.json"
    path.write_text(f'{{"node_groups": {{"seconds": "{seconds}"}}}}')


def ignore(_event: terraform.Event) -> None:
    """Let events go."""


def test_from_nothing_to_an_address(stack: terraform.Stack) -> None:
    """Plan, apply, state and outputs of a real engine are read; then nothing is left to do."""
    assert stack.state() == terraform.State()
    planned = stack.plan(terraform.Asked(), ignore)
    assert planned.changes
    assert [change["address"] for change in planned.document["resource_changes"]] == [
        "terraform_data.first",
        'terraform_data.second["x-y"]',
    ]
    assert stack.plan_file.stat().st_mode & 0o777 == 0o600
    told: list[terraform.Event] = []
    stack.apply(told.append)
    assert [event.phase for event in told if isinstance(event, terraform.Operation)] == [
        terraform.Phase.START,
        terraform.Phase.COMPLETE,
    ] * 2
    state = stack.state()
    assert [instance.address for instance in state.instances] == [
        "terraform_data.first",
        'terraform_data.second["x-y"]',
    ]
    [address] = state.addresses("shop")
    assert (str(address.service), address.address) == ("shop/web", "172.24.0.5")
    assert stack.output()["lb_shop_web"]["value"]["address"] == "172.24.0.5"
    assert (stack.directory / "terraform.tfstate").stat().st_mode & 0o077 == 0
    assert not stack.plan(terraform.Asked(), ignore).changes


def test_a_forbidden_replacement_can_be_read(stack: terraform.Stack) -> None:
    """Where prevent_destroy ends a plan, its JSON says what it would have done."""
    stack.plan(terraform.Asked(), ignore)
    stack.apply(ignore)
    path = stack.directory / "main.tf"
    path.write_text(CONFIGURATION.replace('triggers_replace = "a"', 'triggers_replace = "b"'))
    planned = stack.plan(terraform.Asked(), ignore)
    assert planned.errored
    assert planned.document["errored"] is True
    assert planned.document["resource_changes"][0]["change"]["actions"] == ["delete", "create"]
    assert any("main.tf" in found.place for found in planned.diagnostics if found.error)
    with pytest.raises(terraform.CommandFailed):
        stack.apply(ignore)


def test_a_plan_holds_once(stack: terraform.Stack) -> None:
    """The engine itself refuses a saved plan whose state has moved on."""
    stack.plan(terraform.Asked(), ignore)
    saved = stack.plan_file.read_bytes()
    stack.apply(ignore)
    stack.plan_file.write_bytes(saved)
    with pytest.raises(terraform.CommandFailed, match="stale"):
        stack.apply(ignore)


def test_what_is_wrong_in_a_file_is_told_with_its_place(stack: terraform.Stack) -> None:
    """A diagnostic of the engine names file and line."""
    (stack.directory / "lb_shop_web.tf").write_text(
        'resource "terraform_data" "bad" {\n  no = 1\n}\n'
    )
    with pytest.raises(terraform.CommandFailed) as caught:
        stack.plan(terraform.Asked(), ignore)
    assert caught.value.diagnostics[0].place == "lb_shop_web.tf:2"


def test_targets(stack: terraform.Stack) -> None:
    """A part of a stack can be planned; what it stands on comes with it."""
    planned = stack.plan(terraform.Asked(targets=("terraform_data.first",)), ignore)
    [change] = planned.document["resource_changes"]
    assert change["address"] == "terraform_data.first"


def test_interrupted_in_the_middle(stack: terraform.Stack) -> None:
    """An interrupt leaves a saved state, a free lock, and a job that can be finished."""
    facts(stack.directory, seconds=30)
    stack.plan(terraform.Asked(), ignore)

    def interrupt(event: terraform.Event) -> None:
        begun = isinstance(event, terraform.Operation) and "second" in event.address
        if begun and not stack.interruption:
            threading.Timer(0.5, stack.interruption.receive, [2]).start()

    start = time.monotonic()
    with pytest.raises(errors.Interrupted):
        stack.apply(interrupt)
    assert time.monotonic() - start < 20
    later = replace(stack, interruption=terraform.Interruption())
    state = later.state()
    assert {one.address: one.tainted for one in state.instances} == {
        "terraform_data.first": False,
        'terraform_data.second["x-y"]': True,
    }
    later.untaint('terraform_data.second["x-y"]')
    assert not later.plan(terraform.Asked(), ignore).changes


def test_effect_without_facts(stack: terraform.Stack) -> None:
    """Two plans that do the same have the same effect, though their files differ."""
    effects, plans = set(), set()
    for seconds in range(2):
        facts(stack.directory, seconds)
        planned = stack.plan(terraform.Asked(), ignore)
        effects.add(terraform.digest.effect_digest(planned.document))
        plans.add(stack.plan_file.read_bytes())
    assert len(effects) == 1
    assert len(plans) == 2
