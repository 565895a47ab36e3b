"""A stack without Services goes once nothing of it stands: a lost state is no empty one."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import rendered
from tests.fakes.workshop import Workshop
from tfgen import errors, manifest, model, policy

OLD, KEPT = "shop/web", "blog/www"
AGREED = policy.Allowed(removals=1)


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    """A workshop whose stack shop lost its only Service; its load balancer stands."""
    place = Workshop(tmp_path)
    place.bring(OLD, KEPT)
    [number] = [
        one.load_balancer_id
        for one in place.plan().stacks["shop"].addresses
        if str(one.service) == OLD
    ]
    place.sky.stands(OLD, number)
    place.tree.render(rendered.load_balancer(KEPT))
    return place


def lose_state(shop: Workshop) -> None:
    """Let the state of stack shop be away, as with another bucket or workspace."""
    (shop.tree.stack("shop") / "terraform.tfstate").unlink()


def test_a_stack_goes_with_its_last_load_balancer(shop: Workshop) -> None:
    """What the apply itself destroyed stood when the cloud was asked, and is no orphan."""
    shop.plan(allowed=AGREED)
    assert shop.apply(allowed=AGREED).removed == ("shop",)


def test_a_stack_with_objects_in_its_state_stays(shop: Workshop) -> None:
    """Without a plan that destroys them, they are what the folder is kept for."""
    shop.sky.standing.clear()
    report = shop.apply()
    assert (report.removed, dict(report.failures)) == ((), {})
    assert shop.tree.stack("shop").is_dir()


def test_a_lost_state_is_no_empty_one(shop: Workshop) -> None:
    """Its load balancer would be paid for and serve for ever, and nobody would know."""
    lose_state(shop)
    shop.plan()
    report = shop.apply()
    assert report.removed == ()
    assert report.code is errors.ExitCode.REFUSED
    failure = report.failures["shop"]
    assert "stack shop has no Services any more, it has no state" in failure.what
    assert "(Service shop/web)" in failure.what
    assert "tfgen repair shop/web --discard id-" in failure.remedy
    assert shop.tree.stack("shop").is_dir()


def test_a_folder_that_is_away_hides_nothing(shop: Workshop) -> None:
    """Neither does a folder that somebody removed."""
    shutil.rmtree(shop.tree.stack("shop"))
    assert "shop" in shop.apply().failures


def test_what_goes_by_itself_holds_nothing(shop: Workshop) -> None:
    """A load balancer that Octavia is deleting is as good as gone."""
    lose_state(shop)
    shop.sky.standing[:] = [
        replace(each, provisioning_status="PENDING_DELETE") for each in shop.sky.standing
    ]
    assert shop.apply().removed == ("shop",)


def test_other_stacks_are_no_matter(shop: Workshop) -> None:
    """A load balancer of another stack that waits for its removal holds nothing back."""
    lose_state(shop)
    shop.sky.standing.clear()
    shop.sky.stands("blog/old")
    known = shop.work.manifest
    gone = {model.ServiceKey("shop", "moved"): "blog"}
    path = shop.tree.root / manifest.FILE
    path.write_text(manifest.dumps(replace(known, gone=gone)))
    shop.sky.stands("shop/moved")
    assert shop.apply().removed == ("shop",)


def test_without_a_known_project_an_absent_state_is_not_trusted(shop: Workshop) -> None:
    """Then nobody can say that the cloud that has nothing is the right one: the stack stays."""
    lose_state(shop)
    shop.sky.standing.clear()
    shop.settings = shop.settings.model_copy(
        update={"openstack": shop.settings.openstack.model_copy(update={"project_id": ""})}
    )
    shop.sky.project_id = ""
    report = shop.apply()
    assert (report.removed, dict(report.failures)) == ((), {})


def test_what_stands_and_is_in_no_state_is_not_forgotten(shop: Workshop) -> None:
    """A Service that went while its stack's state was lost is remembered as long as it stands."""
    shop.tree.render(rendered.load_balancer("shop/api"), rendered.load_balancer(KEPT))
    lose_state(shop)
    known = shop.work.manifest
    gone = {model.ServiceKey("shop", "web"): "shop", model.ServiceKey("shop", "over"): "shop"}
    path = shop.tree.root / manifest.FILE
    path.write_text(manifest.dumps(replace(known, gone=gone)))
    shop.plan()
    assert not shop.apply().failures
    assert shop.work.manifest.gone == {model.ServiceKey("shop", "web"): "shop"}
