"""One connection to a node port: PROXY header and TLS if they come, then HTTP requests."""

import asyncio
import dataclasses
import json
import socket
import ssl
from collections.abc import Callable

from lab.traffic import page, proxy_protocol

TLS_HANDSHAKE = b"\x16"


@dataclasses.dataclass(frozen=True, slots=True)
class Port:
    """The port that a connection came to."""

    node: str
    number: int
    flags: tuple[str, ...]
    tls: ssl.SSLContext
    # The node's state at this moment.
    state: Callable[[], str]

    @property
    def service(self) -> str:
        """`namespace/name` of the Service whose port it is, or nothing."""
        found = (flag.partition("=")[2] for flag in self.flags if flag.startswith("service="))
        return next(found, "")


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
    proxied: str | None,
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
    status = "503 Service Unavailable" if port.state() == "sick" else "200 OK"
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
    """Give what kube-proxy answers on a Service's health check port."""
    namespace, _, name = port.service.partition("/")
    local = int(port.state() == "up")
    facts = {"service": {"namespace": namespace, "name": name}, "localEndpoints": local}
    return "application/json", json.dumps(facts).encode()
