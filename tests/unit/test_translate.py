"""Services become load balancers or problems, and nothing of one touches another."""

from typing import Any

import pytest

from tests.fakes import objects
from tfgen import errors, model, translate

WEB = model.ServiceKey("shop", "web")
L = "loadbalancer.openstack.org/"


def translated(
    *services: objects.Json,
    live: bool = False,
    frozen: dict[model.ServiceKey, model.Frozen] | None = None,
    **settings: Any,  # noqa: ANN401  any section of the settings
) -> model.Translation:
    """Translate Services beside three nodes."""
    context = translate.Context(objects.settings(**settings), frozen or {}, live=live)
    return translate.translate(objects.listing(services, objects.nodes()), context)


def load_balancer(*, live: bool = False, **spec: Any) -> model.LoadBalancer:  # noqa: ANN401  any field
    """Translate one right Service."""
    translation = translated(objects.service("shop/web", **spec), live=live)
    assert translation.problems == ()
    (only,) = translation.load_balancers
    return only


def problems(*, live: bool = False, **spec: Any) -> list[str]:  # noqa: ANN401  any field
    """Give the problems of one wrong Service, without its name."""
    translation = translated(objects.service("shop/web", **spec), live=live)
    assert translation.load_balancers == ()
    assert translation.held == {WEB}
    return [str(problem).removeprefix("Service shop/web: ") for problem in translation.problems]


