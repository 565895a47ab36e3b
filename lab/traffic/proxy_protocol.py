"""The PROXY protocol, by which a load balancer tells a server who the client is.

https://www.haproxy.org/download/2.6/doc/proxy-protocol.txt
"""

import asyncio
import dataclasses
import ipaddress
import select
import socket
import struct

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
TEXT = b"PROXY "
LONGEST_TEXT = 107  # bytes of a header of version 1, after the specification
ADDRESS_BYTES = {1: 4, 2: 16}
# Whose connection it is when the load balancer does not know, and when it is its own.
UNKNOWN, LOCAL = "unknown", "local (a health check)"


@dataclasses.dataclass(frozen=True, slots=True)
class Header:
    """A PROXY header: its version, and `host:port` of the client and of what it connected to."""

    version: int
    source: str
    destination: str


async def peek(connection: socket.socket, length: int) -> bytes:
    """Up to `length` bytes that have come, at least one, left where they are; none at the end."""
    loop = asyncio.get_running_loop()
    readable: asyncio.Future[None] = loop.create_future()
    loop.add_reader(connection, wake, readable)
    try:
        await readable
    finally:
        loop.remove_reader(connection)
    return connection.recv(length, socket.MSG_PEEK)


def wake(future: asyncio.Future[None]) -> None:
    """End somebody's waiting."""
    if not future.done():
        future.set_result(None)


def is_ended(connection: socket.socket) -> bool:
    """Whether the other side says no more than what has come."""
    poll = select.poll()
    poll.register(connection, select.POLLRDHUP)
    return bool(poll.poll(0))


async def peek_start(connection: socket.socket) -> bytes:
    """Give the first bytes: 12, unless it is clear from fewer that no PROXY header begins there."""
    while True:
        is_all = is_ended(connection)
        start = await peek(connection, len(SIGNATURE))
        may_be = SIGNATURE.startswith(start) or TEXT.startswith(start[: len(TEXT)])
        if is_all or not may_be or len(start) == len(SIGNATURE):
            return start
        await asyncio.sleep(0.005)


async def read(connection: socket.socket) -> Header | None:
    """Take a PROXY header, of either version, off a connection.

    None, and nothing taken, if there is no header. Raises ValueError if it is damaged.
    """
    start = await peek_start(connection)
    if start == SIGNATURE:
        return await read_binary(connection)
    if start.startswith(TEXT):
        return await read_text(connection)
    return None


async def read_text(connection: socket.socket) -> Header:
    """Version 1: a line of words."""
    is_all = is_ended(connection)
    while b"\r\n" not in (seen := await peek(connection, LONGEST_TEXT)):
        if is_all or len(seen) == LONGEST_TEXT:
            raise ValueError("a PROXY header without an end")
        await asyncio.sleep(0.005)
        is_all = is_ended(connection)
    line = await receive(connection, seen.index(b"\r\n") + 2)
    words = line.decode("ascii").split()
    if words[1] == "UNKNOWN":
        return Header(1, UNKNOWN, UNKNOWN)
    source, destination, *ports = words[2:6]
    return Header(1, f"{source}:{ports[0]}", f"{destination}:{ports[1]}")


async def read_binary(connection: socket.socket) -> Header:
    """Version 2."""
    head = await receive(connection, len(SIGNATURE) + 4)
    version_command, family, length = struct.unpack("!BBH", head[len(SIGNATURE) :])
    data = await receive(connection, length)
    if version_command & 15 == 0:
        return Header(2, LOCAL, LOCAL)
    size = ADDRESS_BYTES.get(family >> 4)
    if size is None:
        return Header(2, UNKNOWN, UNKNOWN)
    if len(data) < 2 * size + 4:
        raise ValueError("a PROXY header with too few bytes for its addresses")
    ends = (ipaddress.ip_address(data[:size]), ipaddress.ip_address(data[size : 2 * size]))
    ports = struct.unpack_from("!HH", data, 2 * size)
    source, destination = (f"{end}:{port}" for end, port in zip(ends, ports, strict=True))
    return Header(2, source, destination)


async def receive(connection: socket.socket, length: int) -> bytes:
    """Exactly `length` bytes; ValueError if the connection ends before."""
    data = b""
    loop = asyncio.get_running_loop()
    while len(data) < length:
        more = await loop.sock_recv(connection, length - len(data))
        if not more:
            raise ValueError("a PROXY header cut short")
        data += more
    return data
