"""A soak of one Service as it is seen when all is well, and what may be changed of it by hand."""

from dataclasses import replace
from typing import Any

from tests.soak import invariants
from tests.soak.seen import Balancer, Entry, FloatingIp, Listener, Node, Pool, Seen, Service
from tests.soak.spec import Spec
from tests.soak.step import Memory, Pass, Step
from tests.soak.wishes import Operation, Wishes

TREE, SITE = "3f9c1a2b4d5e6f70", "soak-1"
RUN = Operation("run")
SPEC = Spec(ports=(80,))
NODES = {f"node-{n}": Node(f"10.0.0.1{n}") for n in (1, 2, 3)}
WISHES = Wishes(services={"web": SPEC}, nodes=NODES, tried=frozenset({"web"}))
ADDRESS = FloatingIp("f1", "172.24.0.9", "p1", frozenset({f"tfgen_tree={TREE}"}))
ENTRY = Entry(file="stacks/soak-1/lb_soak-1_web.tf")
FOREIGN = Balancer("x1", "x", frozenset(), "10.0.0.99", "p9")
MEMORY = Memory(tree=TREE, namespace=SITE, addresses={"web": ADDRESS.address})


def listener(**changes: Any) -> Listener:  # noqa: ANN401  any field
    """Give what web's port 80 must be, with ids, and with some changes."""
    made = SPEC.listeners({80: 30080}, NODES.values())[80]
    assert made.pool
    assert made.pool.monitor
    pool = replace(made.pool, id="o1", monitor=replace(made.pool.monitor, id="m1"))
    return replace(made, id="l1", **{"pool": pool, **changes})


def pool() -> Pool:
    """Give the pool of web's port 80."""
    found = listener().pool
    assert found
    return found


def balancer(*listeners: Listener, **changes: Any) -> Balancer:  # noqa: ANN401  any field
    """Give web's load balancer, with some changes."""
    tags = frozenset({f"tfgen_tree={TREE}", f"tfgen_service={SITE}_web"})
    below = listeners or (listener(),)
    made = Balancer("b1", "soak-1_soak-1_web", tags, "10.0.0.50", "p1", listeners=below)
    return replace(made, **changes)


IDS = dict.fromkeys(("b1", "l1", "o1", "m1", "f1"), f"lb_{SITE}_web")
GOOD = Seen(
    balancers=(FOREIGN, balancer()),
    floating_ips=(ADDRESS,),
    services={"web": Service("u1", ADDRESS.address, {80: 30080})},
    nodes=NODES,
    state=IDS,
    entries={"web": ENTRY},
    facts=frozenset(NODES),
    files={ENTRY.file: "d1"},
)


def passed(command: str = "run", code: int = 0, output: str = "", **more: Any) -> Pass:  # noqa: ANN401  any field
    """Give a pass that ran."""
    return Pass((command,), code, output, 1.0, **more)


def step(
    after: Seen = GOOD,
    *passes: Pass,
    before: Seen = GOOD,
    now: Wishes = WISHES,
    memory: Memory = MEMORY,
    operation: Operation = RUN,
) -> Step:
    """Give a step; without passes it is a whole run."""
    return Step(operation, now, memory, before, after, passes or (passed(),))


def seen(*balancers: Balancer, **changes: Any) -> Seen:  # noqa: ANN401  any field
    """Give what is seen with other load balancers, or something else."""
    made = replace(GOOD, balancers=(FOREIGN, *balancers)) if balancers else GOOD
    return replace(made, **changes)


def service(**changes: Any) -> dict[str, Service]:  # noqa: ANN401  any field
    """Give the cluster's Services with web changed."""
    return {"web": replace(GOOD.services["web"], **changes)}


BAD = replace(WISHES, services={"web": replace(SPEC, bad=True)})
GONE = replace(WISHES, services={})
OTHER = replace(ADDRESS, address="172.24.0.10")
STRANGER = Balancer("b2", "soak-1_soak-1_api", frozenset({f"tfgen_tree={TREE}"}), "10.0.0.51", "p2")
PLANTED = replace(MEMORY, foreign={"x1": (FOREIGN, FOREIGN.identity)})
OWN = {"x1": (FOREIGN, FOREIGN.identity)}


def told(one: Step) -> list[str]:
    """Judge a step."""
    return invariants.broken(one, {"password": "demo-secret"})
