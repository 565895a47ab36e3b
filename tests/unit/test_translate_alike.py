"""What is read once for Services that say the same is what each of them says."""

from typing import Any

import pytest

from tests.fakes import objects
from tfgen import model, translate
from tfgen.translate import alike

L, T = "loadbalancer.openstack.org/", "tfgen.io/"
PLAIN: dict[str, Any] = {
    "annotations": {L + "timeout-client-data": "1000"},
    "loadBalancerSourceRanges": ["192.0.2.0/24"],
    "ports": [objects.port(80), objects.port(443)],
}
OTHERS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "sources": {"loadBalancerSourceRanges": ["203.0.113.9/24", "10.0.0.0/8"]},
    "no sources": {"loadBalancerSourceRanges": []},
    "sources by annotation": {
        "loadBalancerSourceRanges": [],
        "annotations": {"service.beta.kubernetes.io/load-balancer-source-ranges": "10.0.0.0/8"},
    },
    "bad sources": {"loadBalancerSourceRanges": ["everyone"]},
    "sources of IPv6": {"loadBalancerSourceRanges": ["2001:db8::/32"]},
    "sources of no text": {"loadBalancerSourceRanges": [7]},
    "node ports": {"ports": [objects.port(80, nodePort=31_000), objects.port(443)]},
    "a node port too high": {"ports": [objects.port(80, nodePort=70_000), objects.port(443)]},
    "no node port": {"ports": [objects.port(80, nodePort=0), objects.port(443)]},
    "another port": {"ports": [objects.port(80), objects.port(444)]},
    "a port less": {"ports": [objects.port(80)]},
    "a port twice": {"ports": [objects.port(80), objects.port(80)]},
    "another protocol": {"ports": [objects.port(80), objects.port(443, "UDP")]},
    "a protocol that is no text": {"ports": [{**objects.port(80), "protocol": {"a": 1}}]},
    "an annotation": {"annotations": {L + "timeout-client-data": "2000"}},
    "a bad annotation": {"annotations": {L + "timeout-client-data": "x"}},
    "internal": {
        "annotations": {"service.beta.kubernetes.io/openstack-internal-load-balancer": "true"}
    },
    "protected": {"annotations": {T + "protect": "true"}},
    "a group": {"annotations": {T + "group": "web"}},
    "a port of its own mind": {"annotations": {T + "port.80.lb-method": "SOURCE_IP"}},
    "an unknown annotation": {"annotations": {T + "protct": "true"}},
    "affinity": {"sessionAffinity": "ClientIP"},
    "local": {"externalTrafficPolicy": "Local", "healthCheckNodePort": 30_900},
    "an address": {"loadBalancerIP": "192.0.2.9"},
    "IPv6": {"ipFamilies": ["IPv6"]},
}
SETTINGS: dict[str, dict[str, Any]] = {
    "plain": {},
    "closed": {"exposure": {"default": "closed", "ranges": ["10.9.0.0/16"]}},
    "bounded": {"exposure": {"allow": [{"namespaces": ["shop"], "cidrs": ["192.0.2.0/24"]}]}},
    "rules": {"rules": [{"name": "r", "namespaces": ["blog"], "annotations": []}]},
    "ovn": {"octavia": {"provider": "ovn"}, "defaults": {"lb_method": "SOURCE_IP_PORT"}},
    "few members": {"members": {"max_per_pool": 1}},
}


def translated(
    services: list[Any], sections: dict[str, Any], frozen: dict[model.ServiceKey, model.Frozen]
) -> model.Translation:
    """Translate these Services beside three nodes."""
    context = translate.Context(objects.settings(**sections), frozen, live=True)
    return translate.translate(objects.listing(services, objects.nodes(), "uid"), context)


@pytest.mark.parametrize("sections", SETTINGS.values(), ids=SETTINGS)
@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_beside_one_alike_or_alone(other: dict[str, Any], sections: dict[str, Any]) -> None:
    """Two Services of other names, one of which differs in one thing, in either order."""
    pair = [
        objects.service("shop/web", **PLAIN),
        objects.service("blog/www", **{**PLAIN, **other}),
    ]
    for services in (pair, pair[::-1]):
        together = translated(services, sections, {})
        alone = [translated([each], sections, {}) for each in services]
        made = sorted((lb for one in alone for lb in one.load_balancers), key=lambda x: x.service)
        assert list(together.load_balancers) == made
        assert sorted(together.problems) == sorted(p for one in alone for p in one.problems)
        assert sorted(together.notices) == sorted({n for one in alone for n in one.notices})


def test_what_was_frozen_differs() -> None:
    """Two Services that say the same keep what each of them was made with."""
    keys = [model.ServiceKey("shop", "web"), model.ServiceKey("blog", "www")]
    frozen = {
        key: model.Frozen(vip_subnet_id=subnet, provider="amphora", floating_network="public")
        for key, subnet in zip(keys, ("a", "b"), strict=True)
    }
    services = [objects.service(str(key), **PLAIN) for key in keys]
    found = translated(services, {}, frozen).load_balancers
    assert {lb.service: lb.frozen.vip_subnet_id for lb in found} == dict(
        zip(keys, "ab", strict=True)
    )


def test_plain_services_are_alike() -> None:
    """The short way is taken: else the other tests say nothing of it."""
    one, other = (
        alike.of(service["metadata"], service["spec"])
        for service in (
            objects.service("shop/web", **PLAIN),
            objects.service("blog/www", **{**PLAIN, **OTHERS["sources"]}),
        )
    )
    assert one
    assert other
    assert one.said == other.said
    assert other.sources == ("10.0.0.0/8", "203.0.113.0/24")
