"""tfgen explain: the way of a packet from the client to the pod, as text and as JSON."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import insync
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


def test_the_way_of_a_packet(world: World) -> None:
    """The picture leads from the client through addresses, listener and pool to the pods."""
    said = world.run("explain", "shop/web")
    assert said.code == 0
    assert said.out.split("\n\n")[1].splitlines() == [
        "Port tcp-80, from the client to the pod",
        "  client in 192.0.2.0/24; all others are dropped",
        "    |",
        "  172.24.0.1:80/TCP               floating IP of network public",
        "    |",
        f"  10.0.3.1:80/TCP                 VIP of the load balancer, {insync.LB} (ACTIVE/ONLINE)",
        f"    |                             listener {insync.LISTENER}, TCP",
        "    |",
        f"  pool {insync.POOL}: LEAST_CONNECTIONS, probed by TCP every 5 s",
        "    +- node-1 10.0.0.11:30080     ONLINE",
        "    +- node-2 10.0.0.12:30080     ONLINE",
        "    |",
        "  kube-proxy of that node",
        "    |",
        "  port 8080 of a pod with app=web, on any node",
    ]


def test_a_provider_that_limits_nothing_is_named_in_the_picture(world: World) -> None:
    """Who reads the way of a packet sees that everyone may walk it."""
    file = world.folder / "infra/stacks/shop/lb_shop_web.tf"
    text = file.read_text("utf-8")
    sources = text[text.index("  allowed_cidrs = [") : text.index("  timeouts = {")]
    file.write_text(text.replace(sources, "  allowed_cidrs = null\n"), "utf-8")
    assert (
        "client: anyone (Octavia, or its provider, cannot" in world.run("explain", "shop/web").out
    )


def test_what_a_port_speaks_is_in_the_picture(world: World) -> None:
    """The redirect stands at the listener, and what members are spoken to in at the pool."""
    said = {
        "tfgen.io/port.80.redirect-http": "https://shop.example",
        "loadbalancer.openstack.org/proxy-protocol": "v2",
    }
    world.service("web", annotations=said)
    world.run("render")
    told = world.run("explain", "shop/web").out
    assert f"listener {insync.LISTENER}, HTTP, redirects to https://shop.example\n" in told
    assert f"pool {insync.POOL}: ROUND_ROBIN, by PROXYV2, probed by TCP every 5 s" in told


def test_a_floating_ip_that_is_bound_no_more(world: World) -> None:
    """The address that clients know leads nowhere: that is said at its place in the picture."""
    world.cloud.floating_ips[0]["port_id"] = ""
    said = world.run("explain", "172.24.0.1")
    assert said.out.startswith("Service shop/web: vanished\n  address        172.24.0.1\n")
    assert (
        "172.24.0.1:80/TCP               floating IP of network public, bound no more" in said.out
    )


def test_an_internal_one(world: World) -> None:
    """An internal load balancer has no floating IP on the way."""
    internal = {"service.beta.kubernetes.io/openstack-internal-load-balancer": "true"}
    world.service("inside", annotations=internal)
    world.rendered()
    said = world.run("explain", "shop/inside")
    assert "(internal)" in said.out
    assert "floating IP" not in said.out
    assert "not known yet:80/TCP" in said.out
    assert "+- no members yet: it goes nowhere" in said.out
    assert "Nodes that are no members" not in said.out


def test_a_held_service(world: World) -> None:
    """A Service that is held says why at the top."""
    world.service("web", annotations={"loadbalancer.openstack.org/connection-limit": "many"})
    said = world.run("explain", "shop/web")
    assert said.out.startswith("Service shop/web: held")
    assert '  held: annotation loadbalancer.openstack.org/connection-limit is "many"' in said.out


def test_the_cluster_is_away(world: World) -> None:
    """Without the cluster nobody knows where values come from; the rest is explained."""
    world.cluster.status = 503
    said = world.run("explain", "shop/web")
    assert said.code == 0
    assert "cluster away" in said.err
    assert "where they come from" not in said.out
    assert "+- node-1 10.0.0.11:30080     ONLINE" in said.out


def test_json(world: World) -> None:
    """With --format json all of it is one document, the picture included."""
    document = world.run("explain", insync.LB, "--format", "json").document
    assert document["schema"] == "tfgen.explain"
    assert document["away"] == {}
    assert (document["service"], document["address"]) == ("shop/web", "172.24.0.1")
    assert document["load_balancer"]["id"] == insync.LB
    [port] = document["ports"]
    assert (port["listener_id"], port["pool_id"], port["monitor_id"]) == (
        insync.LISTENER,
        insync.POOL,
        insync.MONITOR,
    )
    assert port["path"][0] == "client in 192.0.2.0/24; all others are dropped"


def test_json_where_a_side_is_away(world: World) -> None:
    """The document says who did not answer, why, and what to do."""
    world.cloud.failing["/identity"] = 503
    away = world.run("explain", "shop/web", "--format", "json").document["away"]
    assert set(away) == {"cloud"}
    assert "status 503" in away["cloud"]["error"]
    assert away["cloud"]["remedy"] == "Its own log says why; try again later."
