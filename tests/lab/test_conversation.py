import asyncio
import contextlib
import json
import socket
import ssl
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lab.machines.site import Site
from lab.traffic import conversation, proxy_protocol, server
from tests.lab import certificate

GET = b"GET /shop HTTP/1.1\r\nHost: shop\r\nAccept: application/json\r\nConnection: close\r\n\r\n"
V2 = proxy_protocol.SIGNATURE + struct.pack("!BBH", 0x21, 0x11, 12)
SHORT = proxy_protocol.SIGNATURE + struct.pack("!BBH", 0x21, 0x11, 6) + b"\0" * 6
V2_ADDRESSES = socket.inet_aton("203.0.113.9") + socket.inet_aton("10.0.0.1")


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A node's certificate."""
    return server.tls_context(certificate.make(tmp_path_factory.mktemp("node")))


async def talk(
    tls: ssl.SSLContext,
    say: Callable[[socket.socket], bytes],
    *flags: str,
    state: str = "up",
    has_endpoints: bool = True,
) -> bytes:
    """Connect to a node port, say something, and return what it answers."""
    listener = server.listen("127.0.0.1", 0)
    port = conversation.Port("node-1", 30080, flags, tls, lambda: state, lambda: has_endpoints)
    loop = asyncio.get_running_loop()

    async def accept() -> None:
        connection, _ = await loop.sock_accept(listener)
        connection.settimeout(0)
        await conversation.hold(port, connection)

    def speak() -> bytes:
        with socket.create_connection(listener.getsockname(), timeout=10) as connection:
            return say(connection)

    with listener:
        _, answer = await asyncio.gather(accept(), asyncio.to_thread(speak))
    return answer


def send(*parts: bytes) -> Callable[[socket.socket], bytes]:
    """Send parts, each a packet of its own, and read until the end: the last asks to close."""

    def say(connection: socket.socket) -> bytes:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(ConnectionError):
            for part in parts:
                connection.sendall(part)
        return receive(connection)

    return say


def receive(connection: socket.socket) -> bytes:
    """Everything until the other side closes; nothing if it resets, as one who hangs up does."""
    with contextlib.suppress(ConnectionError):
        return b"".join(iter(lambda: connection.recv(65536), b""))
    return b""


def facts(answer: bytes) -> dict[str, Any]:
    """The JSON of an answer."""
    found: dict[str, Any] = json.loads(answer.partition(b"\r\n\r\n")[2])
    return found


def test_plain(tls: ssl.SSLContext) -> None:
    """A node says who it is and what it was asked."""
    answer = asyncio.run(talk(tls, send(GET), "service=shop/web"))
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    found = facts(answer)
    assert (found["node"], found["port"], found["service"]) == ("node-1", 30080, "shop/web")
    assert found["request"] == "GET /shop HTTP/1.1"
    assert found["headers"]["Host"] == "shop"
    assert found["proxy_protocol"] is None
    assert found["client"].startswith("127.0.0.1:")


@pytest.mark.parametrize(
    "header",
    [
        b"PROXY TCP4 203.0.113.9 10.0.0.1 4711 80\r\n",
        V2 + V2_ADDRESSES + struct.pack("!HH", 4711, 80),
    ],
    ids=["version 1", "version 2"],
)
@pytest.mark.parametrize("cut", [0, 3, 14])
def test_proxy_header(tls: ssl.SSLContext, header: bytes, cut: int) -> None:
    """The client of a PROXY header is believed, also if the header comes in two packets."""
    found = facts(asyncio.run(talk(tls, send(header[:cut], header[cut:] + GET), "proxy")))
    ends = {"source": "203.0.113.9:4711", "destination": "10.0.0.1:80"}
    assert found["client"] == ends["source"]
    assert found["proxy_protocol"] == {"version": 1 if header.startswith(b"P") else 2, **ends}


def test_proxy_header_of_a_health_check(tls: ssl.SSLContext) -> None:
    """A load balancer's own connection names no client."""
    local = proxy_protocol.SIGNATURE + struct.pack("!BBH", 0x20, 0, 0)
    assert facts(asyncio.run(talk(tls, send(local + GET))))["client"] == "local (a health check)"


def test_a_port_that_wants_a_proxy_header(tls: ssl.SSLContext) -> None:
    """Without the header there is no answer."""
    assert asyncio.run(talk(tls, send(GET), "proxy")) == b""


@pytest.mark.parametrize("header", [b"PROXY " + b"x" * 200, SHORT], ids=["endless", "short"])
def test_a_damaged_proxy_header(tls: ssl.SSLContext, header: bytes) -> None:
    """It ends the connection, and nothing else."""
    assert asyncio.run(talk(tls, send(header))) == b""


@pytest.mark.parametrize("part", [b"", b"PRO", b"PROXY TCP4 203", V2[:7], V2[:14], b"\x16"])
def test_whoever_hangs_up_early(tls: ssl.SSLContext, part: bytes) -> None:
    """A connection that ends before its header does is over, and nobody waits for more."""

    def say(connection: socket.socket) -> bytes:
        with contextlib.suppress(ConnectionError):
            connection.sendall(part)
            connection.shutdown(socket.SHUT_WR)
        return receive(connection)

    assert asyncio.run(talk(tls, say)) == b""


