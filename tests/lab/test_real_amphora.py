"""What is particular to our amphorae: the haproxies behind Octavia's own configuration."""

import os
import signal
import uuid
from collections.abc import Iterator

import pytest

from lab import Lab, commands
from lab.machines import amphora, haproxy
from lab.machines.amphora import Amphora
from lab.machines.site import Site
from tests.lab.balancers import PLAIN, Balancer, balancer, members, part

pytestmark = [pytest.mark.lab, pytest.mark.disruptive]

CONFIG = """
global
    user nobody
    stats socket /var/lib/octavia/{lb}.sock mode 0666 level user
    server-state-file /var/lib/octavia/{lb}/servers-state
    maxconn {maxconn}
defaults
    mode http
    timeout client 1s
    timeout server 1s
    timeout connect 1s
frontend one
    bind 127.0.0.1:80
    http-request return status 200
"""


@pytest.fixture(scope="module")
def web(lab: Lab) -> Iterator[Balancer]:
    """A load balancer with one HTTP listener."""
    lab.nodes.open(PLAIN)
    listener = part("web", "HTTP", 80, {"protocol": "HTTP", "members": members(PLAIN)})
    try:
        with balancer(lab, "lab-amphora", [listener]) as made:
            made.answers(80)
            yield made
    finally:
        lab.nodes.close(PLAIN)


@pytest.fixture
def machine(lab: Lab) -> Iterator[Amphora]:
    """An amphora that Octavia does not know."""
    made = Amphora(Site(lab.settings.home, lab.settings.prefix), str(uuid.uuid4()))
    made.create()
    yield made
    made.destroy()


def test_up_brings_back_a_haproxy(web: Balancer) -> None:
    """A haproxy that is killed stays dead until `up`; then there is traffic as before."""
    site = Site(web.lab.settings.home, web.lab.settings.prefix)
    (folder,) = [m.folder for m in amphora.every(site) if web.id in m.load_balancers()]
    pid = haproxy.master(folder, web.id)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    web.lab.until(lambda: web.code() != 200, what="silence")
    web.lab.up()
    web.answers(80)


def test_a_reload_just_after_the_start(machine: Amphora) -> None:
    """A master that has only just started loses the signal; the reload is done all the same."""
    process = machine.haproxy("lb-1")
    for number in range(5):
        process.take_config(CONFIG.format(lb="lb-1", maxconn=100 + number))
        if number == 0:
            process.start()
        process.reload()
        assert f"Maxconn: {100 + number}\n" in (process.ask("show info") or "")


def test_a_configuration_that_is_wrong(machine: Amphora) -> None:
    """It is refused with what haproxy says, and the old one stays."""
    process = machine.haproxy("lb-1")
    process.take_config(CONFIG.format(lb="lb-1", maxconn=100))
    with pytest.raises(commands.CommandError, match="unknown keyword 'nonsense'"):
        process.take_config(CONFIG.format(lb="lb-1", maxconn=200) + "    nonsense\n")
    assert "maxconn 100\n" in (machine.folder / "lb-1" / "haproxy.cfg").read_text()


def test_an_amphora_that_takes_its_time(lab: Lab) -> None:
    """How long amphorae boot can be changed while the laboratory runs."""
    lab.faults.build_seconds(10_000)
    try:
        with balancer(lab, "lab-slow", [], wait=False) as made:
            try:
                lab.until(lambda: "BOOTING" in amphorae(lab, made.id), what="an amphora that boots")
                assert made.api.get_load_balancer(made.id).provisioning_status == "PENDING_CREATE"
            finally:
                lab.faults.build_seconds(0)
                made.settle()
    finally:
        lab.faults.build_seconds(0)


def amphorae(lab: Lab, load_balancer: str) -> list[str]:
    """What Octavia says of a load balancer's amphorae, or of all that are nobody's yet."""
    api = lab.openstack("admin").load_balancer
    return [a.status for a in api.amphorae() if a.loadbalancer_id in {load_balancer, None}]
