"""Which stacks and which part of each: values in, values out."""

from dataclasses import replace

import pytest

from tests.fakes import rendered
from tfgen import cloud, errors, manifest, model, render, terraform
from tfgen.reconcile import scope

WEB, API = model.ServiceKey("shop", "web"), model.ServiceKey("shop", "api")
GONE, OTHER = model.ServiceKey("shop", "gone"), model.ServiceKey("shop", "other")
TERRAFORM = terraform.Engine("/bin/terraform", terraform.Product.TERRAFORM, "1.11.4")
TOFU = terraform.Engine("/bin/tofu", terraform.Product.OPENTOFU, "1.12.6")


def entry(key: model.ServiceKey) -> manifest.Entry:
    """Give a manifest entry with port 80."""
    return manifest.Entry(
        service=key,
        stack=key.namespace,
        digest="",
        ports=("tcp-80",),
        node_group="default",
        internal=False,
        protect=False,
        frozen=model.Frozen(),
    )


ENTRIES = (entry(API), entry(WEB))
STATE = terraform.State(
    lineage="l",
    instances=(
        terraform.Instance("openstack_lb_loadbalancer_v2.lb_shop_gone", "", "1"),
        terraform.Instance("module.lb_shop_web_tcp-81.openstack_lb_pool_v2.this", "", "2"),
    ),
)


def test_everything() -> None:
    """All of a stack is planned without a target, and counts what only the state has."""
    part = scope.Part(ENTRIES, STATE)
    assert part.present == {WEB, API, GONE}
    assert part.asked(TERRAFORM, refresh=True) == terraform.Asked()
    assert part.asked(TERRAFORM, refresh=False) == terraform.Asked(refresh=False)


def test_one_service() -> None:
    """One Service is all its addresses, also those of ports that only the state has."""
    asked = scope.Part(ENTRIES, STATE, frozenset({WEB})).asked(TERRAFORM, refresh=True)
    assert asked.targets == (
        "openstack_lb_loadbalancer_v2.lb_shop_web",
        "openstack_networking_floatingip_v2.lb_shop_web",
        "terraform_data.lb_shop_web",
        "module.lb_shop_web_tcp-80",
        "module.lb_shop_web_tcp-81",
    )
    assert asked.excludes == ()


GROUPED = tuple(replace(each, group="front") for each in ENTRIES)
SHARED = (
    "openstack_lb_loadbalancer_v2.lbgroup_shop_front",
    "openstack_networking_floatingip_v2.lbgroup_shop_front",
)


def test_those_who_share_a_load_balancer_are_planned_together() -> None:
    """Their ports are one chain: whoever is asked for, all are, and the load balancer with them."""
    part = scope.Part((*GROUPED, entry(OTHER)), STATE, frozenset({WEB}))
    assert part.wanted == {WEB, API}
    targets = part.asked(TERRAFORM, refresh=True).targets
    assert targets[-2:] == SHARED
    assert "module.lb_shop_api_tcp-80" in targets


def test_those_who_share_a_load_balancer_are_left_out_together() -> None:
    """One that cannot be planned keeps the others out, and the load balancer."""
    part = scope.Part((*GROUPED, entry(OTHER)), STATE, left_out={API: "broken"})
    assert part.wanted == {OTHER, GONE}
    assert part.asked(TOFU, refresh=True).excludes[-2:] == SHARED


def test_the_load_balancer_of_a_group_fails_for_all() -> None:
    """In ERROR it holds every Service on it."""
    shared = replace(balancer("ERROR"), tags=("tfgen_group=shop_front",))
    groups = {model.GroupKey("shop", "front"): (API, WEB)}
    assert list(scope.failed([shared], groups)) == [API, WEB]
    tainted = [terraform.Instance(SHARED[0], "", shared.id, tainted=True)]
    pending = replace(shared, provisioning_status="PENDING_CREATE")
    assert list(scope.unfinished([pending], tainted, groups)) == [API, WEB]


def test_all_but_one() -> None:
    """A Service that is left out is excluded where the engine can; else the others are targets."""
    part = scope.Part(ENTRIES, STATE, left_out={WEB: "in ERROR"})
    assert part.wanted == {API, GONE}
    excluded = part.asked(TOFU, refresh=True)
    assert excluded.targets == ()
    assert excluded.excludes[0] == "openstack_lb_loadbalancer_v2.lb_shop_web"
    targets = part.asked(TERRAFORM, refresh=True).targets
    assert "openstack_lb_loadbalancer_v2.lb_shop_api" in targets
    assert "openstack_lb_loadbalancer_v2.lb_shop_gone" in targets
    assert not any("web" in target for target in targets)


def test_a_service_that_goes_can_be_named() -> None:
    """A Service without a file is found by the stack in which it stood."""
    known = manifest.Manifest("demo", "3f9c1a2b", "namespace", stacks=("blog", "shop"))
    only = scope.Scope(services=frozenset({GONE}), homes={GONE: "shop"})
    assert only.names(known) == ("shop",)
    with pytest.raises(errors.TreeError, match="no Service shop/gone"):
        scope.Scope(services=frozenset({GONE})).names(known)


def balancer(status: str) -> cloud.LoadBalancer:
    """Give the load balancer of shop/web in a status."""
    return cloud.LoadBalancer(
        "n", "lb-1", ("tfgen_service=shop_web",), status, "ONLINE", "10.0.0.9", "p"
    )


def test_who_is_kept_out() -> None:
    """A load balancer in ERROR is kept out; one being built only where the state waits for it."""
    told = scope.failed([balancer("ERROR"), balancer("ACTIVE")])
    assert list(told) == [WEB]
    assert "lb-1 is in ERROR" in told[WEB]
    assert "Run: tfgen repair shop/web" in told[WEB]
    tainted = [terraform.Instance("x", "", "lb-1", tainted=True)]
    assert list(scope.unfinished([balancer("PENDING_CREATE")], tainted)) == [WEB]
    assert scope.unfinished([balancer("PENDING_UPDATE")], []) == {}
    assert scope.unfinished([balancer("ACTIVE")], tainted) == {}


def test_rendered_tree_agrees() -> None:
    """The addresses asked for are those that rendering writes."""
    text = render.service_document(rendered.load_balancer("shop/web", 80))
    part = scope.Part((entry(WEB), entry(API)), terraform.State(), frozenset({WEB}))
    for target in part.asked(TERRAFORM, refresh=True).targets:
        kind, _, name = target.rpartition(".")
        assert (f'"{kind}" "{name}"' if kind != "module" else f'module "{name}"') in text
