"""Which claimed addresses are really there: two listings in, verdicts out."""

import dataclasses

from tfgen import cloud, model
from tfgen.cloud import confirm, records

WEB = model.ServiceKey("shop", "web")
BALANCER = cloud.LoadBalancer(
    name="demo_shop_web",
    id="lb",
    tags=("tfgen", "tfgen_service=shop_web"),
    provisioning_status="ACTIVE",
    operating_status="ONLINE",
    vip_address="10.0.0.9",
    vip_port_id="port",
)
FLOATING = cloud.FloatingIp("172.24.0.5", "fip", "port", ())
PUBLIC = model.Address(WEB, "lb", "10.0.0.9", "172.24.0.5")
INTERNAL = model.Address(WEB, "lb", "10.0.0.9", "10.0.0.9")


def problem(
    address: model.Address,
    balancer: cloud.LoadBalancer | None = BALANCER,
    floating: cloud.FloatingIp | None = FLOATING,
) -> str:
    """Give the one problem of an address, as it is told; empty when it is confirmed."""
    told = confirm.check([address], [balancer] if balancer else [], [floating] if floating else [])
    assert len(told.confirmed) + len(told.problems) == 1
    return str(told.problems[0]) if told.problems else ""


def test_what_is_there_is_confirmed() -> None:
    """A bound floating IP, and a VIP as recorded, hold."""
    assert problem(PUBLIC) == ""
    assert problem(INTERNAL, floating=None) == ""


def test_pending_is_no_reason_to_hold_back() -> None:
    """An address stays while Octavia works on the load balancer."""
    assert (
        problem(PUBLIC, dataclasses.replace(BALANCER, provisioning_status="PENDING_UPDATE")) == ""
    )


def test_a_load_balancer_that_is_gone() -> None:
    """A vanished load balancer is told by its id."""
    assert problem(PUBLIC, None).startswith(
        "Service shop/web: load balancer lb is not in the cloud with our tags; expected there."
    )


def test_a_load_balancer_in_error() -> None:
    """ERROR is told with the command that rebuilds it."""
    told = problem(PUBLIC, dataclasses.replace(BALANCER, provisioning_status="ERROR"))
    assert "provisioning status ERROR" in told
    assert "tfgen repair shop/web" in told


def test_a_floating_ip_elsewhere() -> None:
    """A floating IP that is gone, unbound or bound elsewhere is told as found."""
    assert "not in the cloud with our tags" in problem(PUBLIC, floating=None)
    assert "bound to nothing" in problem(PUBLIC, floating=dataclasses.replace(FLOATING, port_id=""))
    assert "bound to port other" in problem(
        PUBLIC, floating=dataclasses.replace(FLOATING, port_id="other")
    )


def test_a_vip_that_moved() -> None:
    """An internal address that is not the VIP any more is told with both."""
    told = problem(INTERNAL, dataclasses.replace(BALANCER, vip_address="10.0.0.10"))
    assert "VIP is 10.0.0.10; expected 10.0.0.9" in told


def test_the_service_of_a_tag() -> None:
    """The tag names the Service; tags of others, and broken ones, name none."""
    assert records.service_of(["x", "tfgen_service=a-b_c-d"]) == model.ServiceKey("a-b", "c-d")
    for tags in ([], ["tfgen_service="], ["tfgen_service=a"], ["tfgen_service=_b"], ["a_b"]):
        assert records.service_of(tags) is None


def test_unbound_floating_ips_join_nothing() -> None:
    """A floating IP at no port is nobody's, and load balancers of no Service are left out."""
    bare = dataclasses.replace(BALANCER, vip_port_id="", tags=("tfgen",))
    loose = dataclasses.replace(FLOATING, port_id="")
    assert confirm.addresses([bare], [loose]) == ()
    of_web = dataclasses.replace(BALANCER, vip_port_id="")
    assert confirm.addresses([of_web], [loose]) == (INTERNAL,)


def test_a_shared_load_balancer_answers_for_all_of_its_group() -> None:
    """Its tags name the group; who is in it only the manifest knows."""
    api = model.ServiceKey("shop", "api")
    shared = dataclasses.replace(BALANCER, tags=("tfgen", "tfgen_group=shop_front"))
    groups = {model.GroupKey("shop", "front"): (api, WEB)}
    assert (shared.service, shared.owner) == (None, model.GroupKey("shop", "front"))
    assert confirm.addresses([shared], [FLOATING], groups) == (
        dataclasses.replace(PUBLIC, service=api),
        PUBLIC,
    )
    assert confirm.addresses([shared], [FLOATING]) == ()
