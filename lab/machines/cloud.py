"""The namespaces `cloud` and `internet`: router, firewall, and where the clients live."""

import time

from lab import commands, topology
from lab.machines import amphora, namespaces
from lab.machines.site import Site

PATIENCE_SECONDS = 2.0
# A bridge without an address of its own takes the lowest of its members'. When that member goes, so
# does the address, and all other amphorae talk to nobody for the minute that their memory of it
# lasts: Linux does not tell them.
BRIDGE_ADDRESS = "02:00:0a:00:00:01"

RULES = """
table ip lab {
    # floating IP -> fixed IP, and security groups: both filled by lab/ext/lab_agent.py
    map floating { type ipv4_addr : ipv4_addr; }
    set guarded { type ipv4_addr; }
    set allowed { type ipv4_addr . inet_proto . inet_service . ipv4_addr; flags interval; }

    chain dnat_routed { type nat hook prerouting priority dstnat; dnat to ip daddr map @floating; }
    chain dnat_local { type nat hook output priority -100; dnat to ip daddr map @floating; }

    chain guard {
        ct state established,related accept
        ip daddr . meta l4proto . th dport . ip saddr @allowed accept
        ip daddr @guarded drop
    }
    chain routed {
        type filter hook forward priority filter;
        iifname "internet" oifname "internet" reject with icmp host-unreachable
        jump guard
    }
    chain local { type filter hook output priority filter; jump guard; }
}
"""


def is_up(site: Site) -> bool:
    """Whether router and clients are there, and were made to the end."""
    if not all(namespaces.exists(netns) for netns in (site.cloud, site.internet)):
        return False
    listed = ("ip", "netns", "exec", site.cloud, "nft", "list", "map", "ip", "lab", "floating")
    return bool(commands.run(*listed, check=False))


def up(site: Site) -> None:
    """Make router and clients anew, and again every amphora of an earlier run."""
    for netns in (site.cloud, site.internet):
        namespaces.add(netns)
    namespaces.batch(
        site.cloud,
        f"link add lan address {BRIDGE_ADDRESS} type bridge forward_delay 0",
        "link set lan up",
        f"link add internet type veth peer name cloud netns {site.internet}",
        "addr add 192.0.2.1/30 dev internet",
        "link set internet up",
        f"addr replace {topology.DEMO_GATEWAY} dev lan",
    )
    namespaces.batch(
        site.internet,
        *(f"addr add {client}/32 dev lo" for client in topology.CLIENTS),
        "addr add 192.0.2.2/30 dev cloud",
        "link set cloud up",
        f"route add default via 192.0.2.1 src {topology.CLIENTS[0]}",
    )
    namespaces.batch(site.cloud, "route add default via 192.0.2.2")
    namespaces.run_in(site.cloud, "sysctl", "-qw", "net.ipv4.ip_forward=1")
    site.amphorae.mkdir(parents=True, exist_ok=True)
    site.syslog.mkdir(parents=True, exist_ok=True)
    # The last step: by it `is_up` knows that none is missing.
    namespaces.run_in(site.cloud, "nft", "-f", "-", stdin=RULES)
    for machine in amphora.every(site):
        machine.mend()


def mend(site: Site) -> int:
    """Bring back amphorae and haproxies that are missing; how many there were.

    What Octavia is just making or removing looks broken, too, so it must be broken for a while.
    """
    broken = {machine.id for machine in amphora.every(site) if machine.is_broken()}
    strays = strays_in(site)
    if not broken and not strays:
        return 0
    time.sleep(PATIENCE_SECONDS)
    still = [m for m in amphora.every(site) if m.id in broken and m.is_broken()]
    for machine in still:
        machine.mend()
    for netns in strays & strays_in(site):
        namespaces.delete(netns)
    return len(still)


def strays_in(site: Site) -> set[str]:
    """Give the namespaces of amphorae of which nothing else is left."""
    known = {machine.netns for machine in amphora.every(site)}
    return {*namespaces.named(f"{site.prefix}-amp-")} - known


def down(site: Site) -> None:
    """End all that runs in the laboratory's namespaces, then these. The files stay, for `up`."""
    for netns in namespaces.named(f"{site.prefix}-"):
        namespaces.delete(netns)
