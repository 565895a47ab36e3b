"""What a killed apply left below a load balancer, and a VIP port that somebody deleted."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import rendered
from tests.fakes.ward import WEB, Ward, applied, standing
from tfgen import config, errors, manifest, model, policy
from tfgen.reconcile.repair import Cure, Kind


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workshop in which a Service was applied, once for all tests."""
    return applied(tmp_path_factory.mktemp("pattern"))


@pytest.fixture
def shop(tmp_path: Path, pattern: Path) -> Ward:
    """A Service that stands."""
    return standing(tmp_path, pattern)


def write(shop: Ward, entry: manifest.Entry) -> None:
    """Let the manifest say something else of the Service."""
    path = shop.place.tree.root / manifest.FILE
    whole = manifest.loads(path.read_text())
    path.write_text(manifest.dumps(replace(whole, services={WEB: entry})))


def test_a_listener_that_is_left_over(shop: Ward) -> None:
    """It goes with its pool once a person agrees; all else stays, unplanned."""
    shop.sky.leaves("tcp-443")
    outcome = shop.repair()
    [choice] = shop.heard.choices
    assert choice.finding.kind is Kind.LEFTOVER
    assert choice.finding.text == (
        f"its load balancer {shop.lb} is ACTIVE, and has pool tcp-443 (po-tcp-443), listener "
        "tcp-443 (li-tcp-443), which neither the tree nor a state has"
    )
    assert shop.changed == ["delete pools po-tcp-443", "delete listeners li-tcp-443"]
    assert (outcome.done, outcome.balancer, outcome.address) == (True, shop.lb, shop.address)
    assert shop.heard.plans == []
    assert shop.repair().choice.finding.kind is Kind.WHOLE


def test_nobody_agrees(shop: Ward) -> None:
    """Without consent it stays."""
    shop.sky.leaves("tcp-443")
    shop.heard.agrees = False
    with pytest.raises(errors.TfgenError):
        shop.repair()
    assert shop.changed == []


@pytest.mark.parametrize(
    "tags",
    [
        (),
        ("tfgen", "tfgen_cluster=demo", "tfgen_tree=ffffffff", "tfgen_service=shop_web"),
        ("tfgen", "tfgen_cluster=other", "tfgen_tree=3f9c1a2b", "tfgen_service=shop_web"),
    ],
)
def test_a_listener_of_somebody_else(shop: Ward, tags: tuple[str, ...]) -> None:
    """Without our tags, or with those of another tree or cluster, it is nobody's to delete."""
    shop.sky.leaves("tcp-443", tags=tags)
    assert shop.repair().choice.finding.kind is Kind.WHOLE
    assert shop.changed == []


def test_a_listener_that_the_tree_asks_for(shop: Ward) -> None:
    """A plan takes that in; it is never deleted."""
    shop.place.tree.render(rendered.load_balancer("shop/web", 80, 443))
    shop.sky.leaves("tcp-443")
    found = shop.repair().choice
    assert (found.finding.kind, found.case.leftovers) == (Kind.WHOLE, ())
    assert shop.changed == []


def test_a_listener_of_a_guest(shop: Ward) -> None:
    """A Service that names this load balancer by its id asks for it: its plan takes that in."""
    path = shop.place.tree.root / manifest.FILE
    whole = manifest.loads(path.read_text())
    guest = model.ServiceKey("shop", "guest")
    own = whole.services[WEB]
    there = replace(own.frozen, load_balancer_id=shop.lb)
    entry = replace(own, service=guest, frozen=there, ports=("tcp-443",))
    path.write_text(manifest.dumps(replace(whole, services={**whole.services, guest: entry})))
    shop.sky.leaves("tcp-443")
    assert shop.repair().choice.finding.kind is Kind.WHOLE
    assert shop.changed == []


