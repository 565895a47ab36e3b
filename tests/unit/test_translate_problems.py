"""Services become problems: each names field, found and expected, and all are told at once."""

from typing import Any

import pytest

from tests.fakes import objects, translating
from tfgen import errors

L = "loadbalancer.openstack.org/"
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
    assert translating.problems(**fields) == [told]


def test_all_problems_of_a_service_are_told_at_once() -> None:
    """Whoever corrects a Service sees everything in one run, a malformed field included."""
    told = translating.problems(
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
    (told,) = translating.problems(live=True, allocateLoadBalancerNodePorts=False, ports=ports)
    assert told == (
        'spec.ports[0].nodePort is "missing"; expected a node port, and '
        "spec.allocateLoadBalancerNodePorts: false means there will never be one. Set "
        "spec.allocateLoadBalancerNodePorts to true, or give the port a nodePort."
    )
    made = translating.load_balancer(live=True, allocateLoadBalancerNodePorts=False)
    assert made.ports[0].node_port == 30080


def test_a_provider_of_ones_own_takes_any_algorithm() -> None:
    """What a provider can do is known for amphora alone."""
    service = objects.service(annotations={L + "lb-method": "SOURCE_IP_PORT"})
    (made,) = translating.translated(service, octavia={"provider": "ovn"}).load_balancers
    assert made.ports[0].lb_method == "SOURCE_IP_PORT"


def test_an_algorithm_of_the_settings_is_named_as_such() -> None:
    """The problem names the layer that said it."""
    translation = translating.translated(
        objects.service(), defaults={"lb_method": "SOURCE_IP_PORT"}
    )
    assert translation.problems[0].field == "setting defaults.lb_method"


@pytest.mark.parametrize(
    "section", [{"claim": {"selector": "a b"}}, {"members": {"node_selector": "a b"}}]
)
def test_a_bad_selector_in_the_settings_is_a_settings_error(section: dict[str, Any]) -> None:
    """That is nobody's Service's fault."""
    with pytest.raises(errors.SettingsError, match="selector is 'a b'"):
        translating.translated(objects.service(), **section)
