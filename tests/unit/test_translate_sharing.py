"""Services that share a load balancer: what they agree on, and who is the problem if not."""

from typing import Any

from tests.fakes import objects
from tfgen import model, translate
from tfgen.annotations import table

A, B, C = (model.ServiceKey("web", name) for name in "abc")
FRONT = model.GroupKey("web", "front")
INTERNAL = {table.INTERNAL: "true"}
AGREE = "Let all Services of the group say the same, or take one of them out of it."


def service(key: model.ServiceKey, *ports: int, group: str = "front", **said: Any) -> objects.Json:  # noqa: ANN401  annotations
    """Make a Service of a group, of none where that is empty; ports below 100 are UDP, too."""
    own = {"tfgen.io/group": group} if group else {}
    found = [objects.port(number) for number in ports or (80,)]
    return objects.service(str(key), ports=found, annotations={**own, **said})


def of(
    *services: objects.Json,
    stand: dict[model.ServiceKey, model.Seat] | None = None,
    accept: tuple[model.ServiceKey, ...] = (),
    kept: str = "old",
    **settings: Any,  # noqa: ANN401  sections
) -> model.Translation:
    """Translate these, beside what is rendered already."""
    made = model.Frozen(vip_subnet_id=kept, provider="amphora", floating_network="public")
    context = translate.Context(
        objects.settings(**settings),
        dict.fromkeys(stand or (), made),
        address_change=frozenset(accept),
        live=False,
        seats=stand or {},
    )
    return translate.translate(objects.listing(services, objects.nodes()), context)


def seat(*ports: str, group: model.GroupKey | None = FRONT, internal: bool = False) -> model.Seat:
    """Give what a Service has on its load balancer."""
    return model.Seat(ports or ("tcp-80",), internal, group)


def told(found: model.Translation) -> list[str]:
    """Give the problems in words."""
    return [str(problem) for problem in found.problems]


def test_a_new_group() -> None:
    """All have one load balancer, named and tagged for the group; their ports carry their own."""
    found = of(service(A, 80), service(B, 443))
    assert told(found) == []
    a, b = found.load_balancers
    assert a.group == b.group
    assert a.group == model.Group(
        key=FRONT,
        name="demo_web_group_front",
        description="Services of group web/front of cluster demo",
        tags=(
            "tfgen",
            "tfgen_cluster=demo",
            "tfgen_group=web_front",
            f"tfgen_tree={objects.SETTINGS['tree']}",
        ),
    )
    assert (a.address, a.name) == ("lbgroup_web_front", "demo_web_a")
    assert "tfgen_service=web_b" in b.tags


def test_a_group_is_of_its_namespace() -> None:
    """The same name in two namespaces is two groups."""
    other = model.ServiceKey("shop", "a")
    found = of(service(A, 80), service(other, 80))
    assert [lb.address for lb in found.load_balancers] == [
        "lbgroup_shop_front",
        "lbgroup_web_front",
    ]


def test_a_new_group_that_does_not_agree_is_not_opened() -> None:
    """Each is a problem, and names the others."""
    found = of(service(A, 80), service(B, 443, **INTERNAL), service(C, 53))
    assert found.load_balancers == ()
    assert told(found) == [
        f'Service web/{own}: annotation tfgen.io/group is "front"; expected agreement with Service '
        f"{others} on internal. {AGREE}"
        for own, others in (
            ("a", "web/b, web/c"),
            ("b", "web/a, web/c"),
            ("c", "web/a, web/b"),
        )
    ]


def test_what_belongs_to_the_load_balancer_is_agreed_on() -> None:
    """A class, or an annotation, that asks for another flavor is told with both values."""
    flavor = "6f0a2b52-1b3c-4d55-8a27-111111111111"
    found = of(service(A, 80), service(B, 443, **{table.OCCM + "flavor-id": flavor}))
    assert told(found)[1] == (
        'Service web/b: annotation tfgen.io/group is "front"; expected agreement with Service '
        f"web/a on flavor_id ('{flavor}' here). {AGREE}"
    )
    assert found.held == {A, B}


