"""Held Services in plans: they follow their nodes, and whatever else would change waits."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import rendered
from tests.fakes import terraform as fake
from tests.fakes.workshop import Workshop
from tfgen import errors, manifest, model, policy
from tfgen.reconcile import consents, plan
from tfgen.render import header

WEB, API = model.ServiceKey("shop", "web"), model.ServiceKey("shop", "api")
WHY = "file stacks/shop/lb_shop_web.tf is edited by hand"
BALANCERS = tuple(map(rendered.load_balancer, ("shop/web", "shop/api")))


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    """A workshop whose stack has two Services, applied; shop/web is held then."""
    place = Workshop(tmp_path)
    place.bring("shop/web", "shop/api")
    hold(place)
    return place


def hold(shop: Workshop) -> None:
    """Let the manifest say that shop/web is held."""
    path = shop.tree.root / manifest.FILE
    known = manifest.loads(path.read_text())
    entry = replace(known.services[WEB], state=manifest.State.HELD, problems=(WHY,))
    path.write_text(manifest.dumps(replace(known, services={**known.services, WEB: entry})))


def edit(shop: Workshop) -> None:
    """Change who may connect: by hand to shop/web, and to shop/api as tfgen would write it."""
    web, api = (shop.tree.stack("shop") / f"lb_shop_{name}.tf" for name in ("web", "api"))
    web.write_text(web.read_text().replace("0.0.0.0/0", "128.0.0.0/1"))
    parts = header.strip(api.read_text())
    assert parts
    api.write_text(header.add(parts.origin, parts.body.replace("0.0.0.0/0", "128.0.0.0/1")))


@pytest.mark.parametrize("version", ["terraform 1.11.4", "opentofu 1.12.6"])
def test_an_edit_waits_and_the_others_go_on(shop: Workshop, version: str) -> None:
    """A hand edit is kept out of the plan and told; the other Services of the stack go on."""
    product, number = version.split()
    shop.engine.behave(fake.Behaviour(product=product, version=number))
    edit(shop)
    plans = shop.plan()
    [change] = plans.stacks["shop"].changes
    assert change.service == API
    assert list(plans.left_out) == [WEB]
    assert "changes listener tcp-80" in plans.left_out[WEB]
    assert WHY in plans.left_out[WEB]
    assert not plans.verdict.refusals
    assert plans.code(exit_code=False, allow_held=False) is errors.ExitCode.HELD
    assert not shop.apply().failures
    assert not shop.plan().saved


def test_an_edit_after_the_rendering_is_found(tmp_path: Path) -> None:
    """The manifest need not say so: plan, guard and apply look at the files themselves."""
    shop = Workshop(tmp_path)
    shop.bring("shop/web", "shop/api")
    edit(shop)
    plans = shop.plan()
    assert {change.service for change in plans.stacks["shop"].changes} == {API}
    assert WHY in plans.left_out[WEB]
    assert plans.code(exit_code=False, allow_held=False) is errors.ExitCode.HELD
    assert not shop.apply().failures
    assert '"held"' not in (shop.tree.root / manifest.FILE).read_text()


def test_an_edit_after_the_rendering_keeps_no_node_waiting(tmp_path: Path) -> None:
    """Members follow the nodes for all, the edited one too; the edit itself waits."""
    shop = Workshop(tmp_path)
    shop.bring("shop/web", "shop/api")
    path = shop.tree.stack("shop") / "lb_shop_web.tf"
    path.write_text(f"{path.read_text()}# by hand\n")
    shop.tree.facts("shop", {**rendered.NODES, "node-3": "10.0.0.13"}, BALANCERS)
    plans = shop.plan()
    assert {change.service for change in plans.stacks["shop"].changes} == {WEB, API}
    assert not plans.left_out


def test_a_link_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    """What it leads to is not read."""
    shop = Workshop(tmp_path)
    shop.bring("shop/web")
    path = shop.tree.stack("shop") / "lb_shop_web.tf"
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(errors.TreeError, match="is a symbolic link"):
        shop.plan()


def test_members_follow_the_nodes(shop: Workshop) -> None:
    """A node that joins stands behind the pools of held Services too."""
    shop.tree.facts("shop", {**rendered.NODES, "node-3": "10.0.0.13"}, BALANCERS)
    plans = shop.plan()
    assert {change.service for change in plans.stacks["shop"].changes} == {WEB, API}
    assert not plans.left_out
    assert not plans.verdict.refusals


def test_consent_takes_the_edit_along(shop: Workshop) -> None:
    """Who agrees to a change of the held Service gets it planned."""
    edit(shop)
    allowed = policy.Allowed(protected=frozenset({WEB}))
    plans = shop.plan(allowed=allowed)
    assert {change.service for change in plans.stacks["shop"].changes} == {WEB, API}
    assert not plans.left_out
    assert not plans.verdict.refusals


def test_consent_in_the_tree_takes_the_edit_along(shop: Workshop) -> None:
    """So does one in the tree, for this plan alone: planned, judged and applied without a flag."""
    edit(shop)
    place = shop.work.loaded
    agreed = shop.plan(allowed=policy.Allowed(protected=frozenset({WEB})))
    documents = {name: each.document for name, each in agreed.stacks.items()}
    consents.write(place, consents.agreed(place, documents), agreed.verdict.opened)
    plans = shop.plan()
    assert {change.service for change in plans.stacks["shop"].changes} == {WEB, API}
    assert not plans.verdict.refusals
    path = shop.tree.stack("shop") / "lb_shop_web.tf"
    path.write_text(path.read_text().replace("128.0.0.0/1", "0.0.0.0/1"))
    assert list(shop.plan().left_out) == [WEB]
    path.write_text(path.read_text().replace("0.0.0.0/1", "128.0.0.0/1"))
    shop.plan()
    report = shop.apply()
    assert not report.failures
    assert not report.verdict.refusals
    assert list(report.stacks) == ["shop"]


def test_nothing_but_the_edit(shop: Workshop) -> None:
    """Where only the held Service is asked for there is nothing to plan, and it is told why."""
    edit(shop)
    plans = shop.plan("shop/web")
    assert not plans.saved
    assert not list(shop.tree.root.rglob("*.tfplan"))
    assert list(plans.left_out) == [WEB]


def test_a_replacement_of_the_held_one_stops_no_other(shop: Workshop) -> None:
    """An edit that prevent_destroy stops fails the whole stack's plan no more."""
    for path in shop.tree.stack("shop").glob("lb_shop_web.tf"):
        old = f'"{rendered.SETTINGS.network.subnet_id}"'
        path.write_text(path.read_text().replace(old, '"22222222"'))
    (shop.tree.stack("shop") / "lb_shop_api.tf").unlink()
    plans = shop.plan()
    assert list(plans.left_out) == [WEB]
    assert {change.service for change in plans.stacks["shop"].changes} == {API}
    assert not plans.failures


def test_a_floating_ip_that_does_not_exist_keeps_its_service_out(tmp_path: Path) -> None:
    """Told before the plan: the engine would look for it when all else stands."""
    place = Workshop(tmp_path)
    bound = replace(BALANCERS[0], frozen=replace(BALANCERS[0].frozen, floating_address="192.0.2.9"))
    place.tree.render(bound, BALANCERS[1])
    assert not plan.plan(place.work, plan.Options()).left_out
    missing = plan.plan(replace(place.work, floating=lambda _asked: frozenset()), plan.Options())
    assert list(missing.left_out) == [WEB]
    assert missing.left_out[WEB].startswith(
        "floating IP 192.0.2.9 (spec.loadBalancerIP) is not in the project; expected one that "
    )
    assert [change.service for change in missing.stacks["shop"].changes] == [API]
    assert missing.code(exit_code=False, allow_held=False) is errors.ExitCode.HELD
