"""Ports on a load balancer that exists: who may, what the cloud told, what says nothing."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.fakes import objects
from tfgen import model, render, resolved, translate

L = "loadbalancer.openstack.org/"
KEY = L + "load-balancer-id"
INTERNAL = "service.beta.kubernetes.io/openstack-internal-load-balancer"
ONE = "11111111-aaaa-bbbb-cccc-555555555555"
TWO = "22222222-aaaa-bbbb-cccc-555555555555"
WEB, API = model.ServiceKey("shop", "web"), model.ServiceKey("shop", "api")
BALANCER = resolved.Balancer("10.0.0.5", "amphora")
KNOWN = {ONE: BALANCER, TWO: BALANCER}


def service(name: str = "shop/web", /, *ports: int, **said: Any) -> objects.Json:  # noqa: ANN401  any annotation
    """Make a Service that attaches to the first load balancer; `_spec` are fields beside."""
    spec = said.pop("_spec", {})
    found = {KEY: ONE, **said}
    listed = [objects.port(number) for number in ports or (80,)]
    kept = {key: text for key, text in found.items() if text is not None}
    return objects.service(name, ports=listed, annotations=kept, **spec)


def translated(
    *services: objects.Json,
    known: Mapping[str, resolved.Balancer | None] | None = None,
    context: dict[str, Any] | None = None,
    **settings: Any,  # noqa: ANN401  any setting
) -> model.Translation:
    """Translate Services where the cloud has told of load balancers."""
    told = resolved.Resolved(load_balancers=KNOWN if known is None else known)
    made = objects.settings(**{"attach": "any", **settings})
    given = translate.Context(made, **{"frozen": {}, "resolved": told, **(context or {})})
    return translate.translate(objects.listing(services, objects.nodes()), given)


def problem(*services: objects.Json, **given: Any) -> model.Problem:  # noqa: ANN401  as above
    """Give the one problem."""
    (only,) = translated(*services, **given).problems
    return only


def stands(
    *keys: model.ServiceKey, on: str = ONE, ports: tuple[str, ...] = ("tcp-80",)
) -> dict[str, Any]:
    """Give a context in which Services are rendered on a load balancer."""
    kept = model.Frozen(
        member_subnet_id=objects.SUBNET,
        load_balancer_id=on,
        provider="amphora",
        vip_address="10.0.0.5",
    )
    return {
        "frozen": dict.fromkeys(keys, kept if on else model.Frozen(vip_subnet_id=objects.SUBNET)),
        "seats": {key: model.Seat(ports, attached=on) for key in keys},
    }


def test_only_children_are_made() -> None:
    """No load balancer, no floating IP; the ports name the id, and the output what exists."""
    (made,) = translated(service()).load_balancers
    assert made.frozen == model.Frozen(
        member_subnet_id=objects.SUBNET,
        load_balancer_id=ONE,
        provider="amphora",
        vip_address="10.0.0.5",
    )
    document = render.service_document(made)
    assert 'resource "openstack_' not in document
    assert f'  loadbalancer_id  = "{ONE}"\n' in document
    assert "  depends_on = [\n    local.lb_shop_web_after,\n  ]\n" in document
    assert '    "tfgen_service=shop_web",\n' in document
    assert f'    id          = "{ONE}"\n    vip_address = "10.0.0.5"\n' in document
    assert '    address     = "10.0.0.5"\n' in document
    assert (
        "    revision    = terraform_data.lb_shop_web.output\n    attached    = true\n" in document
    )


def test_the_cloud_is_asked_first() -> None:
    """Rendering asks no cloud: it says what to run, and which load balancer is to be looked at."""
    found = translated(service("shop/web", 80, 443), known={})
    (told,) = found.problems
    assert str(told) == (
        f'Service shop/web: annotation {KEY} is "{ONE}"; expected what tfgen-resolved.json knows '
        "already: only the cloud can tell. Run: tfgen resolve"
    )
    assert found.balancers == {model.BalancerQuery(ONE, ("tcp-80", "tcp-443"))}


def test_one_that_is_not_there() -> None:
    """The cloud was asked, and the project has none of that id."""
    told = problem(service(), known={ONE: None})
    assert told.expected == "a load balancer of the project"
    assert told.remedy == "There is none: correct it, and run: tfgen resolve"


def test_one_of_tfgen_s_own() -> None:
    """Its load balancer goes with its Service: who shares does it by name."""
    told = problem(service(), known={ONE: replace(BALANCER, owner="Service shop/api")})
    assert told.expected == (
        "a load balancer that tfgen did not make: this is that of Service shop/api"
    )
    assert told.remedy.startswith("To share it, give both Services the same tfgen.io/group")


def test_what_is_not_opened_is_not_asked_for() -> None:
    """Closed by default: nobody looks at an object that the operator did not open."""
    found = translated(service(), known={}, attach=[])
    first = found.problems[0]
    assert first.expected == ("what Services of namespace shop may point at (setting attach)")
    assert first.remedy == f"Add it there: attach: [{{id: {ONE}, namespaces: [shop]}}]."
    assert found.balancers == frozenset()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({INTERNAL: "true"}, f"annotation {INTERNAL}"),
        ({L + "floating-network-id": ""}, f"annotation {L}floating-network-id"),
        ({L + "class": "inside"}, "setting classes.inside.internal"),
    ],
)
def test_not_to_be_reached_from_outside_is_no_wish_there(said: dict[str, str], field: str) -> None:
    """Whoever made the load balancer decides that: the Service is not opened by accident."""
    classes = {"inside": {"internal": True}}
    found = translated(service("shop/web", **said), classes=classes)
    assert [each.field for each in found.problems] == [field]
    assert found.problems[0].expected.startswith(f"nothing of the kind beside {KEY}")


def test_settings_that_make_all_internal_are_told_too() -> None:
    """An annotation says otherwise."""
    inside = {"internal": True}
    assert problem(service(), defaults=inside).field == "setting defaults.internal"
    assert not translated(service("shop/web", **{INTERNAL: "false"}), defaults=inside).problems


ASIDE = [
    (L + "subnet-id", TWO),
    (L + "network-id", TWO),
    (L + "port-id", TWO),
    (L + "flavor-id", TWO),
    (L + "availability-zone", "a"),
    (L + "load-balancer-tags", "blue"),
    (L + "floating-network-id", TWO),
    (L + "floating-subnet-id", TWO),
    (L + "floating-subnet", "edge-*"),
    (L + "floating-subnet-tags", "blue"),
    (L + "keep-floatingip", "true"),
    ("tfgen.io/provider", "ovn"),
]


@pytest.mark.parametrize(("key", "text"), ASIDE)
def test_what_is_of_the_load_balancer_says_nothing(key: str, text: str) -> None:
    """OCCM ignores it in silence; here it is told, and changes nothing."""
    found = translated(service("shop/web", **{key: text}))
    assert found.problems == ()
    assert [each.text for each in found.notices] == [
        f"{key} say nothing beside {KEY}: that load balancer exists"
    ]
    assert found.load_balancers == translated(service()).load_balancers


@pytest.mark.parametrize("key", [key for key, _ in ASIDE])
def test_what_is_wrong_in_it_is_told_all_the_same(key: str) -> None:
    """A value that cannot be read is a problem, wherever it stands."""
    assert problem(service("shop/web", **{key: True})).field == f"annotation {key}"


def test_a_class_says_nothing_of_it_either() -> None:
    """Its name and what it says are told."""
    classes = {"gold": {"flavor_id": TWO, "subnet_id": TWO, "lb_method": "SOURCE_IP"}}
    found = translated(service("shop/web", **{L + "class": "gold"}), classes=classes)
    (told,) = found.notices
    assert told.text == (
        f"classes.gold.flavor_id and classes.gold.subnet_id say nothing beside {KEY}: that load "
        "balancer exists"
    )
    assert found.load_balancers[0].ports[0].lb_method == "SOURCE_IP"


def test_its_address_is_its_own() -> None:
    """Who asks for another than the VIP is told; the VIP itself is right."""
    told = problem(service(_spec={"loadBalancerIP": "192.0.2.1"}))
    assert (told.field, told.expected) == (
        "spec.loadBalancerIP",
        f"nothing beside {KEY}, or its VIP 10.0.0.5",
    )
    assert not translated(service(_spec={"loadBalancerIP": "10.0.0.5"})).problems


def test_a_service_has_one_load_balancer() -> None:
    """An id beside a group's name is two."""
    told = problem(service("shop/web", **{"tfgen.io/group": "front"}))
    assert told.expected == "nothing beside tfgen.io/group: a Service has one load balancer"


