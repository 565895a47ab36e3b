"""Bounded pools: a node that joins a large cluster touches few of them, each by one member."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import objects
from tests.property import amount
from tfgen import model
from tfgen.translate import groups

POOLS = 40


def _nodes(numbers: set[int]) -> tuple[objects.Json, ...]:
    address = [{"type": "InternalIP", "address": ""}]
    return tuple(
        objects.node(n, addresses=[{**address[0], "address": f"10.{n // 250}.0.{n % 250 + 1}"}])
        for n in sorted(numbers)
    )


def _pools(numbers: set[int], most: int, stem: str) -> list[frozenset[str]]:
    found = groups.Groups(_nodes(numbers), "", most)
    choices = (found.choose("", label=f"{stem}_s{pool}") for pool in range(POOLS))
    return [frozenset(one.name for one in found.of(choice).members) for choice in choices]


sizes = st.integers(4, 60)


@amount.of(0.3)
@given(sizes, st.integers(1, 20), st.sampled_from(["shop", "blog", "a-b"]))
def test_a_node_that_joins_displaces_one_member_of_few_pools(
    size: int, most: int, stem: str
) -> None:
    """At most one member a pool changes, and about the share of pools that the bound gives."""
    before, after = (_pools(set(range(count)), most, stem) for count in (size, size + 1))
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    for old, new in changed:
        assert new - old == {f"node-{size}"}
        assert len(old - new) <= 1
        assert len(new) == min(most, size + 1)
    share = min(1.0, most / (size + 1))
    spread = 5 * (POOLS * share * (1 - share)) ** 0.5
    assert len(changed) <= POOLS * share + spread + 1


@amount.of(0.3)
@given(st.sets(st.integers(0, 60), min_size=3), st.integers(1, 20), st.randoms())
def test_a_choice_hangs_on_names_alone(numbers: set[int], most: int, random: Random) -> None:
    """Neither the order of nodes, nor the family, nor the addresses change who is chosen."""
    listed = list(_nodes(numbers))
    random.shuffle(listed)
    found = groups.Groups(tuple(listed), "", most)
    choice = found.choose("", label="shop_web")
    assert found.of(choice) == groups.Groups(_nodes(numbers), "", most).of(choice)
    assert choice == model.NodeChoice("shop_web")
    assert len(found.of(choice).members) == min(most, len(numbers))


@amount.of(0.3)
@given(st.integers(30, 60), st.integers(1, 10))
def test_pools_are_spread_over_all_nodes(size: int, most: int) -> None:
    """No node stands behind all pools, so that none carries the load of all."""
    pools = _pools(set(range(size)), most, "shop")
    loads = [sum(f"node-{n}" in pool for pool in pools) for n in range(size)]
    assert sum(loads) == POOLS * most
    assert max(loads) < POOLS
