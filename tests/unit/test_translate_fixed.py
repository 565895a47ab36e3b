"""spec.loadBalancerIP: the VIP of an internal load balancer, else a floating IP that exists."""

from typing import Any

import pytest

from tests.fakes import objects
from tfgen import model, render, translate

INTERNAL = "service.beta.kubernetes.io/openstack-internal-load-balancer"
PORT_ID = "loadbalancer.openstack.org/port-id"
WEB = model.ServiceKey("shop", "web")
OPEN: dict[str, Any] = {"attach": [{"id": "192.0.2.9", "namespaces": ["shop"]}, {"id": "a" * 32}]}


def translated(
    address: str | None,
    frozen: model.Frozen | None = None,
    found: dict[str, str] | None = None,
    **sections: Any,  # noqa: ANN401  any setting
) -> model.Translation:
    """Translate Service shop/web that asks for this address."""
    service = objects.service("shop/web", annotations=found or {}, loadBalancerIP=address)
    context = translate.Context(
        objects.settings(**{**OPEN, **sections}), {WEB: frozen} if frozen else {}
    )
    return translate.translate(objects.listing([service], objects.nodes()), context)


def made(*arguments: Any, **sections: Any) -> model.LoadBalancer:  # noqa: ANN401  any field or setting
    """Give the load balancer of a Service without a problem."""
    translation = translated(*arguments, **sections)
    assert translation.problems == ()
    return translation.load_balancers[0]


def test_a_floating_ip_that_exists_is_bound() -> None:
    """It is neither made nor destroyed, and no external network is asked for."""
    load_balancer = made("192.0.2.9", network={"subnet_id": objects.SUBNET})
    document = render.service_document(load_balancer)
    assert load_balancer.frozen.floating_network == ""
    assert 'resource "openstack_networking_floatingip_v2"' not in document
    block = document[document.index('resource "openstack_networking_floatingip_associate_v2"') :]
    assert '  floating_ip = "192.0.2.9"\n' in block
    assert "  port_id     = openstack_lb_loadbalancer_v2.lb_shop_web.vip_port_id\n" in block
    assert "prevent_destroy = true" in block
    answers = "openstack_networking_floatingip_associate_v2.lb_shop_web.floating_ip\n"
    assert f"address     = {answers}" in block
    assert "    openstack_networking_floatingip_associate_v2.lb_shop_web,\n" in block


def test_an_internal_one_has_it_as_vip() -> None:
    """A free address of the subnet is nobody's: `attach` does not count."""
    load_balancer = made("10.0.0.77", None, {INTERNAL: "true"}, attach=[])
    document = render.service_document(load_balancer)
    assert '  vip_address           = "10.0.0.77"\n' in document
    assert "floatingip" not in document


def test_a_floating_ip_that_is_not_opened_is_a_problem() -> None:
    """Whoever may write a Service may not take every address of the project."""
    (told,) = translated("192.0.2.10").problems
    assert (told.field, told.found) == ("spec.loadBalancerIP", '"192.0.2.10"')
    assert told.remedy == "Add it there: attach: [{id: 192.0.2.10, namespaces: [shop]}]."


@pytest.mark.parametrize("address", ["2001:db8::1", "web", "192.0.2.9/32", "192.0.2.09", " "])
@pytest.mark.parametrize("internal", ["true", "false"])
def test_what_is_no_address_is_a_problem(address: str, internal: str) -> None:
    """An address of the other family too."""
    (told,) = translated(address, None, {INTERNAL: internal}).problems
    assert told.expected == "an IPv4 address, for the load balancer's is IPv4"


@pytest.mark.parametrize("address", [None, ""])
def test_none_is_octavias_choice(address: str | None) -> None:
    """As in OCCM."""
    frozen = made(address).frozen
    assert (frozen.vip_address, frozen.floating_address) == ("", "")


def test_another_one_later_is_a_notice() -> None:
    """An address that clients know stays, until a person takes the new one."""
    before = made("192.0.2.9").frozen
    translation = translated(None, before)
    assert translation.load_balancers[0].frozen == before
    (notice,) = translation.notices
    assert "floating_network '', not 'public'; floating_address '192.0.2.9', not ''" in notice.text


def test_an_internal_one_that_becomes_external_takes_it() -> None:
    """What is bound counts from the day on which a Service first has a floating IP."""
    before = made(None, None, {INTERNAL: "true"}).frozen
    assert made("192.0.2.9", before).frozen.floating_address == "192.0.2.9"
    with_vip = made("10.0.0.7", None, {INTERNAL: "true"}).frozen
    translation = translated("192.0.2.9", with_vip)
    assert translation.notices == ()
    assert translation.load_balancers[0].frozen.vip_address == "10.0.0.7"


def test_what_is_said_of_a_floating_ip_to_be_made_says_nothing_beside_one() -> None:
    """The address exists: network and subnets are its own, and that is told."""
    chosen = "loadbalancer.openstack.org/floating-subnet-id"
    told = translated("192.0.2.9", None, {chosen: "a" * 32})
    assert [str(notice) for notice in told.notices] == [
        f"Service shop/web: {chosen} say nothing beside spec.loadBalancerIP: that exists"
    ]
    assert told.load_balancers[0].frozen.floating_subnets == ()


def test_a_port_has_an_address_already() -> None:
    """Beside a port the field says nothing for an internal one, and that is said."""
    translation = translated("10.0.0.7", None, {INTERNAL: "true", PORT_ID: "a" * 32})
    assert translation.load_balancers[0].frozen.vip_address == ""
    (notice,) = translation.notices
    assert (
        notice.text
        == f"spec.loadBalancerIP says nothing beside {PORT_ID}: the port has its " + ("address")
    )
