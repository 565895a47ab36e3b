"""What stands against a repair: said before anything is done, with what lifts it."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import rendered
from tests.fakes.ward import WEB, Ward, applied, standing
from tfgen import errors, manifest, model, policy
from tfgen.reconcile.repair import Cure

OWN = frozenset({WEB})
NOTHING = policy.Allowed()


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workshop in which a Service was applied, once for all tests."""
    return applied(tmp_path_factory.mktemp("pattern"))


@pytest.fixture
def shop(tmp_path: Path, pattern: Path) -> Ward:
    """A Service whose load balancer is in ERROR."""
    made = standing(tmp_path, pattern)
    made.sky.falls(made.lb, "ERROR")
    return made


def refused(
    shop: Ward,
    cure: Cure | None = Cure.REBUILD,
    *,
    discard: str = "",
    allowed: policy.Allowed = NOTHING,
) -> errors.Refused:
    """Be refused, with nothing done; a dry run says the same."""
    with pytest.raises(errors.Refused):
        shop.repair(cure=cure, discard=discard, allowed=allowed, dry_run=True)
    with pytest.raises(errors.Refused) as found:
        shop.repair(cure=cure, discard=discard, allowed=allowed)
    assert (shop.changed, shop.heard.questions, shop.heard.plans) == ([], 0, [])
    return found.value


def entry(shop: Ward, change: Callable[[manifest.Entry], manifest.Entry]) -> None:
    """Let the manifest say something else of the Service."""
    path = shop.place.tree.root / manifest.FILE
    known = manifest.loads(path.read_text())
    changed = replace(known, services={WEB: change(known.services[WEB])})
    path.write_text(manifest.dumps(changed))


def test_an_internal_load_balancer(shop: Ward) -> None:
    """Its VIP goes with it, and clients use that: it is asked for by a flag."""
    entry(shop, lambda one: replace(one, internal=True))
    found = refused(shop)
    assert found.what == (
        "Service shop/web may get another address: it is internal, and its VIP (10.0.0.9) goes "
        "with its load balancer"
    )
    assert found.remedy.endswith("--allow-address-change shop/web")
    agreed = policy.Allowed(address_change=OWN)
    assert shop.repair(cure=Cure.REBUILD, dry_run=True, allowed=agreed).choice.cure is Cure.REBUILD


def test_an_internal_load_balancer_whose_vip_is_asked_for(shop: Ward) -> None:
    """With spec.loadBalancerIP, or a port of Neutron's, the new one has the same."""
    frozen = replace(rendered.load_balancer("shop/web").frozen, vip_address="10.0.0.9")
    entry(shop, lambda one: replace(one, internal=True, frozen=frozen))
    assert shop.repair(cure=Cure.REBUILD, dry_run=True).choice.cure is Cure.REBUILD


