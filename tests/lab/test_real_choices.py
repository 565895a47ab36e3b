"""What the laboratory's cloud and cluster offer besides what is taken unasked."""

import ipaddress
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from openstack import exceptions

from lab import Lab, LabError, choices, topology
from lab.cluster import kube, nodes
from tests.lab.balancers import balancer

pytestmark = [pytest.mark.lab, pytest.mark.disruptive]
OLD = ipaddress.ip_network("10.96.0.0/12")
NEW = ipaddress.ip_network("fd00:10:96::/112")


@pytest.fixture
def service(lab: Lab) -> Iterator[dict[str, Any]]:
    """A manifest of a Service of a name that nobody else has; what was made of it is removed."""
    name = f"lab-{uuid.uuid4().hex[:8]}"
    spec = {
        "type": "LoadBalancer",
        "loadBalancerClass": "example.org/none",
        "ports": [{"name": "http", "port": 80}],
    }
    yield {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}
    lab.kubectl("delete", "service", name, "--ignore-not-found")


@pytest.mark.parametrize(
    ("asked", "families"),
    [
        ({}, [OLD]),
        ({"ipFamilyPolicy": "PreferDualStack"}, [OLD, NEW]),
        ({"ipFamilyPolicy": "RequireDualStack", "ipFamilies": ["IPv6", "IPv4"]}, [NEW, OLD]),
        ({"ipFamilies": ["IPv6"]}, [NEW]),
    ],
    ids=["nothing", "prefer", "require, IPv6 first", "IPv6"],
)
def test_families_of_services(
    lab: Lab, service: dict[str, Any], asked: dict[str, Any], families: list[Any]
) -> None:
    """The API server takes them all, with cluster IPs in order; who asks for nothing has IPv4."""
    service["spec"].update(asked)
    made = json.loads(lab.kubectl("apply", "-o", "json", "-f", "-", stdin=json.dumps(service)))
    spec = made["spec"]
    assert spec["ipFamilies"] == [f"IPv{network.version}" for network in families]
    for address, network in zip(spec["clusterIPs"], families, strict=True):
        assert ipaddress.ip_address(address) in network


def test_nodes_have_both_families(lab: Lab) -> None:
    """IPv4 first; the node's port in Neutron holds both."""
    items = json.loads(lab.kubectl("get", "nodes", "-o", "json"))["items"]
    found = {item["metadata"]["name"]: item["status"]["addresses"] for item in items}
    network = lab.openstack().network
    for name, address in topology.NODES.items():
        both = list(topology.families(address))
        assert [a["address"] for a in found[name] if a["type"] == "InternalIP"] == both
        port = network.find_port(name, ignore_missing=False)
        assert [fixed["ip_address"] for fixed in port.fixed_ips] == both


def test_a_vip_of_ipv6(lab: Lab) -> None:
    """Octavia gives one alone or beside IPv4, and haproxy answers there within the cloud.

    No member is behind it: so the answer is 503.
    """
    subnet = lab.choices.ipv6_subnets[topology.DEMO_SUBNET_V6]
    pool = {"name": "web", "protocol": "HTTP", "lb_algorithm": "ROUND_ROBIN"}
    listener = {"name": "web", "protocol": "HTTP", "protocol_port": 80, "default_pool": pool}
    api = lab.openstack().load_balancer
    own = ipaddress.ip_network(topology.DEMO_CIDR_V6)
    alone = api.create_load_balancer(name="lab-v6", vip_subnet_id=subnet, listeners=[listener])
    with balancer(lab, "lab-v46", [listener], additional_vips=[{"subnet_id": subnet}]) as beside:
        try:
            vip = lab.wait_active(alone.id).vip_address
            other = api.get_load_balancer(beside.id).additional_vips[0]["ip_address"]
            for address in (vip, other):
                assert ipaddress.ip_address(address) in own
                show = (
                    "-s",
                    "-m",
                    "5",
                    "-o",
                    "/dev/null",
                    "-w",
                    "%{http_code}",
                    f"http://[{address}]/",
                )
                assert lab.run_in("cloud", "curl", *show) == "503"
            assert beside.code() == 503
        finally:
            api.delete_load_balancer(alone.id, cascade=True)
            lab.wait_gone(alone.id)