class Failing:
    """A listening socket that fails at first, as one does when there are no file descriptors."""

    def __init__(self, real: socket.socket) -> None:
        self._real = real
        self._failures = [OSError(24, "Too many open files")]

    def accept(self) -> tuple[socket.socket, Any]:
        """Accept, the second time."""
        if self._failures:
            raise self._failures.pop()
        return self._real.accept()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a socket has
        return getattr(self._real, name)


def test_a_failure_to_accept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A node port outlives it: who connects next is answered."""
    real = server.listen("127.0.0.1", 0)
    monkeypatch.setattr(server, "listen", lambda *_: Failing(real))
    monkeypatch.setattr(server.Servers, "_give_addresses", lambda _: None)
    site = Site(tmp_path, "lab17000")
    site.base.mkdir(parents=True)

    async def serve() -> bytes:
        servers = server.Servers(site)
        await servers.take("sync", {"node-1": "127.0.0.1"}, {"30080": []})
        return await asyncio.to_thread(speak)

    def speak() -> bytes:
        with socket.create_connection(real.getsockname(), timeout=10) as connection:
            return send(GET)(connection)

    with real:
        assert facts(asyncio.run(serve()))["node"] == "node-1"


def test_tls(tls: ssl.SSLContext) -> None:
    """A port speaks TLS to whom begins with it."""
    client = ssl.create_default_context()
    client.check_hostname = False
    client.verify_mode = ssl.CERT_NONE

    def say(connection: socket.socket) -> bytes:
        with client.wrap_socket(connection) as encrypted:
            encrypted.sendall(GET)
            return receive(encrypted)

    assert facts(asyncio.run(talk(tls, say, "tls")))["tls"] is True
    assert asyncio.run(talk(tls, send(GET), "tls")) == b""


def test_a_sick_node(tls: ssl.SSLContext) -> None:
    """It answers, and says that it cannot."""
    answer = asyncio.run(talk(tls, send(GET), state="sick"))
    assert answer.startswith(b"HTTP/1.1 503 ")


def test_the_page(tls: ssl.SSLContext) -> None:
    """People get a page that says what it is, who answered, and escapes what they sent."""
    request = b"GET /<script> HTTP/1.0\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n"
    page = asyncio.run(talk(tls, send(request))).decode()
    assert "Sock" in page
    assert "stand-in" in page
    assert '<strong id="node">node-1</strong>' in page
    assert '<dd id="client">203.0.113.9</dd>' in page
    assert "/&lt;script&gt;" in page
    assert "<script>" not in page


def test_several_requests_on_a_connection(tls: ssl.SSLContext) -> None:
    """HTTP/1.1 keeps the connection; bodies are read; HEAD has none."""
    post = b"POST /1 HTTP/1.1\r\nContent-Length: 4\r\nAccept: application/json\r\n\r\nbody"
    head = b"HEAD /2 HTTP/1.1\r\nAccept: application/json\r\n\r\n"
    answer = asyncio.run(talk(tls, send(post, head, GET)))
    assert answer.count(b"HTTP/1.1 200 OK") == 3
    assert answer.count(b'"request"') == 2


def test_the_health_check_port(tls: ssl.SSLContext) -> None:
    """It answers as kube-proxy's does."""
    for state, has_endpoints, status in (
        ("up", True, b"200 OK"),
        ("up", False, b"503 Service Unavailable"),
        ("sick", True, b"503 Service Unavailable"),
    ):
        flags, say = ("health", "service=shop/web"), send(GET)
        answer = asyncio.run(talk(tls, say, *flags, state=state, has_endpoints=has_endpoints))
        assert answer.startswith(b"HTTP/1.1 " + status)
        assert facts(answer) == {
            "service": {"namespace": "shop", "name": "web"},
            "localEndpoints": int(has_endpoints),
            "serviceProxyHealthy": state == "up",
        }


def test_endpoints_are_of_the_health_check_port_only(tls: ssl.SSLContext) -> None:
    """A node without endpoints still answers on a node port: with policy Cluster another would."""
    answer = asyncio.run(talk(tls, send(GET), "service=shop/web", has_endpoints=False))
    assert answer.startswith(b"HTTP/1.1 200 OK")


def test_what_is_no_http(tls: ssl.SSLContext) -> None:
    """Other protocols get the end of the connection."""
    assert asyncio.run(talk(tls, send(b"SSH-2.0-OpenSSH\r\n\r\n"))) == b""


def test_the_certificate_is_kept(tmp_path: Path) -> None:
    """A node is the same to its clients after a restart."""
    before = (certificate.make(tmp_path) / "node.crt").read_bytes()
    server.tls_context(tmp_path)
    assert (tmp_path / "node.crt").read_bytes() == before
