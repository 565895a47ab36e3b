"""IP families: what a Service of IPv6 becomes, and what it lacks."""

from typing import Any

import pytest

from tests.fakes import objects
from tfgen import model, translate

L = "loadbalancer.openstack.org/"
SIX, OTHER = "66666666-2222-3333-4444-555555555555", "77777777-2222-3333-4444-555555555555"
NETWORK = {**objects.SETTINGS["network"], "ipv6_subnet_id": SIX}
IPV6: dict[str, Any] = {"ipFamilies": ["IPv6"], "ipFamilyPolicy": "SingleStack"}
INTERNAL = "service.beta.kubernetes.io/openstack-internal-load-balancer"
WEB = model.ServiceKey("shop", "web")
RANGES = "loadBalancerSourceRanges"


def nodes(*without: int) -> list[Any]:
    """Make three nodes with an address of each family, but for those without one of IPv6."""
    found = [objects.node(number) for number in (1, 2, 3)]
    for number, node in enumerate(found, 1):
        six = {"type": "InternalIP", "address": f"fd00:10::1{number}"}
        node["status"]["addresses"] += [] if number in without else [six]
    return found


def translated(
    service: Any,  # noqa: ANN401  whatever the API could give
    found: list[Any] | None = None,
    **context: Any,  # noqa: ANN401  any field of the context
) -> model.Translation:
    """Translate one Service with a subnet of IPv6 in the settings."""
    sections = context.pop("settings", {"network": NETWORK})
    given = {"frozen": {}, "live": False, **context}
    listing = objects.listing([service], nodes() if found is None else found)
    return translate.translate(listing, translate.Context(objects.settings(**sections), **given))


def balancer(**fields: Any) -> model.LoadBalancer:  # noqa: ANN401  any field of a Service
    """Give the load balancer of shop/web."""
    (made,) = translated(objects.service("shop/web", **fields)).load_balancers
    return made


def problems(settings: Any = None, /, **fields: Any) -> list[str]:  # noqa: ANN401  as above
    """Give the problems of shop/web, without their beginning."""
    sections = {"network": NETWORK} if settings is None else settings
    found = translated(objects.service("shop/web", **fields), settings=sections)
    assert found.held == {WEB}
    assert not found.load_balancers
    return [str(each).removeprefix("Service shop/web: ") for each in found.problems]


def test_a_service_of_ipv6_has_its_vip_and_members_there() -> None:
    """No floating IP leads to it, everyone is ::/0, and its nodes are those with an address."""
    made = balancer(**IPV6)
    assert (made.family, made.floats, made.internal) == (model.Family.IPV6, False, False)
    assert made.frozen.vip_subnet_id == made.member_subnet_id == SIX
    assert (made.frozen.vip_network_id, made.frozen.floating_network) == ("", "")
    assert made.ports[0].allowed_cidrs == ("::/0",)
    assert made.nodes == model.NodeChoice("default-ipv6", "", model.Family.IPV6)
    assert made.address == "lb_shop_web"


def test_members_may_be_reached_from_another_subnet() -> None:
    """By the setting of IPv6, that of a class, or the annotation."""
    network = {**NETWORK, "ipv6_member_subnet_id": OTHER}
    (made,) = translated(objects.service(**IPV6), settings={"network": network}).load_balancers
    assert (made.frozen.vip_subnet_id, made.member_subnet_id) == (SIX, OTHER)
    assert balancer(**IPV6, annotations={L + "member-subnet-id": OTHER}).member_subnet_id == OTHER


def test_a_class_has_its_own_subnet_of_ipv6() -> None:
    """It holds for the Services that name the class."""
    sections = {"network": NETWORK, "classes": {"gold": {"ipv6_subnet_id": OTHER}}}
    service = objects.service(**IPV6, annotations={L + "class": "gold"})
    (made,) = translated(service, settings=sections).load_balancers
    assert made.frozen.vip_subnet_id == OTHER
    broken = objects.service(**IPV6, annotations={L + "class": "gold"})
    without = {"classes": {"gold": {"ipv6_subnet_id": ""}}}
    (told,) = translated(broken, settings=without).problems
    assert told.field == "setting classes.gold.ipv6_subnet_id"


