"""Addresses read back to the Services that they were made from."""

import pytest

from tests.fakes import plans, rendered
from tfgen import model, policy
from tfgen.policy import Kind

WEB = model.ServiceKey("shop", "web")
LISTENER = "openstack_lb_listener_v2.this"


@pytest.mark.parametrize(
    ("address", "kind", "service", "port"),
    [
        (f"{plans.BALANCER}.lb_shop_web", Kind.LOAD_BALANCER, WEB, ""),
        (f"{plans.FLOATING_IP}.lb_shop_web", Kind.FLOATING_IP, WEB, ""),
        (f"module.lb_shop_web_tcp-80.{LISTENER}", Kind.LISTENER, WEB, "tcp-80"),
        (f"module.lb_shop_web_sctp-9.{LISTENER}", Kind.LISTENER, WEB, "sctp-9"),
        (
            "module.lb_shop_web_udp-53.openstack_lb_monitor_v2.this[0]",
            Kind.MONITOR,
            WEB,
            "udp-53",
        ),
        (
            f"{plans.BALANCER}.lb_9-shop_front-end",
            Kind.LOAD_BALANCER,
            model.ServiceKey("9-shop", "front-end"),
            "",
        ),
        (f"{plans.BALANCER}.mine", Kind.LOAD_BALANCER, None, ""),
        (f"{plans.BALANCER}.lb_shop_web_x", Kind.LOAD_BALANCER, None, ""),
        (f"module.other.{plans.BALANCER}.lb_shop_web", None, None, ""),
        (f"module.lb_shop_web_tcp-80.{plans.BALANCER}.lb_shop_web", Kind.LOAD_BALANCER, None, ""),
        (LISTENER, Kind.LISTENER, None, ""),
        ("dns_zone.lb_shop_web", None, None, ""),
        ("", None, None, ""),
    ],
)
def test_address(
    address: str, kind: Kind | None, service: model.ServiceKey | None, port: str
) -> None:
    """An address of ours gives kind, Service and port; any other gives no Service."""
    found = policy.named(address)
    assert (found.kind, found.service, found.port) == (kind, service, port)


def test_rendered_addresses_are_read_back() -> None:
    """What rendering names is what reading finds: the labels are a contract."""
    made = rendered.load_balancer("shop/web", 80)
    call = f"module.{made.service.address}_{made.ports[0].key}.{LISTENER}"
    assert policy.named(f"{plans.BALANCER}.{made.service.address}").service == WEB
    assert policy.named(call).service == WEB
    assert policy.named(call).port == made.ports[0].key
