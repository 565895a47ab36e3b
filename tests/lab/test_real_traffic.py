"""The data plane, end to end: what Octavia is told is what clients find."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab import Answer, Lab, topology
from tests.lab.balancers import (
    CLOSED,
    MONITOR,
    PLAIN,
    PROXY,
    SILENT,
    TLS,
    Balancer,
    balancer,
    members,
    part,
)

pytestmark = [pytest.mark.lab, pytest.mark.disruptive]
USUAL, OTHER = topology.CLIENTS
HEADERS = ("X-Forwarded-For", "X-Forwarded-Port", "X-Forwarded-Proto")
SECOND = topology.NODES["node-2"]


@pytest.fixture(scope="module")
def shop(lab: Lab) -> Iterator[Balancer]:
    """A load balancer with a listener of each kind."""
    for port, flags in {PLAIN: (), PROXY: ("proxy",), TLS: ("tls", "proxy")}.items():
        lab.nodes.open(port, *flags)
    http = {"protocol": "HTTP", "members": members(PLAIN)}
    monitor = {"type": "HTTP", "url_path": "/healthz", **MONITOR}
    listeners = [
        part("tcp", "TCP", 80, {"protocol": "TCP", "members": members(PLAIN)}),
        part("http", "HTTP", 8080, {**http, "healthmonitor": monitor})
        | {"insert_headers": dict.fromkeys(HEADERS, "true")},
        part(
            "proxy",
            "TCP",
            81,
            {
                "protocol": "PROXY",
                "members": members(PROXY),
                "session_persistence": {"type": "SOURCE_IP"},
            },
        ),
        part("tls", "TCP", 443, {"protocol": "PROXYV2", "members": members(TLS)}),
    ]
    try:
        with balancer(lab, "lab-traffic", listeners) as made:
            made.answers(80)
            yield made
    finally:
        for port in (PLAIN, PROXY, TLS):
            lab.nodes.close(port)


@pytest.fixture
def healthy(shop: Balancer) -> Iterator[Balancer]:
    """All nodes are up before and after."""

    def mend() -> None:
        for node in topology.NODES:
            shop.lab.nodes.state(node, "up")
        shop.lab.until(lambda: set(shop.statuses("http").values()) == {"ONLINE"}, what="ONLINE")

    mend()
    yield shop
    mend()


def test_tcp(shop: Balancer) -> None:
    """A TCP listener spreads connections evenly; the nodes see the amphora, not the client."""
    assert set(shop.nodes(9).values()) == {3}
    assert shop.get().client.startswith("10.0.")


def test_http_says_who_the_client_is(shop: Balancer) -> None:
    """An HTTP listener adds the headers that it is asked for."""
    for client in (USUAL, OTHER):
        headers = shop.get(8080, client).headers
        assert headers["x-forwarded-for"] == client
        assert headers["x-forwarded-port"] == "8080"
        assert headers["x-forwarded-proto"] == "http"


def test_proxy_protocol(shop: Balancer) -> None:
    """A PROXY pool tells the nodes the client, and SOURCE_IP keeps each at one node."""
    answer = shop.get(81, OTHER)
    assert answer.client.startswith(f"{OTHER}:")
    assert proxied(shop, answer) == (1, answer.client, 81)
    assert len(shop.nodes(6, 81, OTHER)) == 1


def test_tls_passed_through(shop: Balancer) -> None:
    """A TCP listener carries TLS to the node, behind a PROXY header of version 2."""
    answer = shop.get(443, OTHER, scheme="https")
    assert answer.facts["tls"] is True
    assert answer.client.startswith(f"{OTHER}:")
    assert proxied(shop, answer) == (2, answer.client, 443)


def proxied(shop: Balancer, answer: Answer) -> tuple[int, str, int]:
    """The PROXY header's version, client, and port of the VIP, as the node saw it."""
    header = answer.facts["proxy_protocol"]
    vip, _, port = header["destination"].rpartition(":")
    assert vip == shop.api.get_load_balancer(shop.id).vip_address
    return header["version"], header["source"], int(port)


@pytest.mark.parametrize("kind", ["HTTP_COOKIE", "SOURCE_IP"])
def test_sessions_stay(shop: Balancer, tmp_path: Path, kind: str) -> None:
    """A client that keeps its cookie, or its address, stays at one node; then it does not."""
    jar = str(tmp_path / "cookies")
    url = f"http://{shop.floating_ip}:8080/"

    def nodes() -> set[str]:
        answers = (shop.lab.get(url, OTHER, options=("-b", jar, "-c", jar)) for _ in range(6))
        return {answer.node for answer in answers}

    pool = shop.pool("http").id
    shop.api.update_pool(pool, session_persistence={"type": kind})
    shop.settle()
    shop.lab.until(lambda: len(nodes()) == 1, what="one node")
    shop.api.update_pool(pool, session_persistence=None)
    shop.settle()
    shop.lab.until(lambda: len(nodes()) == len(topology.NODES), what="all nodes")


