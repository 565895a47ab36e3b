"""Mending one load balancer: what is found, what is done, and what stands afterwards."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import rendered
from tests.fakes import terraform as fake
from tests.fakes.ward import WEB, Heard, Ward, applied, empty, standing
from tfgen import errors, model, policy
from tfgen.reconcile.repair import Cure, Kind

_WHOLE = 7
"""Objects of one Service."""


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workshop in which a Service was applied, once for all tests."""
    return applied(tmp_path_factory.mktemp("pattern"))


@pytest.fixture
def shop(tmp_path: Path, pattern: Path) -> Ward:
    """A Service that stands."""
    return standing(tmp_path, pattern)


def test_nothing_to_repair(shop: Ward) -> None:
    """What is ACTIVE and whole is left alone, whatever was asked for; a plan shows the rest."""
    outcome = shop.repair(cure=Cure.REBUILD)
    assert (outcome.choice.finding.kind, outcome.code) == (Kind.WHOLE, errors.ExitCode.DONE)
    assert (
        outcome.choice.finding.text
        == f"its load balancer {shop.lb} is ACTIVE: there is nothing to repair"
    )
    assert outcome.choice.finding.remedy.endswith("tfgen plan --service shop/web")
    assert (shop.changed, shop.heard.plans) == ([], [])


def test_a_failover(shop: Ward) -> None:
    """One in ERROR is failed over, and waited for; nothing is planned, for all of it stays."""
    shop.sky.falls(shop.lb, "ERROR")
    outcome = shop.repair()
    assert shop.changed == [f"failover {shop.lb}"]
    assert (outcome.done, outcome.balancer, outcome.address) == (True, shop.lb, shop.address)
    assert shop.heard.said[-1] == f"load balancer {shop.lb} is ACTIVE"
    assert shop.heard.plans == []


def test_a_failover_that_fails(shop: Ward) -> None:
    """In ERROR again, it is said what else there is."""
    shop.sky.falls(shop.lb, "ERROR")
    shop.sky.ends = "ERROR"
    with pytest.raises(errors.CloudError) as failed:
        shop.repair()
    assert failed.value.what == (
        f"load balancer {shop.lb} of Service shop/web was failed over, and is in ERROR again"
    )
    assert "tfgen repair shop/web --rebuild" in failed.value.remedy


def test_a_failover_that_is_for_operators(shop: Ward) -> None:
    """Octavia's usual policy keeps it from users: who can do it is said, and what they can do."""
    shop.sky.falls(shop.lb, "ERROR")
    shop.sky.forbidden = True
    with pytest.raises(errors.CloudError) as failed:
        shop.repair()
    assert f"openstack loadbalancer failover {shop.lb}" in failed.value.remedy
    assert "tfgen repair shop/web --rebuild" in failed.value.remedy


def test_a_rebuilding(shop: Ward) -> None:
    """It is deleted with all below it and made anew, whole, with the floating IP that it had."""
    before, address = shop.lb, shop.address
    shop.sky.falls(before, "ERROR")
    outcome = shop.repair(cure=Cure.REBUILD)
    assert shop.changed == [f"delete {before}"]
    assert (outcome.done, outcome.address, outcome.code) == (True, address, errors.ExitCode.DONE)
    state = shop.place.work.stack("shop").state()
    assert len(state.instances) == _WHOLE
    [plans] = shop.heard.plans
    effects = [each for change in plans.stacks["shop"].changes for each in change.effects]
    assert "creates load balancer" in effects
    assert not [each for each in effects if "floating IP" in each]
    [notice] = [each for each in plans.verdict.notices if "tfgen repair" in str(each)]
    assert "agreed to by tfgen repair" in str(notice)
    assert shop.repair().choice.finding.kind is Kind.WHOLE


def test_a_rebuilding_touches_nobody_else(shop: Ward) -> None:
    """Another Service of the stack that lacks its load balancer is not made anew by the way."""
    shop.place.tree.render(*map(rendered.load_balancer, ["shop/web", "shop/api"]))
    shop.sky.falls(shop.lb, "ERROR")
    shop.repair(cure=Cure.REBUILD)
    found = {each.address for each in shop.place.work.stack("shop").state().instances}
    assert not [each for each in found if "api" in each]


