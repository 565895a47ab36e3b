"""tfgen explain: from any end of a load balancer to its Service, and what is none of ours."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import insync
from tests.fakes import world as fake
from tests.fakes.world import World

# The client library warns of calls between its own modules.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")


@pytest.fixture
def world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[World]:
    """Give a world in which Service shop/web is in sync on all sides."""
    with insync.running(tmp_path, monkeypatch, capsys) as made:
        yield made


ENDS = [
    "shop/web",
    "SHOP/WEB",
    "shop_web",
    "172.24.0.1",
    "10.0.3.1",
    insync.LB,
    "fip-1",
    "demo_shop_web",
    "lb_shop_web.tf",
    "stacks/shop/lb_shop_web.tf",
    "openstack_lb_loadbalancer_v2.lb_shop_web",
    "module.lb_shop_web_tcp-80.openstack_lb_pool_v2.this",
    insync.LISTENER,
]


def test_every_end_leads_to_the_service(world: World) -> None:
    """A name, an address, an id, a file or an address in the state: all lead to one Service."""
    insync.state(world)
    for end in ENDS:
        said = world.run("explain", end)
        assert said.out.startswith("Service shop/web: in sync\n"), end


def test_an_address_that_is_only_published(world: World) -> None:
    """Without the cloud, what the Service carries leads to it."""
    world.cloud.failing["/identity"] = 503
    said = world.run("explain", "172.24.0.1")
    assert said.out.startswith("Service shop/web: cloud not asked\n")
    assert "cloud away: Keystone at" in said.err
    assert "\n  Its own log says why; try again later.\n" in said.err
    assert said.code == 0


def test_an_unknown_end(world: World) -> None:
    """What is nothing of ours is an error that offers the nearest."""
    said = world.run("explain", "shop/webb")
    assert said.code == 1
    assert "nothing of" in said.err
    assert "is called 'shop/webb'" in said.err
    assert "Nearest: shop/web" in said.err
    assert "shop/web)" in world.run("explain", "172.24.0.2").err


def test_an_unknown_end_where_the_cloud_is_away(world: World) -> None:
    """An address that only the cloud can know is not said to be nobody's: why is told, and what."""
    world.cloud.password = "another"
    said = world.run("explain", "172.24.0.77")
    assert said.code == 1
    assert "cloud away: Keystone at" in said.err
    assert "refused the credentials: status 401" in said.err
    assert "Correct user, password and project" in said.err
    assert "Nearest: 172.24.0.1 (shop/web)" in said.err


def test_an_unknown_service_where_the_cluster_is_away(world: World) -> None:
    """A Service that only the cluster can know is not explained away, in either form."""
    world.cluster.status = 503
    said = world.run("explain", "shop/unheard", "--format", "json")
    assert said.code == 1
    error = said.document["error"]
    assert "\ncluster away: cluster http" in error["what"]
    assert "try again" in error["remedy"]


def test_both_sides_away(world: World) -> None:
    """What the tree alone says of a Service is shown, with who is away and what to do; it is 1."""
    world.cluster.status = 503
    world.cloud.password = "another"
    said = world.run("explain", "shop/web")
    assert said.code == 1
    assert said.out.startswith("Service shop/web: cloud and cluster not asked\n")
    assert "  The API server is busy or starting; try again." in said.err
    assert "\n  Correct user, password and project" in said.err


def test_a_floating_ip_of_no_service(world: World) -> None:
    """What a deleted Service left behind is not said to be of a type that nobody knows."""
    tags = [*fake.TAGS, "tfgen_service=shop_gone"]
    world.cloud.floating_ips.append(
        {"id": "left", "floating_ip_address": "172.24.0.99", "port_id": "", "tags": tags}
    )
    said = world.run("explain", "left")
    assert said.code == 0
    assert said.out == (
        "Service shop/gone is none of ours: tree and cluster have it no more; what tfgen plan "
        "does not remove is left over\n"
    )
    world.cluster.status = 503
    said = world.run("explain", "left")
    assert said.code == 1
    assert "the tree does not have it, and the cluster did not answer" in said.out


def test_nothing_near(world: World) -> None:
    """Where nothing looks like it, status is pointed to."""
    assert "`tfgen status` lists" in world.run("explain", "zzzzzzzzzzzz").err


def test_no_target(world: World) -> None:
    """Without a target, and without --annotations, it is wrong usage."""
    assert world.run("explain").code == 64


NOT_OURS = [
    ({"type": "ClusterIP"}, "it is of type ClusterIP, which asks for no load balancer"),
    ({"type": "NodePort"}, "without the annotation tfgen.io/expose"),
    ({"loadBalancerClass": "other/class"}, "its class is other/class, and ours are tfgen.io"),
    ({"loadBalancerClass": None}, "it has no spec.loadBalancerClass, and claim.classless"),
]


@pytest.mark.parametrize(("spec", "why"), NOT_OURS)
def test_why_a_service_is_none_of_ours(world: World, spec: dict[str, object], why: str) -> None:
    """A Service that is not claimed is explained too: why it gets no load balancer."""
    world.service("other", **spec)
    said = world.run("explain", "shop/other")
    assert said.code == 0
    assert said.out.startswith("Service shop/other is none of ours: ")
    assert why in said.out


def test_a_namespace_that_is_left_out(world: World) -> None:
    """The setting that leaves a Service out is named."""
    world.service("other")
    (world.folder / "tfgen.yaml").write_text(f"{fake.SETTINGS}claim: {{selector: 'team=x'}}\n")
    assert "claim.selector (team=x) leaves shop/other out" in world.run("explain", "shop/other").out


def test_the_vocabulary(world: World) -> None:
    """--annotations lists every annotation; it needs neither settings nor cluster nor cloud."""
    (world.folder / "tfgen.yaml").unlink()
    said = world.run("explain", "--annotations")
    assert said.code == 0
    lines = [line for line in said.out.splitlines() if "/lb-method " in line]
    assert "defaults.lb_method" in lines[0]
    document = world.run("explain", "--annotations", "--format", "json").document
    assert document["schema"] == "tfgen.annotations"
    kinds = {each["key"]: each["kind"] for each in document["annotations"]}
    assert kinds["tfgen.io/external-ip"] == "output"
