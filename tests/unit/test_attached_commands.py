"""Services on a load balancer that exists, by the commands: resolve, status, publish, explain."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import world
from tests.fakes.world import World
from tfgen import model, resolved

WEB = model.ServiceKey("shop", "web")
L = "loadbalancer.openstack.org/"
KEY = L + "load-balancer-id"
ON = "99999999-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
OTHER = "88888888-aaaa-4aaa-8aaa-aaaaaaaaaaaa"


# The client library warns of calls between its own modules.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")


@pytest.fixture
def place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[World]:
    """A world with nothing in it yet."""
    with world.running(tmp_path, monkeypatch, capsys) as made:
        yield made


@pytest.fixture
def here(place: World) -> World:
    """A world with a Service that attaches to a load balancer on which somebody listens."""
    with (place.folder / "tfgen.yaml").open("a") as file:
        file.write("attach: any\n")
    place.nodes("node-1")
    place.service("web", annotations={KEY: ON})
    place.standing(ON, ("legacy", 443, ""))
    return place


def answers(here: World) -> object:
    """Give what the tree knows of load balancers."""
    document = json.loads((here.folder / "infra" / resolved.FILE).read_text())
    return document.get("load_balancers")


def test_what_only_the_cloud_knows_is_kept(here: World) -> None:
    """Provider and VIP, no more: what changes with every pass of somebody else is not there."""
    assert here.run("resolve", "--check").code == 2
    said = here.run("resolve")
    assert said.code == 0, said.err
    assert answers(here) == {ON: {"provider": "amphora", "vip_address": "10.0.9.9"}}
    assert here.run("resolve", "--check").code == 0


def test_it_is_shown(here: World) -> None:
    """As a table, and as a document."""
    said = here.run("resolve")
    assert f"{ON}  10.0.9.9  amphora" in said.out
    (found,) = here.run("resolve", "--format", "json").document["load_balancers"]
    assert found == {
        "id": ON,
        "there": True,
        "vip_address": "10.0.9.9",
        "provider": "amphora",
        "owner": "",
        "taken": {},
    }


def test_who_is_in_the_way_is_kept(here: World) -> None:
    """The name of a listener on a port that a Service wants."""
    port = {"name": "https", "protocol": "TCP", "port": 443, "nodePort": 30443}
    here.service("web", annotations={KEY: ON}, ports=[port])
    assert here.run("resolve").code == 0
    assert answers(here) == {
        ON: {"provider": "amphora", "taken": {"tcp-443": "legacy"}, "vip_address": "10.0.9.9"}
    }
    said = here.run("render")
    assert said.code == 4
    assert "its listener legacy has that, and is not ours" in said.err


def test_one_that_is_not_there(here: World) -> None:
    """The command says so and ends with 4; the Service is held with another remedy."""
    here.service("web", annotations={KEY: OTHER})
    said = here.run("resolve")
    assert said.code == 4
    assert (
        f"problem: the project has no load balancer {OTHER}; expected one that exists" in said.err
    )
    assert answers(here) == {OTHER: None}
    assert "There is none: correct it, and run: tfgen resolve" in here.run("render").err


def test_one_of_another_project(here: World) -> None:
    """An administrator is shown it; it is none of ours."""
    here.cloud.load_balancers[-1]["project_id"] = "f" * 32
    assert here.run("resolve").code == 4


@pytest.mark.parametrize(
    ("tags", "owner"),
    [
        (
            ["tfgen_cluster=demo", f"tfgen_tree={world.TREE}", "tfgen_service=shop_api"],
            "Service shop/api",
        ),
        (
            ["tfgen_cluster=demo", f"tfgen_tree={world.TREE}", "tfgen_group=shop_front"],
            "Group shop/front",
        ),
        (
            ["tfgen_cluster=other", "tfgen_tree=x", "tfgen_service=a_b"],
            "Service a/b of cluster other, tree x",
        ),
    ],
)
def test_one_that_tfgen_made(here: World, tags: list[str], owner: str) -> None:
    """Whose it is stands in its tags."""
    here.cloud.load_balancers[-1]["tags"] = tags
    assert here.run("resolve").code == 0
    assert owner in str(answers(here))
    assert f"this is that of {owner}" in here.run("render").err


@pytest.fixture
def attached(here: World) -> World:
    """The same, rendered and applied: the Service's listener stands beside that of somebody."""
    here.run("resolve")
    here.rendered()
    here.cloud.load_balancers.clear()
    here.cloud.listeners.clear()
    here.standing(
        ON, ("legacy", 443, ""), ("demo_shop_web_tcp-80", 80, "shop/web"), floating="172.24.9.9"
    )
    return here


