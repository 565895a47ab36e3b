import shutil
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import rendered
from tests.fakes import terraform as fake
from tests.fakes.workshop import Workshop
from tfgen import errors, manifest, model, policy
from tfgen.reconcile import plan, scope, work

WEB = model.ServiceKey("shop", "web")


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    """A workshop with two Services in two stacks, rendered."""
    place = Workshop(tmp_path)
    place.tree.render(rendered.load_balancer("shop/web"), rendered.load_balancer("blog/www"))
    return place


def code(plans: plan.Plans) -> errors.ExitCode:
    """Give the exit code without any flag."""
    return plans.code(exit_code=False, allow_held=False)


def test_each_stack_gets_a_saved_plan(shop: Workshop) -> None:
    """Stacks are planned one by one, and what each would do is said by Service."""
    plans = shop.plan()
    assert [saved.stack for saved in plans.passing] == ["blog", "shop"]
    [change] = plans.stacks["shop"].changes
    assert change.service == WEB
    assert change.effects == (
        "creates load balancer",
        "creates listener tcp-80",
        "creates floating IP",
    )
    assert code(plans) is errors.ExitCode.DONE
    assert plans.code(exit_code=True, allow_held=False) is errors.ExitCode.CHANGES
    assert (shop.tree.stack("shop") / "tfgen.tfplan.json").is_file()


def test_nothing_changes(shop: Workshop) -> None:
    """Where all is as it should be, nothing is saved; addresses are known all the same."""
    shop.bring("shop/web")
    plans = shop.plan()
    assert plans.saved == ()
    assert plans.stacks["shop"].changes == ()
    assert [address.service for address in plans.stacks["shop"].addresses] == [WEB]
    assert plans.code(exit_code=True, allow_held=False) is errors.ExitCode.DONE


def test_one_fails_the_others_go_on(shop: Workshop) -> None:
    """A stack that cannot be planned does not keep the others from it."""
    (shop.tree.stack("blog") / "variables.tf").unlink()
    (shop.tree.stack("blog") / "facts.auto.tfvars.json").write_text("{}")
    plans = shop.plan()
    assert list(plans.stacks) == ["shop"]
    assert list(plans.failures) == ["blog"]
    assert code(plans) is errors.ExitCode.PARTIAL


def test_all_fail(shop: Workshop) -> None:
    """Where nothing could be planned it is an error, not a part."""
    shop.engine.behave(fake.Behaviour(plan_error="Authentication failed"))
    plans = shop.plan()
    assert len(plans.failures) == 2
    assert code(plans) is errors.ExitCode.ERROR


def test_a_folder_that_was_removed_by_hand(shop: Workshop) -> None:
    """Its stack is passed over, and it is said what to do: nothing of it is destroyed."""
    shop.bring("shop/web", "blog/www")
    shutil.rmtree(shop.tree.stack("blog"))
    plans = shop.plan()
    assert plans.stacks["blog"].skipped == "its folder is missing: run tfgen render"
    assert plans.saved == ()


def test_a_stack_awaits_facts(shop: Workshop) -> None:
    """A stack without facts is passed over, and says what it waits for."""
    (shop.tree.stack("blog") / "facts.auto.tfvars.json").unlink()
    plans = shop.plan()
    assert plans.stacks["blog"].skipped.startswith("awaits facts")
    assert [saved.stack for saved in plans.saved] == ["shop"]
    assert code(plans) is errors.ExitCode.DONE


def test_a_moved_address_is_refused(shop: Workshop) -> None:
    """A replacement that the engine itself forbids is a refusal by the guard, not a failure."""
    shop.bring("shop/web", "blog/www")
    web = rendered.load_balancer("shop/web")
    moved = replace(web, frozen=replace(web.frozen, vip_subnet_id="22222222"))
    shop.tree.render(moved, rendered.load_balancer("blog/www", 80, 81))
    plans = shop.plan()
    assert {refusal.guard for refusal in plans.verdict.refusals} == {policy.Guard.ADDRESS}
    assert plans.failures == {}
    assert [saved.stack for saved in plans.passing] == ["blog"]
    assert code(plans) is errors.ExitCode.REFUSED


def test_a_lost_state_is_refused(shop: Workshop) -> None:
    """Where the cloud has a Service's load balancer and the state has not, nothing is made."""
    shop.bring("shop/web")
    (shop.tree.stack("shop") / "terraform.tfstate").unlink()
    shop.sky.stands("shop/web")
    [refusal] = shop.plan().verdict.refusals
    assert (refusal.guard, refusal.service) == (policy.Guard.VANISHED, WEB)
    allowed = policy.Allowed(new_state=True)
    assert not shop.plan(allowed=allowed).verdict.refusals


