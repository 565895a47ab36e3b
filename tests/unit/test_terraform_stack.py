import os
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import rendered
from tests.fakes import terraform as fake
from tfgen import errors, terraform

LB = "openstack_lb_loadbalancer_v2.lb_shop_web"
Setup = tuple[terraform.Stack, fake.FakeTerraform, rendered.Tree]


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    """A stack with one Service and a fake engine."""
    engine = fake.install(tmp_path / "bin")
    tree = rendered.Tree(tmp_path / "infra")
    tree.render(rendered.load_balancer("shop/web", 80, 443))
    found = terraform.find(str(engine.path), os.environ)
    return terraform.Stack(tree.stack("shop"), found, dict(os.environ)), engine, tree


def ignore(_event: terraform.Event) -> None:
    """Let events go."""


def applied(stack: terraform.Stack) -> None:
    """Bring a stack into being."""
    stack.init()
    stack.plan(terraform.Asked(), ignore)
    stack.apply(ignore)


def test_from_nothing_to_addresses(setup: Setup) -> None:
    """Init, plan and apply make everything; the state then tells the address."""
    stack, _engine, _tree = setup
    assert stack.state().empty
    stack.init()
    planned = stack.plan(terraform.Asked(), ignore)
    assert planned.changes
    assert stack.plan_file.stat().st_mode & 0o777 == 0o600
    steps: list[terraform.Event] = []
    stack.apply(steps.append)
    assert not stack.plan_file.exists()
    assert terraform.Operation(terraform.Phase.START, LB, "create") in steps
    state = stack.state()
    assert len(state.instances) == 11
    [address] = state.addresses("shop")
    assert (str(address.service), address.address[:7]) == ("shop/web", "172.24.")
    assert stack.output()["lb_shop_web"]["value"]["address"] == address.address


def test_nothing_to_do(setup: Setup) -> None:
    """A plan without changes leaves no file behind and reads none."""
    stack, _engine, _tree = setup
    applied(stack)
    planned = stack.plan(terraform.Asked(), ignore)
    assert planned == terraform.Planned({}, changes=False, errored=False)
    assert not stack.plan_file.exists()


def test_init_is_left_out_where_it_is_done(setup: Setup) -> None:
    """Init runs once, also when facts change; and again when a file, module or lock differs."""
    stack, engine, tree = setup
    web = rendered.load_balancer("shop/web", 80, 443)

    def inits() -> int:
        stack.init()
        return engine.commands().count("init")

    assert [inits(), inits()] == [1, 1]
    tree.facts("shop", {"node-9": "10.0.0.19"}, [web])
    assert inits() == 1
    tree.render(rendered.with_ports(web, 8080))
    assert [inits(), inits()] == [2, 2]
    (tree.root / "modules/octavia_port/main.tf").write_text("# another\n")
    assert inits() == 3
    (stack.directory / ".terraform.lock.hcl").write_text("# another\n")
    assert inits() == 4


def test_init_again_where_the_provider_went(setup: Setup) -> None:
    """A provider that is a link to a mirror that is gone is installed anew."""
    stack, engine, _tree = setup
    stack.init()
    (stack.directory / ".terraform/providers/link").symlink_to("/nowhere/at/all")
    stack.init()
    assert engine.commands().count("init") == 2


def test_init_keeps_to_the_lock(setup: Setup) -> None:
    """A lock file that stands is read-only to init; without one init may write it."""
    stack, engine, _tree = setup
    stack.init()
    assert "-lockfile=readonly" not in engine.calls()[-1]
    stack.directory.joinpath("versions.tf").write_text("# changed\n")
    stack.init()
    assert "-lockfile=readonly" in engine.calls()[-1]


def test_init_fails(setup: Setup) -> None:
    """A failed init says why and what to do, and is tried again next time."""
    stack, engine, _tree = setup
    engine.behave(fake.Behaviour(init_error="Failed to query available provider packages"))
    with pytest.raises(terraform.CommandFailed, match="Failed to query available") as caught:
        stack.init()
    assert "tfgen lock" in caught.value.remedy
    engine.behave(fake.Behaviour())
    stack.init()
    assert engine.commands().count("init") == 2


