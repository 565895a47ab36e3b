"""What the agents of a real cloud do, for the data plane. One process, in the `cloud` namespace:

    python -m lab_agent octavia.conf neutron.conf

* Neutron's L3 agent: floating IPs become DNAT, and their status ACTIVE or DOWN.
* Neutron's L2 agent: the security groups of the amphorae's ports become nftables rules (Octavia
  carries allowed_cidrs by them, not by haproxy).
* Octavia's health manager: what the haproxies say of listeners, pools and members becomes
  operating_status and statistics, by Octavia's own code.
* syslog: what the haproxies log goes to log/haproxy.log.
"""

import configparser
import os
import socket
import sys
import threading
import time

from lab_health import Health
from lab_network import Network
from octavia.common import config
from oslo_log import log as logging

from lab.machines import namespaces
from lab.machines.site import Site

LOG = logging.getLogger(__name__)
POLL_SECONDS = 0.25  # how often floating IPs and security groups are looked up: one query each
# A haproxy that does not answer must not keep us from asking the others. Octavia's code sets no
# time for its sockets, so the process does.
ANSWER_SECONDS = 3
HEALTH_SECONDS = 1  # how often the haproxies are asked (a real amphora tells every 10)


def every(seconds, work):
    """Call work() for ever; one failure is logged, not final."""
    while True:
        start = time.monotonic()
        try:
            work()
        except Exception:
            LOG.exception("%s", work.__qualname__)
        time.sleep(max(0, seconds - (time.monotonic() - start)))


def end(failure):
    """End the process with a thread's failure: one that is half dead would look well."""
    threading.__excepthook__(failure)
    os._exit(1)


def syslog(path, to):
    """Append for ever what comes in at a datagram socket to a file."""
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s, to.open("a", buffering=1) as out:
        with namespaces.short(path) as address:
            s.bind(address)
        os.chmod(path, 0o666)  # haproxy runs as nobody
        s.settimeout(None)
        while True:
            out.write(s.recv(65536).decode(errors="replace").rstrip("\n\0") + "\n")


def main(octavia_conf, neutron_conf):
    threading.excepthook = end
    socket.setdefaulttimeout(ANSWER_SECONDS)
    config.init(["--config-file", octavia_conf])
    config.setup_logging(config.cfg.CONF)
    neutron = configparser.ConfigParser(interpolation=None, strict=False)
    neutron.read(neutron_conf)
    site = Site.here()
    for target, arguments in (
        (syslog, (site.syslog / "log", site.home / "log" / "haproxy.log")),
        (every, (HEALTH_SECONDS, Health(site).sync)),
    ):
        threading.Thread(target=target, args=arguments, daemon=True).start()
    every(POLL_SECONDS, Network(site, neutron["database"]["connection"]).sync)


if __name__ == "__main__":
    main(*sys.argv[1:])
