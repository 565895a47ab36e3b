"""Translation takes anything: `make slow` tries ten thousand Services, Nodes and annotation maps.

Each test is divided into shards, which run side by side.
"""

from random import Random
from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import objects, vocabulary
from tests.property import amount, test_translate, wild
from tfgen import annotations, model, render, translate

pytestmark = pytest.mark.slow

SHARDS = 4
SETTINGS = objects.settings(
    attach="any",
    claim={"classless": True, "selector": "!never,app notin (x)"},
    classes={"gold": {"flavor_id": vocabulary.OTHER}},
    network=vocabulary.NETWORK,
)
seeds = st.integers(0, 2**48)
in_shards = pytest.mark.parametrize("shard", range(SHARDS))
quarter = amount.of(1 / SHARDS)


def drawn(seed: int, shard: int) -> Random:
    """Give what makes the examples of a seed, others in each shard."""
    return Random(seed * SHARDS + shard)  # noqa: S311  no secret


def translated(
    services: list[Any], nodes: list[Any], frozen: frozenset[model.ServiceKey], *, live: bool
) -> model.Translation:
    """Translate, after some Services were rendered before."""
    if hypothesis.currently_in_test_context():
        hypothesis.note(f"Services: {services!r}\nNodes: {nodes!r}")
    listing = objects.listing(services, nodes, "uid" if live else "")
    before = dict.fromkeys(frozen, model.Frozen())
    context = translate.Context(SETTINGS, before, live=live, resolved=vocabulary.RESOLVED)
    return translate.translate(listing, context)


@in_shards
@quarter
@given(seed=seeds)
def test_any_service_gives_a_load_balancer_or_problems(seed: int, shard: int) -> None:
    """Never an exception; whoever has a problem has no load balancer, and messages can be shown."""
    random = drawn(seed, shard)
    known = frozenset({model.ServiceKey("shop", "web")} if random.randrange(2) else ())
    found = [wild.service(random)]
    made = translated(found, objects.nodes(), known, live=bool(random.randrange(2)))
    assert made.held == {problem.service for problem in made.problems}
    assert len(made.load_balancers) + len(made.unclaimed) <= len(found)
    for load_balancer in made.load_balancers:
        assert load_balancer.service not in made.held
        assert all(each.allowed_cidrs for each in load_balancer.ports)
        assert render.service_document(load_balancer)
    for said in (*made.problems, *made.notices):
        assert str(said).isprintable()


@in_shards
@quarter
@given(seed=seeds)
def test_what_was_rendered_is_gone_only_where_it_says_so(seed: int, shard: int) -> None:
    """Whatever became of a Service: rendered, held or unclaimed, unless it asks for nothing."""
    found = wild.service(drawn(seed, shard))
    metadata: Any = found.get("metadata")
    hypothesis.assume(isinstance(metadata, dict) and test_translate.is_named(metadata))
    key = model.ServiceKey(metadata["namespace"], metadata["name"])
    made = translated([found], objects.nodes(), frozenset({key}), live=False)
    known = made.held | made.unclaimed | {lb.service for lb in made.load_balancers}
    spec: Any = found.get("spec")
    says_no = isinstance(spec, dict) and test_translate.says_no(spec, metadata)
    assert key in known or says_no


@in_shards
@quarter
@given(seed=seeds)
def test_any_annotations_give_a_load_balancer_or_problems(seed: int, shard: int) -> None:
    """Whatever a Service says of itself that is right otherwise: no silence, no exception."""
    random = drawn(seed, shard)
    ports = [objects.port(80), objects.port(443), objects.port(53, "UDP")]
    service = objects.service("shop/web", ports=ports[: random.randrange(1, 4)])
    service["metadata"]["annotations"] = wild.notes(random)
    made = translated([service], objects.nodes(), frozenset(), live=bool(random.randrange(2)))
    assert bool(made.load_balancers) is not bool(made.held)
    assert made.held == {problem.service for problem in made.problems}
    for load_balancer in made.load_balancers:
        assert render.service_document(load_balancer)


@in_shards
@quarter
@given(seed=seeds)
def test_any_node_is_a_member_or_left_out(seed: int, shard: int) -> None:
    """Never an exception; the facts that come of it can be written and read."""
    random = drawn(seed, shard)
    nodes = [wild.node(random) for _ in range(random.randrange(4))]
    made = translated([objects.service()], nodes, frozenset(), live=False)
    groups = {
        group.name: {member.name: {"address": member.address} for member in group.members}
        for group in made.node_groups
    }
    facts = render.Facts(groups, {})
    assert render.load_facts(render.dump_facts(facts)) == facts


@in_shards
@quarter
@given(seed=seeds)
def test_together_or_alone_a_service_is_the_same(seed: int, shard: int) -> None:
    """Neither what is wrong with one nor what another says touches a Service beside it."""
    random = drawn(seed, shard)
    found = [wild.service(random), wild.service(random)]
    for number, each in enumerate(found):
        if isinstance(each.get("metadata"), dict):
            each["metadata"] = {**each["metadata"], "namespace": f"of-{number}"}
    together = translated(found, [], frozenset(), live=False)
    alone = [translated([each], [], frozenset(), live=False) for each in found]
    assert sorted(together.load_balancers, key=repr) == sorted(
        (lb for one in alone for lb in one.load_balancers), key=repr
    )
    assert sorted(together.problems) == sorted(p for one in alone for p in one.problems)


def test_what_is_tried_is_right_and_wrong() -> None:
    """Of a thousand Services many have load balancers, and many problems: neither is rare."""
    made = [
        translated([wild.service(drawn(seed, 0))], objects.nodes(), frozenset(), live=True)
        for seed in range(1000)
    ]
    rendered = sum(bool(each.load_balancers) for each in made)
    held = sum(bool(each.problems) for each in made)
    assert rendered > 50
    assert held > 100
    keys = {key for seed in range(1000) for key in wild.notes(drawn(seed, 1))}
    assert keys >= set(annotations.TABLE)