def test_octavia_that_tags_nothing() -> None:
    """Below 2.5 nobody could tell there what is ours; OCCM refuses it, too."""
    told = problem(service(), octavia={"api_version": "2.4"})
    assert told.expected == (
        "nothing, for Octavia API 2.4 (it came with 2.5) does not tag what would be ours there"
    )


def test_its_provider_counts() -> None:
    """What that provider cannot do is a problem, whatever the settings' provider does."""
    ovn = {ONE: replace(BALANCER, provider="ovn")}
    told = problem(service("shop/web", **{L + "lb-method": "ROUND_ROBIN"}), known=ovn)
    assert told.expected == "an algorithm of Octavia provider ovn"


@pytest.mark.parametrize(
    ("said", "on", "expected"),
    [
        (ONE, "", "none, as it was rendered"),
        (ONE, TWO, f"{TWO}, as it was rendered"),
        (None, ONE, f"{ONE}, as it was rendered"),
    ],
)
def test_another_load_balancer_is_another_address(said: str | None, on: str, expected: str) -> None:
    """From its own to one that exists, back, from one to another: only where it is agreed to."""
    asked = service("shop/web", **{KEY: said})
    told = problem(asked, context=stands(WEB, on=on))
    assert told.field == f"annotation {KEY}"
    assert told.expected == f"{expected}: another load balancer has another address"
    assert told.remedy == "Set it back, or let the address change: --allow-address-change shop/web"
    agreed = {**stands(WEB, on=on), "address_change": frozenset({WEB})}
    (made,) = translated(asked, context=agreed).load_balancers
    assert (made.attached, made.address_may_change) == (said or "", True)


