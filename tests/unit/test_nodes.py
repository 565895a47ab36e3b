"""Which nodes stand behind pools, and at which address."""

from typing import Any

import pytest

from tests.fakes import objects
from tfgen import model
from tfgen.translate import nodes

TAINTED = {"taints": [{"key": "ToBeDeletedByClusterAutoscaler", "effect": "NoSchedule"}]}
EXCLUDE = "node.kubernetes.io/exclude-from-external-load-balancers"


def members(*found: objects.Json, selector: str = "") -> list[str]:
    """Give the members, as `name address`."""
    group, _ = nodes.group(found, selector)
    return [f"{member.name} {member.address}" for member in group.members]


def notices(*found: objects.Json) -> list[str]:
    """Give the notices, as sentences."""
    return [str(notice) for notice in nodes.group(found, "")[1]]


def address(kind: str, text: str) -> objects.Json:
    """Make an address of a Node."""
    return {"type": kind, "address": text}


def test_members_are_sorted_by_name() -> None:
    """The order in which nodes are listed does not matter."""
    assert members(*reversed(objects.nodes(3))) == [
        "node-1 10.0.0.11",
        "node-2 10.0.0.12",
        "node-3 10.0.0.13",
    ]


COUNTS = [
    (objects.node(1), True),
    (objects.node(1, deletionTimestamp="2026-01-01T00:00:00Z"), False),
    (objects.node(1, labels={EXCLUDE: ""}), False),
    (objects.node(1, labels={EXCLUDE: "true"}), False),
    (objects.node(1, labels={EXCLUDE: "maybe"}), False),
    (objects.node(1, labels={EXCLUDE: None}), False),
    (objects.node(1, labels={EXCLUDE: ["a"]}), False),
    (objects.node(1, labels={EXCLUDE: "false"}), True),
    (objects.node(1, labels={EXCLUDE: "F"}), True),
    (objects.node(1, spec=TAINTED), False),
    (objects.node(1, spec={"taints": [{"key": "node.kubernetes.io/not-ready"}]}), True),
    (objects.node(1, spec={"unschedulable": True}), True),
    (objects.node(1, spec={"taints": None}), True),
]


@pytest.mark.parametrize(("node", "counts"), COUNTS)
def test_a_node_counts_as_for_occm(node: objects.Json, counts: bool) -> None:  # noqa: FBT001  a table
    """Deleted, excluded and doomed nodes are out; readiness and cordons do not matter."""
    assert bool(members(node)) is counts
    assert notices(node) == []


def test_a_selector_narrows() -> None:
    """Only nodes with the labels of `members.node_selector` count."""
    found = objects.node(1, labels={"pool": "edge"}), objects.node(2)
    assert members(*found, selector="pool=edge") == ["node-1 10.0.0.11"]


ADDRESSES = [
    ([address("InternalIP", "10.0.0.9"), address("ExternalIP", "192.0.2.9")], "10.0.0.9"),
    ([address("ExternalIP", "192.0.2.9"), address("InternalIP", "10.0.0.9")], "10.0.0.9"),
    ([address("Hostname", "h"), address("ExternalIP", "192.0.2.9")], "192.0.2.9"),
    ([address("InternalIP", "2001:db8::9"), address("InternalIP", "10.0.0.9")], "10.0.0.9"),
    ([address("InternalIP", "10.0.0.9"), address("InternalIP", "10.0.0.8")], "10.0.0.9"),
]


@pytest.mark.parametrize(("addresses", "chosen"), ADDRESSES)
def test_the_address_is_chosen_by_family_and_kind(
    addresses: list[objects.Json], chosen: str
) -> None:
    """The first InternalIP of the family, else the first ExternalIP."""
    assert members(objects.node(1, addresses=addresses)) == [f"node-1 {chosen}"]


@pytest.mark.parametrize(
    "addresses", [[], None, [address("Hostname", "h")], [address("InternalIP", "2001:db8::9")], [1]]
)
def test_a_node_without_an_address_is_left_out_and_said(addresses: Any) -> None:  # noqa: ANN401  of any type
    """A node that cannot be reached over IPv4 is a notice, never an error."""
    node = objects.node(7, addresses=addresses)
    assert members(node, objects.node(1)) == ["node-1 10.0.0.11"]
    assert notices(node) == ["Node node-7: left out: it has no InternalIP or ExternalIP (IPv4)"]


def test_a_second_node_with_one_address_is_left_out_and_said() -> None:
    """Octavia takes an address once a pool: the first node by name keeps it."""
    same = [address("InternalIP", "10.0.0.11")]
    found = objects.node(2, addresses=same), objects.node(1)
    assert members(*found) == ["node-1 10.0.0.11"]
    assert notices(*found) == ["Node node-2: left out: node-1 has its address 10.0.0.11"]


