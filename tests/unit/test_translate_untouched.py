"""Nothing of one Service touches another; foreign fields change nothing; what was made stays."""

from typing import Any

import pytest

from tests.fakes import objects, translating
from tfgen import model, translate

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
    assert translating.load_balancer(**fields) == translating.load_balancer()


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
    translation = translating.translated({**objects.service(), "metadata": metadata})
    (told,) = translation.problems
    assert (told.field, told.expected) == (field, "a DNS label of at most 63 characters")
    assert str(told).isprintable()


def test_a_service_without_namespace_is_in_default() -> None:
    """Where kubectl would put it."""
    translation = translating.translated({**objects.service(), "metadata": {"name": "web"}})
    assert [lb.service for lb in translation.load_balancers] == [model.ServiceKey("default", "web")]


def test_one_wrong_service_touches_no_other() -> None:
    """The right one is translated, the wrong one held; the others' are not mentioned."""
    translation = translating.translated(
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
    translation = translating.translated(objects.service("shop/web"), frozen={translating.WEB: old})
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
    context = translate.Context(
        objects.settings(), {translating.WEB: old}, frozenset({translating.WEB})
    )
    listing = objects.listing([objects.service("shop/web")])
    (made,) = translate.translate(listing, context).load_balancers
    assert (made.frozen.vip_subnet_id, made.address_may_change) == (objects.SUBNET, True)


def test_the_floating_network_counts_when_a_service_becomes_external() -> None:
    """An internal load balancer has none; the one of the settings is taken then, in silence."""
    kept = model.Frozen(objects.SUBNET, "", "amphora", member_subnet_id=objects.SUBNET)
    translation = translating.translated(
        objects.service("shop/web"), frozen={translating.WEB: kept}
    )
    assert translation.load_balancers[0].frozen.floating_network == "public"
    assert translation.notices == ()