def test_the_annotation_wins_over_the_setting() -> None:
    """A network may stand beside the subnet, and never instead of it."""
    said = {L + "subnet-id": OTHER, L + "network-id": objects.SUBNET}
    made = balancer(**IPV6, annotations=said)
    assert (made.frozen.vip_subnet_id, made.frozen.vip_network_id) == (OTHER, objects.SUBNET)
    (told,) = problems({}, **IPV6, annotations={L + "network-id": objects.SUBNET})
    assert told.startswith('setting network.ipv6_subnet_id is "empty"')


def test_a_port_needs_no_subnet() -> None:
    """It is where it is."""
    service = objects.service(**IPV6, annotations={L + "port-id": OTHER})
    (made,) = translated(service, settings={"attach": "any"}).load_balancers
    assert (made.frozen.vip_port_id, made.frozen.vip_subnet_id) == (OTHER, "")


def test_without_the_setting_it_is_a_problem() -> None:
    """The message names the setting, and both ways out."""
    assert problems({}, **IPV6) == [
        (
            'setting network.ipv6_subnet_id is "empty"; expected the id of a subnet of IPv6, for '
            "spec.ipFamilies asks for an IPv6 address. Set it in tfgen.yaml, or make the Service "
            "of IPv4 alone."
        )
    ]


def test_what_was_rendered_stays_when_the_setting_goes() -> None:
    """Its subnet is kept, and no problem."""
    kept = model.Frozen(vip_subnet_id=SIX, provider="amphora", member_subnet_id=SIX)
    seat = model.Seat(("tcp-80",), family=model.Family.IPV6)
    found = translated(
        objects.service("shop/web", **IPV6), settings={}, frozen={WEB: kept}, seats={WEB: seat}
    )
    assert found.load_balancers[0].frozen == kept
    assert not (found.problems)
    assert not (found.notices)


FOREIGN: list[tuple[dict[str, Any], str]] = [
    (
        {RANGES: ["192.0.2.0/24"]},
        (
            f'spec.{RANGES} is "192.0.2.0/24"; expected IPv6 CIDRs, for the address is IPv6. '
            "Remove what is IPv4."
        ),
    ),
    (
        {"annotations": {"tfgen.io/source-ranges": "2001:db8::/32, 10.0.0.0/8"}},
        (
            'annotation tfgen.io/source-ranges is "10.0.0.0/8"; expected IPv6 CIDRs, for the '
            "address is IPv6. Remove what is IPv4."
        ),
    ),
    (
        {"loadBalancerIP": "192.0.2.9"},
        (
            'spec.loadBalancerIP is "192.0.2.9"; expected an IPv6 address, for the load '
            "balancer's is IPv6. Correct it."
        ),
    ),
    (
        {"loadBalancerIP": "2001:DB8::9"},
        (
            'spec.loadBalancerIP is "2001:DB8::9"; expected an IPv6 address, for the load '
            "balancer's is IPv6. Correct it."
        ),
    ),
]


@pytest.mark.parametrize(("fields", "told"), FOREIGN)
def test_what_is_of_the_other_family_is_a_problem(fields: dict[str, Any], told: str) -> None:
    """Ranges and addresses are of the family of the address."""
    assert problems(**IPV6, **fields) == [told]


def test_ranges_of_its_family_are_carried_out() -> None:
    """In their canonical form."""
    made = balancer(**IPV6, **{RANGES: ["2001:db8:1::9/48"]})
    assert made.ports[0].allowed_cidrs == ("2001:db8:1::/48",)


