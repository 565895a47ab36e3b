"""tfgen explain: where each value comes from, and what the settings say by now."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import insync
from tests.fakes import world as fake
from tests.fakes.world import World

# The client library warns of calls between its own modules.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")


@pytest.fixture
def world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[World]:
    """Give a world in which Service shop/web is in sync on all sides."""
    with insync.running(tmp_path, monkeypatch, capsys) as made:
        yield made


def values(world: World) -> dict[str, tuple[str, str]]:
    """Give value and origin by name."""
    said = world.run("explain", "shop/web", "--format", "json")
    return {each["name"]: (each["value"], each["origin"]) for each in said.document["values"]}


def test_where_each_value_comes_from(world: World) -> None:
    """Annotation, field, setting with its line, default: each value names who said it."""
    text = f"{fake.SETTINGS}defaults:\n  monitor: {{delay: 9}}\n"
    (world.folder / "tfgen.yaml").write_text(text)
    found = values(world)
    annotation = "annotation loadbalancer.openstack.org/lb-method"
    assert found["lb_method"] == ("LEAST_CONNECTIONS", annotation)
    assert found["allowed_cidrs"] == ("192.0.2.0/24", "spec.loadBalancerSourceRanges")
    assert found["monitor.delay"] == ("9", "tfgen.yaml:8 (setting defaults.monitor.delay)")
    assert found["connection_limit"] == ("-1", "default (setting defaults.connection_limit)")
    assert found["port tcp-80"] == ("node port 30080", "spec.ports[0]")
    assert found["protect"] == ("false", "default")
    assert found["vip_subnet_id"] == (fake.SUBNET, "kept since it was first rendered")


def test_where_the_words_of_ports_come_from(world: World) -> None:
    """What one port says, and what an annotation alone can say, names its annotation."""
    prefix = "tfgen.io/"
    tags, own = "loadbalancer.openstack.org/pool-tags", f"{prefix}port.80.proxy-protocol"
    redirect = f"{prefix}redirect-http"
    annotations = {tags: "a", own: "v2", redirect: "https://shop.example"}
    world.service("web", annotations=annotations)
    found = values(world)
    assert found["pool-tags"] == ("a", f"annotation {tags}")
    assert found["redirect-http"] == ("https://shop.example", f"annotation {redirect}")
    assert found["port 80 proxy-protocol"] == ("v2", f"annotation {own}")
    assert found["proxy_protocol"] == ("off", "default (setting defaults.proxy_protocol)")
    assert "listener-tags" not in found


def test_a_frozen_value_tells_what_the_settings_say_now(world: World) -> None:
    """What holds since the first rendering says so where the settings differ by now."""
    other = "44444444-4444-4444-4444-444444444444"
    (world.folder / "tfgen.yaml").write_text(fake.SETTINGS.replace(fake.SUBNET, other))
    said = f"tfgen.yaml:5 (setting network.subnet_id) says {other} for new ones"
    assert values(world)["vip_subnet_id"] == (
        fake.SUBNET,
        f"kept since it was first rendered; {said}",
    )


def test_a_frozen_value_tells_what_an_annotation_says_now(world: World) -> None:
    """An annotation counts before the setting, for new ones too."""
    other = "44444444-4444-4444-4444-444444444444"
    key = "loadbalancer.openstack.org/subnet-id"
    world.service("web", annotations={key: other, "loadbalancer.openstack.org/flavor-id": other})
    assert values(world)["vip_subnet_id"] == (
        fake.SUBNET,
        f"kept since it was first rendered; annotation {key} says {other} for new ones",
    )


def test_ranges_by_annotation_and_by_default(world: World) -> None:
    """Who may connect comes from the field, the annotation, or nobody."""
    ranges = {"service.beta.kubernetes.io/load-balancer-source-ranges": "10.0.0.0/8"}
    world.service("web", annotations=ranges)
    assert values(world)["allowed_cidrs"][1].startswith("annotation service.beta.kubernetes.io/")
    world.service("web")
    assert values(world)["allowed_cidrs"][1].startswith("default: neither spec.load")
