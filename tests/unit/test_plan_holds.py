"""What was read is what runs: a saved plan that does not hold is refused, and why is named."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from tests.fakes import rendered
from tests.fakes import terraform as fake
from tests.fakes.workshop import Workshop
from tfgen import errors, policy, terraform
from tfgen.reconcile import apply
from tfgen.terraform import saved

_WHOLE = 7
"""Objects of one Service."""


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    """A workshop with two Services in two stacks, rendered and planned."""
    place = Workshop(tmp_path)
    place.tree.render(rendered.load_balancer("shop/web"), rendered.load_balancer("blog/www"))
    place.plan()
    return place


def objects(shop: Workshop, stack: str = "shop") -> int:
    """Count the objects in a stack's state."""
    return len(shop.work.stack(stack).state().instances)


def refusal(shop: Workshop) -> str:
    """Apply; give why stack shop was refused."""
    report = shop.apply("shop")
    assert report.stacks == {}
    assert report.code is errors.ExitCode.REFUSED, report.failures
    return str(report.failures["shop"])


def record(shop: Workshop, stack: str = "shop") -> Path:
    """Give the file of a saved plan's record."""
    return shop.tree.stack(stack) / saved.FILE


@pytest.mark.parametrize("name", ["more.auto.tfvars", "terraform.tfvars", "more.tf"])
def test_variables_that_were_added(shop: Workshop, name: str) -> None:
    """What would give a variable another value is part of what was read."""
    (shop.tree.stack("shop") / name).write_text("# more\n")
    assert "since it was made, this has changed: the stack's files" in refusal(shop)
    assert objects(shop) == 0


def test_another_engine(shop: Workshop) -> None:
    """A plan of one version is not applied by another."""
    shop.engine.behave(fake.Behaviour(version="1.12.0"))
    assert "this has changed: the engine" in refusal(shop)
    assert objects(shop) == 0


def test_another_state(shop: Workshop) -> None:
    """A state of another lineage is another stack's."""
    shop.apply("shop")
    shop.tree.render(rendered.load_balancer("shop/web", 80, 81), rendered.load_balancer("blog/www"))
    shop.plan()
    state = shop.tree.stack("shop") / "terraform.tfstate"
    document = orjson.loads(state.read_bytes())
    state.write_bytes(orjson.dumps({**document, "lineage": "another"}))
    assert "this has changed: the state (another one)" in refusal(shop)
    assert objects(shop) == _WHOLE


def test_a_plan_of_another_stack(shop: Workshop) -> None:
    """A plan that was copied from stack blog is none of stack shop."""
    for path in shop.tree.stack("blog").glob("tfgen.tfplan*"):
        shutil.copy(path, shop.tree.stack("shop"))
    assert "the saved plan in the folder of stack shop is one of stack blog" in refusal(shop)
    assert objects(shop) == 0


@pytest.mark.parametrize("before", [0, _WHOLE], ids=["the first plan", "a later plan"])
def test_a_plan_that_was_applied(shop: Workshop, before: int) -> None:
    """A plan holds once: one that was kept and put back is refused."""
    if before:
        shop.apply()
        web = rendered.load_balancer("shop/web", 80, 81)
        shop.tree.render(web, rendered.load_balancer("blog/www"))
        shop.plan()
    kept = shutil.copytree(shop.tree.stack("shop"), shop.folder / "kept")
    shop.apply()
    after = objects(shop)
    for path in kept.glob("tfgen.tfplan*"):
        shutil.copy(path, shop.tree.stack("shop"))
    words = "was applied already: the state has moved on" if before else "the state (another one)"
    assert words in refusal(shop)
    assert objects(shop) == after > before


def test_a_tampered_effect(shop: Workshop) -> None:
    """The effect that people approve is the plan's own, whatever the record says."""
    document = orjson.loads(record(shop).read_bytes())
    record(shop).write_bytes(orjson.dumps({**document, "effect_digest": "f" * 64}))
    assert "does something else than its record says: its effect is " in refusal(shop)
    assert objects(shop) == 0


