"""Every word of OCCM's language: its annotations, fields and options, with a value to try.

By cloud-provider-openstack's code and documentation at its version 1.36, with the annotations that
were merged and proposed after it. The names and their number are facts of that project.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ID = "11111111-2222-3333-4444-555555555555"
_L = "loadbalancer.openstack.org/"
_K = "service.beta.kubernetes.io/"
_TLS = f"https://barbican.example/v1/secrets/{ID}"


@dataclass(frozen=True, slots=True)
class Word:
    """One word, and a Service (or a line of cloud.conf) that uses it."""

    name: str
    value: Any
    """As a Service or cloud.conf has it."""
    beside: Mapping[str, Any] = field(default_factory=dict)
    """Other fields of the spec that it needs."""
    elsewhere: str = ""
    """Where it is carried out, if not by what is rendered; or why it says nothing here."""


ANNOTATIONS = (
    Word(f"{_K}openstack-internal-load-balancer", "true"),
    Word(f"{_L}load-balancer-id", ID),
    Word(f"{_L}load-balancer-address", "192.0.2.1", elsewhere="written by `publish`, never read"),
    Word(f"{_L}class", "gold"),
    Word(f"{_L}floating-network-id", ID),
    Word(f"{_L}floating-subnet-id", ID),
    Word(f"{_L}floating-subnet", "public-*"),
    Word(f"{_L}floating-subnet-tags", "blue"),
    Word(f"{_L}keep-floatingip", "true"),
    Word(f"{_L}port-id", ID),
    Word(f"{_L}subnet-id", ID),
    Word(f"{_L}network-id", ID),
    Word(f"{_L}member-subnet-id", ID),
    Word(f"{_L}node-selector", "pool=edge"),
    Word(f"{_L}connection-limit", "100"),
    Word(f"{_L}lb-method", "LEAST_CONNECTIONS"),
    Word(f"{_L}proxy-protocol", "v2"),
    Word(f"{_L}x-forwarded-for", "true"),
    Word(f"{_L}default-tls-container-ref", _TLS),
    Word(f"{_L}timeout-client-data", "60000"),
    Word(f"{_L}timeout-member-connect", "6000"),
    Word(f"{_L}timeout-member-data", "60000"),
    Word(f"{_L}timeout-tcp-inspect", "100"),
    Word(f"{_L}flavor-id", ID),
    Word(f"{_L}availability-zone", "az-1"),
    Word(f"{_L}enable-health-monitor", "false"),
    Word(f"{_L}health-monitor-delay", "10"),
    Word(f"{_L}health-monitor-timeout", "4"),
    Word(f"{_L}health-monitor-max-retries", "2"),
    Word(f"{_L}health-monitor-max-retries-down", "4"),
    Word(f"{_L}hostname", "shop.example", elsewhere="the status carries it: `publish`"),
    Word(f"{_K}load-balancer-source-ranges", "192.0.2.0/24"),
)
LATER = (
    Word(f"{_L}load-balancer-tags", "team-a"),
    Word(f"{_L}listener-tags", "team-a"),
    Word(f"{_L}pool-tags", "team-a"),
    Word(f"{_L}x-forwarded-port", "true"),
    Word(f"{_L}x-forwarded-proto", "true"),
    Word(f"{_L}node-address-type", "ExternalIP"),
    Word(f"{_L}enable-ingress-hostname", "true", elsewhere="the status carries it: `publish`"),
    Word(f"{_L}lb-provider", "ovn"),
)
"""Merged, proposed or asked for after that version."""
_PORT = {"name": "web", "port": 80, "nodePort": 30080, "protocol": "TCP"}
_YES, _NO = True, False
_HERE = "about pods or the cluster, not about the load balancer"
FIELDS = (
    Word("type", "ClusterIP", elsewhere="claims: any other type asks for no load balancer"),
    Word("loadBalancerClass", "example.com/lb", elsewhere="claims: see settings, `claim.classes`"),
    Word("ports[].port", [{**_PORT, "port": 81}]),
    Word("ports[].protocol", [{**_PORT, "protocol": "UDP"}]),
    Word("ports[].protocol (SCTP)", [{**_PORT, "protocol": "SCTP"}]),
    Word("ports[].nodePort", [{**_PORT, "nodePort": 30081}]),
    Word("ports[].targetPort", [{**_PORT, "targetPort": 8080}], elsewhere=_HERE),
    Word("ports[].name", [{**_PORT, "name": "shop"}], elsewhere="names what one port says"),
    Word(
        "ports[].appProtocol",
        [{**_PORT, "appProtocol": "https"}],
        elsewhere="decides whether TLS and headers said for all ports are for this one",
    ),
    Word("ports (none)", []),
    Word("loadBalancerIP", "192.0.2.9"),
    Word("loadBalancerSourceRanges", ["192.0.2.0/24"]),
    Word("externalTrafficPolicy", "Local", {"healthCheckNodePort": 30900}),
    Word("healthCheckNodePort", 30901, {"externalTrafficPolicy": "Local"}),
    Word("sessionAffinity", "ClientIP"),
    Word(
        "sessionAffinityConfig",
        {"clientIP": {"timeoutSeconds": 60}},
        {"sessionAffinity": "ClientIP"},
        elsewhere="neither Octavia's provider nor the engine's takes a time",
    ),
    Word("ipFamilies", ["IPv6"]),
    Word("ipFamilyPolicy", "RequireDualStack", {"ipFamilies": ["IPv4", "IPv6"]}),
    Word("allocateLoadBalancerNodePorts", _NO, {"ports": [{**_PORT, "nodePort": 0}]}),
    Word("publishNotReadyAddresses", _YES, elsewhere=_HERE),
    Word("internalTrafficPolicy", "Local", elsewhere=_HERE),
    Word("trafficDistribution", "PreferClose", elsewhere=_HERE),
    Word("selector", {"app": "shop"}, elsewhere=_HERE),
    Word("externalIPs", ["192.0.2.7"], elsewhere=_HERE),
)
OPTIONS = (
    Word("enabled", "true"),
    Word("lb-version", "v2"),
    Word("lb-provider", "ovn"),
    Word("lb-method", "LEAST_CONNECTIONS"),
    Word("subnet-id", ID),
    Word("member-subnet-id", ID),
    Word("network-id", ID),
    Word("floating-network-id", ID),
    Word("floating-subnet-id", ID),
    Word("floating-subnet", "public-*"),
    Word("floating-subnet-tags", "blue"),
    Word("create-monitor", "true"),
    Word("monitor-delay", "1m30s"),
    Word("monitor-timeout", "3s"),
    Word("monitor-max-retries", "2"),
    Word("monitor-max-retries-down", "4"),
    Word("manage-security-groups", "true"),
    Word("internal-lb", "true"),
    Word("node-selector", "pool=edge"),
    Word("cascade-delete", "true"),
    Word("flavor-id", ID),
    Word("availability-zone", "az-1"),
    Word("enable-ingress-hostname", "true"),
    Word("ingress-hostname-suffix", "example.org"),
    Word("default-tls-container-ref", _TLS),
    Word("container-store", "external"),
    Word("max-shared-lb", "4"),
    Word("provider-requires-serial-api-calls", "true"),
)
CLASS_OPTIONS = (
    Word("floating-network-id", ID),
    Word("floating-subnet-id", ID),
    Word("floating-subnet", "public-*"),
    Word("floating-subnet-tags", "blue"),
    Word("network-id", ID),
    Word("subnet-id", ID),
    Word("member-subnet-id", ID),
)