def test_a_floating_ip_that_is_gone(shop: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the address would not come back either."""
    monkeypatch.setattr(type(shop.sky), "floating_ips", lambda *_args, **_named: ())
    assert "its floating IP is not in the cloud any more" in refused(shop).what


def test_a_protected_service(shop: Ward) -> None:
    """What is protected is deleted by nobody in passing; it may be failed over."""
    entry(shop, lambda one: replace(one, protect=True))
    found = refused(shop)
    assert "Service shop/web is protected (tfgen.io/protect)" in found.what
    assert found.remedy == "To agree: --allow-protected shop/web"
    assert shop.repair(dry_run=True).choice.cure is Cure.FAILOVER
    agreed = policy.Allowed(protected=OWN)
    assert shop.repair(cure=Cure.REBUILD, dry_run=True, allowed=agreed).choice.cure is Cure.REBUILD


def test_a_file_that_was_edited(shop: Ward) -> None:
    """It was reviewed by nobody: no flag of this command builds from it."""
    path = shop.place.tree.stack("shop") / "lb_shop_web.tf"
    path.write_text(path.read_text() + "# mine\n")
    found = refused(shop, allowed=policy.Allowed(protected=OWN))
    assert "Service shop/web is held" in found.what
    assert "edited by hand" in found.what


def test_a_service_that_is_held(shop: Ward) -> None:
    """Its file stands as it was reviewed: a person may have it built."""
    problem = "annotation x is y; expected z."
    entry(shop, lambda one: replace(one, state=manifest.State.HELD, problems=(problem,)))
    found = refused(shop)
    assert found.what == f"Service shop/web is held: {problem}"
    agreed = policy.Allowed(protected=OWN)
    assert shop.repair(cure=Cure.REBUILD, allowed=agreed).done


def test_a_state_that_is_absent(shop: Ward) -> None:
    """The new one would stand beside what the lost state had."""
    (shop.place.tree.stack("shop") / "terraform.tfstate").rename(shop.place.folder / "lost")
    shop.sky.adds("lb-1", "shop/web", "ERROR")
    found = refused(shop, cure=Cure.REBUILD)
    assert (
        "stack shop has no state, and load balancers of Service shop/web stand: lb-1" in found.what
    )
    assert "tfgen repair shop/web --discard ID" in found.remedy
    assert shop.repair(cure=Cure.DISCARD, discard="lb-1").done is False
    assert shop.changed == ["delete lb-1"]


def test_a_stack_that_awaits_facts(shop: Ward) -> None:
    """Once it is deleted it could not be planned."""
    (shop.place.tree.stack("shop") / "facts.auto.tfvars.json").unlink()
    assert "stack shop awaits facts" in refused(shop).what


def test_everything_is_stopped(shop: Ward) -> None:
    """A stop is for this, too: not even a failover is begun."""
    settings = shop.place.settings
    guards = settings.guards.model_copy(update={"stop": True})
    shop.place.settings = settings.model_copy(update={"guards": guards})
    assert "guards.stop is true" in refused(shop, cure=None).what


def test_nothing_may_be_deleted(shop: Ward) -> None:
    """Where guards.write allows no destroy, this is none of the ways around it."""
    settings = shop.place.settings
    guards = settings.guards.model_copy(update={"write": "upsert-only"})
    shop.place.settings = settings.model_copy(update={"guards": guards})
    found = refused(shop)
    assert "guards.write is upsert-only" in found.what
    assert shop.repair(dry_run=True).choice.cure is Cure.FAILOVER


def test_what_would_become_open(shop: Ward) -> None:
    """Where exposure is guarded, a tree that is ahead opens nothing by the way."""
    settings = shop.place.settings
    guards = settings.guards.model_copy(update={"exposure": True})
    shop.place.settings = settings.model_copy(update={"guards": guards})
    assert shop.repair(cure=Cure.REBUILD, dry_run=True).choice.cure is Cure.REBUILD
    shop.place.tree.render(rendered.load_balancer("shop/web", 80, 81))
    shop.heard.questions = 0
    found = refused(shop)
    assert found.remedy.endswith("--allow-exposure shop/web")


def test_the_wrong_cloud(shop: Ward) -> None:
    """Without a project in the settings, what is not there may well be in another one."""
    openstack = shop.place.settings.openstack.model_copy(update={"project_id": ""})
    shop.place.settings = shop.place.settings.model_copy(update={"openstack": openstack})
    shop.sky.project_id = ""
    shop.sky.write({**shop.sky.read(), "gone": {shop.lb: 99}})
    assert "is not in project" in refused(shop, cure=None).what


def test_tags_that_changed_meanwhile(shop: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read once more by its id: what is not ours then is left alone."""
    others = ("tfgen_cluster=demo", "tfgen_tree=other", "tfgen_service=shop_web")
    monkeypatch.setattr(shop.heard, "found", lambda _choice: setattr(shop.sky, "tags", others))
    with pytest.raises(errors.Refused, match="does not carry the tags of this tree"):
        shop.repair(cure=Cure.REBUILD)
    assert shop.changed == []


@pytest.mark.parametrize(
    ("identity", "words"),
    [("lb-9", "has no load balancer lb-9 by its tags"), ("", "is the one in the state of")],
)
def test_what_is_never_discarded(shop: Ward, identity: str, words: str) -> None:
    """Neither what is not this Service's, nor what its state has."""
    found = refused(shop, cure=Cure.DISCARD, discard=identity or shop.lb)
    assert words in found.what


def test_a_surplus_one_that_clients_use(shop: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    """A floating IP leads to it: the other one is to go, or the address is given up."""
    shop.sky.adds("lb-2", "shop/web")
    [bound] = shop.sky.floating_ips("demo", "3f9c1a2b")
    moved = (replace(bound, port_id="port-lb-2"),)
    monkeypatch.setattr(type(shop.sky), "floating_ips", lambda *_args, **_named: moved)
    found = refused(shop, cure=Cure.DISCARD, discard="lb-2")
    assert found.what == f"floating IP {bound.address} leads to load balancer lb-2: clients use it"


def test_what_others_have_on_it(shop: Ward) -> None:
    """Listeners of somebody else would go along, and no tree has them: that is asked for."""
    shop.sky.strange = 1
    found = refused(shop)
    assert found.what == (
        f"load balancer {shop.lb} has 2 listeners, and 1 of them are of Service shop/web: the "
        "others would be deleted along, and made anew by nobody"
    )
    assert found.remedy.endswith("To agree: --allow-protected shop/web")
    assert shop.repair(dry_run=True).choice.cure is Cure.FAILOVER
    agreed = policy.Allowed(protected=OWN)
    assert shop.repair(cure=Cure.REBUILD, dry_run=True, allowed=agreed).choice.cure is Cure.REBUILD


def test_who_is_attached_to_it(shop: Ward) -> None:
    """A Service that names its id (load-balancer-id) would name one that is gone."""
    path = shop.place.tree.root / manifest.FILE
    known = manifest.loads(path.read_text())
    api = model.ServiceKey("shop", "api")
    frozen = replace(known.services[WEB].frozen, load_balancer_id=shop.lb)
    guest = replace(known.services[WEB], service=api, frozen=frozen)
    path.write_text(manifest.dumps(replace(known, services={**known.services, api: guest})))
    assert f"ports of shop/api are on load balancer {shop.lb} too" in refused(shop).what


def test_another_tree(shop: Ward) -> None:
    """Load balancers of another tree with this cluster's name stop it, as they stop a plan."""
    shop.sky.stands("shop/web", "lb-x", tree="other")
    with pytest.raises(errors.Refused, match="has load balancers of another tree"):
        shop.repair(cure=Cure.REBUILD)


def test_a_locked_state(shop: Ward) -> None:
    """Whoever holds it would keep the rest from being done: nothing is deleted then."""
    engine = shop.place.engine.path.with_suffix(".json")
    engine.write_text(json.dumps({**json.loads(engine.read_text()), "locked": True}))
    with pytest.raises(errors.EngineError, match="lock"):
        shop.repair(cure=Cure.REBUILD)
    assert shop.changed == []
