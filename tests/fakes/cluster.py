"""An API server in memory, spoken to over loopback HTTP by the real client.

It does what tfgen relies on, as kube-apiserver 1.35 was seen to do it: pages with `continue`,
410 when they expire, 403 with its Status object, and a status subresource that takes annotations
and status, drops any spec, defaults `ipMode`, refuses an ingress on what is no load balancer, and
writes nothing where nothing changes.
"""

import copy
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tfgen import model

Json = dict[str, Any]
USER = "system:serviceaccount:ci:tfgen"


class RefusalError(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {
            "kind": "Status",
            "apiVersion": "v1",
            "status": "Failure",
            "message": message,
            "reason": reason,
            "code": status,
        }


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64  # as many may call at once as tests start


@dataclass(slots=True)
class FakeCluster:
    """The state of a cluster, and how it misbehaves. Use it as a context manager."""

    uid: str = "11111111-2222-4333-8444-555555555555"
    services: dict[model.ServiceKey, Json] = field(default_factory=dict)
    nodes: list[Json] = field(default_factory=list)
    secrets: dict[str, Json] = field(default_factory=dict)
    """By `namespace/name`."""
    events: list[Json] = field(default_factory=list)
    namespaces: set[str] = field(default_factory=lambda: {"kube-system", "default"})
    forbidden: set[str] = field(default_factory=set)
    """Verb and resource: "list nodes", "patch services/status"."""
    expiring: int = 0
    """How many requests for a further page are answered with 410."""
    raw: bytes | None = None
    """What every request is answered with, instead of JSON."""
    status: int | None = None
    """The status every request is answered with."""
    cut: bool = False
    """Answers end in the middle, and the connection with them."""
    before_patch: Callable[[], object] | None = None
    """Something that happens between a listing and a write, once."""
    after_conflict: Callable[[], object] | None = None
    """Something that happens after a write met a conflict, once."""
    requests: list[str] = field(default_factory=list)
    """Method and path of all requests, in order."""
    headers: list[dict[str, str]] = field(default_factory=list)
    version: int = 100
    _server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"cluster": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()

    @property
    def url(self) -> str:
        """Where it listens."""
        assert self._server
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def writes(self) -> list[str]:
        """All requests that would change something."""
        return [request for request in self.requests if not request.startswith("GET ")]

    def kubeconfig(self, folder: Path) -> Path:
        """Write a kubeconfig with one context, `fake`, that leads here."""
        path = folder / "kubeconfig"
        document = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "fake",
            "clusters": [{"name": "fake", "cluster": {"server": self.url}}],
            "users": [{"name": "ci", "user": {"token": "a-token"}}],
            "contexts": [{"name": "fake", "context": {"cluster": "fake", "user": "ci"}}],
        }
        path.write_text(json.dumps(document))
        return path

    def put(self, service: Json) -> Json:
        """Store a Service as `kubectl apply` would, and give what is stored.

        What is no load balancer (any more) loses its load balancer status.
        """
        stored = copy.deepcopy(service)
        metadata = stored["metadata"]
        key = model.ServiceKey(metadata["namespace"], metadata["name"])
        self.namespaces.add(key.namespace)
        self.version += 1
        metadata["resourceVersion"] = str(self.version)
        metadata.setdefault("uid", f"uid-{key}-{self.version}")
        status = stored.setdefault("status", {"loadBalancer": {}})
        if stored.get("spec", {}).get("type") != "LoadBalancer":
            status["loadBalancer"] = {}
        self.services[key] = stored
        return stored

    def answer(self, method: str, url: str, body: Json | None) -> Json:
        """Do what one request asks. Raises RefusalError."""
        parts = urlsplit(url)
        path = parts.path.strip("/").split("/")
        if method != "GET":
            return self._change(method, path, body or {})
        return self._read(path, {name: each[0] for name, each in parse_qs(parts.query).items()})

    def _read(self, path: list[str], query: dict[str, str]) -> Json:
        match path:
            case ["api", "v1", "services"]:
                self._allow("list", "services")
                return self._page("ServiceList", [*self.services.values()], query)
            case ["api", "v1", "nodes"]:
                self._allow("list", "nodes")
                return self._page("NodeList", self.nodes, query)
            case ["api", "v1", "namespaces", name]:
                return self._namespace(name)
            case ["api", "v1", "namespaces", namespace, "services"]:
                self._allow("list", "services")
                return self._named(namespace, query["fieldSelector"])
            case ["api", "v1", "namespaces", namespace, "secrets", name]:
                self._allow("get", "secrets")
                if found := self.secrets.get(f"{namespace}/{name}"):
                    return found
                raise RefusalError(404, "NotFound", f'secrets "{name}" not found')
            case ["version"]:
                return {"gitVersion": "v1.35.4"}
            case _:
                raise _not_found()

    def _change(self, method: str, path: list[str], body: Json) -> Json:
        match method, path:
            case "PATCH", ["api", "v1", "namespaces", namespace, "services", name, "status"]:
                self._allow("patch", "services/status")
                return self._patch(model.ServiceKey(namespace, name), body)
            case "POST", ["apis", "events.k8s.io", "v1", "namespaces", namespace, "events"]:
                self._allow("create", "events")
                return self._event(namespace, body)
            case "POST", ["apis", "authorization.k8s.io", "v1", "selfsubjectaccessreviews"]:
                return self._review(body["spec"]["resourceAttributes"])
            case _:
                raise _not_found()

    def _review(self, asked: Json) -> Json:
        """Say whether the user has one right; who may not do a thing may ask about it."""
        what = "/".join(filter(None, (asked["resource"], asked.get("subresource"))))
        allowed = f"{asked['verb']} {what}" not in self.forbidden
        return {"kind": "SelfSubjectAccessReview", "status": {"allowed": allowed}}

    def _allow(self, verb: str, resource: str) -> None:
        if f"{verb} {resource}" in self.forbidden:
            plain = resource.partition("/")[0]
            raise RefusalError(
                403,
                "Forbidden",
                f'{plain} is forbidden: User "{USER}" cannot {verb} resource "{resource}" in API '
                'group "" at the cluster scope',
            )

    def _page(self, kind: str, items: list[Json], query: dict[str, str]) -> Json:
        start = int(query.get("continue", 0))
        if start and self.expiring:
            self.expiring -= 1
            raise RefusalError(410, "Expired", "The provided continue parameter is too old")
        end = start + int(query.get("limit", len(items) or 1))
        metadata: Json = {"resourceVersion": str(self.version)}
        if end < len(items):
            metadata |= {"continue": str(end), "remainingItemCount": len(items) - end}
        return {"kind": kind, "apiVersion": "v1", "metadata": metadata, "items": items[start:end]}

    def _namespace(self, name: str) -> Json:
        self._allow("get", "namespaces")
        if name not in self.namespaces:
            raise RefusalError(404, "NotFound", f'namespaces "{name}" not found')
        return {"kind": "Namespace", "metadata": {"name": name, "uid": self.uid}}

    def _named(self, namespace: str, selector: str) -> Json:
        found = self.services.get(model.ServiceKey(namespace, selector.partition("=")[2]))
        return self._page("ServiceList", [found] if found else [], {})

    def _patch(self, key: model.ServiceKey, patch: Json) -> Json:
        happening, self.before_patch = self.before_patch, None
        if happening:
            happening()
        if (old := self.services.get(key)) is None:
            raise RefusalError(404, "NotFound", f'services "{key.name}" not found')
        if (
            patch.get("metadata", {}).get("resourceVersion", old["metadata"]["resourceVersion"])
            != (old["metadata"]["resourceVersion"])
        ):
            happening, self.after_conflict = self.after_conflict, None
            if happening:
                happening()
            raise RefusalError(409, "Conflict", "the object has been modified")
        new = merge(old, patch)
        new["spec"] = old["spec"]
        ingress = new["status"].get("loadBalancer", {}).get("ingress", [])
        if ingress and old["spec"].get("type") != "LoadBalancer":
            raise RefusalError(
                422, "Invalid", f'Service "{key.name}" is invalid: status.loadBalancer'
            )
        for entry in ingress:
            if "ip" in entry:
                entry.setdefault("ipMode", "VIP")
        return old if new == old else self.put(new)

    def _event(self, namespace: str, event: Json) -> Json:
        if namespace not in self.namespaces:
            raise RefusalError(404, "NotFound", f'namespaces "{namespace}" not found')
        missing = [name for name in _EVENT_FIELDS if not event.get(name)]
        if missing:
            raise RefusalError(422, "Invalid", f"Event is invalid: {missing[0]}: Required value")
        name = event["metadata"].get("name", event["metadata"].get("generateName", ""))
        if not name[-1:].isalnum() or name in {each["metadata"]["name"] for each in self.events}:
            raise RefusalError(422, "Invalid", f'Event is invalid: metadata.name: "{name}"')
        self.events.append(event)
        return event


