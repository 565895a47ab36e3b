"""What Services of a namespace may say: each violation is told with the rule that forbids it."""

import pytest

from tests.fakes import objects
from tfgen import model, translate

L, T = "loadbalancer.openstack.org/", "tfgen.io/"
GOLD = {"gold": {}, "wide": {"annotations": ["lb-method"]}}


def problems(
    rule: objects.Json | None, annotations: objects.Json, **spec: str
) -> list[model.Problem]:
    """Give the problems of one Service under one rule that are the rule's."""
    rules = [{"name": "tenants", **rule}] if rule is not None else []
    context = translate.Context(objects.settings(classes=GOLD, rules=rules), {}, live=False)
    service = objects.service("shop/web", annotations=annotations, **spec)
    found = translate.translate(objects.listing([service], objects.nodes()), context)
    return [p for p in found.problems if "(setting rules)" in str(p) or "class wide" in str(p)]


@pytest.mark.parametrize(
    ("rule", "key", "value"),
    [
        ({"classes": ["silver"]}, L + "class", "gold"),
        ({"networks": []}, L + "network-id", objects.SUBNET),
        ({"networks": []}, L + "floating-network-id", objects.SUBNET),
        ({"subnets": []}, L + "subnet-id", objects.SUBNET),
        ({"subnets": []}, L + "member-subnet-id", objects.SUBNET),
        ({"flavors": []}, L + "flavor-id", objects.SUBNET),
        ({"fixed_address": False}, L + "port-id", objects.SUBNET),
        ({"annotations": ["timeout-*"]}, L + "lb-method", "SOURCE_IP"),
    ],
)
def test_what_a_rule_forbids_is_a_problem(rule: objects.Json, key: str, value: str) -> None:
    """It names the annotation and the rule."""
    (problem,) = problems(rule, {key: value})
    assert problem.field == f"annotation {key}"
    assert "by rule 'tenants' (setting rules)" in problem.expected


def test_a_fixed_address_is_a_field_too() -> None:
    """What spec.loadBalancerIP asks for is bounded as a port of Neutron is."""
    found = problems({"fixed_address": False}, {}, loadBalancerIP="192.0.2.9")
    (told,) = map(str, found)
    assert told == (
        'Service shop/web: spec.loadBalancerIP is "192.0.2.9"; expected no fixed address, by rule '
        "'tenants' (setting rules). Remove it, or ask the operator."
    )


@pytest.mark.parametrize(
    ("rule", "key", "value"),
    [
        ({"classes": ["gold"]}, L + "class", "gold"),
        ({"flavors": [objects.SUBNET]}, L + "flavor-id", objects.SUBNET),
        ({"namespaces": ["blog"], "flavors": []}, L + "flavor-id", objects.SUBNET),
        ({"annotations": ["timeout-*"]}, L + "timeout-client-data", "1000"),
        ({"annotations": [L + "lb-*"]}, L + "lb-method", "SOURCE_IP"),
        ({"annotations": []}, T + "external-ip", "192.0.2.1"),
        ({}, L + "flavor-id", objects.SUBNET),
    ],
)
def test_what_a_rule_does_not_bound_passes(rule: objects.Json, key: str, value: str) -> None:
    """Another namespace, what is listed, what a rule leaves out, and what tfgen itself wrote."""
    assert problems(rule, {key: value}) == []


def test_a_class_bounds_the_annotations_beside_it() -> None:
    """The class itself may be named; what it does not list may not."""
    wide = {L + "class": "wide"}
    assert problems(None, {**wide, L + "lb-method": "SOURCE_IP"}) == []
    (problem,) = problems(None, {**wide, L + "connection-limit": "5"})
    assert "class wide (setting classes.wide.annotations)" in problem.expected