def test_its_address_is_free_to_take() -> None:
    """It is the VIP, internal or not: no floating IP is pointed at."""
    for said in ({}, {"annotations": {INTERNAL: "true"}}):
        made = balancer(**IPV6, loadBalancerIP="fd00:10::9", **said)
        assert (made.frozen.vip_address, made.frozen.floating_address) == ("fd00:10::9", "")


def test_what_is_said_of_floating_ips_says_nothing() -> None:
    """It is told, and holds nothing back."""
    found = translated(objects.service(**IPV6, annotations={L + "floating-subnet-id": SIX}))
    assert [str(each) for each in found.notices] == [
        (
            f"Service shop/web: {L}floating-subnet-id say nothing beside an IPv6 address: that is "
            "published as it is"
        )
    ]
    assert found.load_balancers[0].frozen.floating_subnets == ()


def test_no_external_network_is_needed() -> None:
    """A tree of IPv6 alone has no floating IPs."""
    sections = {"network": {"subnet_id": objects.SUBNET, "ipv6_subnet_id": SIX}}
    (made,) = translated(objects.service(**IPV6), settings=sections).load_balancers
    assert made.frozen.floating_network == ""


def test_a_node_without_such_an_address_is_left_out() -> None:
    """It is told; where none has one, that is the problem, not the selector."""
    found = translated(objects.service(**IPV6), nodes(2))
    (group,) = (each for each in found.node_groups if each.name == "default-ipv6")
    assert [member.name for member in group.members] == ["node-1", "node-3"]
    assert "Node node-2: left out: it has no InternalIP or ExternalIP (IPv6)" in map(
        str, found.notices
    )
    (told,) = translated(objects.service(**IPV6), objects.nodes()).problems
    assert str(told) == (
        'Service shop/web: spec.ipFamilies is "IPv6"; expected a family of which a node that '
        "counts has an address, and none has one of IPv6. Give nodes one (InternalIP or ExternalIP "
        "in their status), or ask for IPv4."
    )


def test_a_selector_that_takes_no_node_is_told_as_ever() -> None:
    """No address would help."""
    (told,) = problems(**IPV6, annotations={L + "node-selector": "pool=edge"})
    assert told.startswith(f'annotation {L}node-selector is "pool=edge"; expected labels of a node')


def test_few_members_are_chosen_for_each_family() -> None:
    """The group of the Service has the family in its name."""
    sections = {"network": NETWORK, "members": {"max_per_pool": 1}}
    found = translated(objects.service(**IPV6), settings=sections)
    assert found.load_balancers[0].node_group == "shop_web_ipv6"
    (group,) = (each for each in found.node_groups if each.name == "shop_web_ipv6")
    assert len(group.members) == 1


def test_another_family_is_another_address() -> None:
    """That a Service changes it is a problem, unless a person lets its address change."""
    kept, seat = model.Frozen(vip_subnet_id=objects.SUBNET), model.Seat(("tcp-80",))
    standing: dict[str, Any] = {"frozen": {WEB: kept}, "seats": {WEB: seat}}
    (told,) = translated(objects.service("shop/web", **IPV6), **standing).problems
    assert str(told) == (
        'Service shop/web: spec.ipFamilies is "IPv6"; expected IPv4 first, as it was rendered: '
        "another family has another address. Set it back, or let the address change: "
        "--allow-address-change shop/web"
    )
    agreed = translated(
        objects.service("shop/web", **IPV6), **standing, address_change=frozenset({WEB})
    )
    assert agreed.load_balancers[0].frozen.vip_subnet_id == SIX