def test_a_tampered_binding(shop: Workshop) -> None:
    """A binding that was changed to fit is seen by the plan digest."""
    document = orjson.loads(record(shop).read_bytes())
    document["bindings"]["intent"] = "e" * 64
    record(shop).write_bytes(orjson.dumps(document))
    assert "was changed: its plan_digest is " in refusal(shop)
    assert objects(shop) == 0


def test_another_plan_with_the_same_effect_goes(shop: Workshop) -> None:
    """Where somebody plans the same meanwhile, what runs does what was read."""
    do = shop.work
    prepared = apply.prepare(do, ("shop",), policy.Allowed())
    shop.plan()
    assert list(apply.apply(do, prepared).stacks) == ["shop"]
    assert objects(shop) == _WHOLE


def test_somebody_else_applies_it_meanwhile(shop: Workshop) -> None:
    """Nothing is left to be done, which is no failure."""
    do = shop.work
    prepared = apply.prepare(do, ("shop",), policy.Allowed())
    shop.apply()
    report = apply.apply(do, prepared)
    assert (report.stacks, report.failures, report.code) == ({}, {}, errors.ExitCode.DONE)


def test_only_what_was_shown_goes(shop: Workshop) -> None:
    """A plan that somebody else put in the place of the shown one is refused or left alone."""
    shown = {"shop": shop.plan().stacks["shop"].saved}
    web = rendered.load_balancer("shop/web", 80, 81)
    shop.tree.render(web, rendered.load_balancer("blog/www"))
    shop.plan()
    effects = {name: plan.effect for name, plan in shown.items() if plan}
    prepared = apply.prepare(shop.work, ("blog", "shop"), policy.Allowed(), effects)
    assert "was replaced while it was being looked at: effect " in str(prepared.failures["shop"])
    assert prepared.ready == {}


def spoiling(shop: Workshop, monkeypatch: pytest.MonkeyPatch, times: int) -> list[int]:
    """Let a rendering come between the engine's look at the files and the end of its plan."""
    left, real = [times], terraform.Stack.plan

    def plan(
        stack: terraform.Stack, asked: terraform.Asked, listen: Callable[[terraform.Event], None]
    ) -> terraform.Planned:
        planned = real(stack, asked, listen)
        if stack.name == "shop" and left[0]:
            left[0] -= 1
            web = rendered.load_balancer("shop/web", 80, 81 + left[0])
            shop.tree.render(web, rendered.load_balancer("blog/www"))
        return planned

    monkeypatch.setattr(terraform.Stack, "plan", plan)
    return left


def test_a_rendering_comes_while_it_is_planned(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is saved is a plan of the files that stand: it is made again."""
    left = spoiling(shop, monkeypatch, 1)
    plans = shop.plan()
    assert left == [0]
    assert "creates listener tcp-81" in plans.stacks["shop"].changes[0].effects
    assert list(shop.apply("shop").stacks) == ["shop"]
    assert not shop.plan("shop/web").saved


def test_files_that_never_stay(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """After three tries it is an error that names what changes, and nothing is saved."""
    spoiling(shop, monkeypatch, 9)
    plans = shop.plan()
    assert "each time this changed meanwhile: the stack's files" in str(plans.failures["shop"])
    assert not record(shop).exists()


def test_a_guard_looks_at_the_plan_in_its_place(shop: Workshop) -> None:
    """One with the same effect and other nodes is judged like any other."""
    shop.apply()
    web = rendered.load_balancer("shop/web", 80, 81)
    shop.tree.render(web, rendered.load_balancer("blog/www"))
    shop.plan()
    do = shop.work
    prepared = apply.prepare(do, ("shop",), policy.Allowed())
    shop.tree.facts("shop", {}, [web])
    shop.plan(allowed=replace(policy.Allowed(), removals=9))
    report = apply.apply(do, prepared)
    assert "was replaced while it was being looked at, and that one is" in str(
        report.failures["shop"]
    )
    assert objects(shop) == _WHOLE
