"""A client on the internet: curl, in the namespace of the clients."""

import dataclasses
import json
import subprocess
from collections.abc import Mapping
from typing import Any

from lab.machines.site import Site

# What curl ends with; `man curl`, EXIT CODES.
MEANINGS = {
    7: "refused, or no route",
    28: "no answer in time",
    35: "no TLS",
    52: "closed without an answer",
    56: "reset",
}
STATUS = "\n%{http_code}"


class NoAnswer(Exception):  # noqa: N818 - what it is, not that something is wrong
    """Nobody answered; `code` is curl's (7 refused, 28 no answer in time, 52 closed, 56 reset)."""

    def __init__(self, url: str, code: int) -> None:
        super().__init__(f"{url}: {MEANINGS.get(code, 'no answer')} (curl {code})")
        self.code = code


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `facts` are a node's (lab.traffic.page); empty if no node answered."""

    status: int
    text: str
    facts: Mapping[str, Any]

    @property
    def node(self) -> str:
        """The node that answered; empty if the load balancer did."""
        return str(self.facts.get("node", ""))

    @property
    def client(self) -> str:
        """The client's `address:port`, as far as the node could know it."""
        return str(self.facts.get("client", ""))

    @property
    def peer(self) -> str:
        """From where the node's connection came."""
        return str(self.facts.get("peer", ""))

    @property
    def service(self) -> str:
        """`namespace/name` of the Service whose node port it was."""
        return str(self.facts.get("service", ""))

    @property
    def headers(self) -> dict[str, str]:
        """The request's headers as the node saw them, names in lower case."""
        return {name.lower(): value for name, value in self.facts.get("headers", {}).items()}


def command(site: Site, *arguments: str, source: str | None = None) -> list[str]:
    """Give the command that runs curl on the internet, from one of its clients' addresses."""
    interface = ["--interface", source] if source else []
    return ["ip", "netns", "exec", site.internet, "curl", *interface, *arguments]


def get(site: Site, url: str, *more: str, source: str | None = None, timeout: float = 2) -> Answer:
    """Get a URL from the internet within `timeout` seconds; `more` are curl's own options.

    Raises NoAnswer if nobody answers.
    """
    options = ("-s", "--max-time", str(timeout), "-w", STATUS, "-H", "Accept: application/json")
    words = command(site, *options, *more, url, source=source)
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoAnswer(url, done.returncode)
    text, _, status = done.stdout.rpartition("\n")
    return Answer(int(status), text, parse(text))


def parse(text: str) -> dict[str, Any]:
    """Give a node's facts; empty if it is something else, as haproxy's own 503."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) and "node" in found else {}