def test_closed_opens_no_family_of_which_it_says_nothing() -> None:
    """The operator's ranges are those of the address's family, or the Service says its own."""
    closed = {"default": "closed", "ranges": ["10.9.0.0/16"]}
    sections = {"network": NETWORK, "exposure": closed}
    assert problems(sections, **IPV6) == [
        (
            f'spec.{RANGES} is "empty"; expected source ranges: setting exposure.default is '
            "closed, and exposure.ranges has none of IPv6. Say who may connect; ::/0 is everyone."
        )
    ]
    both = {"network": NETWORK, "exposure": {**closed, "ranges": ["10.9.0.0/16", "fd00::/8"]}}
    (made,) = translated(objects.service(**IPV6), settings=both).load_balancers
    assert made.ports[0].allowed_cidrs == ("fd00::/8",)
    assert problems({"network": NETWORK, "exposure": {"allow": [{"cidrs": ["0.0.0.0/0"]}]}}, **IPV6)


def test_a_provider_without_source_ranges_takes_everyone() -> None:
    """::/0 asks for nothing, as 0.0.0.0/0 does."""
    ovn = {"octavia": {"provider": "ovn"}, "defaults": {"lb_method": "SOURCE_IP_PORT"}}
    (made,) = translated(
        objects.service(**IPV6), settings={"network": NETWORK, **ovn}
    ).load_balancers
    assert made.ports[0].allowed_cidrs == ()


WRONG: list[tuple[dict[str, Any], str]] = [
    (
        {"ipFamilies": ["IPv6", "IPv6"], "ipFamilyPolicy": "RequireDualStack"},
        'spec.ipFamilies is "IPv6, IPv6"; expected each family once. Correct it.',
    ),
    (
        {"ipFamilies": ["IPv4", "IPv6"]},
        (
            'spec.ipFamilies is "IPv4, IPv6"; expected one family, or PreferDualStack or '
            "RequireDualStack in spec.ipFamilyPolicy beside it. Correct it."
        ),
    ),
]


@pytest.mark.parametrize(("fields", "told"), WRONG)
def test_families_that_do_not_fit_are_problems(fields: dict[str, Any], told: str) -> None:
    """The API refuses them as well."""
    assert problems(**fields) == [told]


def test_a_group_is_of_one_family() -> None:
    """Its Services agree on it; those that do are served."""
    group = {"annotations": {"tfgen.io/group": "web"}}
    pair = [
        objects.service("shop/web", **IPV6, **group),
        objects.service("shop/www", ports=[objects.port(81)], **group),
    ]
    context = translate.Context(objects.settings(network=NETWORK), {}, live=False)
    found = translate.translate(objects.listing(pair, nodes()), context)
    assert [str(each) for each in found.problems] == [
        (
            'Service shop/web: annotation tfgen.io/group is "web"; expected agreement with Service '
            "shop/www on the IP family (IPv6 here). Let all Services of the group say the same, or "
            "take one of them out of it."
        ),
        (
            'Service shop/www: annotation tfgen.io/group is "web"; expected agreement with Service '
            "shop/web on the IP family (IPv4 here). Let all Services of the group say the same, or "
            "take one of them out of it."
        ),
    ]
    pair[1]["spec"] |= IPV6
    made = translate.translate(objects.listing(pair, nodes()), context).load_balancers
    assert {each.address for each in made} == {"lbgroup_shop_web"}
    assert not any(each.floats for each in made)


DUAL: dict[str, Any] = {"ipFamilies": ["IPv4", "IPv6"], "ipFamilyPolicy": "RequireDualStack"}
PREFER: dict[str, Any] = {"ipFamilyPolicy": "PreferDualStack"}


def test_two_families_have_two_load_balancers() -> None:
    """The first is as it would be alone; the second has its own name, tags, subnet and nodes."""
    made = balancer(**DUAL)
    second = made.second
    assert second is not None
    assert (made.family, made.address, made.floats) == ("IPv4", "lb_shop_web", True)
    assert (second.family, second.address, second.floats) == ("IPv6", "lb6_shop_web", False)
    assert (made.name, second.name) == ("demo_shop_web", "demo_shop_web_ipv6")
    assert set(second.tags) - set(made.tags) == {"tfgen_second"}
    assert second.frozen.vip_subnet_id == SIX
    assert second.nodes == model.NodeChoice("default-ipv6", "", model.Family.IPV6)
    assert second.ports[0].allowed_cidrs == ("::/0",)
    assert (made, made.sides) == (made, (made, second))
    alone = balancer()
    assert [getattr(made, each) for each in ("frozen", "ports", "tags", "nodes")] == [
        getattr(alone, each) for each in ("frozen", "ports", "tags", "nodes")
    ]


