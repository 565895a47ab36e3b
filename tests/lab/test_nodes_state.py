from pathlib import Path

import pytest

from lab.traffic.state import Nodes


@pytest.fixture
def nodes() -> Nodes:
    """Two nodes and a Service's port."""
    made = Nodes()
    made.take("sync", {"a": "10.0.0.1", "b": "10.0.0.2"}, {"30080": ["service=shop/web"]})
    return made


def test_every_port_on_every_node(nodes: Nodes) -> None:
    """A node port is open on all nodes, by whomever it was opened."""
    nodes.take("open", 30081, "proxy")
    ports = {(node, port) for node, _, port in nodes.listening()}
    assert ports == {("a", 30080), ("a", 30081), ("b", 30080), ("b", 30081)}
    nodes.take("close", 30081)
    assert nodes.ports() == {30080}


def test_a_closed_node_listens_nowhere(nodes: Nodes) -> None:
    """`closed` refuses; `sick` and `gone` are told apart elsewhere."""
    nodes.take("node", "a", "closed")
    assert {node for node, _, _ in nodes.listening()} == {"b"}
    nodes.take("node", "a", "sick")
    assert {node for node, _, _ in nodes.listening()} == {"a", "b"}


def test_a_node_that_left_and_came_back_is_up(nodes: Nodes) -> None:
    """A state belongs to a machine, and that was thrown away."""
    nodes.take("node", "a", "gone")
    nodes.take("sync", {"b": "10.0.0.2"}, {})
    nodes.take("sync", {"a": "10.0.0.1", "b": "10.0.0.2"}, {})
    assert nodes.state("a") == "up"


@pytest.mark.parametrize(
    "order", [("node", "c", "up"), ("node", "a", "tired"), ("open",), ("dance",), ("open", "x")]
)
def test_orders_that_are_none(nodes: Nodes, order: tuple[str, ...]) -> None:
    """A misspelled order is refused, not passed over."""
    with pytest.raises(ValueError, match=r"no such order|no node c; there are: a, b"):
        nodes.take(*order)


def test_all_is_remembered(nodes: Nodes, tmp_path: Path) -> None:
    """Servers that are started anew are as before, though the cluster may be down."""
    nodes.take("open", 30443, "tls")
    nodes.take("node", "b", "sick")
    nodes.save(tmp_path / "nodes.json")
    again = Nodes()
    again.load(tmp_path / "nodes.json")
    assert again == nodes
    fresh = Nodes()
    fresh.load(tmp_path / "never-written.json")
    assert fresh == Nodes()
    assert [path.name for path in tmp_path.iterdir()] == ["nodes.json"]
