import dataclasses
import json
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


LOCAL = {"30080": ["service=shop/web", "local"], "30999": ["service=shop/web", "health"]}


def test_a_node_without_endpoints(nodes: Nodes) -> None:
    """Its node ports refuse where traffic is to stay local; the health check port answers."""
    nodes.take("endpoints", "shop/web", ["b"])
    assert {(node, port) for node, _, port in nodes.listening()} == {("a", 30080), ("b", 30080)}
    nodes.take("sync", nodes.addresses, LOCAL)
    closed = {("a", 30999), ("b", 30080), ("b", 30999)}
    assert {(node, port) for node, _, port in nodes.listening()} == closed
    assert [nodes.has_endpoints(node, LOCAL["30999"]) for node in "ab"] == [False, True]
    nodes.take("endpoints", "shop/web", None)
    assert len(nodes.listening()) == 4


def test_endpoints_go_with_their_service(nodes: Nodes) -> None:
    """A Service that is made anew has endpoints everywhere; what is shown is not changed later."""
    before = nodes.show()
    nodes.take("endpoints", "shop/web", [])
    assert before != nodes.show() == {**before, "endpoints": {"shop/web": []}}
    nodes.take("sync", nodes.addresses, {})
    nodes.take("sync", nodes.addresses, LOCAL)
    assert nodes.endpoints == {}


def test_endpoints_of_what_is_not_there(nodes: Nodes) -> None:
    """A node or Service that does not exist is refused by name."""
    with pytest.raises(ValueError, match="no node c; there are: a, b"):
        nodes.take("endpoints", "shop/web", ["a", "c"])
    with pytest.raises(ValueError, match="no Service web with a node port; write NAMESPACE/NAME"):
        nodes.take("endpoints", "web", ["a"])


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
    nodes.take("endpoints", "shop/web", ["b"])
    nodes.save(tmp_path / "nodes.json")
    again = Nodes()
    again.load(tmp_path / "nodes.json")
    assert again == nodes
    older = {name: held for name, held in dataclasses.asdict(nodes).items() if name != "endpoints"}
    (tmp_path / "older.json").write_text(json.dumps(older))
    again.load(tmp_path / "older.json")
    assert again.endpoints == {}
    fresh = Nodes()
    fresh.load(tmp_path / "never-written.json")
    assert fresh == Nodes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["nodes.json", "older.json"]
