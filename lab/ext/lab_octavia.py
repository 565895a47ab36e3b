"""Octavia's drivers for a laboratory without Nova: how amphorae are made and spoken to.

LabComputeDriver   instead of Nova: an amphora is a network namespace (lab.machines).
LabAmphoraDriver   Octavia's own REST driver for haproxy amphorae, whole: which listeners, which
                   certificates, the rendering of haproxy.cfg. Only the HTTP client of the agent
                   inside an amphora is replaced, by LabAgent, which does the agent's work itself.
"""

import hashlib
from collections import namedtuple

from octavia.amphorae.drivers.haproxy import rest_api_driver
from octavia.common import clients, constants, data_models
from octavia.compute.drivers.noop_driver import driver as noop
from oslo_log import log as logging

from lab import commands
from lab.machines.amphora import Amphora
from lab.machines.site import Site

LOG = logging.getLogger(__name__)
SITE = Site.here()
Interface = namedtuple("Interface", "net_id port_id fixed_ips port_state")


class LabComputeDriver(noop.NoopComputeDriver):
    """Octavia's own compute_noop_driver, plus the two things of Nova that matter here.

    One is plugging an existing Neutron port into a "server", which the real network driver
    (allowed_address_pairs_driver) needs: the server's id goes into the port's device_id, and the
    answer is the port's interface. The other is the life of the server; its id is the amphora's.
    """

    def __init__(self):
        # Not super().__init__(): NoopManager opens /tmp/octavia-network-noop.db, a file with a
        # fixed name that only network_noop_driver needs.
        self.driver = noop.NoopManager.__new__(noop.NoopManager)
        self.driver.computeconfig = {}

    @property
    def _network(self):
        return clients.NeutronAuth.get_neutron_client().network

    def build(self, name="amphora_name", **_):
        amphora_id = name.removeprefix("amphora-")
        Amphora(SITE, amphora_id).create()
        return amphora_id

    def get_amphora(self, compute_id, management_network_id=None):
        if Amphora(SITE, compute_id).age() < SITE.build_seconds:
            booting = constants.AMPHORA_BOOTING
            return data_models.Amphora(compute_id=compute_id, status=booting), None
        return super().get_amphora(compute_id, management_network_id)

    def attach_network_or_port(self, compute_id, network_id=None, ip_address=None, port_id=None):
        if port_id is None:
            fixed = {"fixed_ips": [{"ip_address": ip_address}]} if ip_address else {}
            port = self._network.create_port(network_id=network_id, device_id=compute_id, **fixed)
        else:
            port = self._network.update_port(port_id, device_id=compute_id)
        return Interface(port.network_id, port.id, port.fixed_ips, "ACTIVE")

    def detach_port(self, compute_id, port_id):
        port = self._network.find_port(port_id)
        if port is not None:
            self._network.update_port(port, device_id="")

    def delete(self, compute_id):
        Amphora(SITE, compute_id).destroy()
        # Nova releases the ports of a deleted server.
        for port in self._network.ports(device_id=compute_id):
            self._network.update_port(port, device_id="")


class LabAmphoraDriver(rest_api_driver.HaproxyAmphoraLoadBalancerDriver):
    """Octavia's driver, with the agent's work done here instead of asked for over HTTPS."""

    def __init__(self):
        super().__init__()
        agent = LabAgent()
        self.clients = {"base": agent, "1.0": agent}


class LabAgent:
    """The methods of Octavia's AmphoraAPIClient1_0."""

    def __init__(self):
        self.haproxy_version = commands.run("haproxy", "-v").split()[2]

    def get_api_version(self, amp, timeout_dict=None, raise_retry_exception=False):
        return {"api_version": "1.0"}

    def get_info(self, amp, raise_retry_exception=False, timeout_dict=None):
        return {"api_version": "1.0", "haproxy_version": self.haproxy_version}

    def get_details(self, amp):
        return {}

    def plug_vip(self, amp, vip, net_info):
        Amphora(SITE, amp.id).plug(vip, net_info)

    def plug_network(self, amp, port_info):
        # A member's subnet: all subnets here are routed, no second interface is needed.
        pass

    def get_interface(self, amp, ip_addr, timeout_dict=None, log_error=True):
        return {"interface": "eth1"}

    def upload_config(self, amp, loadbalancer_id, config, timeout_dict=None):
        Amphora(SITE, amp.id).haproxy(loadbalancer_id).take_config(config)

    def reload_listener(self, amp, object_id, timeout_dict=None):
        amphora = Amphora(SITE, amp.id)
        if object_id in amphora.load_balancers():  # not: the id of a UDP listener
            amphora.haproxy(object_id).reload()

    start_listener = reload_listener

    def delete_listener(self, amp, object_id):
        amphora = Amphora(SITE, amp.id)
        if object_id in amphora.load_balancers():
            amphora.haproxy(object_id).delete()

    def _certificate(self, amp, loadbalancer_id, name):
        return Amphora(SITE, amp.id).folder / "certs" / loadbalancer_id / name

    def get_cert_md5sum(self, amp, loadbalancer_id, pem_filename, ignore=()):
        try:
            pem = self._certificate(amp, loadbalancer_id, pem_filename).read_bytes()
        except FileNotFoundError:
            return None
        return hashlib.md5(pem, usedforsecurity=False).hexdigest()

    def upload_cert_pem(self, amp, loadbalancer_id, pem_filename, pem_file):
        Amphora(SITE, amp.id).write(f"certs/{loadbalancer_id}/{pem_filename}", pem_file)

    def delete_cert_pem(self, amp, loadbalancer_id, pem_filename):
        self._certificate(amp, loadbalancer_id, pem_filename).unlink(missing_ok=True)

    def _not_carried(self, amp, *args, **_):
        LOG.warning("The laboratory does not carry this to amphora %s: %s", amp.id, args[:1])

    # UDP and SCTP listeners (keepalived's LVS), active-standby pairs (keepalived's VRRP), SR-IOV.
    upload_udp_config = upload_vrrp_config = start_vrrp = stop_vrrp = reload_vrrp = _not_carried
    set_interface_rules = update_agent_config = update_cert_for_rotation = _not_carried
