"""Orders to the nodes' servers: a line of JSON each way, over a unix socket."""

import json
import socket
from typing import Any

from lab import errors
from lab.machines import namespaces
from lab.machines.site import Site


class OrderError(errors.LabError):
    """The servers refused an order."""


def send(site: Site, verb: str, *arguments: object) -> dict[str, Any]:
    """Give one order (see lab.traffic.server); what the nodes are afterwards.

    Raises OrderError if it is refused, DownError if nobody takes orders.
    """
    try:
        answer = ask(site, [verb, *arguments])
    except (OSError, ValueError) as error:  # ValueError: it ended while it answered
        raise errors.DownError("the nodes' server") from error
    if "error" in answer:
        raise OrderError(answer["error"])
    return answer


def ask(site: Site, order: list[object]) -> dict[str, Any]:
    """Send a line and read the answer."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(20)
        with namespaces.short(site.nodes_socket) as path:
            connection.connect(path)
        connection.sendall(json.dumps(order).encode() + b"\n")
        with connection.makefile() as answers:
            found: dict[str, Any] = json.loads(answers.read())
    return found