def test_plan_fails(setup: Setup) -> None:
    """A plan that cannot be made is an error with the engine's diagnostics; noise is no error."""
    stack, engine, _tree = setup
    stack.init()
    engine.behave(fake.Behaviour(plan_error="Authentication failed", stderr=200_000))
    with pytest.raises(terraform.CommandFailed, match="terraform plan of stack shop failed: Auth"):
        stack.plan(terraform.Asked(), ignore)
    engine.behave(fake.Behaviour(stderr=200_000))
    assert stack.plan(terraform.Asked(), ignore).changes


def test_a_forbidden_replacement(setup: Setup) -> None:
    """A plan that the engine could not finish is read, and says so."""
    stack, _engine, tree = setup
    applied(stack)
    web = rendered.load_balancer("shop/web", 80, 443)
    moved = replace(web, frozen=replace(web.frozen, vip_subnet_id="other"))
    tree.render(moved)
    stack.init()
    planned = stack.plan(terraform.Asked(), ignore)
    assert planned.errored
    assert planned.diagnostics[0].place == "lb_shop_web.tf:1"
    changes = {c["address"]: c["change"]["actions"] for c in planned.document["resource_changes"]}
    assert changes[LB] == ["delete", "create"]


def test_apply_fails(setup: Setup) -> None:
    """A failed apply tells which resource; what was done before is in the state."""
    stack, engine, _tree = setup
    stack.init()
    stack.plan(terraform.Asked(), ignore)
    engine.behave(fake.Behaviour(fail="lb_shop_web_tcp-80.openstack_lb_pool"))
    with pytest.raises(terraform.CommandFailed, match="HTTP response code 201, got 500") as caught:
        stack.apply(ignore)
    [diagnostic] = caught.value.diagnostics
    assert diagnostic.address == "module.lb_shop_web_tcp-80.openstack_lb_pool_v2.this"
    assert 0 < len(stack.state().instances) < 11


def test_killed(setup: Setup) -> None:
    """An engine that somebody killed is told as such."""
    stack, engine, _tree = setup
    stack.init()
    stack.plan(terraform.Asked(), ignore)
    engine.behave(fake.Behaviour(seconds=30))

    def kill(_event: terraform.Event) -> None:
        found = next(Path(f"/proc/{os.getpid()}/task").glob("*/children")).read_text().split()
        os.kill(int(found[-1]), signal.SIGKILL)

    with pytest.raises(terraform.CommandFailed, match=r"the engine was killed \(SIGKILL\)"):
        stack.apply(kill)


def test_targets(setup: Setup) -> None:
    """A plan of one Service leaves the others alone."""
    stack, _engine, tree = setup
    tree.render(rendered.load_balancer("shop/web"), rendered.load_balancer("shop/api"))
    stack.init()
    targets = (LB, "module.lb_shop_web_tcp-80", "openstack_networking_floatingip_v2.lb_shop_web")
    planned = stack.plan(terraform.Asked(targets=targets), ignore)
    assert {"api" in c["address"] for c in planned.document["resource_changes"]} == {False}


def test_interrupted_apply(setup: Setup) -> None:
    """An interrupt in the middle saves the state and frees the lock; the next apply completes."""
    stack, engine, _tree = setup
    stack.init()
    stack.plan(terraform.Asked(), ignore)
    engine.behave(fake.Behaviour(seconds=0.2))
    done = 0

    def interrupt(event: terraform.Event) -> None:
        nonlocal done
        done += isinstance(event, terraform.Operation) and event.phase is terraform.Phase.COMPLETE
        if done == 2 and not stack.interruption:
            stack.interruption.receive(signal.SIGINT)

    with pytest.raises(errors.Interrupted, match="stack shop: its apply did not come to an end"):
        stack.apply(interrupt)
    assert not (stack.directory / ".terraform.tfstate.lock.info").exists()
    engine.behave(fake.Behaviour())
    later = replace(stack, interruption=terraform.Interruption())
    assert len(later.state().instances) == done
    applied(later)
    assert len(later.state().instances) == 11