def test_the_members_subnet_is_of_a_service_alone() -> None:
    """Pools are not shared: each Service says where its members are."""
    subnet = "6f0a2b52-1b3c-4d55-8a27-222222222222"
    found = of(service(A, 80), service(B, 443, **{table.OCCM + "member-subnet-id": subnet}))
    assert [lb.member_subnet_id for lb in found.load_balancers] == [objects.SUBNET, subnet]


def test_a_port_is_of_one_service() -> None:
    """Two newcomers that want one port are both a problem; a third is rendered."""
    found = of(service(A, 80, 81), service(B, 81), service(C, 53))
    assert [lb.service for lb in found.load_balancers] == [C]
    assert told(found) == [
        f'Service web/{own}: annotation tfgen.io/group is "front"; expected a port that the others '
        f"do not have: tcp-81 is Service web/{other}'s. {AGREE}"
        for own, other in ("ab", "ba")
    ]


def test_tcp_and_udp_share_a_number() -> None:
    """Octavia takes a TCP and a UDP listener on one port."""
    udp = service(B)
    udp["spec"]["ports"] = [objects.port(80, "UDP")]
    assert told(of(service(A, 80), udp)) == []


def test_what_is_rendered_wins_over_a_newcomer() -> None:
    """The newcomer that disagrees, or wants a port that is taken, is the problem alone."""
    stand = {A: seat()}
    found = of(service(A, 80), service(B, 80), service(C, 443, **INTERNAL), stand=stand)
    assert found.held == {B, C}
    assert [lb.service for lb in found.load_balancers] == [A]


def test_one_that_is_rendered_and_takes_a_port_of_another() -> None:
    """Who had the port keeps it."""
    stand = {A: seat("tcp-80"), B: seat("tcp-443")}
    assert of(service(A, 443), service(B, 443), stand=stand).held == {A}


def test_a_held_service_keeps_its_ports() -> None:
    """What the tree has of it counts, not what it asks for meanwhile; the port it gives up too."""
    stand = {A: seat("tcp-80")}
    wrong = service(A, 81, **{table.OCCM + "lb-method": "x"})
    found = of(wrong, service(B, 80), service(C, 81), stand=stand, kept=objects.SUBNET)
    assert found.held == {A, B}
    assert [lb.service for lb in found.load_balancers] == [C]


def test_a_problem_of_one_holds_the_port_that_it_would_have_left() -> None:
    """A gives port 80 up and takes B's; it stays on 80, so C cannot have that."""
    stand = {A: seat("tcp-80"), B: seat("tcp-443")}
    found = of(service(A, 443), service(B, 443), service(C, 80), stand=stand)
    assert found.held == {A, C}


def test_a_newcomer_gets_what_the_load_balancer_was_made_with() -> None:
    """Settings that moved on hold for new ones only; who says no more than they is welcome."""
    found = of(service(A, 80), service(B, 443), stand={A: seat()})
    assert [lb.frozen.vip_subnet_id for lb in found.load_balancers] == ["old", "old"]
    assert told(found) == []


def test_to_join_changes_the_address() -> None:
    """A Service with a load balancer of its own is asked first; then it is a newcomer."""
    stand = {A: seat(), B: seat("tcp-443", group=None)}
    assert told(of(service(A, 80), service(B, 443), stand=stand)) == [
        (
            'Service web/b: annotation tfgen.io/group is "front"; expected no group, as it was '
            "rendered: another load balancer has another address. Set it back, or let the address "
            "change: --allow-address-change web/b"
        )
    ]
    found = of(service(A, 80), service(B, 443), stand=stand, accept=(B,))
    assert [lb.address for lb in found.load_balancers] == ["lbgroup_web_front"] * 2
    assert not any(lb.address_may_change for lb in found.load_balancers)


