import json

import pytest

from tfgen import model
from tfgen.terraform import state

DOCUMENT = {
    "version": 4,
    "serial": 7,
    "lineage": "l-1",
    "outputs": {
        "lb_shop_web": {
            "value": {
                "namespace": "shop",
                "name": "web",
                "id": "id-1",
                "vip_address": "10.0.0.5",
                "address": "172.24.0.9",
                "revision": "0d4e77558ea85516",
            },
            "type": "object",
        },
        "hand_made": {"value": "x", "type": "string"},
    },
    "resources": [
        {
            "mode": "managed",
            "type": "openstack_lb_loadbalancer_v2",
            "name": "lb_shop_web",
            "instances": [{"status": "tainted", "attributes": {"id": "id-1"}}],
        },
        {
            "module": "module.lb_shop_web_tcp-80",
            "mode": "managed",
            "type": "openstack_lb_monitor_v2",
            "name": "this",
            "instances": [{"index_key": 0, "attributes": {"id": "id-2"}}],
        },
        {
            "mode": "managed",
            "type": "x",
            "name": "each",
            "instances": [{"index_key": "key", "attributes": {}}],
        },
        {"mode": "data", "type": "x", "name": "read", "instances": [{"attributes": {}}]},
    ],
}


def test_state_is_read() -> None:
    """Identity, objects with their addresses and ids, and taints are read; data is left out."""
    found = state.loads(json.dumps(DOCUMENT))
    assert (found.lineage, found.serial, found.empty) == ("l-1", 7, False)
    assert found.instances == (
        state.Instance(
            "openstack_lb_loadbalancer_v2.lb_shop_web",
            "openstack_lb_loadbalancer_v2",
            "id-1",
            tainted=True,
        ),
        state.Instance(
            "module.lb_shop_web_tcp-80.openstack_lb_monitor_v2.this[0]",
            "openstack_lb_monitor_v2",
            "id-2",
        ),
        state.Instance('x.each["key"]', "x", ""),
    )


def test_addresses() -> None:
    """Outputs of Services become addresses; other outputs are left alone."""
    found = state.loads(json.dumps(DOCUMENT)).addresses("shop")
    assert found == (
        model.Address(
            service=model.ServiceKey("shop", "web"),
            load_balancer_id="id-1",
            vip_address="10.0.0.5",
            address="172.24.0.9",
            stack="shop",
            revision="0d4e77558ea85516",
        ),
    )


def test_no_state_yet() -> None:
    """Nothing printed is the empty state."""
    assert state.loads("\n") == state.State()
    assert state.State().empty


@pytest.mark.parametrize("text", ["{}", "[]", "{", '{"lineage": 1, "serial": 1, "resources": 3}'])
def test_what_is_no_state(text: str) -> None:
    """Anything else is an error, never an empty state."""
    with pytest.raises(ValueError, match=r"."):
        state.loads(text)
