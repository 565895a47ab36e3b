from dataclasses import fields, replace
from typing import Any

import pytest

from tfgen.terraform import digest

BINDINGS = digest.Bindings(
    intent="i",
    facts="f",
    modules="m",
    lock="k",
    engine="terraform 1.11.4",
    lineage="l",
    serial=3,
    project_id="p",
    auth_url="http://127.0.0.1/v3",
    region="r",
    plan_file="s",
)
LISTENER = "module.lb_shop_web_tcp-80.openstack_lb_listener_v2.this"
MEMBERS = "module.lb_shop_web_tcp-80.openstack_lb_members_v2.this"


def entry(address: str, actions: list[str], before: Any, after: Any, **rest: Any) -> dict[str, Any]:  # noqa: ANN401  JSON
    """Give one entry of resource_changes."""
    change = {"actions": actions, "before": before, "after": after, "after_unknown": {}, **rest}
    return {"address": address, "type": address.split(".")[-2], "change": change}


def effect(*entries: dict[str, Any]) -> str:
    """Give the effect digest of a plan of these entries."""
    return digest.effect_digest({"resource_changes": list(entries)})


@pytest.mark.parametrize("field", [field.name for field in fields(digest.Bindings)])
def test_each_binding_counts(field: str) -> None:
    """Whatever a plan was made from is part of its digest, and is named where it differs."""
    changed: dict[str, Any] = {field: 4 if field == "serial" else "other"}
    other = replace(BINDINGS, **changed)
    assert digest.plan_digest(other) != digest.plan_digest(BINDINGS)
    assert digest.differing(BINDINGS, other) == {field}
    assert digest.words(frozenset({field}))


def test_same_bindings() -> None:
    """Where nothing differs the digest is the same."""
    assert digest.plan_digest(replace(BINDINGS)) == digest.plan_digest(BINDINGS)
    assert digest.differing(BINDINGS, replace(BINDINGS)) == frozenset()


def test_only_facts_and_serial_may_move() -> None:
    """A plan may be made anew only where nobody has to review what moved."""
    assert {"facts", "serial"} == digest.STALE
    assert digest.words(digest.STALE) == (
        "the facts (nodes, node ports), the state (it has moved on)"
    )


def test_nothing_happens() -> None:
    """A plan in which nothing happens has the effect of an empty one."""
    assert effect(entry(LISTENER, ["no-op"], {"a": 1}, {"a": 1})) == effect()
    assert effect(entry(LISTENER, ["read"], None, {"a": 1})) == effect()
    assert digest.effect_digest({}) == effect()


def test_members_are_facts() -> None:
    """Which nodes stand behind a pool is no effect, whether it changes or is made."""
    nodes: list[dict[str, Any]] = [{"name": "node-1"}]
    assert effect(entry(MEMBERS, ["update"], {"member": []}, {"member": nodes})) == effect()
    made = effect(entry(MEMBERS, ["create"], None, {"member": nodes}))
    assert made == effect(entry(MEMBERS, ["create"], None, {"member": []}))
    assert made != effect()


@pytest.mark.parametrize(
    "other",
    [
        entry(LISTENER, ["create"], None, {"name": "a", "allowed_cidrs": ["0.0.0.0/0"]}),
        entry(LISTENER, ["create"], None, {"name": "b"}),
        entry(LISTENER, ["update"], {"name": "a"}, {"name": "b"}),
        entry(LISTENER.replace("80", "81"), ["create"], None, {"name": "a"}),
        entry(LISTENER, ["create"], None, {"name": "a"}, importing={"id": "1"}),
        entry(LISTENER, ["create"], None, {"name": "a"}, after_unknown={"id": True}),
    ],
)
def test_what_is_another_effect(other: dict[str, Any]) -> None:
    """Another address, action, value, import or what is known only later is another effect."""
    assert effect(other) != effect(entry(LISTENER, ["create"], None, {"name": "a"}))


def test_what_stays_is_no_effect() -> None:
    """An attribute that does not change does not count, nor does the order of entries."""
    first = entry(LISTENER, ["update"], {"name": "a", "x": 1}, {"name": "b", "x": 1})
    second = entry(LISTENER, ["update"], {"name": "a", "x": 2}, {"name": "b", "x": 2})
    assert effect(first) == effect(second)
    third = entry(MEMBERS, ["delete"], {"id": "1"}, None)
    assert effect(first, third) == effect(third, first)


def test_an_import_without_changes() -> None:
    """An object that is only taken into the state is an effect."""
    taken = entry(LISTENER, ["no-op"], {"a": 1}, {"a": 1}, importing={"id": "1"})
    assert effect(taken) != effect()


def test_short() -> None:
    """People compare twelve characters."""
    assert digest.short("0123456789abcdef") == "0123456789ab"