def test_the_first_family_may_be_ipv6() -> None:
    """Then the second is IPv4, and has the floating IP."""
    made = balancer(ipFamilies=["IPv6", "IPv4"], ipFamilyPolicy="RequireDualStack")
    assert made.second is not None
    assert (made.family, made.second.family) == ("IPv6", "IPv4")
    assert (made.frozen.floating_network, made.second.frozen.floating_network) == ("", "public")
    assert (made.second.address, made.second.name) == ("lb6_shop_web", "demo_shop_web_ipv4")


def test_what_says_where_the_first_is_says_nothing_of_the_second() -> None:
    """Subnets and port of the annotations are those of the primary family."""
    said = {L + "subnet-id": OTHER, L + "member-subnet-id": OTHER}
    made = balancer(**DUAL, annotations=said)
    assert made.second is not None
    assert (made.frozen.vip_subnet_id, made.member_subnet_id) == (OTHER, OTHER)
    assert (made.second.frozen.vip_subnet_id, made.second.member_subnet_id) == (SIX, SIX)


def test_an_address_means_the_load_balancer_of_its_family() -> None:
    """Of IPv6 it is the VIP of that one; of IPv4 a floating IP that exists."""
    made = balancer(**DUAL, loadBalancerIP="fd00:10::9")
    assert made.second is not None
    assert (made.frozen.floating_address, made.second.frozen.vip_address) == ("", "fd00:10::9")
    sections = {"network": NETWORK, "attach": "any"}
    found = translated(objects.service(**DUAL, loadBalancerIP="192.0.2.9"), settings=sections)
    (made,) = found.load_balancers
    assert made.second is not None
    assert made.frozen.floating_address == "192.0.2.9"
    assert made.second.frozen == model.Frozen(
        vip_subnet_id=SIX, provider="amphora", member_subnet_id=SIX
    )


def test_each_family_has_its_own_source_ranges() -> None:
    """A list with none of one family would open it to everyone, or to nobody: a problem."""
    made = balancer(**DUAL, **{RANGES: ["2001:db8::/32", "192.0.2.0/24"]})
    assert made.second is not None
    assert made.ports[0].allowed_cidrs == ("192.0.2.0/24",)
    assert made.second.ports[0].allowed_cidrs == ("2001:db8::/32",)
    assert problems(**DUAL, **{RANGES: ["192.0.2.0/24"]}) == [
        (
            f'spec.{RANGES} is "192.0.2.0/24"; expected CIDRs of IPv6, too: without any its IPv6 '
            "address would be open to everyone, or to nobody. Say who may connect by IPv6 (::/0 "
            "is everyone), or make the Service single-stack."
        )
    ]
    (told,) = problems(**DUAL, **{RANGES: ["2001:db8::/32"]})
    assert "expected CIDRs of IPv4, too" in told


def test_both_are_required_and_one_subnet_is_missing() -> None:
    """The problem names the setting, and the other way out."""
    assert problems({}, **DUAL) == [
        (
            'setting network.ipv6_subnet_id is "empty"; expected the id of a subnet of IPv6, for '
            "spec.ipFamilyPolicy asks for an IPv6 address. Set it in tfgen.yaml, or make the "
            "Service single-stack."
        )
    ]


PREFERRED: list[tuple[dict[str, Any], str]] = [
    ({"settings": {}}, "setting network.ipv6_subnet_id is empty"),
    ({"found": objects.nodes()}, "no node that it selects has an IPv6 address"),
]


