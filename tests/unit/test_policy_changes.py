"""A plan in words."""

from tests.fakes import plans
from tfgen import policy


def _effects(*changes: plans.Json) -> dict[str, tuple[str, ...]]:
    return {one.about: one.effects for one in policy.changes(plans.plan(*changes))}


NODES = {"node-1": "10.0.0.11", "node-2": "10.0.0.12"}


def _whole(action: str) -> list[plans.Json]:
    sides = (NODES, None) if action == "delete" else (None, NODES)
    return [
        plans.balancer("shop/web", action),
        plans.floating_ip("shop/web", action),
        *(plans.child("shop/web", kind, action) for kind in ("listener", "pool", "monitor")),
        plans.members("shop/web", *sides),
    ]


def test_new_service() -> None:
    """A new Service is told by its load balancer, listeners and floating IP."""
    told = ("creates load balancer", "creates listener tcp-80", "creates floating IP")
    assert _effects(*_whole("create")) == {"Service shop/web": told}


def test_removed_service() -> None:
    """A removed Service is told by its load balancer and the address that goes."""
    told = ("removes load balancer", "removes floating IP 172.24.0.9")
    assert _effects(*_whole("delete")) == {"Service shop/web": told}


def test_nothing_to_do() -> None:
    """What stays as it is goes unsaid."""
    assert _effects(plans.balancer("shop/web", "no-op")) == {}


def test_node_joins() -> None:
    """Members are matched by address and port, so one node that joins is one name."""
    joined = {**NODES, "node-4": "10.0.0.14"}
    told = ("members tcp-80: 2 -> 3 (+node-4)",)
    assert _effects(plans.members("shop/web", NODES, joined)) == {"Service shop/web": told}


def test_node_leaves_and_one_is_drained() -> None:
    """A node that goes and one that changes in place are told apart."""
    change = plans.members("shop/web", NODES, {"node-1": "10.0.0.11"})
    change["change"]["after"]["member"][0]["weight"] = 0
    assert _effects(change)["Service shop/web"] == ("members tcp-80: 2 -> 1 (-node-2, ~node-1)",)


def test_new_node_port() -> None:
    """A new node port of all members is one fact, not as many as there are nodes."""
    change = plans.members("shop/web", NODES, NODES)
    for member in change["change"]["after"]["member"]:
        member["protocol_port"] = 30002
    told = ("members tcp-80: 2 -> 2 (node port 30001 -> 30002)",)
    assert _effects(change)["Service shop/web"] == told


def test_removed_port() -> None:
    """A removed port says that it is an outage of that port."""
    kinds = ("listener", "pool", "monitor")
    changes = [plans.child("shop/web", kind, "delete", port="tcp-443") for kind in kinds]
    told = ("removes listener tcp-443: outage of that port",)
    assert _effects(*changes) == {"Service shop/web": told}


def test_replaced_listener() -> None:
    """A change of protocol says why the listener is replaced."""
    before, after = {"protocol": "TCP"}, {"protocol": "HTTP"}
    listener = plans.child(
        "shop/web",
        "listener",
        "delete",
        "create",
        before=before,
        after=after,
        replace_paths=[["protocol"]],
    )
    told = ("replaces listener tcp-80 (protocol: TCP -> HTTP): outage of that port",)
    assert _effects(listener) == {"Service shop/web": told}


def test_replaced_pool() -> None:
    """PROXY protocol, on or off, replaces the pool of a listener that stays: an outage as well."""
    sides: plans.Json = {"before": {"protocol": "TCP"}, "after": {"protocol": "PROXY"}}
    whole = [
        plans.child("shop/web", "pool", "delete", "create", replace_paths=[["protocol"]], **sides),
        plans.child("shop/web", "monitor", "delete", "create", replace_paths=[["pool_id"]]),
    ]
    outage, monitor = _effects(*whole)["Service shop/web"]
    assert outage == "replaces pool tcp-80 (protocol: TCP -> PROXY): outage of that port"
    assert monitor.startswith("replaces monitor tcp-80")


def test_redirect() -> None:
    """A redirect is told with its rule, alone or with its listener."""
    redirect = [plans.child("shop/web", kind, "create") for kind in ("l7policy", "l7rule")]
    assert _effects(*redirect) == {"Service shop/web": ("creates redirect tcp-80",)}
    listener = plans.child("shop/web", "listener", "create")
    assert _effects(listener, *redirect) == {"Service shop/web": ("creates listener tcp-80",)}


def test_changed_listener() -> None:
    """A change in place says the attributes, before and after; a sensitive one keeps its value."""
    listener = plans.child(
        "shop/web",
        "listener",
        "update",
        before={"allowed_cidrs": ["10.0.0.0/8"], "name": "", "key": "old"},
        after={"allowed_cidrs": ["0.0.0.0/0"], "name": "x", "key": "new"},
        after_sensitive={"allowed_cidrs": [False], "key": True, "name": []},
        after_unknown={"allowed_cidrs": [False]},
    )
    told = 'allowed_cidrs: ["10.0.0.0/8"] -> ["0.0.0.0/0"], key: (sensitive), name: (none) -> x'
    assert _effects(listener) == {"Service shop/web": (f"changes listener tcp-80 ({told})",)}


def test_secret_inside_a_list() -> None:
    """An attribute is not printed when any part of it is sensitive."""
    listener = plans.child(
        "shop/web",
        "listener",
        "update",
        before={"refs": ["a"]},
        after={"refs": ["a", "b"]},
        after_sensitive={"refs": [False, {"x": True}]},
    )
    told = ("changes listener tcp-80 (refs: (sensitive))",)
    assert _effects(listener) == {"Service shop/web": told}


def test_import_and_forget() -> None:
    """What enters and leaves the state without touching the cloud is told so."""
    told = _effects(
        plans.child("shop/web", "listener", "no-op", importing={"id": "l"}),
        plans.child("shop/web", "monitor", "forget"),
    )
    expected = ("takes listener tcp-80 into the state", "forgets monitor tcp-80")
    assert told == {"Service shop/web": expected}


def test_services_are_sorted_and_strangers_last() -> None:
    """Services come sorted; what belongs to none comes last, by its address."""
    told = _effects(
        plans.change("dns.zone", "update"),
        plans.balancer("shop/web", "create"),
        plans.balancer("shop/api", "create"),
    )
    assert list(told) == ["Service shop/api", "Service shop/web", "Other resources"]
    assert told["Other resources"] == ("changes dns.zone (nothing that is shown)",)


def test_facts_lane() -> None:
    """Only members that change in place are facts; a pool made anew is not."""
    joined = plans.members("shop/web", NODES, {**NODES, "node-4": "10.0.0.14"})
    created = plans.members("shop/api", None, NODES)
    listener = plans.child("shop/api", "listener", "update")
    told = policy.changes(plans.plan(joined, created, listener))
    assert [one.facts_only for one in told] == [False, True]


def test_a_monitor_that_is_switched_on_is_a_matter_of_facts() -> None:
    """The port that it asks is known by now; whatever else changes of it is reviewed."""
    off = {"admin_state_up": False, "url_path": "/healthz"}
    sides: list[plans.Json] = [
        {"before": off, "after": {**off, "admin_state_up": True}},
        {"before": off, "after": {**off, "admin_state_up": True, "url_path": "/"}},
        {"before": off, "after": off | {"url_path": "/"}},
    ]
    told = [
        policy.changes(plans.plan(plans.child("shop/web", "monitor", "update", **each)))[0]
        for each in sides
    ]
    assert [one.facts_only for one in told] == [True, False, False]
