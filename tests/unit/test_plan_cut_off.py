"""A state that a killed engine cut off while it wrote it: the one before is taken back."""

from pathlib import Path

import pytest

from tests.fakes import rendered
from tests.fakes.workshop import Workshop
from tfgen import errors
from tfgen.inspection import children
from tfgen.reconcile import recover

LISTENER = "module.lb_shop_web_tcp-81.openstack_lb_listener_v2.this"


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    """A workshop in which a Service stands, and asks for a port more."""
    place = Workshop(tmp_path)
    place.bring("shop/web")
    [address] = place.plan().stacks["shop"].addresses
    place.sky.stands("shop/web", identity=address.load_balancer_id)
    place.tree.render(rendered.load_balancer("shop/web", 80, 81))
    return place


def state(place: Workshop) -> Path:
    """Give the state's file."""
    return place.tree.stack("shop") / "terraform.tfstate"


@pytest.mark.parametrize("part", [0, 40])
def test_the_one_before_is_taken_back(shop: Workshop, part: int) -> None:
    """Empty or half, it is no lost state: what the killed apply made since then is taken in."""
    whole = state(shop).read_text()
    state(shop).with_name("terraform.tfstate.backup").write_text(whole)
    state(shop).write_text(whole[:part])
    found = children.Listener("li-81", "tcp-81", "ONLINE")
    shop.below = recover.Below(listeners={"tcp-81": found})
    plans = shop.plan()
    assert plans.verdict.refusals == ()
    [notice] = [each for each in plans.verdict.notices if each.about == "Stack shop"]
    assert "its state was cut off while an engine wrote it" in str(notice)
    assert shop.apply().code is errors.ExitCode.DONE
    ids = {one.address: one.id for one in shop.work.stack("shop").state().instances}
    assert ids[LISTENER] == "li-81"
    assert not [*shop.tree.stack("shop").glob(".terraform.tfstate.tfgen")]


def test_without_the_one_before(shop: Workshop) -> None:
    """Half a state is told by its file, and nothing is planned; an empty one is a lost state."""
    whole = state(shop).read_text()
    state(shop).write_text(whole[:40])
    [failure] = shop.plan().failures.values()
    assert "terraform.tfstate" in failure.what
    state(shop).write_text("")
    assert [str(each.guard) for each in shop.plan().verdict.refusals] == ["vanished"]


def test_a_state_that_is_whole_stays(shop: Workshop) -> None:
    """However the one before looks, what can be read is what counts."""
    whole = state(shop).read_text()
    state(shop).with_name("terraform.tfstate.backup").write_text(whole.replace("id-", "ix-"))
    shop.plan()
    assert state(shop).read_text() == whole