def test_a_deletion_that_fails(shop: Ward) -> None:
    """Where Octavia cannot delete it, nothing is planned."""
    shop.sky.falls(shop.lb, "ERROR")
    shop.sky.deleting = "ERROR"
    with pytest.raises(errors.CloudError, match="was to be deleted, and is ERROR"):
        shop.repair(cure=Cure.REBUILD)
    assert shop.heard.plans == []


def test_one_that_was_never_whole(shop: Ward) -> None:
    """ERROR before anything hung on it: it goes, and is made anew, without another flag."""
    shop.half_made()
    shop.sky.falls(shop.lb, "ERROR")
    outcome = shop.repair()
    assert outcome.choice.finding.kind is Kind.HALF_MADE
    assert (shop.changed, outcome.done) == ([f"delete {shop.lb}"], True)
    assert len(shop.place.work.stack("shop").state().instances) == _WHOLE


def test_one_that_is_pending_is_waited_for(shop: Ward) -> None:
    """Then it is looked at again: it may be whole by then."""
    shop.sky.falls(shop.lb, "PENDING_UPDATE", "PENDING_UPDATE", "ACTIVE")
    outcome = shop.repair()
    assert outcome.choice.finding.kind is Kind.WHOLE
    assert shop.changed == []


def test_one_that_is_being_deleted(shop: Ward) -> None:
    """Somebody deletes it: once it is gone it is made anew, where that is agreed to."""
    address = shop.address
    shop.sky.falls(shop.lb, "PENDING_DELETE", "PENDING_DELETE", "GONE")
    outcome = shop.repair()
    assert outcome.choice.finding.kind is Kind.GONE
    assert (outcome.done, outcome.address) == (True, address)


def test_one_that_is_pending_for_long(shop: Ward) -> None:
    """Only an operator can end that: id and since when are named, and nothing is done."""
    shop.sky.falls(shop.lb, "PENDING_UPDATE")
    shop.minutes = 45
    with pytest.raises(errors.Refused) as refused:
        shop.repair(cure=Cure.REBUILD)
    assert refused.value.what == (
        f"Service shop/web: its load balancer {shop.lb} is PENDING_UPDATE since "
        "2026-01-01T00:00:00 UTC, for 45 minutes: whoever was at work on it in Octavia is gone"
    )
    assert "Only an operator of Octavia can end this" in refused.value.remedy
    assert shop.changed == []


def test_waiting_has_an_end(shop: Ward) -> None:
    """What stays PENDING while it is waited for is a refusal, too."""
    shop.sky.falls(shop.lb, "PENDING_UPDATE")
    shop.minutes = 30 - 0.0001
    with pytest.raises(errors.Refused, match="is still PENDING_UPDATE"):
        shop.repair()


def test_one_that_lacks_children_is_completed(shop: Ward) -> None:
    """What the state lost and the cloud lacks is made; it is asked about after the plan."""
    shop.sky.loses("pool tcp-80")
    shop.place.engine.behave(fake.Behaviour(gone="openstack_lb_pool", cloud=str(shop.sky.file)))
    outcome = shop.repair()
    assert outcome.choice.finding.text.endswith("is ACTIVE, and lacks pool tcp-80")
    assert (outcome.choice.cure, outcome.done) == (Cure.COMPLETE, True)
    assert shop.heard.questions == 2


def test_a_tree_that_is_ahead_is_not_applied(shop: Ward) -> None:
    """A port that is new in the tree and not applied yet is no damage."""
    shop.place.tree.render(rendered.load_balancer("shop/web", 80, 81))
    outcome = shop.repair()
    assert outcome.choice.finding.kind is Kind.WHOLE
    assert "lacks listener tcp-81" in outcome.choice.finding.text
    assert "tfgen plan, then tfgen apply" in outcome.choice.finding.remedy
    assert shop.heard.plans == []