def test_another_project_is_refused_before_any_plan(shop: Workshop) -> None:
    """With the credentials of another project nothing is planned at all."""
    shop.sky.project_id = "ffffffffffffffffffffffffffffffff"
    with pytest.raises(errors.Refused, match="another project"):
        shop.plan()
    assert shop.engine.calls() == []


def test_one_service_of_a_stack(shop: Workshop) -> None:
    """A Service can be planned alone; its neighbours are left as they are."""
    shop.tree.render(rendered.load_balancer("shop/web"), rendered.load_balancer("shop/api"))
    plans = shop.plan("shop/web")
    assert {change.service for change in plans.stacks["shop"].changes} == {WEB}
    assert plans.stacks["shop"].document["complete"] is False


def test_in_error(shop: Workshop) -> None:
    """A Service whose load balancer is in ERROR is kept out; its neighbours are planned."""
    shop.tree.render(rendered.load_balancer("shop/web"), rendered.load_balancer("shop/api"))
    shop.sky.stands("shop/web", status="ERROR")
    plans = shop.plan()
    assert {str(change.service) for change in plans.stacks["shop"].changes} == {"shop/api"}
    assert "is in ERROR" in plans.left_out[WEB]
    assert "Run: tfgen repair shop/web" in plans.left_out[WEB]
    assert code(plans) is errors.ExitCode.HELD


def test_in_error_and_alone(shop: Workshop) -> None:
    """A stack of which nothing is left is not planned."""
    shop.sky.stands("shop/web", status="ERROR")
    plans = shop.plan("shop/web")
    assert plans.stacks["shop"].document == {}
    assert list(plans.left_out) == [WEB]
    assert "plan" not in shop.engine.commands()


def taint(shop: Workshop) -> str:
    """Mark the load balancer as to be replaced; give its id."""
    path = shop.tree.stack("shop") / "terraform.tfstate"
    mark = '"name": "lb_shop_web", "instances": [{'
    before = path.read_text()
    assert mark in before
    path.write_text(before.replace(mark, mark + '"status": "tainted", ', 1))
    [address] = shop.work.stack("shop").state().addresses("shop")
    return address.load_balancer_id


def test_an_interrupted_creation_is_taken_back(shop: Workshop) -> None:
    """A tainted load balancer that stands is kept: replacing it would cost its address."""
    shop.bring("shop/web")
    shop.sky.stands("shop/web", identity=taint(shop))
    plans = shop.plan()
    assert plans.verdict.refusals == ()
    assert plans.saved == ()
    assert "untaint" in shop.engine.commands()


def test_an_unfinished_creation_is_waited_for(shop: Workshop) -> None:
    """A tainted load balancer that is still being built is kept out of the plan."""
    shop.bring("shop/web")
    shop.sky.stands("shop/web", identity=taint(shop), status="PENDING_CREATE")
    plans = shop.plan()
    assert "still being built" in plans.left_out[WEB]
    assert "untaint" not in shop.engine.commands()


@pytest.mark.parametrize("status", ["PENDING_UPDATE", "PENDING_DELETE"])
def test_at_work_for_long(shop: Workshop, status: str) -> None:
    """A load balancer that Octavia comes to no end with is kept out: an engine would hang on it."""
    shop.bring("shop/web", "shop/api")
    identity = addressed(shop)
    shop.sky.stands("shop/web", identity=identity, status=status)
    plans = shop.plan()
    assert f"its load balancer {identity} stays {status}" in plans.left_out[WEB]
    assert "administrator of Octavia" in plans.left_out[WEB]
    assert list(plans.left_out) == [WEB]
    assert code(plans) is errors.ExitCode.HELD


def test_at_work_and_done(shop: Workshop) -> None:
    """One that is at rest again when its stack is planned is planned as any other."""
    shop.bring("shop/web")
    shop.sky.stands("shop/web", identity=addressed(shop), status="PENDING_UPDATE")
    do = replace(shop.work, unsettled=lambda _ids: ())
    assert plan.plan(do, plan.Options()).left_out == {}


def addressed(shop: Workshop) -> str:
    """Give the id of the load balancer that the state has for the Service."""
    found = shop.work.stack("shop").state().addresses("shop")
    return next(each.load_balancer_id for each in found if each.service == WEB)


def unreadable(shop: Workshop, address: str) -> None:
    """Let the engine fail at an object, as where its VIP port is gone."""
    shop.engine.behave(fake.Behaviour(unreadable=address))


def test_one_that_cannot_be_planned(shop: Workshop) -> None:
    """A Service at whose own object the engine fails is kept out; its neighbours are planned."""
    shop.tree.render(rendered.load_balancer("shop/web"), rendered.load_balancer("shop/api"))
    unreadable(shop, "openstack_lb_loadbalancer_v2.lb_shop_web")
    plans = shop.plan()
    assert {str(change.service) for change in plans.stacks["shop"].changes} == {"shop/api"}
    assert plans.left_out[WEB].startswith("the engine could not plan it: Error getting port: 404")
    assert "tfgen repair shop/web --dry-run" in plans.left_out[WEB]
    assert plans.failures == {}
    assert code(plans) is errors.ExitCode.HELD


