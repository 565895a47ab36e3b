"""Facts: a line a node, and what was known is not forgotten."""

from dataclasses import replace

import pytest

from tests.fakes import rendered
from tfgen import errors, model, render
from tfgen.render import facts

NODES = {"node-2": {"address": "10.0.0.12"}, "node-1": {"address": "10.0.0.11"}}
WHOLE = render.Facts({"default": NODES}, {"shop_web": {"udp-53": None, "tcp-80": 30080}})
TEXT = """\
{
  "node_groups": {
    "default": {
      "node-1": {"address": "10.0.0.11"}
    , "node-2": {"address": "10.0.0.12"}
    }
  }
, "node_ports": {
    "shop_web": {
      "tcp-80": 30080
    , "udp-53": null
    }
  }
}
"""


def test_a_node_is_a_line() -> None:
    """Sorted, so that a node that joins is one line of the diff."""
    assert render.dump_facts(WHOLE) == TEXT


def test_they_are_read_back_as_they_were_written() -> None:
    """Writing and reading loses nothing."""
    assert render.load_facts(TEXT) == WHOLE


def test_a_stack_without_services_has_empty_maps() -> None:
    """A tombstone names no group, so that none can be missing."""
    assert render.dump_facts(render.Facts()) == '{\n  "node_groups": {}\n, "node_ports": {}\n}\n'


def test_names_are_quoted() -> None:
    """JSON by construction, whatever a name holds."""
    odd = render.Facts({'a"\n': {"${x}\\": {"address": "é"}}}, {})
    assert render.load_facts(render.dump_facts(odd)) == odd


BROKEN = ["", "[]", "{}", '{"node_groups": {}}', '{"node_groups": [], "node_ports": {}}']
WRONG = ['{"node_groups": {"default": 5}, "node_ports": {}}', '{"node_groups": 1, "node_ports": 1}']


@pytest.mark.parametrize("text", BROKEN + WRONG)
def test_what_cannot_be_read_is_said(text: str) -> None:
    """The message names the file and what to do."""
    with pytest.raises(errors.TreeError, match=r"^stacks/s/facts.* cannot be read: ") as told:
        render.load_facts(text, "stacks/s/facts.auto.tfvars.json")
    assert told.value.remedy.startswith("Restore it from Git")


def test_a_known_node_port_never_falls_back() -> None:
    """A manifest without node ports keeps those that a cluster gave; a new one counts."""
    lb = rendered.load_balancer("shop/web", 80, 443)
    first, second = (replace(port, node_port=None) for port in lb.ports)
    unknown = replace(lb, ports=(first, second))
    assert facts.node_ports(unknown, {"tcp-80": 31000}) == {"tcp-80": 31000, "tcp-443": None}
    assert facts.node_ports(lb, {"tcp-80": 31000}) == {"tcp-80": 30080, "tcp-443": 30443}


def test_a_group_is_written_by_node() -> None:
    """A member's address stands under its node's name."""
    group = model.NodeGroup("default", (model.Member("node-1", "10.0.0.11"),))
    assert facts.members(group) == {"node-1": {"address": "10.0.0.11"}}


def test_a_group_that_stacks_share_is_written_in_each() -> None:
    """Written once or each time: the same text, and a group of the same name is another's."""
    known = {
        "a": WHOLE,
        "b": render.Facts({"default": NODES, "other": {}}, {}),
        "c": render.Facts({"default": {"node-9": {"address": "10.0.0.19"}}}, {}),
    }
    assert render.dump_all(known) == {name: render.dump_facts(each) for name, each in known.items()}
