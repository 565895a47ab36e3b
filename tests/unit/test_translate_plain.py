"""Services become load balancers: what a Service says, and what holds where it says nothing."""

from typing import Any

import pytest

from tests.fakes import objects, translating
from tfgen import model


def test_a_plain_service_gets_every_default() -> None:
    """All that Octavia is told is said, with OCCM's values where the Service says nothing."""
    assert translating.load_balancer() == model.LoadBalancer(
        service=translating.WEB,
        name="demo_shop_web",
        description="Kubernetes Service shop/web of cluster demo",
        tags=(
            "tfgen",
            "tfgen_cluster=demo",
            "tfgen_service=shop_web",
            "tfgen_tree=3f9c1a2b4d5e6f70",
        ),
        frozen=model.Frozen(
            vip_subnet_id=objects.SUBNET,
            provider="amphora",
            floating_network="public",
            member_subnet_id=objects.SUBNET,
        ),
        internal=False,
        member_subnet_id=objects.SUBNET,
        node_group="default",
        ports=(
            model.Port(
                protocol=model.Protocol.TCP,
                port=80,
                node_port=30080,
                listener_protocol="TCP",
                pool_protocol="TCP",
                lb_method="ROUND_ROBIN",
                persistence=None,
                connection_limit=-1,
                timeouts=model.Timeouts(50_000, 5_000, 50_000, 0),
                monitor=model.Monitor("TCP", 5, 3, 1, 3),
                allowed_cidrs=("0.0.0.0/0",),
            ),
        ),
    )


def test_settings_stand_where_a_service_says_nothing() -> None:
    """Defaults of the settings reach every Service."""
    defaults = {
        "internal": True,
        "lb_method": "SOURCE_IP",
        "connection_limit": 7,
        "monitor": {"enabled": False},
        "timeouts": {"client_data": 1},
    }
    (made,) = translating.translated(objects.service(), defaults=defaults).load_balancers
    (port,) = made.ports
    assert (made.internal, made.frozen.floating_network) == (True, "")
    assert (port.lb_method, port.connection_limit, port.monitor) == ("SOURCE_IP", 7, None)
    assert port.timeouts == model.Timeouts(client_data=1)


def test_ports_are_keyed_by_protocol_and_number() -> None:
    """Order and names do not matter; UDP has its own kind of monitor."""
    ports = [objects.port(443), objects.port(53, "UDP", name="dns"), objects.port(53, name="x")]
    made = translating.load_balancer(ports=ports).ports
    assert [port.key for port in made] == ["tcp-53", "tcp-443", "udp-53"]
    assert [port.monitor and port.monitor.type for port in made] == ["TCP", "TCP", "UDP-CONNECT"]
    assert translating.load_balancer(ports=ports[::-1]).ports == made


def test_a_port_without_protocol_is_tcp() -> None:
    """Kubernetes' own default."""
    assert (
        translating.load_balancer(ports=[{"port": 80, "nodePort": 30080}])
        == translating.load_balancer()
    )


def test_session_affinity_is_persistence() -> None:
    """ClientIP keeps a client on one member."""
    assert translating.load_balancer(sessionAffinity="ClientIP").ports[0].persistence == "SOURCE_IP"
    assert translating.load_balancer(sessionAffinity="None").ports[0].persistence is None


SOURCES: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({}, ("0.0.0.0/0",)),
    ({"loadBalancerSourceRanges": []}, ("0.0.0.0/0",)),
    (
        {"loadBalancerSourceRanges": ["192.0.2.1/24", " 10.0.0.0/8 "]},
        ("10.0.0.0/8", "192.0.2.0/24"),
    ),
]


@pytest.mark.parametrize(("spec", "allowed"), SOURCES)
def test_who_may_connect_is_always_said(spec: dict[str, Any], allowed: tuple[str, ...]) -> None:
    """Source ranges are normalised and sorted; the world is said in full, never by an absence."""
    assert translating.load_balancer(**spec).ports[0].allowed_cidrs == allowed


