"""A small OpenStack on loopback that behaves: Keystone, Neutron and Octavia, as far as we ask.

It checks passwords, tokens and projects, filters by tags and project, pages its lists, and can be
told to fail. Forms of requests and answers are those of the services' API references.
"""

import contextlib
import json
import threading
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.fakes import discovery

Object = dict[str, Any]
_OCTAVIA_QUOTAS = ("load_balancer", "listener", "pool", "member", "health_monitor")
_BALANCERS = "/load-balancer/v2/lbaas/loadbalancers"
_FIELDS = {"project_id", "id", "name", "router:external", "port_id", "security_group_id"}


@dataclass
class FakeCloud:
    """What the cloud holds, and how it behaves; tests read and change it while it runs."""

    url: str = ""
    region: str = "RegionOne"
    project_id: str = "a" * 32
    password: str = "geheim"
    networks: list[Object] = field(default_factory=list)
    subnets: list[Object] = field(default_factory=list)
    floating_ips: list[Object] = field(default_factory=list)
    groups: list[Object] = field(default_factory=list)
    """Security groups."""
    rules: list[Object] = field(default_factory=list)
    """Theirs."""
    load_balancers: list[Object] = field(default_factory=list)
    listeners: list[Object] = field(default_factory=list)
    pools: list[Object] = field(default_factory=list)
    redirects: list[Object] = field(default_factory=list)
    """L7 policies."""
    trees: dict[str, Object] = field(default_factory=dict)
    """Octavia's status tree of a load balancer, by its id."""
    limits: dict[str, int] = field(default_factory=dict)
    """Quotas by Octavia's and Neutron's names; without one: no limit."""
    providers: list[str] = field(default_factory=lambda: ["amphora", "octavia"])
    octavia_versions: list[str] = field(default_factory=lambda: ["v2.0", "v2.26", "v2.27"])
    services: list[str] = field(default_factory=lambda: ["network", "load-balancer"])
    page: int = 1000
    """Objects a page holds at most."""
    failing: dict[str, int] = field(default_factory=dict)
    """Status instead of an answer, by the beginning of a path: {"/network/v2.0/subnets": 503}."""
    raw: dict[str, str] = field(default_factory=dict)
    """Text with status 200 instead of an answer, by the beginning of a path: a login page."""
    silent: threading.Event = field(default_factory=threading.Event)
    """While set, no request is answered."""
    gone_ports: set[str] = field(default_factory=set)
    """Ids of VIP ports that somebody deleted."""
    calls: list[str] = field(default_factory=list)
    """What was asked: "GET /network/v2.0/subnets"."""
    tokens: set[str] = field(default_factory=set)

    def lists(self) -> Mapping[str, tuple[str, list[Object]]]:
        """Give the collections by path, with the key that wraps them."""
        providers = [{"name": name, "description": ""} for name in self.providers]
        return {
            "/network/v2.0/networks": ("networks", self.networks),
            "/network/v2.0/subnets": ("subnets", self.subnets),
            "/network/v2.0/security-groups": ("security_groups", self.groups),
            "/network/v2.0/security-group-rules": ("security_group_rules", self.rules),
            "/network/v2.0/floatingips": ("floatingips", self.floating_ips),
            "/network/v2.0/ports": ("ports", self.ports()),
            _BALANCERS: ("loadbalancers", self.load_balancers),
            "/load-balancer/v2/lbaas/listeners": ("listeners", self.listeners),
            "/load-balancer/v2/lbaas/pools": ("pools", self.pools),
            "/load-balancer/v2/lbaas/l7policies": ("l7policies", self.redirects),
            "/load-balancer/v2/lbaas/providers": ("providers", providers),
        }

    def documents(self) -> Mapping[str, Object]:
        """Give single objects by path."""
        octavia = {name: self.limits.get(name, -1) for name in _OCTAVIA_QUOTAS}
        used = {"floatingip": len(self.floating_ips), "port": len(self.load_balancers)}
        neutron = {
            name: {"limit": self.limits.get(name, -1), "used": used[name], "reserved": 0}
            for name in used
        }
        trees = {
            f"{_BALANCERS}/{name}/status": {"statuses": {"loadbalancer": tree}}
            for name, tree in self.trees.items()
        }
        single = {f"{_BALANCERS}/{each['id']}": {"loadbalancer": each} for each in self.balancers()}
        return {
            **single,
            f"/load-balancer/v2/lbaas/quotas/{self.project_id}": {"quota": octavia},
            f"/network/v2.0/quotas/{self.project_id}/details": {"quota": neutron},
            **trees,
        }

    def ports(self) -> list[Object]:
        """Give the ports: those of the VIPs."""
        return [
            {"id": each["vip_port_id"], "name": f"octavia-lb-{each['id']}"}
            for each in self.load_balancers
            if each.get("vip_port_id") and each["vip_port_id"] not in self.gone_ports
        ]

    def balancers(self) -> list[Object]:
        """Give the load balancers as they stand."""
        return self.lists()[_BALANCERS][1]

    def mend(self, identity: str) -> None:
        """Fail one over: it is at work at once, and ACTIVE at the next look."""
        [found] = [each for each in self.load_balancers if each["id"] == identity]
        found["provisioning_status"] = "ACTIVE"

    def remove_below(self, collection: str, identity: str) -> None:
        """Delete one listener or pool."""
        listed = self.lists()[collection][1]
        found = [each for each in listed if each["id"] == identity]
        if not found:
            raise _FailureError(404)
        listed.remove(found[0])

    def remove(self, identity: str) -> None:
        """Delete one with all that hangs on it."""
        found = [each for each in self.load_balancers if each["id"] == identity]
        if not found:
            raise _FailureError(404)
        self.load_balancers.remove(found[0])

    def clouds_yaml(self, **auth: str) -> str:
        """Write a clouds.yaml with this cloud as `demo`; `auth` replaces credentials."""
        whole = {
            "auth_url": f"{self.url}/identity/v3",
            "username": "me",
            "password": self.password,
            "project_id": self.project_id,
            "user_domain_name": "Default",
            **auth,
        }
        return json.dumps({"clouds": {"demo": {"auth": whole, "region_name": self.region}}})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64  # as many may call at once as tests start

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that went away: that is what impatient ones do."""


@contextlib.contextmanager
def running(cloud: FakeCloud) -> Iterator[FakeCloud]:
    """Serve the cloud on a free port of 127.0.0.1, until the block ends."""
    handler = type("Handler", (_Handler,), {"cloud": cloud})
    server = _Server(("127.0.0.1", 0), handler)
    cloud.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield cloud
    finally:
        cloud.silent.clear()
        server.shutdown()
        server.server_close()
        thread.join()


class _FailureError(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class _Handler(BaseHTTPRequestHandler):
    cloud: FakeCloud
    protocol_version = "HTTP/1.1"
    wbufsize = (
        -1
    )  # an answer in one piece; in two, each would wait for TCP's delayed acknowledgement

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def do_PUT(self) -> None:
        self._answer(self._put)

    def do_DELETE(self) -> None:
        self._answer(self._delete)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  http.server's name
        """Say nothing: `calls` is the log."""

    def _answer(self, handle: Any) -> None:  # noqa: ANN401  one of the two above
        path = urlsplit(self.path).path.replace("/load-balancer/v2.0", "/load-balancer/v2")
        self.cloud.calls.append(f"{self.command} {path}")
        while self.cloud.silent.is_set():
            threading.Event().wait(0.02)
        try:
            _fail_as_told(self.cloud, path)
            raw = [text for start, text in self.cloud.raw.items() if path.startswith(start)]
            status, body, headers = (200, raw[0], {}) if raw else handle(path.rstrip("/"))
        except _FailureError as failure:
            status, headers = failure.status, {}
            body = {"error": {"code": failure.status, "message": "as the test asked"}}
        self._send(status, body, headers)

    def _send(self, status: int, body: Object | str, headers: Mapping[str, str]) -> None:
        payload = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def _post(self, path: str) -> tuple[int, Object, Mapping[str, str]]:
        size = int(self.headers["Content-Length"])
        asked = json.loads(self.rfile.read(size))["auth"]
        if path != "/identity/v3/auth/tokens":
            raise _FailureError(404)
        user = asked["identity"]["password"]["user"]
        project = asked.get("scope", {}).get("project", {}).get("id")
        if user["password"] != self.cloud.password or project != self.cloud.project_id:
            raise _FailureError(401)
        token = uuid.uuid4().hex
        self.cloud.tokens.add(token)
        return 201, {"token": discovery.token(self.cloud)}, {"X-Subject-Token": token}

    def _put(self, path: str) -> tuple[int, Object | str, Mapping[str, str]]:
        identity, _, what = path.removeprefix(f"{_BALANCERS}/").partition("/")
        if what != "failover":
            raise _FailureError(404)
        self.cloud.mend(identity)
        return 202, "", {}

    def _delete(self, path: str) -> tuple[int, Object | str, Mapping[str, str]]:
        collection, _, identity = path.rpartition("/")
        if collection != _BALANCERS:
            self.cloud.remove_below(collection, identity)
            return 204, "", {}
        if urlsplit(self.path).query != "cascade=true":
            raise _FailureError(400)  # it has children
        self.cloud.remove(identity)
        return 204, "", {}

    def _get(self, path: str) -> tuple[int, Object | str, Mapping[str, str]]:
        document = discovery.versions(self.cloud).get(path)
        if document:
            return 200, document, {}
        if path == "/load-balancer/v2":
            return 200, '"v2"', {}  # Octavia's own page is a bare word, not a document
        lists, documents = self.cloud.lists(), self.cloud.documents()
        known = path in lists or path in documents
        if not known and not path.startswith("/network"):
            raise _FailureError(404)
        if self.headers.get("X-Auth-Token") not in self.cloud.tokens:
            raise _FailureError(401)
        if not known:
            raise _FailureError(404)
        query = dict(parse_qsl(urlsplit(self.path).query))
        return 200, documents.get(path) or _page(self.cloud, path, query), {}


def _fail_as_told(cloud: FakeCloud, path: str) -> None:
    for start, status in cloud.failing.items():
        if path.startswith(start):
            raise _FailureError(status)


def _filtered(objects: list[Object], query: Mapping[str, str]) -> list[Object]:
    """Filter as both services do: all of `tags`; any other known field by equality."""
    wanted = set(query["tags"].split(",")) if "tags" in query else set()
    same = {name: text for name, text in query.items() if name in _FIELDS}
    return [
        each
        for each in objects
        if wanted <= set(each.get("tags", ()))
        and all(str(each.get(name, text)) == text for name, text in same.items())
    ]


def _page(cloud: FakeCloud, path: str, query: Mapping[str, str]) -> Object:
    key, unfiltered = cloud.lists()[path]
    objects = _filtered(unfiltered, query)
    ids = [each.get("id") for each in objects]
    start = ids.index(query["marker"]) + 1 if "marker" in query else 0
    size = min(cloud.page, int(query.get("limit", cloud.page)))
    page = objects[start : start + size]
    if start + size >= len(objects):
        return {key: page}
    kept = "&".join(f"{name}={text}" for name, text in query.items() if name != "marker")
    following = f"{cloud.url}{path}?{kept}&marker={page[-1]['id']}"
    return {key: page, f"{key}_links": [{"rel": "next", "href": following}]}