def test_to_leave_changes_the_address() -> None:
    """And the others stay where they are."""
    stand = {A: seat(), B: seat("tcp-443")}
    leaving = service(B, 443, group="")
    assert told(of(service(A, 80), leaving, stand=stand)) == [
        (
            'Service web/b: annotation tfgen.io/group is "missing"; expected "front", as it was '
            "rendered: another load balancer has another address. Set it back, or let the address "
            "change: --allow-address-change web/b"
        )
    ]
    found = of(service(A, 80), leaving, stand=stand, accept=(B,))
    assert [lb.address for lb in found.load_balancers] == ["lbgroup_web_front", "lb_web_b"]
    assert found.load_balancers[0].frozen.vip_subnet_id == "old"


def test_a_consent_must_name_all_whose_address_it_is() -> None:
    """One of two opens nothing, and is told so; both take the new values."""
    stand = {A: seat(), B: seat("tcp-443")}
    both = service(A, 80), service(B, 443)
    one = of(*both, stand=stand, accept=(A,))
    assert [lb.frozen.vip_subnet_id for lb in one.load_balancers] == ["old", "old"]
    assert not any(lb.address_may_change for lb in one.load_balancers)
    assert (
        "Service web/a: shares its load balancer, and its address changes with all of them: "
        "--allow-address-change web/a --allow-address-change web/b"
    ) in map(str, one.notices)
    all_ = of(*both, stand=stand, accept=(A, B))
    assert [lb.frozen.vip_subnet_id for lb in all_.load_balancers] == [objects.SUBNET] * 2
    assert all(lb.address_may_change for lb in all_.load_balancers)


def test_all_turn_internal_or_none() -> None:
    """One alone disagrees with what is rendered; together they may, unless one is held."""
    stand = {A: seat(), B: seat("tcp-443")}
    assert of(service(A, 80, **INTERNAL), service(B, 443), stand=stand).held == {A}
    both = service(A, 80, **INTERNAL), service(B, 443, **INTERNAL)
    found = of(*both, stand=stand)
    assert [(lb.internal, lb.frozen.floating_network) for lb in found.load_balancers] == [
        (True, "")
    ] * 2
    wrong = service(B, 443, **INTERNAL, **{table.OCCM + "lb-method": "x"})
    assert of(both[0], wrong, stand=stand).held == {A, B}


def test_the_provider_of_the_group_judges_what_can_be_done() -> None:
    """A newcomer's ports are on a load balancer that stands, whatever the settings say by now."""
    settings: dict[str, Any] = {
        "octavia": {"provider": "ovn"},
        "defaults": {"lb_method": "SOURCE_IP_PORT"},
    }
    found = of(service(A, 80), service(B, 443), stand={A: seat()}, **settings)
    assert {problem.field for problem in found.problems} == {"setting defaults.lb_method"}


def test_further_tags_are_those_of_all() -> None:
    """A tag of one contradicts nobody's."""
    key = table.OCCM + "load-balancer-tags"
    found = of(service(A, 80, **{key: "x"}), service(B, 443, **{key: "y"}))
    assert [lb.more_tags for lb in found.load_balancers] == [("x", "y")] * 2


def test_the_floating_ip_of_a_group_is_not_kept_for_one() -> None:
    """It goes with the last Service: who asks to keep it is told."""
    found = of(service(A, 80), service(B, 443, **{table.OCCM + "keep-floatingip": "true"}))
    assert told(found) == [
        (
            "Service web/b: annotation loadbalancer.openstack.org/keep-floatingip is "
            '"true"; expected false, for the floating IP of a group is that of all its Services. '
            "Remove it, or leave the group."
        )
    ]


def test_a_fixed_address_is_that_of_all() -> None:
    """One that asks for a floating IP, where the others ask for none, disagrees."""
    one = service(A, 80)
    one["spec"]["loadBalancerIP"] = "172.24.0.7"
    found = of(one, service(B, 443), attach="any")
    assert found.held == {A, B}
    other = service(B, 443)
    other["spec"]["loadBalancerIP"] = "172.24.0.7"
    both = of(one, other, attach="any")
    assert [lb.frozen.floating_address for lb in both.load_balancers] == ["172.24.0.7"] * 2
