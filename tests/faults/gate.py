"""A gate before the laboratory's APIs: all that tfgen and its engines ask goes through it.

What passes can be cut, held back, refused or watched, call by call. Keystone's catalog names the
gate in the place of the services, so that who logs in here stays here.
"""

import contextlib
import http.client
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from lab import Lab, ports
from lab.cluster import kube

SERVICES = {
    "keystone": ports.Port.KEYSTONE,
    "neutron": ports.Port.NEUTRON,
    "octavia": ports.Port.OCTAVIA,
    "kube-apiserver": ports.Port.KUBERNETES,
}
_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})
_TOKEN = "X-Auth-Token"  # the name of a header
_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Call:
    """What somebody asks."""

    service: str
    method: str
    path: str
    """With its query."""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes back."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
    cut: bool = False
    """Only half of the body comes, and the connection is closed."""


@dataclass(slots=True)
class Rule:
    """What is done to calls of one kind; whatever is left out is as without the rule."""

    service: str
    method: str = "[A-Z]+"
    path: str = ""
    """Regular expressions: the whole method, some of the path."""
    times: int = -1
    """How often it holds; -1: for as long as it stands."""
    path_instead: Callable[[str], str] | None = None
    """Another path to ask for."""
    instead: Callable[[Call], Answer | None] | None = None
    """Who answers in the place of the service, which never hears of it; None: it does."""
    answered: Callable[[Call, Answer], Answer | None] | None = None
    """What to give for the service's answer; None: nothing, the connection is closed."""
    delivered: Callable[[Call], None] | None = None
    """Hears that the answer is out."""
    seen: list[Call] = field(default_factory=list)

    def fits(self, call: Call) -> bool:
        """Whether it holds for a call."""
        return (
            self.service == call.service
            and self.times != len(self.seen)
            and re.fullmatch(self.method, call.method) is not None
            and re.search(self.path, call.path) is not None
        )


class Gate:
    """One address a service, for as long as the gate is open."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.rules: list[Rule] = []
        self._lock = threading.Lock()
        self._doors = {name: Door(self, name, 0) for name in SERVICES}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for door in self._doors.values():
            door.close()

    def url(self, service: str) -> str:
        """Give the address of a service at the gate."""
        return f"http://{ports.HOST}:{self._doors[service].port}"

    def named(self, text: bytes) -> bytes:
        """Give a text with the gate's addresses in the place of the services' own."""
        for name, port in SERVICES.items():
            text = text.replace(self.lab.settings.url(port).encode(), self.url(name).encode())
        return text

    @contextlib.contextmanager
    def rule(self, rule: Rule) -> Iterator[Rule]:
        """Let a rule hold for a while; the last one that fits is the one that counts."""
        self.rules.append(rule)
        try:
            yield rule
        finally:
            self.rules.remove(rule)

    @contextlib.contextmanager
    def shut(self, *services: str) -> Iterator[None]:
        """Let nobody answer at the address of some services, as where their host is down."""
        for name in services:
            self._doors[name].close()
        try:
            yield
        finally:
            for name in services:
                self._doors[name] = Door(self, name, self._doors[name].port)

    def carry(self, call: Call, headers: dict[str, str], body: bytes) -> tuple[Answer | None, Rule]:
        """Give the answer to a call, and the rule that held for it."""
        with self._lock:
            found = [each for each in self.rules if each.fits(call)]
            rule = found[-1] if found else Rule(call.service)
            rule.seen.append(call)
        if rule.instead and (made := rule.instead(call)):
            return made, rule
        path = rule.path_instead(call.path) if rule.path_instead else call.path
        answer = self._ask(call, path, headers, body)
        return (rule.answered(call, answer) if rule.answered else answer), rule

    def _ask(self, call: Call, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Ask the service itself; one that is down is a 503, as behind any load balancer."""
        with contextlib.closing(self._connect(call.service)) as connection:
            try:
                connection.request(call.method, path, body or None, headers)
                found = connection.getresponse()
                text = found.read()
            except OSError:
                return Answer(HTTPStatus.SERVICE_UNAVAILABLE, b"<html>No backend.</html>")
        kept = tuple((k, v) for k, v in found.getheaders() if k.lower() not in _HOP)
        return Answer(found.status, self.named(text), kept)

    def _connect(self, service: str) -> http.client.HTTPConnection:
        settings = self.lab.settings
        if service == "kube-apiserver":
            return kube.Client.of(settings).connect(_SECONDS)
        port = ports.number(settings.port, SERVICES[service])
        return http.client.HTTPConnection(ports.HOST, port, timeout=_SECONDS)


class Door(ThreadingHTTPServer):
    """The address of one service."""

    daemon_threads = True
    request_queue_size = 64
    block_on_close = False

    def __init__(self, gate: Gate, service: str, port: int) -> None:
        super().__init__((ports.HOST, port), Passage)
        self.gate, self.service, self.is_open = gate, service, True
        self.port = int(self.server_address[1])
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Let nobody in any more; connections that are kept end with their next call."""
        self.is_open = False
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Pass over clients that go away: here they are killed on purpose."""


class Passage(BaseHTTPRequestHandler):
    """One client's connection."""

    protocol_version = "HTTP/1.1"
    server: Door
    timeout = _SECONDS

    def handle_one_request(self) -> None:
        """Carry one call to the service, and its answer back."""
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request() or not self.server.is_open:
            self.close_connection = True
            return
        body = self._body()
        token = self.headers.get(_TOKEN, "")
        call = Call(self.server.service, self.command, self.path, token)
        sent = {k: v for k, v in self.headers.items() if k.lower() not in _HOP}
        answer, rule = self.server.gate.carry(call, sent, body)
        if answer is None:
            self.close_connection = True
            return
        self._give(answer)
        if rule.delivered:
            rule.delivered(call)

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        found = b""
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return found

    def _give(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        half = len(answer.body) // 2 if answer.cut else len(answer.body)
        if self.command != "HEAD":
            self.wfile.write(answer.body[:half])
        self.wfile.flush()
        self.close_connection |= answer.cut
