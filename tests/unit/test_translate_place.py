"""Where a load balancer stands: annotation over class over settings, and kept from then on."""

from typing import Any

import pytest

from tests.fakes import objects
from tfgen import model, render, translate

L, T = "loadbalancer.openstack.org/", "tfgen.io/"
WEB = model.ServiceKey("shop", "web")
SUBNET, A, B, C = objects.SUBNET, "a" * 32, "b" * 32, "c" * 32
NETWORK: dict[str, Any] = {
    "subnet_id": SUBNET,
    "member_subnet_id": C,
    "floating_networks": [{"name": "public", "id": A}, {"name": "second", "id": B}],
}


def translated(
    found: dict[str, str] | None = None,
    /,
    *,
    frozen: model.Frozen | None = None,
    spec: dict[str, Any] | None = None,
    **sections: Any,  # noqa: ANN401  any setting
) -> model.Translation:
    """Translate Service shop/web with these annotations."""
    service = objects.service("shop/web", annotations=found or {}, **(spec or {}))
    settings = objects.settings(**{"network": NETWORK, **sections})
    context = translate.Context(settings, {WEB: frozen} if frozen else {})
    return translate.translate(objects.listing([service], objects.nodes()), context)


def made(found: dict[str, str] | None = None, /, **others: Any) -> model.LoadBalancer:  # noqa: ANN401  any field
    """Give the load balancer of a Service without a problem."""
    translation = translated(found, **others)
    assert translation.problems == ()
    return translation.load_balancers[0]


def problem(found: dict[str, str], /, **others: Any) -> str:  # noqa: ANN401  any field
    """Give the one problem of a Service, in words."""
    (only,) = translated(found, **others).problems
    return str(only)


GOLD: dict[str, Any] = {
    "subnet_id": A,
    "member_subnet_id": A,
    "flavor_id": A,
    "availability_zone": "gold",
    "provider": "amphorav2",
    "floating_networks": [{"name": "golden"}],
}
PRECEDENCE = [
    ("vip_subnet_id", L + "subnet-id", B, A, SUBNET),
    ("member_subnet_id", L + "member-subnet-id", B, A, C),
    ("flavor_id", L + "flavor-id", B, A, ""),
    ("availability_zone", L + "availability-zone", "b", "gold", ""),
    ("provider", T + "provider", "octavia", "amphorav2", "amphora"),
    ("floating_network", L + "floating-network-id", B, "golden", "public"),
]


@pytest.mark.parametrize(("field", "key", "said", "of_class", "of_settings"), PRECEDENCE)
def test_annotation_over_class_over_settings(
    field: str, key: str, said: str, of_class: str, of_settings: str
) -> None:
    """One order for all of them, whether the Service is internal or not."""
    gold = {L + "class": "gold"}
    expected = "second" if field == "floating_network" else said
    assert getattr(made().frozen, field) == of_settings
    assert getattr(made(gold, classes={"gold": GOLD}).frozen, field) == of_class
    assert getattr(made({**gold, key: said}, classes={"gold": GOLD}).frozen, field) == expected


@pytest.mark.parametrize(
    ("field", "key"),
    [("flavor_id", L + "flavor-id"), ("availability_zone", L + "availability-zone")],
)
def test_an_empty_value_sets_class_and_settings_aside(field: str, key: str) -> None:
    """Present and empty is not absent, as in OCCM."""
    found = made({L + "class": "gold", key: ""}, classes={"gold": GOLD})
    assert getattr(found.frozen, field) == ""


@pytest.mark.parametrize(
    ("found", "network", "vip"),
    [
        ({L + "network-id": A}, NETWORK, ("", A)),
        ({L + "subnet-id": A}, {"network_id": B}, (A, "")),
        ({L + "subnet-id": A, L + "network-id": B}, NETWORK, (A, B)),
        ({L + "subnet-id": ""}, {"network_id": B}, ("", B)),
        ({L + "network-id": ""}, {"network_id": B, "subnet_id": A}, (A, "")),
    ],
)
def test_a_vip_has_a_subnet_or_a_network(
    found: dict[str, str], network: dict[str, Any], vip: tuple[str, str]
) -> None:
    """Who says one of them means that one; what is empty leaves the other."""
    frozen = made(found, network={"floating_networks": [{"name": "x"}], **network}).frozen
    assert (frozen.vip_subnet_id, frozen.vip_network_id) == vip