def test_none_that_can_be_planned(shop: Workshop) -> None:
    """Where the engine fails at all of a stack, that is nobody's own trouble: the stack fails."""
    shop.tree.render(rendered.load_balancer("shop/web"), rendered.load_balancer("shop/api"))
    unreadable(shop, "lb_shop_")
    plans = shop.plan()
    assert plans.left_out == {}
    assert "Error getting port: 404" in plans.failures["shop"].what
    assert plans.saved == ()


def test_a_failure_that_is_of_no_service(shop: Workshop) -> None:
    """Where the engine fails at what is no Service's, its stack fails, as far as it is known."""
    shop.engine.behave(fake.Behaviour(plan_error="no credentials"))
    plans = shop.plan("shop/web")
    assert plans.left_out == {}
    assert "no credentials" in plans.failures["shop"].what


def test_held_services_count(shop: Workshop) -> None:
    """Services that rendering holds make exit code 4, unless that was agreed to."""
    known = manifest.loads((shop.tree.root / manifest.FILE).read_text())
    entry = replace(known.services[WEB], state=manifest.State.HELD)
    held = replace(known, services={**known.services, WEB: entry})
    (shop.tree.root / manifest.FILE).write_text(manifest.dumps(held))
    plans = shop.plan()
    assert plans.held == {WEB}
    assert code(plans) is errors.ExitCode.HELD
    assert plans.code(exit_code=False, allow_held=True) is errors.ExitCode.DONE


def test_what_the_tree_does_not_have(shop: Workshop) -> None:
    """A stack or Service that is not there is named, with those that are."""
    with pytest.raises(errors.TreeError, match="no stack nope") as caught:
        shop.plan(only=scope.Scope(stacks=frozenset({"nope"})))
    assert "blog, shop" in caught.value.remedy
    with pytest.raises(errors.TreeError, match="no Service shop/nope"):
        shop.plan("shop/nope")
    with pytest.raises(errors.TreeError, match="stacks shop, and only blog"):
        shop.plan(only=scope.Scope(frozenset({"blog"}), frozenset({WEB})))


def test_no_tree_at_all(tmp_path: Path) -> None:
    """Without a tree there is nothing to plan, and the way out is said."""
    with pytest.raises(errors.TreeError, match=r"has no tfgen-manifest\.json"):
        Workshop(tmp_path).plan()


def test_an_old_plan_goes(shop: Workshop) -> None:
    """A new planning leaves no older plan behind, even where it fails."""
    shop.plan()
    shop.engine.behave(fake.Behaviour(plan_error="no"))
    shop.plan()
    assert not list(shop.tree.root.rglob("*.tfplan*"))


def test_what_the_system_refuses_fails_one_stack(shop: Workshop) -> None:
    """A file that cannot be written is told with its name; other stacks are planned."""
    shop.tree.render(rendered.load_balancer("shop/web"), rendered.load_balancer("blog/www"))
    (shop.tree.stack("blog") / "tfgen.tfplan.json").mkdir()
    plans = shop.plan()
    assert list(plans.stacks) == ["shop"]
    failure = plans.failures["blog"]
    assert isinstance(failure, errors.TreeError)
    assert "stacks/blog/tfgen.tfplan.json" in failure.what
    assert "run the same command again" in failure.remedy


def test_an_interrupt_leaves_saved_plans_of_stacks_that_were_not_planned(shop: Workshop) -> None:
    """Only a stack that is planned anew loses the plan that it had."""
    shop.tree.render(rendered.load_balancer("shop/web"))
    shop.plan()
    do = shop.work
    do.interruption.receive(signal.SIGINT)
    plans = plan.plan(do, plan.Options())
    assert plans.failures["shop"].what == "stack shop was not planned"
    assert list(shop.tree.stack("shop").glob("*.tfplan"))


class Stages(work.Nobody):
    """Remembers the last stage of each stack."""

    def __init__(self) -> None:
        self.last: dict[str, work.Stage] = {}

    def stage(self, stack: str, stage: work.Stage) -> None:
        """Note it."""
        self.last[stack] = stage


def test_a_stack_that_failed_is_not_under_way_any_more(shop: Workshop) -> None:
    """Whoever watches is told of the end, however it comes."""
    shop.tree.render(rendered.load_balancer("shop/web"))
    shop.watcher = Stages()
    shop.engine.behave(fake.Behaviour(plan_error="Authentication failed"))
    assert shop.plan().failures
    assert set(shop.watcher.last.values()) == {work.Stage.DONE}