def test_a_plain_service_gets_every_default() -> None:
    """All that Octavia is told is said, with OCCM's values where the Service says nothing."""
    assert load_balancer() == model.LoadBalancer(
        service=WEB,
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
    (made,) = translated(objects.service(), defaults=defaults).load_balancers
    (port,) = made.ports
    assert (made.internal, made.frozen.floating_network) == (True, "")
    assert (port.lb_method, port.connection_limit, port.monitor) == ("SOURCE_IP", 7, None)
    assert port.timeouts == model.Timeouts(client_data=1)


def test_ports_are_keyed_by_protocol_and_number() -> None:
    """Order and names do not matter; UDP has its own kind of monitor."""
    ports = [objects.port(443), objects.port(53, "UDP", name="dns"), objects.port(53, name="x")]
    made = load_balancer(ports=ports).ports
    assert [port.key for port in made] == ["tcp-53", "tcp-443", "udp-53"]
    assert [port.monitor and port.monitor.type for port in made] == ["TCP", "TCP", "UDP-CONNECT"]
    assert load_balancer(ports=ports[::-1]).ports == made


def test_a_port_without_protocol_is_tcp() -> None:
    """Kubernetes' own default."""
    assert load_balancer(ports=[{"port": 80, "nodePort": 30080}]) == load_balancer()


def test_session_affinity_is_persistence() -> None:
    """ClientIP keeps a client on one member."""
    assert load_balancer(sessionAffinity="ClientIP").ports[0].persistence == "SOURCE_IP"
    assert load_balancer(sessionAffinity="None").ports[0].persistence is None


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
    assert load_balancer(**spec).ports[0].allowed_cidrs == allowed


def test_the_field_wins_over_the_annotation() -> None:
    """As in Kubernetes, the annotation counts where the field is empty; it is checked anyway."""
    key = "service.beta.kubernetes.io/load-balancer-source-ranges"
    field: dict[str, Any] = {"loadBalancerSourceRanges": ["192.0.2.0/24"]}
    made = load_balancer(annotations={key: "10.0.0.0/8"}, **field)
    assert made.ports[0].allowed_cidrs == ("192.0.2.0/24",)
    assert problems(annotations={key: "ten"}, **field)[0].startswith(f'annotation {key} is "ten"')


def test_a_node_port_service_says_it_by_our_annotation() -> None:
    """Kubernetes takes neither the field nor the other annotation on it."""
    ours, other = "tfgen.io/source-ranges", "service.beta.kubernetes.io/load-balancer-source-ranges"
    found = {"tfgen.io/expose": "true", ours: "192.0.2.0/24", other: "10.0.0.0/8"}
    made = load_balancer(type="NodePort", loadBalancerClass=..., annotations=found)
    assert made.ports[0].allowed_cidrs == ("192.0.2.0/24",)


def test_an_ipv6_range_in_an_annotation_is_named() -> None:
    """The problem names where it stands."""
    (told,) = problems(annotations={"tfgen.io/source-ranges": "2001:db8::/32"})
    assert told.startswith('annotation tfgen.io/source-ranges is "2001:db8::/32"; expected IPv4')


def test_an_internal_service_has_no_floating_ip() -> None:
    """Neither the network nor a floating network in the settings is needed."""
    key = "service.beta.kubernetes.io/openstack-internal-load-balancer"
    service = objects.service(annotations={key: "true"})
    (made,) = translated(service, network={"subnet_id": objects.SUBNET}).load_balancers
    assert (made.internal, made.frozen.floating_network) == (True, "")


def test_an_external_service_needs_an_external_network() -> None:
    """The problem names the setting and both ways out."""
    translation = translated(objects.service("shop/web"), network={"subnet_id": objects.SUBNET})
    (told,) = translation.problems
    assert str(told) == (
        'Service shop/web: setting network.floating_networks is "empty"; expected an external '
        "network, for the Service is not internal. Add one to tfgen.yaml (tfgen init lists them), "
        "or make the Service internal."
    )


def test_a_network_stands_where_no_subnet_is_given() -> None:
    """Octavia picks the subnet; members then have none."""
    network = {"network_id": objects.SUBNET, "floating_networks": [{"name": "public"}]}
    (made,) = translated(objects.service(), network=network).load_balancers
    assert (made.frozen.vip_subnet_id, made.frozen.vip_network_id) == ("", objects.SUBNET)
    assert made.member_subnet_id == ""


def test_a_network_beside_a_subnet_is_sent_too() -> None:
    """Octavia then says whether the two belong together; nothing that was given is dropped."""
    other = "22222222-2222-3333-4444-555555555555"
    network = {**objects.SETTINGS["network"], "network_id": other}
    (made,) = translated(objects.service(), network=network).load_balancers
    assert made.frozen.vip_subnet_id == objects.SUBNET
    assert made.frozen.vip_network_id == other


def test_the_longest_names_stay_within_octavias_limits() -> None:
    """Names of 63 characters each fit into 255, with the port's key behind them."""
    name = "a" * 63
    service = objects.service(f"{name}/{name}", ports=[objects.port(65535, nodePort=32767)])
    (made,) = translated(service, cluster="c" * 63).load_balancers
    assert len(f"{made.name}_{made.ports[0].key}") <= 255
    assert len(made.description) <= 255
    assert max(map(len, made.tags)) <= 255


NOT_OURS: list[dict[str, Any]] = [
    {"selector": {"app": "x"}},
    {"selector": None},
    {"clusterIP": "None", "clusterIPs": ["None"]},
    {"trafficDistribution": "PreferClose"},
    {"internalTrafficPolicy": "Local"},
    {"publishNotReadyAddresses": True},
    {"sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 10}}},
    {"externalIPs": ["192.0.2.9"]},
    {"allocateLoadBalancerNodePorts": True},
    {"healthCheckNodePort": 0},
    {"externalTrafficPolicy": "Cluster"},
    {"ipFamilies": ["IPv4"], "ipFamilyPolicy": "PreferDualStack"},
    {"ipFamilies": ["IPv4", "IPv6"], "ipFamilyPolicy": "PreferDualStack"},
    {"ipFamilyPolicy": "PreferDualStack"},
    {"ipFamilyPolicy": "SingleStack"},
    {"allocateLoadBalancerNodePorts": None},
    {"loadBalancerIP": ""},
    {"loadBalancerIP": None},
    {"ports": [objects.port(80, targetPort="http", name="x", appProtocol="kubernetes.io/h2c")]},
    {"labels": {"anything": "at all"}},
    {"someday": {"a new field": [1]}},
    {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}"}},
]


@pytest.mark.parametrize("fields", NOT_OURS, ids=str)
def test_fields_that_are_not_ours_change_nothing(fields: dict[str, Any]) -> None:
    """What has no effect on a load balancer holds no Service and changes no byte."""
    assert load_balancer(**fields) == load_balancer()


NO_NUMBERS: tuple[object, ...] = ("", False, [])
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"ports": []}, 'spec.ports is "empty"; expected at least one port. Correct it.'),
    ({"ports": ...}, 'spec.ports is "empty"; expected at least one port. Correct it.'),
    ({"ports": {}}, 'spec.ports is "{}"; expected a list. Correct it.'),
    ({"ports": [80]}, 'spec.ports[0] is "80"; expected an object. Correct it.'),
    (
        {"ports": [{}]},
        'spec.ports[0].port is "missing"; expected a whole number from 1 to 65535. Correct it.',
    ),
    (
        {"ports": [objects.port(0)]},
        'spec.ports[0].port is "0"; expected a whole number from 1 to 65535. Correct it.',
    ),
    (
        {"ports": [objects.port(80), objects.port(65536, nodePort=1)]},
        'spec.ports[1].port is "65536"; expected a whole number from 1 to 65535. Correct it.',
    ),
    (
        {"ports": [{"port": "80"}]},
        'spec.ports[0].port is "80"; expected a whole number. Correct it.',
    ),
    (
        {"ports": [{"port": 80.0}]},
        'spec.ports[0].port is "80.0"; expected a whole number. Correct it.',
    ),
    (
        {"ports": [{"port": True}]},
        'spec.ports[0].port is "True"; expected a whole number. Correct it.',
    ),
    (
        {"ports": [objects.port(80, nodePort=70000)]},
        'spec.ports[0].nodePort is "70000"; expected a whole number from 1 to 65535. Correct it.',
    ),
    (
        {"ports": [objects.port(80), objects.port(80)]},
        (
            'spec.ports[1] is "tcp-80"; expected a protocol and port that no other entry has. '
            "Correct it."
        ),
    ),
    (
        {"ports": [objects.port(80, "tcp")]},
        'spec.ports[0].protocol is "tcp"; expected TCP, UDP or SCTP. Correct it.',
    ),
    (
        {"ports": [{**objects.port(80), "protocol": 1}]},
        'spec.ports[0].protocol is "1"; expected a text. Correct it.',
    ),
    (
        {"sessionAffinity": "Cookie"},
        'spec.sessionAffinity is "Cookie"; expected None or ClientIP. Correct it.',
    ),
    ({"sessionAffinity": []}, 'spec.sessionAffinity is "[]"; expected a text. Correct it.'),
    (
        {"loadBalancerSourceRanges": "10.0.0.0/8"},
        'spec.loadBalancerSourceRanges is "10.0.0.0/8"; expected a list. Correct it.',
    ),
    (
        {"loadBalancerSourceRanges": [10]},
        'spec.loadBalancerSourceRanges is "10"; expected a list of texts. Correct it.',
    ),
    (
        {"loadBalancerSourceRanges": ["10.0.0.0/8", "10.0.0.1"]},
        (
            'spec.loadBalancerSourceRanges is "10.0.0.0/8, 10.0.0.1"; expected CIDRs such as '
            "192.0.2.0/24 or 2001:db8::/32. Correct it."
        ),
    ),
    (
        {"loadBalancerSourceRanges": ["2001:db8::/32", "10.0.0.0/8"]},
        (
            'spec.loadBalancerSourceRanges is "2001:db8::/32"; expected IPv4 CIDRs, for the '
            "address is IPv4. Remove what is IPv6."
        ),
    ),
    ({"ipFamilies": "IPv4"}, 'spec.ipFamilies is "IPv4"; expected a list. Correct it.'),
    ({"ipFamilies": ["IPv5"]}, 'spec.ipFamilies is "IPv5"; expected IPv4 or IPv6. Correct it.'),
    (
        {"ipFamilyPolicy": "PreferDualstack"},
        (
            'spec.ipFamilyPolicy is "PreferDualstack"; expected one of SingleStack, '
            "PreferDualStack, RequireDualStack. Correct it."
        ),
    ),
    ({"ipFamilyPolicy": {}}, 'spec.ipFamilyPolicy is "{}"; expected a text. Correct it.'),
    (
        {"externalTrafficPolicy": "local"},
        'spec.externalTrafficPolicy is "local"; expected one of Cluster, Local. Correct it.',
    ),
    (
        {"externalTrafficPolicy": ["Local"]},
        """spec.externalTrafficPolicy is "['Local']"; expected a text. Correct it.""",
    ),
    ({"loadBalancerIP": 0}, 'spec.loadBalancerIP is "0"; expected a text. Correct it.'),
    (
        {"allocateLoadBalancerNodePorts": "false"},
        'spec.allocateLoadBalancerNodePorts is "false"; expected a boolean. Correct it.',
    ),
    *(
        (
            {"ports": [{"port": 80, "nodePort": found}]},
            f'spec.ports[0].nodePort is "{found}"; expected a whole number. Correct it.',
        )
        for found in NO_NUMBERS
    ),
    ({"annotations": []}, 'metadata.annotations is "[]"; expected an object. Correct it.'),
    (
        {"annotations": {L + "health-monitor-delay": "3"}},
        (
            f'annotation {L}health-monitor-delay is "3 s"; expected a timeout of 3 s to be less '
            f"than the delay of 3 s. Lower {L}health-monitor-timeout, or raise "
            f"{L}health-monitor-delay."
        ),
    ),
    (
        {"annotations": {L + "health-monitor-timeout": "9"}},
        (
            f'annotation {L}health-monitor-timeout is "9 s"; expected a timeout of 9 s to be less '
            f"than the delay of 5 s. Lower {L}health-monitor-timeout, or raise "
            f"{L}health-monitor-delay."
        ),
    ),
    (
        {"annotations": {L + "lb-method": "SOURCE_IP_PORT"}},
        (
            f'annotation {L}lb-method is "SOURCE_IP_PORT"; expected an algorithm of Octavia '
            "provider amphora. Choose ROUND_ROBIN, LEAST_CONNECTIONS or SOURCE_IP."
        ),
    ),
]


