"""Who still has ports on a load balancer in ERROR that serves others: kept out of the plan."""

from dataclasses import replace
from pathlib import Path

import orjson

from tests.fakes import rendered
from tests.fakes.workshop import Workshop
from tfgen import cloud, model, terraform
from tfgen.reconcile import leaving

WEB, API = model.ServiceKey("shop", "web"), model.ServiceKey("shop", "api")
LISTENER = "openstack_lb_listener_v2"
SHARED = cloud.LoadBalancer(
    name="demo_shop_front",
    id="lb-g",
    tags=("tfgen_group=shop_front",),
    provisioning_status="ERROR",
    operating_status="ERROR",
    vip_address="10.0.0.9",
    vip_port_id="port-1",
)


def on(balancer: str, service: str = "web") -> terraform.State:
    """Give a state with a Service's listener on a load balancer."""
    address = f"module.lb_shop_{service}_tcp-80.{LISTENER}.this"
    there = terraform.Instance(address, LISTENER, "li-1", balancer=balancer)
    return terraform.State(lineage="l", instances=(there,))


def test_ports_on_a_load_balancer_in_error() -> None:
    """Octavia removes none of them, so that the engine would try for minutes: it says so."""
    assert leaving.stuck([SHARED], on("lb-g")) == {
        WEB: "it has ports on load balancer lb-g, which is in ERROR: Octavia removes none of them. "
        "Run: tfgen repair --group shop/front, and then the same command again."
    }
    own = replace(SHARED, tags=("tfgen_service=shop_api",))
    assert "Run: tfgen repair shop/api, " in leaving.stuck([own], on("lb-g"))[WEB]


def test_ports_elsewhere() -> None:
    """One that is not in ERROR, or on which it has nothing, keeps nobody out."""
    assert leaving.stuck([replace(SHARED, provisioning_status="ACTIVE")], on("lb-g")) == {}
    assert leaving.stuck([SHARED], on("lb-1")) == {}
    assert leaving.stuck([SHARED], terraform.State()) == {}


def test_a_service_that_leaves_a_group_in_error(tmp_path: Path) -> None:
    """It is kept out of its stack's plan, and its neighbour is planned."""
    shop = Workshop(tmp_path)
    shop.bring("shop/web")
    path = shop.tree.stack("shop") / "terraform.tfstate"
    document = orjson.loads(path.read_bytes())
    for resource in document["resources"]:
        if resource["type"] == LISTENER:
            resource["instances"][0]["attributes"]["loadbalancer_id"] = "lb-g"
    path.write_bytes(orjson.dumps(document))
    tags = ("tfgen_cluster=demo", "tfgen_tree=3f9c1a2b", *SHARED.tags)
    shop.sky.standing.append(replace(SHARED, tags=tags))
    shop.tree.render(rendered.load_balancer("shop/web", 81), rendered.load_balancer("shop/api"))

    plans = shop.plan()

    assert {change.service for change in plans.stacks["shop"].changes} == {API}
    assert "it has ports on load balancer lb-g" in plans.left_out[WEB]