def test_allowed_cidrs(shop: Balancer) -> None:
    """Who is not allowed gets no answer; the allowed do, and other listeners are open."""
    shop.api.update_listener(shop.listener("tcp"), allowed_cidrs=["198.51.100.0/24"])
    shop.settle()
    shop.lab.until(lambda: shop.code(80, OTHER) == SILENT, what="silence")
    shop.answers(80, USUAL)
    shop.answers(8080, OTHER)
    shop.api.update_listener(shop.listener("tcp"), allowed_cidrs=None)
    shop.settle()
    shop.answers(80, OTHER)


@pytest.mark.parametrize("state", ["sick", "closed", "gone"])
def test_a_monitor_finds_a_node_that_fails(healthy: Balancer, state: str) -> None:
    """Its member is in ERROR and gets no more traffic, until the node is well again."""
    healthy.lab.nodes.state("node-2", state)
    healthy.lab.until(lambda: healthy.statuses("http")[SECOND] == "ERROR", what="ERROR")
    assert set(healthy.nodes(6, 8080)) == {"node-1", "node-3"}
    healthy.lab.nodes.state("node-2", "up")
    healthy.lab.until(lambda: healthy.statuses("http")[SECOND] == "ONLINE", what="ONLINE")


def test_others_that_come_and_go(shop: Balancer) -> None:
    """The router keeps its address, so that no amphora talks to one that went with another."""

    def link(*words: str) -> str:
        return shop.lab.run_in("cloud", "ip", "link", *words)

    before = json.loads(shop.lab.run_in("cloud", "ip", "-j", "link", "show", "lan"))
    link("add", "low", "address", "02:00:00:00:00:00", "type", "veth", "peer", "name", "wol")
    try:
        link("set", "low", "master", "lan", "up")
        shop.answers(80)
    finally:
        link("del", "low")
    assert set(shop.nodes(6)) == set(topology.NODES)
    after = json.loads(shop.lab.run_in("cloud", "ip", "-j", "link", "show", "lan"))
    assert after[0]["address"] == before[0]["address"]


def test_no_node_is_left(healthy: Balancer) -> None:
    """An HTTP listener says 503; a TCP listener ends the connection."""
    for node in topology.NODES:
        healthy.lab.nodes.state(node, "closed")
    pool = healthy.pool("http").id
    healthy.lab.until(lambda: healthy.api.get_pool(pool).operating_status == "ERROR", what="ERROR")
    assert healthy.code(8080) == 503
    assert healthy.code(80) in CLOSED


def test_a_member_that_is_disabled(shop: Balancer) -> None:
    """It gets no traffic, and gets it again."""
    pool = shop.pool("tcp").id
    second = next(m for m in shop.api.members(pool) if m.address == SECOND)
    shop.api.update_member(second, pool, admin_state_up=False)
    shop.settle()
    assert set(shop.nodes(6)) == {"node-1", "node-3"}
    shop.api.update_member(second, pool, admin_state_up=True)
    shop.settle()
    assert set(shop.nodes(6)) == {"node-1", "node-2", "node-3"}


def test_no_request_fails_while_it_changes(shop: Balancer) -> None:
    """New connections get answers through reloads of haproxy."""
    script = (
        "for i in $(seq 200); do curl -s -o /dev/null --max-time 5 "
        f"-w '%{{http_code}}\\n' http://{shop.floating_ip}:8080/; done"
    )
    load = shop.lab.start_in("internet", "sh", "-c", script)
    for timeout in (50_001, 50_002, 50_003):
        shop.api.update_listener(shop.listener("http"), timeout_client_data=timeout)
        shop.settle()
    codes = load.communicate(timeout=120)[0].split()
    assert codes == ["200"] * 200


def test_failover(shop: Balancer) -> None:
    """A new amphora takes the address over."""
    admin = shop.lab.openstack("admin").load_balancer
    before = {a.id for a in admin.amphorae(loadbalancer_id=shop.id)}
    admin.failover_load_balancer(shop.id)
    shop.settle()
    after = {a.id for a in admin.amphorae(loadbalancer_id=shop.id) if a.status == "ALLOCATED"}
    assert after
    assert after.isdisjoint(before)
    shop.answers(80)


def test_a_load_balancer_in_error(shop: Balancer) -> None:
    """The fault is seen by clients of the API; traffic goes on; it can be taken back."""
    shop.lab.faults.load_balancer(shop.id, "ERROR")
    assert shop.api.get_load_balancer(shop.id).provisioning_status == "ERROR"
    assert shop.code(80) == 200
    shop.lab.faults.load_balancer(shop.id, "ACTIVE")
    shop.settle()