@pytest.mark.parametrize(("fields", "told"), WRONG, ids=str)
def test_a_wrong_field_is_a_problem_by_name(fields: dict[str, Any], told: str) -> None:
    """The problem names field, found, expected; the Service is held."""
    assert problems(**fields) == [told]


def test_all_problems_of_a_service_are_told_at_once() -> None:
    """Whoever corrects a Service sees everything in one run, a malformed field included."""
    told = problems(
        annotations={L + "connection-limit": "many", L + "flavour": "x"},
        externalTrafficPolicy="local",
        ports=[objects.port(0), 7],
    )
    assert [problem.partition(" is ")[0] for problem in told] == [
        f"annotation {L}connection-limit",
        f"annotation {L}flavour",
        "spec.externalTrafficPolicy",
        "spec.ports[0].port",
        "spec.ports[1]",
    ]


def test_a_live_service_that_gets_no_node_ports_is_a_problem() -> None:
    """In the cluster there will never be one; the message says what to set."""
    ports = [objects.port(80, nodePort=0)]
    (told,) = problems(live=True, allocateLoadBalancerNodePorts=False, ports=ports)
    assert told == (
        'spec.ports[0].nodePort is "missing"; expected a node port, and '
        "spec.allocateLoadBalancerNodePorts: false means there will never be one. Set "
        "spec.allocateLoadBalancerNodePorts to true, or give the port a nodePort."
    )
    made = load_balancer(live=True, allocateLoadBalancerNodePorts=False)
    assert made.ports[0].node_port == 30080


