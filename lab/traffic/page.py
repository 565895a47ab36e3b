"""What a node answers: a page for people, the same facts as JSON for tests."""

import dataclasses
import json
from typing import Any

from lab import config
from lab.traffic.proxy_protocol import Header


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    """A request as a node saw it."""

    node: str
    port: int
    # Where the connection came from, and what the PROXY protocol says of it.
    peer: str
    proxied: Header | None
    tls: bool
    head: tuple[str, ...]
    service: str

    @property
    def client(self) -> str:
        """The client's address, as far as the node can know it."""
        return self.proxied.source if self.proxied else self.peer

    @property
    def headers(self) -> dict[str, str]:
        """The headers, as they were spelled."""
        pairs = (line.split(":", 1) for line in self.head[1:] if ":" in line)
        return {name: value.strip() for name, value in pairs}

    def header(self, name: str) -> str:
        """Give a header's value, whatever its case; empty if it was not sent."""
        return {key.lower(): value for key, value in self.headers.items()}.get(name, "")

    def facts(self) -> dict[str, Any]:
        """Everything, for a test."""
        return {
            "node": self.node,
            "port": self.port,
            "service": self.service,
            "peer": self.peer,
            "client": self.client,
            "proxy_protocol": self.proxied and dataclasses.asdict(self.proxied),
            "tls": self.tls,
            "request": self.head[0],
            "headers": self.headers,
        }


def body(request: Request) -> tuple[str, bytes]:
    """Content type and body of the answer."""
    if request.header("accept") == "application/json":
        return "application/json", json.dumps(request.facts()).encode()
    forwarded = request.header("x-forwarded-for")
    page = config.engine().get_template("shop.html.j2")
    text = page.render(request=request, visitor=forwarded or request.client)
    return "text/html; charset=utf-8", text.encode()