def test_a_vip_with_neither_is_a_problem() -> None:
    """OCCM takes the first node's subnet; nothing is guessed here."""
    assert problem({L + "subnet-id": ""}) == (
        f'Service shop/web: annotation {L}subnet-id is ""; expected a subnet or network in which '
        "the VIP can be, for nothing else says one. Give its id, or remove it."
    )


@pytest.mark.parametrize(
    ("found", "network", "members"),
    [
        ({L + "subnet-id": A}, {"subnet_id": SUBNET}, SUBNET),
        ({L + "subnet-id": A}, {"network_id": B}, A),
        ({L + "network-id": A}, {"network_id": B}, ""),
        ({L + "member-subnet-id": ""}, NETWORK, SUBNET),
        ({L + "subnet-id": A}, NETWORK, C),
    ],
)
def test_members_are_in_one_subnet_whoever_asks(
    found: dict[str, str], network: dict[str, Any], members: str
) -> None:
    """Annotation, then the settings' member subnet, their subnet, and the VIP's, in every pass."""
    load_balancer = made(found, network={"floating_networks": [{"name": "x"}], **network})
    assert load_balancer.member_subnet_id == members


def test_an_empty_floating_network_is_no_floating_ip() -> None:
    """What OCCM's code says that it means: OCCM itself looks for another network."""
    load_balancer = made({L + "floating-network-id": ""})
    assert load_balancer.internal
    assert "floatingip" not in render.service_document(load_balancer)


def test_no_floating_ip_and_one_is_a_problem() -> None:
    """Two annotations that say the contrary of each other are told together."""
    internal = "service.beta.kubernetes.io/openstack-internal-load-balancer"
    told = problem({L + "floating-network-id": "", internal: "false"})
    assert f"for {internal} says that there is a floating IP. Remove one of the two." in told


def test_a_floating_network_is_one_of_the_settings() -> None:
    """Services do not choose freely from where they are reached; a class adds to the choice."""
    assert problem({L + "floating-network-id": C}) == (
        f'Service shop/web: annotation {L}floating-network-id is "{C}"; expected an external '
        f"network of the settings ({A} public, {B} second). Choose one of them, or add it to "
        "network.floating_networks with id and name."
    )
    classes = {"gold": {"floating_networks": [{"name": "golden", "id": C}]}}
    found = {L + "class": "gold", L + "floating-network-id": C}
    assert made(found, classes=classes).frozen.floating_network == "golden"
    found[L + "floating-network-id"] = B
    assert made(found, classes=classes).frozen.floating_network == "second"


def test_what_is_said_later_is_a_notice() -> None:
    """A load balancer that stands keeps what it was made with."""
    before = made().frozen
    found = {L + "subnet-id": A, L + "flavor-id": B, T + "provider": "ovn"}
    translation = translated(found, frozen=before)
    assert translation.problems == ()
    assert translation.load_balancers[0].frozen == before
    (notice,) = translation.notices
    assert notice.text.startswith(
        f"keeps vip_subnet_id '{SUBNET}', not '{A}'; provider 'amphora', not 'ovn'; "
        f"flavor_id '', not '{B}': "
    )


@pytest.mark.parametrize(
    ("key", "value", "since"), [("flavor-id", A, "2.6"), ("availability-zone", "z", "2.14")]
)
def test_what_octavia_cannot_be_asked_for_is_a_problem(key: str, value: str, since: str) -> None:
    """By provider and by API version; who said it is named, a class too."""
    ovn = {L + key: value, T + "provider": "ovn", L + "lb-method": "SOURCE_IP_PORT"}
    assert problem(ovn).startswith(
        f'Service shop/web: annotation {L}{key} is "{value}"; expected nothing, for Octavia '
        "provider ovn does not do it."
    )
    octavia = {"api_version": "2.5"}
    assert f"Octavia API 2.5 (it came with {since})" in problem({L + key: value}, octavia=octavia)
    field = key.replace("-", "_")
    told = problem({L + "class": "x"}, classes={"x": {field: value}}, octavia=octavia)
    assert f"setting classes.x.{field} is" in told


def test_further_tags_are_of_the_load_balancer_alone() -> None:
    """Its children and its floating IP keep the tags that say whose they are, and those only."""
    document = render.service_document(made({L + "load-balancer-tags": "team=a"}))
    assert document.count('"team=a"') == 1
    assert document.count('"tfgen_service=shop_web"') == 3
    assert ".tags" not in document