def test_a_manifest_without_node_ports_awaits_them() -> None:
    """A manifest in Git has none yet: they are facts, to be filled in from the cluster."""
    made = load_balancer(allocateLoadBalancerNodePorts=False, ports=[{"port": 80}])
    assert made.ports[0].node_port is None


NAMES = [
    ("metadata.namespace", {"namespace": "../../etc", "name": "web"}),
    ("metadata.namespace", {"namespace": "Shop", "name": "web"}),
    ("metadata.name", {"namespace": "shop", "name": "a_b"}),
    ("metadata.name", {"namespace": "shop", "name": "a/../../b"}),
    ("metadata.name", {"namespace": "shop", "name": 'a"${file(1)}'}),
    ("metadata.name", {"namespace": "shop", "name": "x" * 64}),
    ("metadata.name", {"namespace": "shop"}),
    ("metadata.name", {"namespace": "shop", "name": "\x1b[2J"}),
]


@pytest.mark.parametrize(("field", "metadata"), NAMES)
def test_a_name_that_kubernetes_would_refuse_is_refused(
    field: str, metadata: dict[str, str]
) -> None:
    """Names become paths, labels and tags: nothing else gets in, and nothing is shown raw."""
    translation = translated({**objects.service(), "metadata": metadata})
    (told,) = translation.problems
    assert (told.field, told.expected) == (field, "a DNS label of at most 63 characters")
    assert str(told).isprintable()


