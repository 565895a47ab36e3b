"""Whether something answers."""

import contextlib
import http.client
import socket
from pathlib import Path

from lab import ports
from lab.machines import namespaces


def tcp(port: int) -> bool:
    """Whether something listens on a loopback port."""
    with contextlib.suppress(OSError), socket.create_connection((ports.HOST, port), timeout=2):
        return True
    return False


def unix(path: Path, kind: socket.SocketKind = socket.SOCK_STREAM) -> bool:
    """Whether something listens on a unix socket; a file that a dead server left does not."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, kind) as connection:
        connection.settimeout(2)
        with namespaces.short(path) as address:
            connection.connect(address)
        return True
    return False


def http_get(port: int, path: str = "/") -> bool:
    """Whether an HTTP server on a loopback port answers with a code below 400."""
    connection = http.client.HTTPConnection(ports.HOST, port, timeout=5)
    with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
        connection.request("GET", path)
        return connection.getresponse().status < http.client.BAD_REQUEST
    return False
