"""What the haproxies say of listeners, pools and members, told to Octavia by Octavia's own code."""

import time

from octavia.amphorae.backends.utils import haproxy_query
from octavia.amphorae.drivers.health import heartbeat_udp
from oslo_log import log as logging

from lab.machines import amphora, namespaces

LOG = logging.getLogger(__name__)
HEARTBEAT = 10  # seconds; Octavia's heartbeat_interval
COUNTERS = ("bin", "bout", "stot", "ereq")


class Health:
    """Octavia's view of the haproxies: what has changed at once, all of it every ten seconds."""

    def __init__(self, site):
        self.site = site
        self.updater = heartbeat_udp.UpdateHealthDb()
        self.told = {}  # amphora: (when, what)
        self.counters = {}  # (amphora, listener): haproxy's counters

    def sync(self):
        """Ask every haproxy, and tell Octavia what is new."""
        amphorae = {a.id: a for a in amphora.every(self.site) if a.addresses()}
        self.told = {i: told for i, told in self.told.items() if i in amphorae}
        for machine in amphorae.values():
            try:
                self.ask(machine)
            except Exception:  # whatever is wrong with one, the others are told of
                LOG.exception("amphora %s", machine.id)

    def ask(self, machine):
        """Ask the haproxies of an amphora, and tell Octavia what is new."""
        listeners, pools = read(machine)
        state = ({i: row["status"] for i, row in listeners.items()}, pools)
        when, what = self.told.get(machine.id, (0, None))
        if state != what or time.time() - when > HEARTBEAT:
            self.tell(machine, listeners, pools)
            self.told[machine.id] = time.time(), state

    def tell(self, machine, listeners, pools):
        """Send a heartbeat's content where the health manager would send it."""
        rows = {
            i: {"status": row["status"], "stats": self.deltas(machine.id, i, row)}
            for i, row in listeners.items()
        }
        now = time.time()
        message = {"id": machine.id, "ver": 3, "recv_time": now, "pools": pools, "listeners": rows}
        self.updater.update_health(message, "192.0.2.1")
        heartbeat_udp.update_stats(message)

    def deltas(self, machine, listener, row):
        """What was counted since the last look. A reload starts haproxy's counters anew."""
        now = {key: int(row[key]) for key in COUNTERS}
        before = self.counters.get((machine, listener), dict.fromkeys(COUNTERS, 0))
        self.counters[machine, listener] = now
        d = {k: v - before[k] if v >= before[k] else v for k, v in now.items()}
        return {
            "rx": d["bin"],
            "tx": d["bout"],
            "totconns": d["stot"],
            "ereq": d["ereq"],
            "conns": int(row["scur"]),
        }


def read(machine):
    """The rows of listeners and of pools that an amphora's haproxies give, by id."""
    listeners, pools = {}, {}
    for load_balancer in machine.load_balancers():
        try:
            with namespaces.short(machine.haproxy(load_balancer).socket) as path:
                query = haproxy_query.HAProxyQuery(path)
                rows = query.show_stat(object_type=1)
                listeners.update({row["pxname"]: row for row in rows})
                pools.update(query.get_pool_status())
        except Exception as error:
            LOG.warning("haproxy of %s does not answer: %s", load_balancer, error)
    return listeners, pools