MALFORMED: list[tuple[objects.Json, str]] = [
    ({"metadata": 1}, 'metadata is "1", not an object'),
    ({"metadata": {"name": ["n"]}}, "metadata.name is"),
    ({"metadata": {"name": "../up"}}, 'metadata.name is "../up", not a DNS name'),
    ({"metadata": {"name": "a", "labels": []}}, 'metadata.labels is "[]", not an object'),
    ({"metadata": {"name": "a"}, "spec": {"taints": "x"}}, 'spec.taints is "x", not a list'),
    ({"metadata": {"name": "a"}, "status": []}, 'status is "[]", not an object'),
]


@pytest.mark.parametrize(("node", "told"), MALFORMED)
def test_a_malformed_node_is_left_out_and_said(node: objects.Json, told: str) -> None:
    """A Node of a foreign shape holds nobody else back."""
    assert members(node, objects.node(1)) == ["node-1 10.0.0.11"]
    assert told in notices(node)[0]


def test_a_nodes_name_cannot_order_a_terminal_about() -> None:
    """Names are shown without control characters."""
    assert notices(objects.node(1, name="\x1b[2Jgone"))[0].startswith("Node ?[2Jgone: left out")


def test_no_nodes_make_an_empty_group() -> None:
    """What an empty group means is decided elsewhere."""
    assert nodes.group((), "") == (model.NodeGroup("default", ()), ())


REASONS = [
    (objects.node(1, deletionTimestamp="2026-01-01T00:00:00Z"), "it is being deleted"),
    (objects.node(1, labels={EXCLUDE: ""}), f"it has the label {EXCLUDE}"),
    (objects.node(1, spec=TAINTED), "the autoscaler is about to remove it"),
    (objects.node(1), "members.node_selector does not match its labels"),
]


@pytest.mark.parametrize(("node", "why"), REASONS)
def test_why_a_node_is_left_out(node: objects.Json, why: str) -> None:
    """Each node that stands behind no pool has a reason; one that is meant so is no notice."""
    [(name, found)] = nodes.judge([node], "pool=edge")
    assert name == "node-1"
    assert isinstance(found, nodes.LeftOut)
    assert found.why.startswith(why)
    assert nodes.group([node], "pool=edge")[1] == ()


SIX = model.Family.IPV6
BOTH = [address("InternalIP", "10.0.0.9"), address("InternalIP", "2001:DB8::9")]


def test_a_group_of_the_other_family() -> None:
    """`default-ipv6` has the nodes that have such an address; who has none is told."""
    group, said = nodes.group([objects.node(1, addresses=BOTH), objects.node(2)], "", SIX)
    assert group == model.NodeGroup("default-ipv6", (model.Member("node-1", "2001:db8::9"),))
    assert [str(notice) for notice in said] == [
        "Node node-2: left out: it has no InternalIP or ExternalIP (IPv6)"
    ]


def test_an_external_address_of_the_family_comes_second() -> None:
    """An ExternalIP stands in where no InternalIP is of the family; one with a scope is none."""
    found = [address("InternalIP", "10.0.0.9"), address("InternalIP", "fe80::1%eth0")]
    node = objects.node(1, addresses=[*found, address("ExternalIP", "2001:db8::1")])
    group, _ = nodes.group([node], "", SIX)
    assert [member.address for member in group.members] == ["2001:db8::1"]


WEIGHTS: list[tuple[objects.Json, tuple[int, bool]]] = [
    ({}, (1, False)),
    ({"tfgen.io/weight": "0"}, (0, False)),
    ({"tfgen.io/weight": "256", "tfgen.io/drain": "true"}, (256, True)),
    ({"tfgen.io/drain": "false"}, (1, False)),
]


@pytest.mark.parametrize(("annotations", "expected"), WEIGHTS)
def test_a_node_says_its_weight_and_whether_it_drains(
    annotations: objects.Json, expected: tuple[int, bool]
) -> None:
    """By annotations of the Node."""
    node = objects.node(1)
    node["metadata"]["annotations"] = annotations
    (member,) = nodes.group([node], "")[0].members
    assert (member.weight, member.drain) == expected
    assert not [*nodes.faults([node])]


FAULTS = [
    ("tfgen.io/weight", "257", "a whole number from 0 to 256"),
    ("tfgen.io/weight", 5, "a whole number from 0 to 256"),
    ("tfgen.io/drain", "True", '"true" or "false"'),
    ("tfgen.io/drian", "true", "an annotation of Nodes (tfgen.io/weight or tfgen.io/drain)"),
    ("tfgen.io/protect", "true", "an annotation of Nodes (tfgen.io/weight or tfgen.io/drain)"),
]


@pytest.mark.parametrize(("key", "value", "expected"), FAULTS)
def test_a_bad_annotation_of_a_node_is_said(key: str, value: object, expected: str) -> None:
    """It counts as absent: a Node holds nobody back; annotations of others are not read."""
    node = objects.node(1)
    node["metadata"]["annotations"] = {key: value, "example.com/weight": "x"}
    (member,) = nodes.group([node], "")[0].members
    assert (member.weight, member.drain) == (1, False)
    assert [str(notice) for notice in nodes.faults([node])] == [
        f'Node node-1: annotation {key} is "{value}", not {expected}: it counts as absent'
    ]
