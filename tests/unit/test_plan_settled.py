"""Stacks that need no planning: an engine that fails whenever it is asked shows who asked it."""

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from tests.fakes import terraform as fake
from tests.fakes.workshop import Workshop


@pytest.fixture
def settled(tmp_path: Path) -> Workshop:
    """A workshop in which a plan found nothing to do, and now every plan fails."""
    place = Workshop(tmp_path)
    place.bring("shop/web", "blog/www")
    assert place.plan(refresh=False).saved == ()
    place.engine.behave(fake.Behaviour(plan_error="nobody should have asked"))
    return place


def test_what_was_in_order_is_not_asked_again(settled: Workshop) -> None:
    """Same files, same state: the answer stands, and addresses are known all the same."""
    plans = settled.plan(refresh=False)
    assert plans.failures == {}
    assert [str(one.service) for one in plans.stacks["shop"].addresses] == ["shop/web"]


def test_the_cloud_is_asked_where_it_should_be(settled: Workshop) -> None:
    """With a refresh the cloud decides, so every stack is planned."""
    assert list(settled.plan().failures) == ["blog", "shop"]


def _facts(stack: Path) -> None:
    path = stack / "facts.auto.tfvars.json"
    facts = orjson.loads(path.read_bytes())
    facts["node_groups"]["default"]["node-9"] = {"address": "10.0.0.19"}
    path.write_bytes(orjson.dumps(facts))


def _intent(stack: Path) -> None:
    path = stack / "lb_shop_web.tf"
    path.write_text(path.read_text().replace("= -1", "= 100"))


def _state(stack: Path) -> None:
    path = stack / "terraform.tfstate"
    state = orjson.loads(path.read_bytes())
    path.write_bytes(orjson.dumps(state | {"serial": state["serial"] + 1}))


def _another_state(stack: Path) -> None:
    path = stack / "terraform.tfstate"
    path.write_bytes(orjson.dumps(orjson.loads(path.read_bytes()) | {"lineage": "another"}))


def _lock(stack: Path) -> None:
    (stack / ".terraform.lock.hcl").write_text("# another provider\n")


def _note(stack: Path) -> None:
    (stack / ".terraform/tfgen-settled").unlink()


@pytest.mark.parametrize("change", [_facts, _intent, _state, _another_state, _lock, _note])
def test_whatever_has_changed_is_planned(settled: Workshop, change: Callable[[Path], None]) -> None:
    """Nodes, files, state, provider: a stack in which one moved is planned, and no other."""
    change(settled.tree.stack("shop"))
    assert list(settled.plan(refresh=False).failures) == ["shop"]


def test_a_part_is_no_whole(tmp_path: Path) -> None:
    """That some Services of a stack are in order says nothing of the others."""
    place = Workshop(tmp_path)
    place.bring("shop/web", "shop/api")
    assert place.plan("shop/web", refresh=False).saved == ()
    place.engine.behave(fake.Behaviour(plan_error="asked"))
    assert list(place.plan(refresh=False).failures) == ["shop"]
