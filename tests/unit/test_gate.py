"""The gate of the fault suite: what passes it, and what can be done to that."""

import http.client
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from lab import ports
from tests.faults.gate import Answer, Call, Gate, Rule

WHOLE = b'{"name": "lb-1", "more": "0123456789"}'


@dataclass
class Laboratory:
    """A laboratory of which only Octavia is up, and says where it was asked."""

    port: int
    asked: list[str]

    @property
    def settings(self) -> "Laboratory":
        """Itself: it knows no more than its ports."""
        return self

    def url(self, port: ports.Port) -> str:
        """Give the address of a service."""
        return ports.url(self.port, port)


@pytest.fixture
def laboratory() -> Iterator[Laboratory]:
    """Octavia on a free port, the others at their distance from it."""
    asked: list[str] = []

    class Octavia(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = WHOLE if "lb-1" in self.path else made.url(ports.Port.OCTAVIA).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer((ports.HOST, 0), Octavia)
    made = Laboratory(server.server_address[1] - ports.Port.OCTAVIA, asked)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def gate(laboratory: Laboratory) -> Iterator[Gate]:
    """A gate before it."""
    with Gate(laboratory) as made:  # type: ignore[arg-type]  # as much of one as a gate looks at
        yield made


def ask(gate: Gate, path: str = "/lb-1", service: str = "octavia") -> tuple[int, bytes]:
    """Ask through the gate."""
    host = gate.url(service).removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_what_passes_is_the_services_own(gate: Gate, laboratory: Laboratory) -> None:
    """Without a rule, the service's answer comes as it is."""
    assert ask(gate) == (200, WHOLE)
    assert laboratory.asked == ["/lb-1"]


def test_addresses_are_those_of_the_gate(gate: Gate) -> None:
    """Where an answer names a service's address, the gate's stands: clients stay here."""
    assert ask(gate, "/where") == (200, gate.url("octavia").encode())


def test_a_service_that_is_down(gate: Gate) -> None:
    """It is a 503, as behind any load balancer."""
    assert ask(gate, service="neutron")[0] == 503


def test_an_answer_in_its_place(gate: Gate, laboratory: Laboratory) -> None:
    """The service never hears of what the gate answers, and of what does not fit it does."""
    refuse = Answer(403, json.dumps({"message": "no"}).encode())
    with gate.rule(Rule("octavia", "GET", "lb-1$", instead=lambda _: refuse)) as rule:
        assert ask(gate) == (403, b'{"message": "no"}')
        assert ask(gate, "/lb-1/more")[0] == 200
    assert [call.path for call in rule.seen] == ["/lb-1"]
    assert laboratory.asked == ["/lb-1/more"]
    assert ask(gate)[0] == 200


def test_an_answer_that_is_cut(gate: Gate) -> None:
    """Half of it comes, and the length of all was promised."""

    def cut(_: Call, answer: Answer) -> Answer:
        return Answer(answer.status, answer.body, answer.headers, cut=True)

    with (
        gate.rule(Rule("octavia", answered=cut)),
        pytest.raises(http.client.IncompleteRead) as said,
    ):
        ask(gate)
    assert said.value.partial == WHOLE[: len(WHOLE) // 2]


def test_an_answer_that_is_lost(gate: Gate, laboratory: Laboratory) -> None:
    """The service has done it, and the client never hears so; the next call is as ever."""
    with gate.rule(Rule("octavia", times=1, answered=lambda _call, _answer: None)):
        with pytest.raises(http.client.RemoteDisconnected):
            ask(gate)
        assert laboratory.asked == ["/lb-1"]
        assert ask(gate)[0] == 200


def test_a_door_that_is_shut(gate: Gate) -> None:
    """Nobody listens meanwhile; then it is open at the same address."""
    with gate.shut("octavia"), pytest.raises(ConnectionRefusedError):
        ask(gate)
    assert ask(gate) == (200, WHOLE)