_EVENT_FIELDS = (
    "eventTime",
    "reportingController",
    "reportingInstance",
    "action",
    "reason",
    "type",
)


def _not_found() -> RefusalError:
    return RefusalError(404, "NotFound", "the server could not find the requested resource")


def merge(old: Any, patch: Any) -> Any:  # noqa: ANN401  JSON
    """Apply a JSON merge patch (RFC 7396)."""
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    merged = dict(old) if isinstance(old, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge(merged.get(name), value)
    return merged


class _Handler(BaseHTTPRequestHandler):
    """HTTP around `FakeCluster.answer`."""

    cluster: FakeCluster
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    """An answer in one piece: in two, each would wait for TCP's delayed acknowledgement."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  inherited name
        """Say nothing."""

    def do_GET(self) -> None:
        self._serve()

    def do_PATCH(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length)) if length else None
        self.cluster.requests.append(f"{self.command} {self.path}")
        self.cluster.headers.append({name.lower(): value for name, value in self.headers.items()})
        try:
            status, answer = 200, self.cluster.answer(self.command, self.path, body)
        except RefusalError as refusal:
            status, answer = refusal.status, refusal.body
        text = self.cluster.raw if self.cluster.raw is not None else json.dumps(answer).encode()
        self.send_response(self.cluster.status or status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text[: len(text) // 2] if self.cluster.cut else text)
        self.close_connection = self.cluster.cut
