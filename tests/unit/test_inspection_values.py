"""Which nodes a Service has, and who says so."""

from typing import Any

from tests.fakes import objects
from tfgen.inspection import values

KEY = "loadbalancer.openstack.org/node-selector"


def told(annotations: dict[str, str], **settings: Any) -> dict[str, tuple[str, str]]:  # noqa: ANN401  any setting
    """Give value and origin of each value."""
    service = objects.service(annotations=annotations)
    sources = values.Sources(service, objects.settings(**settings), {})
    return {each.name: (each.value, each.origin) for each in values.of(sources)}


def test_the_selector_of_a_service() -> None:
    """The annotation over the setting; an empty one is all nodes; a bound is told, too."""
    members = {"node_selector": "a=b", "max_per_pool": 25}
    assert told({KEY: "pool=edge"})["node_selector"] == ("pool=edge", f"annotation {KEY}")
    assert told({KEY: ""})["node_selector"][0] == "none: all nodes that count"
    found = told({}, members=members)
    assert found["members.node_selector"][0] == "a=b"
    assert found["members.max_per_pool"] == ("25", "default (setting members.max_per_pool)")
    assert "members.max_per_pool" not in told({})


def test_how_a_service_is_probed() -> None:
    """Type and path, each with who says it."""
    key = "tfgen.io/health-monitor-type"
    found = told({key: "HTTP"}, defaults={"monitor": {"path": "/up"}})
    assert found["monitor.type"] == ("HTTP", f"annotation {key}")
    assert found["monitor.path"][0] == "/up"
