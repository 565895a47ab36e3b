"""A small world in which Service shop/web is in sync: in cluster, tree, state and cloud."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from tests.fakes import world as fake
from tests.fakes.world import World

LB = "00000001-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
POOL = "11111111-bbbb-4bbb-8bbb-bbbbbbbbbbbb"
LISTENER = "22222222-cccc-4ccc-8ccc-cccccccccccc"
MONITOR = "33333333-dddd-4ddd-8ddd-dddddddddddd"


def tree(*members: str, port: int = 30080, operating: str = "ONLINE") -> dict[str, object]:
    """Make Octavia's status tree of shop/web with these nodes behind port 80."""
    return {
        "id": LB,
        "listeners": [
            {
                "id": LISTENER,
                "name": "demo_shop_web_tcp-80",
                "operating_status": "ONLINE",
                "pools": [
                    {
                        "id": POOL,
                        "health_monitor": {"id": MONITOR},
                        "members": [
                            {
                                "id": f"member-{name}",
                                "name": name,
                                "address": f"10.0.0.1{name[-1]}",
                                "protocol_port": port,
                                "operating_status": operating,
                            }
                            for name in members
                        ],
                    }
                ],
            }
        ],
    }


def state(world: World, **ids: str) -> None:
    """Write a state of stack shop with the listener of shop/web, and what else is named."""
    known = {
        "openstack_lb_loadbalancer_v2.lb_shop_web": LB,
        "module.lb_shop_web_tcp-80.openstack_lb_listener_v2.this": LISTENER,
        **{f"module.lb_shop_web_{key}.openstack_lb_listener_v2.this": ids[key] for key in ids},
    }
    resources = []
    for address, identity in known.items():
        *module, kind, name = address.split(".")
        instance = {"attributes": {"id": identity}}
        resources.append(
            {
                "mode": "managed",
                "module": ".".join(module) or None,
                "type": kind,
                "name": name,
                "instances": [instance],
            }
        )
    document = {"lineage": "x", "serial": 1, "outputs": {}, "resources": resources}
    path = world.folder / "infra/stacks/shop/terraform.tfstate"
    path.write_bytes(orjson.dumps(document))


@contextlib.contextmanager
def running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[World]:
    """Give a world in which Service shop/web is in sync on all sides."""
    with fake.running(tmp_path, monkeypatch, capsys) as made:
        method = {"loadbalancer.openstack.org/lb-method": "LEAST_CONNECTIONS"}
        made.service("web", annotations=method, loadBalancerSourceRanges=["192.0.2.0/24"])
        made.rendered()
        made.deployed("web")
        made.cloud.trees[LB] = tree("node-1", "node-2")
        made.published("web")
        yield made
