"""Whatever a Service says of its IP families, each is served by itself, or the Service is held."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import objects
from tfgen import model, render, translate

SIX = "66666666-2222-3333-4444-555555555555"
_policies = st.sampled_from([None, "", "SingleStack", "PreferDualStack", "RequireDualStack", "x"])
_families = st.lists(st.sampled_from(["IPv4", "IPv6", "IPv5"]), max_size=3)
_ranges = st.lists(st.sampled_from(["10.0.0.0/8", "192.0.2.0/24", "2001:db8::/32", "::/0"]))
_addresses = st.sampled_from([None, "192.0.2.9", "fd00:10::9", "x"])


def _spec(
    families: list[str], policy: str | None, ranges: list[str], address: str | None
) -> dict[str, Any]:
    return {
        "ipFamilies": families,
        "ipFamilyPolicy": policy,
        "loadBalancerSourceRanges": ranges,
        "loadBalancerIP": address,
    }


def _node() -> dict[str, Any]:
    six = {"type": "InternalIP", "address": "fd00:10::11"}
    made = objects.node(1)
    made["status"]["addresses"].append(six)
    return made


@given(
    st.builds(_spec, _families, _policies, _ranges, _addresses),
    st.sampled_from(["", SIX]),
    st.booleans(),
)
def test_each_family_is_opened_to_its_own_ranges(
    spec: dict[str, Any],
    subnet: str,
    live: bool,  # noqa: FBT001  drawn
) -> None:
    """A load balancer for each of at most two families, or a problem; none is opened unasked."""
    network = {**objects.SETTINGS["network"], "ipv6_subnet_id": subnet}
    settings = objects.settings(network=network, attach="any")
    listing = objects.listing([objects.service(**spec)], [_node()], "uid" if live else "")
    found = translate.translate(listing, translate.Context(settings, {}, live=live))
    assert bool(found.load_balancers) is not bool(found.problems)
    for lb in found.load_balancers:
        assert len({side.family for side in lb.sides}) == len(lb.sides)
        assert len({side.address for side in lb.sides}) == len(lb.sides)
        assert render.service_file(lb).text == render.service_document(lb)
        for side in lb.sides:
            _check(side, spec["loadBalancerSourceRanges"])


def _check(side: model.LoadBalancer, ranges: list[str]) -> None:
    for port in side.ports:
        assert port.allowed_cidrs
        assert {model.Family.of(each) for each in port.allowed_cidrs} == {side.family}
        assert set(port.allowed_cidrs) <= set(ranges or [side.family.world])
    assert side.floats is (side.family is model.Family.IPV4)