def test_a_service_without_namespace_is_in_default() -> None:
    """Where kubectl would put it."""
    translation = translated({**objects.service(), "metadata": {"name": "web"}})
    assert [lb.service for lb in translation.load_balancers] == [model.ServiceKey("default", "web")]


def test_one_wrong_service_touches_no_other() -> None:
    """The right one is translated, the wrong one held; the others' are not mentioned."""
    translation = translated(
        objects.service("shop/right"),
        objects.service("shop/wrong", sessionAffinity="x"),
        objects.service("shop/foreign", loadBalancerClass="x/y", sessionAffinity="x"),
        objects.service("shop/internal", type="ClusterIP", loadBalancerClass=...),
    )
    assert [str(lb.service) for lb in translation.load_balancers] == ["shop/right"]
    assert {str(key) for key in translation.held} == {"shop/wrong"}
    assert {str(key) for key in translation.unclaimed} == {"shop/foreign"}
    assert {str(problem.service) for problem in translation.problems} == {"shop/wrong"}


def test_creation_only_values_are_kept_and_told() -> None:
    """A new setting holds for new load balancers only: a notice, not a plan that fails."""
    old = model.Frozen("old-subnet", "", "amphora", "", "", "old-net", objects.SUBNET)
    translation = translated(objects.service("shop/web"), frozen={WEB: old})
    assert translation.load_balancers[0].frozen == old
    assert [str(notice) for notice in translation.notices] == [
        (
            "Service shop/web: keeps vip_subnet_id 'old-subnet', not "
            f"'{objects.SUBNET}'; floating_network 'old-net', not 'public': new values hold for "
            "new load balancers only (--allow-address-change shop/web takes them, and replaces "
            "the load balancer)"
        )
    ]


def test_consent_takes_the_new_values() -> None:
    """With --allow-address-change the settings' values come, and prevent_destroy goes."""
    old = model.Frozen("old-subnet", "", "amphora", "", "", "old-net", objects.SUBNET)
    context = translate.Context(objects.settings(), {WEB: old}, frozenset({WEB}))
    listing = objects.listing([objects.service("shop/web")])
    (made,) = translate.translate(listing, context).load_balancers
    assert (made.frozen.vip_subnet_id, made.address_may_change) == (objects.SUBNET, True)


def test_the_floating_network_counts_when_a_service_becomes_external() -> None:
    """An internal load balancer has none; the one of the settings is taken then, in silence."""
    kept = model.Frozen(objects.SUBNET, "", "amphora", member_subnet_id=objects.SUBNET)
    translation = translated(objects.service("shop/web"), frozen={WEB: kept})
    assert translation.load_balancers[0].frozen.floating_network == "public"
    assert translation.notices == ()


def test_a_provider_of_ones_own_takes_any_algorithm() -> None:
    """What a provider can do is known for amphora alone."""
    service = objects.service(annotations={L + "lb-method": "SOURCE_IP_PORT"})
    (made,) = translated(service, octavia={"provider": "ovn"}).load_balancers
    assert made.ports[0].lb_method == "SOURCE_IP_PORT"


def test_an_algorithm_of_the_settings_is_named_as_such() -> None:
    """The problem names the layer that said it."""
    translation = translated(objects.service(), defaults={"lb_method": "SOURCE_IP_PORT"})
    assert translation.problems[0].field == "setting defaults.lb_method"


@pytest.mark.parametrize(
    "section", [{"claim": {"selector": "a b"}}, {"members": {"node_selector": "a b"}}]
)
def test_a_bad_selector_in_the_settings_is_a_settings_error(section: dict[str, Any]) -> None:
    """That is nobody's Service's fault."""
    with pytest.raises(errors.SettingsError, match="selector is 'a b'"):
        translated(objects.service(), **section)
