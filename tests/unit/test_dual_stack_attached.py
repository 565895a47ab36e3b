"""IP families of a Service whose ports are on a load balancer that exists: it has one."""

from typing import Any

from tests.fakes import objects
from tests.unit import test_dual_stack as dual
from tests.unit import test_translate_attached as attached
from tfgen import model, resolved, translate

SIX = resolved.Balancer("fd00:10::5", "amphora")


def translated(*, vip: resolved.Balancer = SIX, **spec: Any) -> model.Translation:  # noqa: ANN401  fields of a Service
    """Translate a Service that attaches to a load balancer of this VIP."""
    told = resolved.Resolved(load_balancers={attached.ONE: vip})
    settings = objects.settings(attach="any", network=dual.NETWORK)
    context = translate.Context(settings, {}, resolved=told)
    listing = objects.listing([attached.service(_spec=spec)], dual.nodes())
    return translate.translate(listing, context)


def test_its_vip_is_of_the_family_of_the_service() -> None:
    """Members are then of that family, in the subnet of that family."""
    (made,) = translated(ipFamilies=["IPv6"]).load_balancers
    assert (made.node_group, made.member_subnet_id) == ("default-ipv6", dual.SIX)
    (told,) = translated().problems
    assert str(told) == (
        'Service shop/web: spec.ipFamilies is "IPv4"; expected IPv6, for the VIP of load balancer '
        f"{attached.ONE} is fd00:10::5. Correct it."
    )
    (told,) = translated(vip=attached.BALANCER, ipFamilies=["IPv6"]).problems
    assert told.field == "spec.ipFamilies"


def test_two_families_are_too_many_for_it() -> None:
    """Required they are a problem, preferred they become one."""
    (told,) = translated(vip=attached.BALANCER, **dual.DUAL).problems
    assert (
        "for a load balancer that exists (loadbalancer.openstack.org/load-balancer-id) has one"
        in (str(told))
    )
    found = translated(vip=attached.BALANCER, ipFamilyPolicy="PreferDualStack")
    (made,) = found.load_balancers
    assert (made.second, made.family) == (None, "IPv4")