def test_its_address_is_that_of_the_load_balancer(attached: World) -> None:
    """The floating IP at its VIP port, whoever bound it; what is counted are our listeners."""
    (row,) = attached.run("status", "--format", "json").document["services"]
    assert row["address"] == "172.24.9.9"
    assert row["state"] == "not published"
    said = attached.run("publish", "--source", "cloud")
    assert said.code == 0, said.err
    service = attached.cluster.services[WEB]
    carries = service["metadata"]["annotations"]
    assert carries["tfgen.io/load-balancer-id"] == ON
    assert carries[KEY] == ON
    assert service["status"]["loadBalancer"]["ingress"][0]["ip"] == "172.24.9.9"
    assert attached.run("status").code == 0


def test_without_a_floating_ip_it_is_the_vip(attached: World) -> None:
    """Asked at that time: it comes and goes as whoever made the load balancer likes."""
    attached.cloud.floating_ips.clear()
    assert attached.run("publish", "--source", "cloud").code == 0
    service = attached.cluster.services[WEB]
    assert service["status"]["loadBalancer"]["ingress"][0]["ip"] == "10.0.9.9"


def test_what_is_not_applied_is_told(attached: World) -> None:
    """The load balancer stands, and nothing of the Service's is on it."""
    attached.cloud.load_balancers.clear()
    attached.standing(ON, ("legacy", 443, ""))
    said = attached.run("status")
    assert f"load balancer {ON} has no listener of it yet" in said.out + said.err


def test_what_is_left_of_a_service_that_went(attached: World) -> None:
    """Its listeners are told until their removal is applied; the load balancer is not ours."""
    attached.service("api")
    attached.rendered()
    del attached.cluster.services[WEB]
    assert attached.run("render", "--allow-removals", "1").code == 0
    said = attached.run("status")
    assert f"its listeners on load balancer {ON} stand until that is applied" in said.out + said.err


def test_explain_says_where_it_is(attached: World) -> None:
    """By the id too; no load balancer and no floating IP is a resource of its."""
    attached.cloud.trees[ON] = {
        "id": ON,
        "listeners": [
            {"id": "99999999-80", "name": "demo_shop_web_tcp-80", "operating_status": "ONLINE"}
        ],
    }
    said = attached.run("explain", ON)
    assert said.code == 0, said.err
    assert "Service shop/web" in said.out
    assert "openstack_lb_loadbalancer_v2" not in said.out
    assert f"load balancer {ON}, which exists" in said.out
    assert "172.24.9.9:80/TCP" in said.out


def test_the_doctor_looks_at_it(attached: World) -> None:
    """That it is there, and takes changes."""
    assert f"{ON}: front" in attached.run("doctor").out
    attached.cloud.load_balancers[-1]["provisioning_status"] = "ERROR"
    said = attached.run("doctor")
    assert f"{ON} is in ERROR, and Services are attached to it" in said.out
    assert f"openstack loadbalancer failover {ON}" in said.out
    attached.cloud.load_balancers.clear()
    said = attached.run("doctor")
    assert f"{ON} is no load balancer of this project, and Services are attached" in said.out
    assert said.code == 1


def test_a_plain_tree_is_looked_at_as_before(place: World) -> None:
    """Not one call more where nobody attaches."""
    place.nodes("node-1")
    place.service("web")
    place.rendered()
    place.deployed("web")
    place.cloud.calls.clear()
    place.run("status")
    assert not [call for call in place.cloud.calls if "listeners" in call]
    assert not [call for call in place.cloud.calls if call.endswith("-aaaa-4aaa-8aaa-aaaaaaaaaaaa")]
