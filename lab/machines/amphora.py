"""An amphora: a namespace that holds a VIP, and the folder that is its /var/lib/octavia."""

import dataclasses
import ipaddress
import json
import os
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lab.machines import haproxy, namespaces
from lab.machines.site import Site

PING = '#!/bin/sh\nexec ping -q -n -w 1 -c 1 "$HAPROXY_SERVER_ADDR" >/dev/null 2>&1\n'
# The agent inside a real amphora, too, adds a second file with the group. `no strict-limits`: even
# root may not have as many open files here as the listeners' connection limits ask for; haproxy
# would refuse, and at a reload silently go on with the old configuration.
GROUP = "global\n    group nogroup\n    no strict-limits\n"

# What Octavia tells the agent of a VIP's port (the body of its request "plug/vip").
NetInfo = Mapping[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Amphora:
    """One amphora, by its id."""

    site: Site
    id: str

    @property
    def netns(self) -> str:
        """Its namespace; names of links and namespaces are short, so it has the id's beginning."""
        return f"{self.site.prefix}-amp-{self.id[:13]}"

    @property
    def folder(self) -> Path:
        """Its /var/lib/octavia."""
        return self.site.amphorae / self.id

    # What Nova does.

    def create(self) -> None:
        """Make the folder and the namespace."""
        self.folder.mkdir(parents=True)
        self.write("group.cfg", GROUP)
        self.write("ping-wrapper.sh", PING, 0o755)
        namespaces.add(self.netns)

    def destroy(self) -> None:
        """End everything in it, and remove it."""
        namespaces.delete(self.netns)
        shutil.rmtree(self.folder, ignore_errors=True)

    def age(self) -> float:
        """Seconds since it was made."""
        return time.time() - (self.folder / "group.cfg").stat().st_mtime

    def is_broken(self) -> bool:
        """Whether its namespace or a haproxy is missing."""
        return not namespaces.exists(self.netns) or bool(self._dead())

    def mend(self) -> None:
        """Bring back what is missing of it, as after a restart."""
        if not namespaces.exists(self.netns):
            namespaces.add(self.netns)
            if plugged := self.plugged():
                self.plug(plugged["vip"], plugged["net"])
        for load_balancer in self._dead():
            self.haproxy(load_balancer).start()

    def _dead(self) -> list[str]:
        """Give the load balancers that should have a haproxy, and have none."""
        return [lb for lb in self.load_balancers() if haproxy.master(self.folder, lb) is None]

    # What the agent inside an amphora does.

    def plug(self, vip: str, net: NetInfo) -> None:
        """Make the interface of the VIP, with the addresses and routes that Octavia names."""
        self.write("vip.json", json.dumps({"vip": vip, "net": net}))
        extra = [v for v in net["additional_vips"] if v["ip_address"]]
        vips = [vip, *(v["ip_address"] for v in extra)]
        owned = [net["vrrp_ip"], *vips]
        link = f"v{self.id.replace('-', '')[:13]}"
        namespaces.batch(
            self.site.cloud,
            f"link add {link} type veth peer name eth1 netns {self.netns}",
            f"link set {link} master lan up",
            *(f"addr replace {gateway} dev lan" for gateway in gateways([net, *extra])),
            *(f"neigh flush to {v}" for v in owned),  # an earlier owner of the address
        )
        namespaces.batch(
            self.netns,
            f"link set eth1 address {net['mac_address']} mtu {net['mtu']} up",
            added(net["vrrp_ip"], prefix_length(net)),
            *(added(vip) for vip in vips),
            *(f"route replace {v['subnet_cidr']} dev eth1" for v in extra if is_ipv6(v)),
            *(f"route add {r['destination']} via {r['nexthop']}" for r in net["host_routes"]),
            *([f"route add default via {net['gateway']}"] if net["gateway"] else []),
        )

    def plugged(self) -> dict[str, Any]:
        """Give what `plug` was told; empty while no VIP is plugged."""
        try:
            found: dict[str, Any] = json.loads((self.folder / "vip.json").read_text())
        except FileNotFoundError:
            return {}
        return found

    def addresses(self) -> set[str]:
        """Give the VIPs and its own address; none while no VIP is plugged."""
        plugged = self.plugged()
        if not plugged:
            return set()
        extra = {v["ip_address"] for v in plugged["net"]["additional_vips"]}
        return {plugged["vip"], plugged["net"]["vrrp_ip"], *extra}

    def load_balancers(self) -> list[str]:
        """Give the ids of the load balancers (in practice one) that have a configuration."""
        try:
            entries = sorted(self.folder.iterdir())
        except FileNotFoundError:  # destroyed meanwhile
            return []
        return [entry.name for entry in entries if (entry / "haproxy.cfg").exists()]

    def haproxy(self, load_balancer: str) -> haproxy.Haproxy:
        """Give the haproxy of one of its load balancers."""
        return haproxy.Haproxy(self.id, self.netns, self.folder, self.site.syslog, load_balancer)

    def write(self, name: str, data: str | bytes, mode: int = 0o644) -> None:
        """Write a file below its folder, whole or not at all: others read it at any time."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".{path.name}.new")
        with new.open("wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(data.encode() if isinstance(data, str) else data)
        new.rename(path)


def every(site: Site) -> list[Amphora]:
    """All amphorae of a laboratory."""
    try:
        return [Amphora(site, entry.name) for entry in sorted(site.amphorae.iterdir())]
    except FileNotFoundError:
        return []


def is_ipv6(vip: NetInfo) -> bool:
    """Whether a further VIP is of IPv6: its subnet is on the link, whatever the first VIP's is."""
    return ":" in vip["ip_address"]


def added(address: str, length: int | None = None) -> str:
    """Give the `ip` command by which eth1 has an address, alone or with its subnet's prefix.

    One of IPv6 is not looked for elsewhere first: for that second, haproxy could not bind it.
    """
    ip = ipaddress.ip_address(address)
    bits = ip.max_prefixlen if length is None else length
    return f"addr add {ip}/{bits} dev eth1{' nodad' if ip.version == 6 else ''}"  # noqa: PLR2004 - IPv6


def prefix_length(net: NetInfo) -> int:
    """Give the length of a subnet's prefix, in bits."""
    return ipaddress.ip_network(net["subnet_cidr"]).prefixlen


def gateways(nets: Sequence[NetInfo]) -> list[str]:
    """Give the gateways, with prefix lengths, that the router must have for these subnets."""
    return [f"{net['gateway']}/{prefix_length(net)}" for net in nets if net["gateway"]]
