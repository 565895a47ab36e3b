"""The nodes' servers, a process inside the namespace of router and nodes.

    python -m lab.traffic.server

Each node has an address on the bridge `lan`; each open node port is a listening socket on every
node. Orders (lab.traffic.orders) come as a line of JSON to the socket nodes.sock:
["show"], ["open", PORT, FLAG...], ["close", PORT], ["node", NAME, STATE],
["endpoints", SERVICE, NODES or null], ["sync", NODES, PORTS].
"""

import asyncio
import contextlib
import json
import socket
import ssl
import sys
from pathlib import Path

from lab import commands
from lab.machines import namespaces
from lab.machines.site import Site
from lab.traffic import conversation, state

IP_FREEBIND = 15  # of Linux' <netinet/in.h>: an address may be bound while it is not there
ACCEPT_AGAIN_SECONDS = 0.1
Key = tuple[str, str, int]


class Servers:
    """The listening sockets and the open connections."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._nodes = state.Nodes()
        self._nodes.load(self._file)
        self._tls = tls_context(site.base)
        self._listening: dict[Key, tuple[socket.socket, asyncio.Task[None]]] = {}
        self._connections: dict[Key, set[asyncio.Task[None]]] = {}
        self._flags: dict[Key, list[str]] = {}
        self._given: set[str] = set()
        self._done: dict[str, object] = {}
        self._lock = asyncio.Lock()

    @property
    def _file(self) -> Path:
        return self._site.base / "nodes.json"

    async def take(self, verb: str, *arguments: object) -> dict[str, object]:
        """One order; what the nodes are afterwards."""
        async with self._lock:
            self._nodes.take(verb, *arguments)
            wanted = self._nodes.show()
            if wanted != self._done:
                self._done = {}  # until all of it is done: what failed is tried at the next order
                await asyncio.to_thread(self._give_addresses)
                self._close_and_open()
                self._nodes.save(self._file)
                self._done = wanted
            return wanted

    def _give_addresses(self) -> None:
        """Have the bridge hold the addresses of the nodes that are there."""
        nodes = self._nodes.addresses.items()
        wanted = {address for node, address in nodes if self._nodes.state(node) != "gone"}
        for address in {*self._given, *self._nodes.addresses.values()} - wanted:
            commands.run("ip", "addr", "del", f"{address}/32", "dev", "lan", check=False)
        for address in wanted:
            commands.run("ip", "addr", "replace", f"{address}/32", "dev", "lan")
        self._given = wanted

    def _close_and_open(self) -> None:
        """Have exactly the servers that there should be."""
        wanted = {key: self._nodes.flags(key[2]) for key in self._nodes.listening()}
        for key in [key for key in self._listening if wanted.get(key) != self._flags[key]]:
            listener, task = self._listening.pop(key)
            task.cancel()
            listener.close()
            for connection in self._connections.pop(key, ()):
                connection.cancel()
        for key in wanted.keys() - self._listening.keys():
            listener = listen(key[1], key[2])
            self._flags[key] = wanted[key]
            self._listening[key] = listener, asyncio.create_task(self._accept(key, listener))

    async def _accept(self, key: Key, listener: socket.socket) -> None:
        node, _, number = key
        flags = tuple(self._flags[key])
        loop = asyncio.get_running_loop()
        port = conversation.Port(
            node,
            number,
            flags,
            self._tls,
            lambda: self._nodes.state(node),
            lambda: self._nodes.has_endpoints(node, flags),
        )
        held = self._connections.setdefault(key, set())
        while True:
            try:
                connection, _ = await loop.sock_accept(listener)
            except OSError as error:  # no file descriptors, or who connected is gone: the next one
                sys.stderr.write(f"{key}: {error}\n")
                await asyncio.sleep(ACCEPT_AGAIN_SECONDS)
                continue
            connection.settimeout(0)
            task = asyncio.create_task(conversation.hold(port, connection))
            held.add(task)
            task.add_done_callback(held.discard)


def listen(address: str, port: int) -> socket.socket:
    """Give a listening socket, also on an address that is not there at the moment."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_IP, IP_FREEBIND, 1)
    listener.bind((address, port))
    listener.listen(512)
    listener.settimeout(0)
    return listener


def tls_context(folder: Path) -> ssl.SSLContext:
    """Give the nodes' certificate, made when it is first needed."""
    key, certificate = folder / "node.key", folder / "node.crt"
    if not certificate.exists():
        subject = ("-subj", "/CN=lab-node", "-days", "3650")
        made = ("-keyout", key, "-out", certificate)
        commands.run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *made, *subject)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


async def main() -> None:
    """Serve until killed."""
    site = Site.here()
    servers = Servers(site)
    await servers.take("show")

    async def control(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            answer = await servers.take(*json.loads(await reader.readline()))
        except (ValueError, TypeError, OSError, commands.CommandError) as error:
            answer = {"error": str(error)}
        writer.write(json.dumps(answer).encode() + b"\n")
        writer.close()

    site.nodes_socket.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as door, contextlib.ExitStack() as stack:
        door.bind(stack.enter_context(namespaces.short(site.nodes_socket)))
        async with await asyncio.start_unix_server(control, sock=door) as server:
            await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
