"""A class lays its values over the settings; annotations, and what one port says, over both."""

from typing import Any

import pytest

from tests.fakes import objects
from tfgen import config, model, translate

L, T = "loadbalancer.openstack.org/", "tfgen.io/"
FLAVOR = "99999999-2222-3333-4444-555555555555"
GOLD: dict[str, Any] = {
    "flavor_id": FLAVOR,
    "lb_method": "LEAST_CONNECTIONS",
    "monitor": {"delay": 10},
    "timeouts": {"client_data": 60_000},
}


def translated(ports: list[Any] | None = None, /, **annotations: str) -> model.Translation:
    """Translate one Service of these annotations where class gold is known."""
    service = objects.service(
        "shop/web", ports=ports or [objects.port(80)], annotations=annotations
    )
    settings = objects.settings(
        classes={"gold": GOLD}, defaults={"monitor": {"timeout": 4}, "connection_limit": 9}
    )
    context = translate.Context(settings, {}, live=False)
    return translate.translate(objects.listing([service], objects.nodes()), context)


def only(found: model.Translation) -> model.LoadBalancer:
    """Give the load balancer of a right Service."""
    assert found.problems == ()
    return found.load_balancers[0]


def test_a_class_says_what_it_says_and_no_more() -> None:
    """What a class leaves out is as in the settings, in its sections too."""
    load_balancer = only(translated(**{L + "class": "gold"}))
    (port,) = load_balancer.ports
    assert load_balancer.frozen.flavor_id == FLAVOR
    assert port.lb_method == "LEAST_CONNECTIONS"
    assert port.monitor == model.Monitor("TCP", 10, 4, 1, 3)
    assert port.timeouts == model.Timeouts(client_data=60_000)
    assert port.connection_limit == 9


def test_an_annotation_wins_over_its_class() -> None:
    """Precedence: annotation over class."""
    found = only(translated(**{L + "class": "gold", L + "lb-method": "SOURCE_IP"}))
    assert found.ports[0].lb_method == "SOURCE_IP"


@pytest.mark.parametrize("name", ["https", "443", "tcp-443"])
def test_a_port_wins_over_its_service(name: str) -> None:
    """A port is called by its name, its number, or protocol and number."""
    ports = [objects.port(80, name="http"), objects.port(443, name="https")]
    own = {f"{T}port.{name}.lb-method": "SOURCE_IP", L + "lb-method": "ROUND_ROBIN"}
    http, https = only(translated(ports, **own)).ports
    assert (http.lb_method, https.lb_method) == ("ROUND_ROBIN", "SOURCE_IP")


def test_a_number_can_be_of_two_protocols() -> None:
    """The number says it for both, protocol and number for one, and the latter wins."""
    ports = [objects.port(443, name="t"), objects.port(443, "UDP", name="u", nodePort=30_444)]
    own = {
        T + "port.443.timeout-client-data": "1000",
        T + "port.udp-443.timeout-client-data": "2000",
    }
    tcp, udp = only(translated(ports, **own)).ports
    assert [p.timeouts and p.timeouts.client_data for p in (tcp, udp)] == [1000, 2000]


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("port.81.lb-method", "SOURCE_IP", '"81"; expected the name or number of a port'),
        ("port.80.lb-methd", "SOURCE_IP", "Did you mean tfgen.io/port.80.lb-method?"),
        ("port.80.protect", "true", '"protect"; expected a setting that one port can have'),
        ("port.80.lb-method", "RANDOM", f"annotation {T}port.80.lb-method is"),
        ("port.lb-method", "SOURCE_IP", '""; expected the name or number of a port'),
    ],
)
def test_what_says_nothing_of_a_port_is_a_problem(key: str, value: str, said: str) -> None:
    """Never ignored: the port, the setting and the value are checked, and told by their key."""
    (problem,) = translated(**{T + key: value}).problems
    assert said in str(problem)


def test_a_class_that_is_unknown_is_a_problem() -> None:
    """The classes that there are stand in the message."""
    (problem,) = translated(**{L + "class": "golden"}).problems
    assert "expected a class of the settings (gold)" in str(problem)


def test_what_a_provider_lacks_is_told_of_the_class() -> None:
    """The setting that gave the value is named where it stands."""
    settings = objects.settings(classes={"ovn": {"provider": "ovn", "lb_method": "SOURCE_IP"}})
    service = objects.service("shop/web", annotations={L + "class": "ovn"})
    context = translate.Context(settings, {}, live=False)
    found = translate.translate(objects.listing([service], objects.nodes()), context)
    assert [problem.field for problem in found.problems] == ["setting classes.ovn.lb_method"]


def test_a_class_with_a_network_takes_no_subnet_of_the_settings() -> None:
    """A VIP has the one or the other."""
    settings = objects.settings(classes={"wide": {"network_id": FLAVOR}})
    network = config.Profile(settings, "wide").settings.network
    assert (network.network_id, network.subnet_id) == (FLAVOR, "")
