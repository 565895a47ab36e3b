"""Hypothesis strategies: plans, manifests and consents, likely and unlikely ones."""

from typing import Any

from hypothesis import strategies as st

from tests.fakes import plans
from tfgen import manifest, model, policy

SERVICES = [f"{namespace}/{name}" for namespace in ("shop", "lab") for name in ("web", "api", "db")]
PORTS = ("tcp-80", "tcp-443", "udp-53")
TAGS: tuple[list[str], ...] = (
    plans.TAGS,
    [],
    ["tfgen", "tfgen_cluster=demo", "tfgen_tree=ffffffff"],
)
ACTIONS = (
    ("no-op",),
    ("create",),
    ("read",),
    ("update",),
    ("delete",),
    ("delete", "create"),
    ("create", "delete"),
    ("forget",),
)
NODES = {f"node-{number}": f"10.0.0.{10 + number}" for number in range(5)}

json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)
services = st.sampled_from(SERVICES)
_labels = services.map(lambda service: service.replace("/", "_"))
_values = st.fixed_dictionaries(
    {"id": st.sampled_from(["x", "y"]), "tags": st.sampled_from(TAGS)},
    optional={
        "address": st.sampled_from(["172.24.0.9", "172.24.0.10"]),
        "port_id": st.sampled_from(["", "p", "q"]),
        "vip_address": st.sampled_from(["10.0.0.5", "10.0.0.6"]),
        "loadbalancer_id": st.sampled_from(["x", "y"]),
        "allowed_cidrs": st.sampled_from([[], ["0.0.0.0/0"], ["192.0.2.0/24"]]),
    },
)
_nodes = st.none() | st.sets(st.sampled_from(sorted(NODES))).map(
    lambda names: {name: NODES[name] for name in sorted(names)}
)


@st.composite
def changes(draw: st.DrawFn, actions: tuple[tuple[str, ...], ...] = ACTIONS) -> plans.Json:
    """One entry of `resource_changes`, of any kind, of a Service or of nobody."""
    service, verbs = draw(services), draw(st.sampled_from(actions))
    sides = {"before": draw(_values), "after": draw(_values)}
    kind = draw(st.sampled_from(["balancer", "floating_ip", "members", "child", "stranger"]))
    port = draw(st.sampled_from(PORTS))
    match kind:
        case "balancer":
            former = {"previous_address": f"{plans.BALANCER}.lb_{draw(_labels)}"}
            whole = plans.balancer(service, *verbs, **sides)
            return {**whole, **former} if draw(st.booleans()) else whole
        case "floating_ip":
            return plans.floating_ip(service, *verbs, **sides)
        case "members":
            return plans.members(service, draw(_nodes), draw(_nodes), actions=verbs, port=port)
        case "child":
            child = draw(st.sampled_from(["listener", "pool", "monitor"]))
            return plans.child(service, child, *verbs, port=port, **sides)
        case _:
            address = draw(st.sampled_from([f"{plans.BALANCER}.mine", "dns_zone.web"]))
            return plans.change(address, *verbs, **sides)


_distinct = st.lists(changes(), max_size=8, unique_by=lambda change: change["address"])
deletes = changes(actions=(("delete",),))


def documents() -> st.SearchStrategy[plans.Json]:
    """Whole plans; what their state holds does not depend on the changes drawn."""
    prior = st.lists(st.tuples(st.just(plans.BALANCER), _values), max_size=2)
    groups = st.dictionaries(st.sampled_from(["default", "gold"]), st.sampled_from([{}, NODES]))
    return st.builds(_document, _distinct, changes(), prior, groups)


@st.composite
def manifests(draw: st.DrawFn) -> manifest.Manifest:
    """Trees of some of the Services, held, protected and internal ones among them."""
    found = draw(st.sets(services))
    return plans.tree(*(draw(_entries(service)) for service in sorted(found)))


def _entries(service: str) -> st.SearchStrategy[manifest.Entry]:
    return st.builds(
        plans.entry,
        st.just(service),
        ports=st.sets(st.sampled_from(PORTS)).map(lambda ports: tuple(sorted(ports))),
        internal=st.booleans(),
        protect=st.booleans(),
        state=st.sampled_from(manifest.State),
        address_may_change=st.booleans(),
    )


keys = st.frozensets(services.map(model.ServiceKey.parse))
allowed = st.builds(policy.Allowed, st.integers(0, 6), keys, keys, st.booleans(), keys)


def _document(
    found: list[plans.Json],
    drift: plans.Json,
    prior: list[tuple[str, Any]],
    groups: dict[str, Any],
) -> plans.Json:
    resources = [{"type": kind, "values": values} for kind, values in prior]
    return plans.plan(
        *found,
        drift=(drift,),
        prior_state={"values": {"root_module": {"resources": resources}}},
        variables={"node_groups": {"value": groups}},
    )
