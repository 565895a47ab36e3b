"""What holds of translation for every input."""

import copy
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.fakes import objects
from tests.property import amount, services
from tfgen import model, render, translate

LOOSE = objects.settings(
    attach="any", claim={"classless": True, "selector": "!never,app notin (x)"}
)
_service = services.mutated(services.rightful())
_OTHER_TYPES = (None, "ClusterIP", "ExternalName")
_node = services.mutated(st.integers(1, 9).map(objects.node))


def translated(
    found: list[dict[str, Any]], nodes: list[dict[str, Any]], *, live: bool = False
) -> model.Translation:
    """Translate under a claim that takes much."""
    listing = objects.listing(found, nodes, "uid" if live else "")
    return translate.translate(listing, translate.Context(LOOSE, {}, live=live))


@given(_service)
def test_what_was_rendered_is_gone_only_where_it_says_so(service: dict[str, Any]) -> None:
    """Whatever became of a Service: rendered, held or unclaimed, unless it asks for nothing."""
    metadata = service["metadata"]
    assume(isinstance(metadata, dict) and is_named(metadata))
    key = model.ServiceKey(metadata["namespace"], metadata["name"])
    context = translate.Context(LOOSE, {key: model.Frozen()})
    made = translate.translate(objects.listing([service]), context)
    known = made.held | made.unclaimed | {lb.service for lb in made.load_balancers}
    assert key in known or says_no(service["spec"], metadata)


def is_named(metadata: dict[str, Any]) -> bool:
    """Whether it has names that a manifest may hold."""
    names = (metadata.get("namespace"), metadata.get("name"))
    return all(isinstance(name, str) and name and name.isprintable() for name in names)


def says_no(spec: dict[str, Any], metadata: dict[str, Any]) -> bool:
    """Whether it asks for no load balancer, or goes."""
    notes = metadata.get("annotations")
    hidden = not isinstance(notes, dict) or "tfgen.io/expose" not in notes
    silent = spec.get("type") == "NodePort" and hidden
    return bool(metadata.get("deletionTimestamp")) or silent or spec.get("type") in _OTHER_TYPES


@given(st.lists(_service | services.anything, max_size=2), st.booleans())
def test_any_service_gives_a_load_balancer_or_problems(
    found: list[dict[str, Any]],
    live: bool,  # noqa: FBT001  drawn
) -> None:
    """Never another exception; and whoever has a problem has no load balancer."""
    made = translated(found, objects.nodes(), live=live)
    assert made.held == {problem.service for problem in made.problems}
    assert len(made.load_balancers) + len(made.unclaimed) <= len(found)
    for load_balancer in made.load_balancers:
        assert load_balancer.ports
        assert all(port.allowed_cidrs for port in load_balancer.ports)
        render.service_document(load_balancer)


@given(st.lists(_node | services.anything, max_size=2))
def test_any_node_is_a_member_or_left_out(nodes: list[dict[str, Any]]) -> None:
    """Never an exception; the facts that come of it can be written and read."""
    made = translated([objects.service()], nodes)
    groups = {
        group.name: {member.name: {"address": member.address} for member in group.members}
        for group in made.node_groups
    }
    facts = render.Facts(groups, {})
    assert render.load_facts(render.dump_facts(facts)) == facts


@amount.of(0.6)
@given(st.lists(_service | services.anything, max_size=2))
def test_no_message_orders_a_terminal_about(found: list[dict[str, Any]]) -> None:
    """Whatever stands in names and values."""
    made = translated(found, objects.nodes())
    for said in (*made.problems, *made.notices):
        assert str(said).isprintable()


@amount.of(0.6)
@given(services.fleets(), services.nodes, st.randoms())
def test_order_has_no_meaning(
    found: list[dict[str, Any]],
    nodes: list[dict[str, Any]],
    random: Any,  # noqa: ANN401  a Random
) -> None:
    """Services, Nodes and ports in any order make the same load balancers."""
    turned = [
        {
            **service,
            "spec": {**service["spec"], "ports": _shuffled(service["spec"]["ports"], random)},
        }
        for service in _shuffled(found, random)
    ]
    assert translated(turned, _shuffled(nodes, random)) == translated(found, nodes)


def _shuffled(items: list[Any], random: Any) -> list[Any]:  # noqa: ANN401  a Random
    shuffled: list[Any] = random.sample(items, len(items))
    return shuffled


@amount.of(0.3)
@given(services.fleets())
def test_a_rightful_service_is_translated(found: list[dict[str, Any]]) -> None:
    """What the strategies call right has no problem: else the other properties say little."""
    made = translated(found, objects.nodes())
    assert made.problems == ()
    assert len(made.load_balancers) == len(found)


_keys = st.tuples(services.names, services.names).map(lambda parts: model.ServiceKey(*parts))


@given(_keys, _keys)
def test_two_services_never_share_a_name(one: model.ServiceKey, two: model.ServiceKey) -> None:
    """Label, address and file are injective: nothing is hashed or cut."""
    assert (one.label == two.label) is (one == two)
    assert (one.address == two.address) is (one == two)
    assert model.ServiceKey.parse(str(one)) == one


@given(
    st.lists(_service | services.rightful() | services.plain(), min_size=1, max_size=4),
    st.booleans(),
)
def test_together_or_alone_a_service_is_the_same(
    found: list[dict[str, Any]],
    closed: bool,  # noqa: FBT001  drawn
) -> None:
    """What is read once for Services that say the same is what each says; so is its file."""
    exposure = {"allow": [{"namespaces": ["a*"], "cidrs": ["10.0.0.0/8"]}]} if closed else {}
    settings = objects.settings(claim={"classless": True}, exposure=exposure)
    twice = [*found, *found, *map(_sibling, found)]
    together = translate.translate(objects.listing(twice), translate.Context(settings, {}))
    alone = [
        translate.translate(objects.listing([each]), translate.Context(settings, {}))
        for each in twice
    ]
    made = sorted((lb for one in alone for lb in one.load_balancers), key=lambda lb: lb.service)
    assert sorted(together.load_balancers, key=repr) == sorted(made, key=repr)
    assert sorted(together.problems) == sorted(p for one in alone for p in one.problems)
    for lb in together.load_balancers:
        assert render.service_file(lb).text == render.service_document(lb)


def _sibling(service: dict[str, Any]) -> dict[str, Any]:
    """Make another Service that says the same, but for its name, sources and node ports."""
    other = copy.deepcopy(service)
    if isinstance(other["metadata"], dict):
        other["metadata"] |= {"name": "sibling", "namespace": "another"}
    spec = other["spec"] if isinstance(other["spec"], dict) else {}
    if isinstance(spec.get("loadBalancerSourceRanges"), list):
        spec["loadBalancerSourceRanges"] = ["203.0.113.0/24"]
    for port in spec["ports"] if isinstance(spec.get("ports"), list) else ():
        if isinstance(port, dict) and type(port.get("nodePort")) is int:
            port["nodePort"] += 1
    return other
