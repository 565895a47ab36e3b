"""One connection to a node port: PROXY header and TLS if they come, then HTTP requests."""

import asyncio
import dataclasses
import json
import socket
import ssl
from collections.abc import Callable

from lab.traffic import page, proxy_protocol
from lab.traffic.proxy_protocol import Header

TLS_HANDSHAKE = b"\x16"


@dataclasses.dataclass(frozen=True, slots=True)
class Port:
    """The port that a connection came to."""

    node: str
    number: int
    flags: tuple[str, ...]
    tls: ssl.SSLContext
    # The node's state at this moment, and whether it has endpoints of the port's Service.
    state: Callable[[], str]
    has_endpoints: Callable[[], bool] = lambda: True

    @property
    def service(self) -> str:
        """`namespace/name` of the Service whose port it is, or nothing."""
        found = (flag.partition("=")[2] for flag in self.flags if flag.startswith("service="))
        return next(found, "")

    @property
    def is_well(self) -> bool:
        """Whether it answers 200: the node is not sick, and a health check finds endpoints here."""
        return self.state() != "sick" and ("health" not in self.flags or self.has_endpoints())


async def hold(port: Port, connection: socket.socket) -> None:
    """Answer every request of a connection, until it ends."""
    peer = "{}:{}".format(*connection.getpeername()[:2])
    writer: asyncio.StreamWriter | None = None
    try:
        proxied = await proxy_protocol.read(connection)
        encrypted = await proxy_protocol.peek(connection, 1) == TLS_HANDSHAKE
        if ("proxy" in port.flags and not proxied) or ("tls" in port.flags and not encrypted):
            return
        reader, writer = await streams(connection, port.tls if encrypted else None)
        while await answer(port, peer, proxied, reader, writer):
            pass
    except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        pass  # the other side went away, or spoke no HTTP
    except asyncio.CancelledError:  # the port was closed: to the other side, a reset
        if writer is not None:
            writer.transport.abort()
        raise
    finally:
        connection.close() if writer is None else writer.close()


async def streams(
    connection: socket.socket, tls: ssl.SSLContext | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Reader and writer of an accepted connection, decrypted if `tls` is given."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await loop.connect_accepted_socket(lambda: protocol, connection, ssl=tls)
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


async def answer(
    port: Port,
    peer: str,
    proxied: Header | None,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> bool:
    """Answer one request; whether another may follow."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").rstrip("\r\n").split("\r\n")
    encrypted = writer.get_extra_info("ssl_object") is not None
    request = page.Request(
        port.node, port.number, peer, proxied, encrypted, tuple(head), port.service
    )
    await reader.readexactly(int(request.header("content-length") or 0))
    method, _, version = head[0].split(" ")
    kind, body = health(port) if "health" in port.flags else page.body(request)
    keep = version == "HTTP/1.1" and request.header("connection").lower() != "close"
    status = "200 OK" if port.is_well else "503 Service Unavailable"
    fields = (
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        f"Connection: {'keep-alive' if keep else 'close'}",
    )
    writer.write("\r\n".join(fields).encode() + b"\r\n\r\n" + (b"" if method == "HEAD" else body))
    await writer.drain()
    return keep


def health(port: Port) -> tuple[str, bytes]:
    """Give what kube-proxy answers on a Service's health check port, whatever the path.

    https://github.com/kubernetes/kubernetes/blob/v1.35.0/pkg/proxy/healthcheck/service_health.go
    """
    namespace, _, name = port.service.partition("/")
    facts = {
        "service": {"namespace": namespace, "name": name},
        "localEndpoints": int(port.has_endpoints()),
        "serviceProxyHealthy": port.state() == "up",
    }
    return "application/json", json.dumps(facts).encode()