def test_a_network_without_a_subnet(lab: Lab) -> None:
    """Who names the network only gets a VIP of IPv4, as before."""
    cloud = lab.openstack()
    net = cloud.network.find_network(topology.DEMO_NETWORK, ignore_missing=False)
    made = cloud.load_balancer.create_load_balancer(name="lab-net", vip_network_id=net.id)
    assert ipaddress.ip_address(made.vip_address) in ipaddress.ip_network(topology.DEMO_CIDR)
    lab.wait_active(made.id)
    cloud.load_balancer.delete_load_balancer(made.id)
    lab.wait_gone(made.id)


def test_flavor_and_zone(lab: Lab) -> None:
    """A tenant finds each by name; a load balancer has what was asked for; others are refused."""
    api = lab.openstack().load_balancer
    assert {each.name: each.id for each in api.flavors()} == lab.choices.flavors
    assert {each.name for each in api.availability_zones()} == set(lab.choices.zones)
    for flavor, zone in zip(lab.choices.flavors.values(), lab.choices.zones, strict=True):
        with balancer(lab, "lab-flavor", [], flavor_id=flavor, availability_zone=zone) as made:
            found = api.get_load_balancer(made.id)
            assert (found.flavor_id, found.availability_zone) == (flavor, zone)
    subnet = lab.openstack().network.find_subnet(topology.DEMO_SUBNET, ignore_missing=False)
    for wrong in ({"flavor_id": subnet.id}, {"availability_zone": "zone-z"}):
        with pytest.raises(exceptions.SDKException, match=r"not found|Invalid|does not exist"):
            api.create_load_balancer(name="lab-wrong", vip_subnet_id=subnet.id, **wrong)


def test_floating_subnets(lab: Lab) -> None:
    """A tenant finds them by name and tags, and gets the first unless the second is named."""
    network = lab.openstack().network
    public = network.find_network(topology.PUBLIC_NETWORK, ignore_missing=False)
    found = {each.name: each for each in network.subnets(network_id=public.id)}
    assert {name: each.id for name, each in found.items()} == lab.choices.floating_subnets
    for name, tags in topology.FLOATING_TAGS.items():
        assert sorted(found[name].tags) == sorted(tags)
        tagged = network.subnets(network_id=public.id, tags=",".join(tags))
        assert [each.name for each in tagged] == [name]
    for asked, cidr in (
        ({}, topology.PUBLIC_CIDR),
        ({"subnet_id": found[topology.PARTNER_SUBNET].id}, topology.PARTNER_CIDR),
    ):
        made = network.create_ip(floating_network_id=public.id, **asked)
        network.delete_ip(made)
        assert ipaddress.ip_address(made.floating_ip_address) in ipaddress.ip_network(cidr)


def test_the_second_floating_subnet_carries(lab: Lab) -> None:
    """A client on the internet gets an answer through an address of the second subnet."""
    lab.nodes.open(31080)
    pool = {
        "name": "web",
        "protocol": "HTTP",
        "lb_algorithm": "ROUND_ROBIN",
        "members": [{"address": topology.NODES["node-1"], "protocol_port": 31080}],
    }
    listener = {"name": "web", "protocol": "HTTP", "protocol_port": 80, "default_pool": pool}
    subnet = lab.choices.floating_subnets[topology.PARTNER_SUBNET]
    try:
        with balancer(lab, "lab-partner", [listener], floating_subnet=subnet) as made:
            assert made.floating_ip.startswith("172.25.")
            made.answers(80)
            assert set(made.nodes(2)) == {"node-1"}
    finally:
        lab.nodes.close(31080)


def test_an_older_laboratory(lab: Lab) -> None:
    """The next `up` adds what its state lacks, and touches nothing that is there."""
    before = choices.Choices.read(lab.settings)
    choices.file(lab.settings).unlink()
    (lab.settings.state / "cluster-nodes-ipv6.done").unlink()
    nodes.set_addresses(kube.Client.of(lab.settings), "node-1", "10.0.0.11")
    admin = lab.openstack("admin")
    admin.load_balancer.delete_flavor(before.flavors["large"])
    admin.load_balancer.delete_flavor_profile(
        admin.load_balancer.find_flavor_profile("large", ignore_missing=False)
    )
    with pytest.raises(LabError, match="python -m lab up"):
        _ = lab.choices
    lab.up()
    after = lab.choices
    assert after.floating_subnets == before.floating_subnets
    assert after.ipv6_subnets == before.ipv6_subnets
    assert after.flavors["small"] == before.flavors["small"]
    assert (
        admin.load_balancer.find_flavor("large", ignore_missing=False).id == after.flavors["large"]
    )
    test_nodes_have_both_families(lab)