@pytest.mark.parametrize(("lack", "why"), PREFERRED)
def test_what_is_only_preferred_needs_no_second_family(lack: dict[str, Any], why: str) -> None:
    """It is served with one, and that is told; ranges of the other say nothing."""
    ranges = {RANGES: ["2001:db8::/32", "192.0.2.0/24"]}
    found = translated(objects.service("shop/web", **PREFER, **ranges), **lack)
    (made,) = found.load_balancers
    assert made.second is None
    assert made.ports[0].allowed_cidrs == ("192.0.2.0/24",)
    told = [str(each) for each in found.notices if each.about == "Service shop/web"]
    assert told == [
        (
            "Service shop/web: spec.ipFamilyPolicy PreferDualStack: it is served with IPv4 alone, "
            f"for {why}"
        ),
        (
            f"Service shop/web: spec.{RANGES}: 2001:db8::/32 say nothing: it is served with IPv4 "
            "alone"
        ),
    ]


@pytest.mark.parametrize(("lack", "why"), PREFERRED)
def test_an_address_of_the_family_that_is_not_served_says_nothing(
    lack: dict[str, Any], why: str
) -> None:
    """Where the second family is only preferred, what asks for its VIP is told so."""
    found = translated(objects.service("shop/web", **PREFER, loadBalancerIP="fd00:10::9"), **lack)
    (made,) = found.load_balancers
    assert (made.second, made.frozen.vip_address, made.frozen.floating_address) == (None, "", "")
    told = [str(each) for each in found.notices if each.about == "Service shop/web"]
    assert any(why in each for each in told)
    assert told[-1] == (
        "Service shop/web: spec.loadBalancerIP fd00:10::9 says nothing: it is served with "
        "IPv4 alone"
    )


def test_what_a_cluster_of_one_family_gives_is_one_family() -> None:
    """Live, or as its API wrote it: a manifest in Git that prefers two gets both."""
    one = {**PREFER, "ipFamilies": ["IPv4"]}
    (live,) = translated(objects.service(**one), live=True).load_balancers
    assert live.second is None
    assert balancer(**one, clusterIP="10.96.0.9").second is None
    assert balancer(**one).second is not None
    assert balancer(**PREFER).second is not None
    both = {**PREFER, "ipFamilies": ["IPv4", "IPv6"]}
    (live,) = translated(objects.service(**both), live=True).load_balancers
    assert live.second is not None


def test_a_second_family_that_stands_is_not_lost_with_a_setting() -> None:
    """What it was made with is kept, as of the first."""
    first = model.Frozen(
        vip_subnet_id=objects.SUBNET,
        provider="amphora",
        floating_network="public",
        member_subnet_id=objects.SUBNET,
    )
    second = model.Frozen(vip_subnet_id=SIX, provider="amphora", member_subnet_id=SIX)
    seat = model.Seat(("tcp-80",), second=second)
    found = translated(
        objects.service("shop/web", **PREFER),
        settings={},
        frozen={WEB: first},
        seats={WEB: seat},
    )
    (made,) = found.load_balancers
    assert made.second is not None
    assert (made.frozen, made.second.frozen) == (first, second)
    assert not found.problems


def test_a_group_has_one_family() -> None:
    """Two that are required are a problem; two that are preferred become one."""
    group = {"annotations": {"tfgen.io/group": "web"}}
    assert problems(**DUAL, **group) == [
        (
            'spec.ipFamilyPolicy is "RequireDualStack"; expected "SingleStack" or '
            '"PreferDualStack", for the load balancer of a group (tfgen.io/group) has one. Make it '
            "single-stack, or give it a load balancer of its own."
        )
    ]
    made = balancer(**PREFER, **group)
    assert (made.address, made.second) == ("lbgroup_shop_web", None)