def test_one_that_the_state_does_not_have(shop: Ward) -> None:
    """Its create answer was lost: it is taken into the state, and completed."""
    shop.place.tree.render(*map(rendered.load_balancer, ["shop/web", "shop/api"]))
    shop.sky.adds("lb-lost", "shop/api")
    outcome = shop.repair(model.ServiceKey("shop", "api"))
    assert (
        outcome.choice.finding.text == "its load balancer lb-lost is ACTIVE, and not in the state"
    )
    assert outcome.done
    ids = {each.id for each in shop.place.work.stack("shop").state().instances}
    assert "lb-lost" in ids


def test_several_of_one_service(shop: Ward) -> None:
    """They are named with the command that lets one go; that is never the one of the state."""
    shop.sky.adds("lb-2", "shop/web")
    found = shop.repair().choice.finding
    assert (found.kind, found.cure) == (Kind.SURPLUS, Cure.NOTHING)
    assert found.text == (
        f"2 load balancers carry its tags: {shop.lb} (ACTIVE, in the state), lb-2 (ACTIVE)"
    )
    assert "tfgen repair shop/web --discard lb-2" in found.remedy
    outcome = shop.repair(cure=Cure.DISCARD, discard="lb-2")
    assert (shop.changed, outcome.done) == (["delete lb-2"], True)
    assert shop.repair().choice.finding.kind is Kind.WHOLE


def test_what_is_not_made_yet(tmp_path: Path) -> None:
    """A Service that was rendered and not applied needs an apply, no repair."""
    shop = empty(tmp_path)
    found = shop.repair().choice.finding
    assert (found.kind, found.remedy) == (
        Kind.NOT_MADE,
        "To make it: tfgen plan, then tfgen apply.",
    )


def test_a_service_that_nobody_knows(shop: Ward) -> None:
    """A slip is said."""
    with pytest.raises(errors.TreeError, match="no Service shop/wbe in the output tree"):
        shop.repair(model.ServiceKey("shop", "wbe"))


def test_a_service_that_is_gone(shop: Ward) -> None:
    """A load balancer in ERROR that the tree has no more would keep its removal from any plan."""
    shop.place.tree.render(rendered.load_balancer("shop/api"))
    shop.sky.falls(shop.lb, "ERROR")
    outcome = shop.repair(cure=Cure.REBUILD)
    assert outcome.done
    assert [each.address for each in shop.place.work.stack("shop").state().instances] == []


def test_one_that_is_nobodys(shop: Ward) -> None:
    """Neither tree nor state has it, so no plan removes it: it is let go by its id."""
    api = model.ServiceKey("shop", "api")
    shop.sky.adds("lb-old", "shop/api")
    found = shop.repair(api).choice.finding
    assert found.text.endswith("is ACTIVE, and neither the tree nor a state has it any more")
    assert found.remedy == "To let it go: tfgen repair shop/api --discard lb-old"
    shop.repair(api, cure=Cure.DISCARD, discard="lb-old")
    assert shop.changed == ["delete lb-old"]


def test_a_dry_run(shop: Ward) -> None:
    """It says the same, and does nothing."""
    shop.sky.falls(shop.lb, "ERROR")
    outcome = shop.repair(cure=Cure.REBUILD, dry_run=True)
    assert (outcome.choice.cure, outcome.done, outcome.code) == (Cure.REBUILD, False, 0)
    assert (shop.changed, shop.heard.plans) == ([], [])


def test_who_does_not_agree(shop: Ward) -> None:
    """Nothing is done then."""
    shop.sky.falls(shop.lb, "ERROR")
    shop.heard = Heard(agrees=False)
    with pytest.raises(errors.TfgenError, match="nothing was done"):
        shop.repair(cure=Cure.REBUILD)
    assert shop.changed == []


def test_the_consents_are_for_this_one_alone() -> None:
    """What the command allows opens the guard for its own load balancer, and for no other."""
    own, other = frozenset({WEB}), frozenset({model.ServiceKey("shop", "api")})
    needs = policy.Allowed(new_state=True, anew=own)
    assert policy.Allowed(anew=own).covers(needs)
    assert policy.Allowed(new_state=True).covers(needs)
    assert not policy.Allowed(anew=other).covers(needs)
    assert not policy.Allowed(anew=own).covers(replace(needs, anew=own | other))
    assert not policy.Allowed(anew=own).covers(policy.Allowed(new_state=True))
