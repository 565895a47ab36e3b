"""Orders to the nodes' servers: a line of JSON each way, over a unix socket."""

import json
import socket
from typing import Any

from lab.machines import namespaces
from lab.machines.site import Site


class OrderError(RuntimeError):
    """The servers refused an order."""


def send(site: Site, verb: str, *arguments: object) -> dict[str, Any]:
    """Give one order (see lab.traffic.server); what the nodes are afterwards.

    Raises OrderError if it is refused, OSError if nobody takes orders.
    """
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(20)
        with namespaces.short(site.nodes_socket) as path:
            connection.connect(path)
        connection.sendall(json.dumps([verb, *arguments]).encode() + b"\n")
        with connection.makefile() as answers:
            answer: dict[str, Any] = json.loads(answers.read())
    if "error" in answer:
        raise OrderError(answer["error"])
    return answer