def test_who_stands_needs_no_answer() -> None:
    """Provider and VIP stay as long as the load balancer does, whatever the file knows by now."""
    several: list[Mapping[str, resolved.Balancer | None]] = [
        {},
        {ONE: None},
        {ONE: replace(BALANCER, vip_address="10.0.0.9")},
    ]
    for known in several:
        (made,) = translated(service(), known=known, context=stands(WEB)).load_balancers
        assert made.frozen.vip_address == "10.0.0.5"


def test_a_listener_of_somebody_else_is_in_the_way() -> None:
    """Its name and port are told; a port that stands in the tree is ours."""
    known = {ONE: replace(BALANCER, taken={"tcp-80": "legacy"})}
    told = problem(service(), known=known)
    assert told.expected == (
        "a load balancer with tcp-80 free: its listener legacy has that, and is not ours"
    )
    assert told.remedy.endswith("remove that listener, and run: tfgen resolve")
    assert not translated(service(), known=known, context=stands(WEB)).problems


def test_two_newcomers_want_one_port() -> None:
    """Both are held, each names the other, whatever their namespaces; a third goes on."""
    found = translated(service("shop/web"), service("blog/web"), service("shop/api", 443))
    assert [(str(each.service), each.expected) for each in found.problems] == [
        (
            "blog/web",
            "a load balancer on which no other has its ports: tcp-80 is Service shop/web's",
        ),
        (
            "shop/web",
            "a load balancer on which no other has its ports: tcp-80 is Service blog/web's",
        ),
    ]
    assert [each.service for each in found.load_balancers] == [API]


def test_what_is_rendered_wins() -> None:
    """The newcomer is the problem; on another load balancer the port is free."""
    told = problem(service("shop/web"), service("shop/api"), context=stands(WEB))
    assert told.service == API
    other = service("shop/api", **{KEY: TWO})
    assert not translated(service("shop/web"), other, context=stands(WEB)).problems


def test_who_is_held_keeps_its_ports() -> None:
    """A Service with a problem stays on its load balancer: nobody takes its port meanwhile."""
    held = service("shop/web", 443, **{L + "lb-method": "x"})
    found = translated(held, service("shop/api"), context=stands(WEB))
    assert [each.service for each in found.problems] == [API, WEB]
    assert "tcp-80 is Service shop/web's" in found.problems[0].expected


def test_exposure_counts_there() -> None:
    """Nobody knows from where such a load balancer is reached: the operator's rules hold."""
    told = problem(service(), exposure={"default": "closed"})
    assert "exposure" in f"{told.field} {told.expected} {told.remedy}"


def test_a_rule_against_fixed_addresses_forbids_it() -> None:
    """To choose a load balancer is to choose an address."""
    rules = [{"name": "shops", "namespaces": ["shop"], "fixed_address": False}]
    assert (
        problem(service(), rules=rules).expected
        == "no fixed address, by rule 'shops' (setting rules)"
    )


@pytest.mark.parametrize("value", [["a"], {"a": "b"}, 5])
def test_a_value_that_is_no_text(value: object) -> None:
    """Beside an id, too, it is a problem of its Service, and stops no other."""
    wrong = service("shop/web", **{L + "floating-subnet-id": value})
    found = translated(wrong, service("shop/api", 81))
    assert {each.service for each in found.problems} == {WEB} == found.held
    assert [each.service for each in found.load_balancers] == [API]