def test_the_field_wins_over_the_annotation() -> None:
    """As in Kubernetes, the annotation counts where the field is empty; it is checked anyway."""
    key = "service.beta.kubernetes.io/load-balancer-source-ranges"
    field: dict[str, Any] = {"loadBalancerSourceRanges": ["192.0.2.0/24"]}
    made = translating.load_balancer(annotations={key: "10.0.0.0/8"}, **field)
    assert made.ports[0].allowed_cidrs == ("192.0.2.0/24",)
    assert translating.problems(annotations={key: "ten"}, **field)[0].startswith(
        f'annotation {key} is "ten"'
    )


def test_a_node_port_service_says_it_by_our_annotation() -> None:
    """Kubernetes takes neither the field nor the other annotation on it."""
    ours, other = "tfgen.io/source-ranges", "service.beta.kubernetes.io/load-balancer-source-ranges"
    found = {"tfgen.io/expose": "true", ours: "192.0.2.0/24", other: "10.0.0.0/8"}
    made = translating.load_balancer(type="NodePort", loadBalancerClass=..., annotations=found)
    assert made.ports[0].allowed_cidrs == ("192.0.2.0/24",)


def test_an_ipv6_range_in_an_annotation_is_named() -> None:
    """The problem names where it stands."""
    (told,) = translating.problems(annotations={"tfgen.io/source-ranges": "2001:db8::/32"})
    assert told.startswith('annotation tfgen.io/source-ranges is "2001:db8::/32"; expected IPv4')


def test_an_internal_service_has_no_floating_ip() -> None:
    """Neither the network nor a floating network in the settings is needed."""
    key = "service.beta.kubernetes.io/openstack-internal-load-balancer"
    service = objects.service(annotations={key: "true"})
    (made,) = translating.translated(service, network={"subnet_id": objects.SUBNET}).load_balancers
    assert (made.internal, made.frozen.floating_network) == (True, "")


def test_an_external_service_needs_an_external_network() -> None:
    """The problem names the setting and both ways out."""
    translation = translating.translated(
        objects.service("shop/web"), network={"subnet_id": objects.SUBNET}
    )
    (told,) = translation.problems
    assert str(told) == (
        'Service shop/web: setting network.floating_networks is "empty"; expected an external '
        "network, for the Service is not internal. Add one to tfgen.yaml (tfgen init lists them), "
        "or make the Service internal."
    )


def test_a_network_stands_where_no_subnet_is_given() -> None:
    """Octavia picks the subnet; members then have none."""
    network = {"network_id": objects.SUBNET, "floating_networks": [{"name": "public"}]}
    (made,) = translating.translated(objects.service(), network=network).load_balancers
    assert (made.frozen.vip_subnet_id, made.frozen.vip_network_id) == ("", objects.SUBNET)
    assert made.member_subnet_id == ""


def test_a_network_beside_a_subnet_is_sent_too() -> None:
    """Octavia then says whether the two belong together; nothing that was given is dropped."""
    other = "22222222-2222-3333-4444-555555555555"
    network = {**objects.SETTINGS["network"], "network_id": other}
    (made,) = translating.translated(objects.service(), network=network).load_balancers
    assert made.frozen.vip_subnet_id == objects.SUBNET
    assert made.frozen.vip_network_id == other


def test_the_longest_names_stay_within_octavias_limits() -> None:
    """Names of 63 characters each fit into 255, with the port's key behind them."""
    name = "a" * 63
    service = objects.service(f"{name}/{name}", ports=[objects.port(65535, nodePort=32767)])
    (made,) = translating.translated(service, cluster="c" * 63).load_balancers
    assert len(f"{made.name}_{made.ports[0].key}") <= 255
    assert len(made.description) <= 255
    assert max(map(len, made.tags)) <= 255


def test_a_manifest_without_node_ports_awaits_them() -> None:
    """A manifest in Git has none yet: they are facts, to be filled in from the cluster."""
    made = translating.load_balancer(allocateLoadBalancerNodePorts=False, ports=[{"port": 80}])
    assert made.ports[0].node_port is None