def test_a_listener_in_the_state_of_another_stack(shop: Ward) -> None:
    """Who left a group has its ports in another state until that is applied."""
    shop.place.bring("shop/web", "else/where")
    path = shop.place.tree.stack("else") / "terraform.tfstate"
    state = json.loads(path.read_text())
    [listener] = [one for one in state["resources"] if one["type"] == "openstack_lb_listener_v2"]
    listener["instances"][0]["attributes"]["id"] = "li-tcp-443"
    path.write_text(json.dumps(state))
    shop.sky.leaves("tcp-443", "listener")
    assert shop.repair().choice.finding.kind is Kind.WHOLE
    assert shop.changed == []
    shop.sky.leaves("tcp-8443", "listener")
    assert shop.repair().done
    assert shop.changed == ["delete listeners li-tcp-8443"]


def test_one_killed_in_between_goes_on(shop: Ward) -> None:
    """With the pool gone already only the listener is left, and found again."""
    shop.sky.leaves("tcp-443", "listener")
    assert shop.repair().done
    assert shop.changed == ["delete listeners li-tcp-443"]


def test_a_pool_without_a_listener(shop: Ward) -> None:
    """Its listener went, and it did not: it keeps its load balancer from being deleted."""
    shop.sky.leaves("tcp-443", "pool")
    outcome = shop.repair()
    assert outcome.choice.finding.kind is Kind.LEFTOVER
    assert shop.changed == ["delete pools po-tcp-443"]


def test_the_load_balancer_that_a_service_had_before(shop: Ward) -> None:
    """It joined a group, and the deletion of its own one met a pool that a killed apply left."""
    tree = shop.place.tree
    entry = manifest.loads((tree.root / manifest.FILE).read_text()).services[WEB]
    write(shop, replace(entry, group="front"))
    shop.sky.leaves("tcp-443", "pool")
    outcome = shop.repair()
    assert outcome.choice.case.entries == ()
    assert shop.changed == ["delete pools po-tcp-443"]


def test_a_load_balancer_that_fails_meanwhile(shop: Ward) -> None:
    """What Octavia does not come to an end with is not taken for done."""
    shop.sky.leaves("tcp-443")
    shop.sky.pruning = "ERROR"
    with pytest.raises(errors.CloudError, match=r"is ERROR after pool tcp-443 \(po-tcp-443\)"):
        shop.repair()
    assert shop.changed == ["delete pools po-tcp-443"]


def test_what_may_not_be_written(shop: Ward) -> None:
    """Where tfgen may not take anything away, a listener stays too."""
    guards = config.Guards(write="create-only")
    shop.place.settings = shop.place.settings.model_copy(update={"guards": guards})
    shop.sky.leaves("tcp-443")
    with pytest.raises(errors.Refused) as refused:
        shop.repair()
    assert refused.value.what == (
        "guards.write is create-only, and a listener of Service shop/web would be deleted"
    )
    assert refused.value.remedy == "Set guards.write to sync for this"


def test_a_vip_port_that_is_gone(shop: Ward) -> None:
    """Nothing reaches it any more: it is made anew, with the floating IP that it had."""
    before, address = shop.lb, shop.address
    shop.sky.gone_ports.add(f"port-{before}")
    outcome = shop.repair()
    assert outcome.choice.finding.kind is Kind.PORTLESS
    assert outcome.choice.finding.text.endswith(f"VIP, port-{before}, is gone: nothing reaches it")
    assert (shop.changed, outcome.done, outcome.address) == ([f"delete {before}"], True, address)


def test_a_vip_port_that_a_failover_makes_anew(shop: Ward) -> None:
    """An operator may let Octavia do it, as its allocation of VIPs can."""
    shop.sky.gone_ports.add(f"port-{shop.lb}")
    shop.repair(cure=Cure.FAILOVER)
    assert shop.changed == [f"failover {shop.lb}"]


def test_a_protected_one_keeps_its_load_balancer(shop: Ward) -> None:
    """Deleting a protected one needs consent here as everywhere."""
    entry = manifest.loads((shop.place.tree.root / manifest.FILE).read_text()).services[WEB]
    write(shop, replace(entry, protect=True))
    shop.sky.gone_ports.add(f"port-{shop.lb}")
    with pytest.raises(errors.Refused, match="is protected"):
        shop.repair()
    assert shop.repair(allowed=policy.Allowed(protected=frozenset({WEB}))).done