def test_second_interrupt_insists(setup: Setup) -> None:
    """An engine that finishes what it is at ends at once when it is interrupted again."""
    stack, engine, _tree = setup
    stack.init()
    stack.plan(terraform.Asked(), ignore)
    engine.behave(fake.Behaviour(seconds=300, deaf=True))
    for after in (0.5, 1.0):
        threading.Timer(after, stack.interruption.receive, [signal.SIGINT]).start()
    start = time.monotonic()
    with pytest.raises(errors.Interrupted):
        stack.apply(ignore)
    assert time.monotonic() - start < 100


def test_plan_takes_too_long(setup: Setup) -> None:
    """A plan that does not end is stopped, and says after how long."""
    stack, engine, _tree = setup
    stack.init()
    engine.behave(fake.Behaviour(hang=True))
    hasty = replace(stack, limits=terraform.Limits(plan=0.5))
    with pytest.raises(errors.EngineError, match=r"terraform plan in .* did not end within"):
        hasty.plan(terraform.Asked(), ignore)


def test_untaint(setup: Setup) -> None:
    """An object that was to be replaced can be kept."""
    stack, _engine, _tree = setup
    applied(stack)
    state = stack.directory / "terraform.tfstate"
    state.write_text(
        state.read_text().replace('"instances": [{', '"instances": [{"status": "tainted", ')
    )
    assert all(instance.tainted for instance in stack.state().instances)
    stack.untaint(LB)
    assert {i.address for i in stack.state().instances if not i.tainted} == {LB}


def test_forget(setup: Setup) -> None:
    """An object can leave the state, and only the state."""
    stack, _engine, _tree = setup
    applied(stack)
    before = {instance.address for instance in stack.state().instances}
    stack.forget([LB])
    assert {instance.address for instance in stack.state().instances} == before - {LB}
    with pytest.raises(terraform.CommandFailed, match="Invalid target address"):
        stack.forget([LB])


@pytest.mark.parametrize("spoil", ["cut", "gone"])
def test_init_again_where_modules_are_not_whole(setup: Setup, spoil: str) -> None:
    """A list of modules that was cut, or a module's folder that is gone, is no bug: init runs."""
    stack, engine, _tree = setup
    stack.init()
    listed = stack.directory / ".terraform/modules/modules.json"
    if spoil == "cut":
        listed.write_text(listed.read_text()[:20])
    else:
        listed.write_text(listed.read_text().replace("octavia_port", "octavia_gone"))
    stack.init()
    assert engine.commands().count("init") == 2
    assert stack.plan(terraform.Asked(), ignore).changes


def test_an_answer_that_is_no_json(setup: Setup) -> None:
    """An engine that answers in words is an error that names command and stack."""
    stack, engine, _tree = setup
    engine.behave(fake.Behaviour(nonsense="output"))
    with pytest.raises(errors.EngineError, match="terraform output of stack shop gave no JSON"):
        stack.output()


def test_a_plan_fails_and_says_what_to_do(setup: Setup) -> None:
    """A failure of which only the engine's words are known has a remedy; the old plan stays."""
    stack, engine, _tree = setup
    stack.init()
    stack.plan(terraform.Asked(), ignore)
    engine.behave(fake.Behaviour(plan_error="Quota exceeded"))
    with pytest.raises(terraform.CommandFailed) as caught:
        stack.plan(terraform.Asked(), ignore)
    assert caught.value.remedy.startswith("`tfgen doctor` looks at credentials")
    assert stack.plan_file.exists()


def test_nothing_starts_after_an_interrupt(setup: Setup) -> None:
    """An apply that never ran says where, and leaves the plan."""
    stack, _engine, _tree = setup
    stack.init()
    stack.plan(terraform.Asked(), ignore)
    stack.interruption.receive(signal.SIGTERM)
    with pytest.raises(errors.Interrupted, match=r"terraform apply in .*/shop was not started"):
        stack.apply(ignore)
    assert stack.plan_file.exists()
