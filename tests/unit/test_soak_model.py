"""The soak's model: each invariant notices what is broken by hand, and operations are replayed."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.soak import consents, draw, expect, invariants, wishes
from tests.soak.remember import remember
from tests.soak.report import Journal
from tests.soak.seen import Balancer, Entry, FloatingIp, Listener, Node, Pool, Seen, Service
from tests.soak.spec import Spec
from tests.soak.step import Consent, Memory, Pass, Step
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

BROKEN: dict[str, tuple[str, Callable[[], Step]]] = {
    "another address is published": (
        "address: web was published as 172.24.0.9, and is now 172.24.0.10",
        lambda: step(seen(services=service(address="172.24.0.10"))),
    ),
    "its floating IP leads elsewhere": (
        "address: web was published as 172.24.0.9, which leads to no load balancer of it",
        lambda: step(seen(floating_ips=(replace(ADDRESS, port_id="p2"),))),
    ),
    "its floating IP is another one": (
        "address: web was published as 172.24.0.9, which leads",
        lambda: step(seen(floating_ips=(OTHER,))),
    ),
    "a load balancer is in no state": (
        "orphan: load balancer soak-1_soak-1_api (b2) is in no state",
        lambda: step(seen(balancer(), STRANGER)),
    ),
    "a listener is in no state": (
        "orphan: listener tcp-80 of soak-1_soak-1_web (l1) is in no state",
        lambda: step(seen(state={k: v for k, v in IDS.items() if k != "l1"})),
    ),
    "a floating IP is in no state": (
        "orphan: floating IP 172.24.0.10 (f2) is in no state",
        lambda: step(seen(floating_ips=(ADDRESS, replace(OTHER, id="f2", port_id="")))),
    ),
    "what a killed run left stands after the next one": (
        "orphan: load balancer soak-1_soak-1_api (b2)",
        lambda: step(seen(balancer(), STRANGER), memory=replace(MEMORY, loose=frozenset({"b2"}))),
    ),
    "a foreign load balancer is gone": (
        "foreign: x1 is gone",
        lambda: step(replace(GOOD, balancers=(balancer(),)), memory=PLANTED),
    ),
    "a foreign load balancer has another name": (
        "foreign: x1 was",
        lambda: step(
            replace(GOOD, balancers=(replace(FOREIGN, name="y"), balancer())), memory=PLANTED
        ),
    ),
    "a kept floating IP is gone": (
        "foreign: f7 is gone",
        lambda: step(memory=replace(MEMORY, kept=frozenset({replace(ADDRESS, id="f7")}))),
    ),
    "a held Service's listener changed": (
        "held: web is held",
        lambda: step(seen(balancer(listener(limit=100))), passed(code=4), now=BAD),
    ),
    "a held Service's pool was made anew": (
        "held: web is held",
        lambda: step(
            seen(balancer(listener(pool=replace(pool(), id="o2")))),
            passed("sync"),
            before=seen(entries={"web": replace(ENTRY, held=True)}),
        ),
    ),
    "a held Service's floating IP went": (
        "held: web is held, and its floating IP changed",
        lambda: step(seen(floating_ips=()), passed(code=4), now=BAD),
    ),
    "a held Service got a load balancer": (
        "held: web is held, and got load balancer b1",
        lambda: step(GOOD, passed(code=4), before=Seen(), now=BAD),
    ),
    "a code that no table has": (
        "code: run ended with 7",
        lambda: step(GOOD, passed(code=7)),
    ),
    "a run that nothing hindered failed": (
        "code: a run ended with 1, foreseen: [0]",
        lambda: step(GOOD, passed(code=1)),
    ),
    "a run with a held Service ended with 0": (
        "code: a run ended with 0, foreseen: [4]",
        lambda: step(now=BAD),
    ),
    "a killed run ended as no killed one does": (
        "code: run ended with -9",
        lambda: step(GOOD, passed(code=-9, hindered="provider killed")),
    ),
    "a bug is told": (
        "bug: tfgen: a bug",
        lambda: step(GOOD, passed(code=1, output="tfgen: a bug", hindered="keystone away")),
    ),
    "a rendering changed the cloud": (
        "untouched: b1 was",
        lambda: step(seen(balancer(listener(limit=100))), passed("render")),
    ),
    "a refused run changed the cloud": (
        "untouched: b1 was",
        lambda: step(seen(balancer(listener(limit=100))), passed(code=3)),
    ),
    "a listener does not say what was asked": (
        "converged: web tcp-80",
        lambda: step(seen(balancer(listener(limit=100)))),
    ),
    "a member is missing": (
        "converged: web tcp-80",
        lambda: step(now=replace(WISHES, nodes={**NODES, "node-4": Node("10.0.0.14")})),
    ),
    "a port is missing": (
        "converged: web tcp-81",
        lambda: step(now=replace(WISHES, services={"web": replace(SPEC, ports=(80, 81))})),
    ),
    "a Service has no load balancer": (
        "converged: web has no load balancer",
        lambda: step(replace(GOOD, balancers=(FOREIGN,))),
    ),
    "a load balancer outlives its Service": (
        "converged: load balancer soak-1_soak-1_web stands, and its Service is gone",
        lambda: step(seen(services={}), now=GONE),
    ),
    "nothing is published": (
        "converged: web is published as nothing",
        lambda: step(seen(services=service(address=""))),
    ),
    "the state has what the cloud has not": (
        "converged: l9 of lb_soak-1_web is in the state, and not in the cloud",
        lambda: step(seen(state={**IDS, "l9": f"lb_{SITE}_web"})),
    ),
    "a pool without a listener stands": (
        "converged: web has pools without a listener",
        lambda: step(seen(balancer(stray_pools=(replace(pool(), id="o1"),)))),
    ),
    "the tree holds whom it must not": (
        "tree: web is held in the tree",
        lambda: step(seen(entries={"web": replace(ENTRY, held=True)})),
    ),
    "the tree does not hold whom it must": (
        "tree: web is not held in the tree",
        lambda: step(GOOD, passed(code=4), now=BAD),
    ),
    "a hand edit stands that was to go": (
        "tree: hand edits of ['web'] stand",
        lambda: step(
            GOOD,
            passed(consent=Consent(overwrite=True)),
            memory=replace(MEMORY, edited={"web": "d1"}),
        ),
    ),
    "a secret is printed": (
        "secret: run printed password",
        lambda: step(GOOD, passed(output="it is demo-secret")),
    ),
}


def told(one: Step) -> list[str]:
    """Judge a step."""
    return invariants.broken(one, {"password": "demo-secret"})


def test_what_is_whole_breaks_nothing() -> None:
    """A run that did all that was asked is judged well."""
    assert told(step(memory=replace(PLANTED, foreign=OWN))) == []


@pytest.mark.parametrize("name", BROKEN)
def test_each_invariant_is_noticed(name: str) -> None:
    """What is broken by hand is told, by the invariant that it breaks."""
    words, made = BROKEN[name]
    found = told(made())
    assert any(each.startswith(words) for each in found), found


def test_every_check_is_broken_by_something() -> None:
    """The table above breaks each invariant that there is."""
    named = {words.partition(":")[0] for words, _ in BROKEN.values()}
    assert named == {*invariants.CHECKS, "secret"}


ALLOWED: dict[str, Callable[[], Step]] = {
    "members of a held Service": lambda: step(
        seen(
            balancer(listener(pool=replace(pool(), members=frozenset()))),
            entries={"web": replace(ENTRY, held=True)},
        ),
        passed(code=4),
        now=BAD,
    ),
    "what a killed run leaves": lambda: step(
        seen(balancer(), STRANGER), passed(code=-9, hindered="tfgen killed")
    ),
    "an address that was given up": lambda: step(
        seen(services=service(address="172.24.0.10"), floating_ips=(OTHER,)),
        memory=replace(MEMORY, yielded=frozenset({"web"})),
    ),
    "a Service created anew, not published yet": lambda: step(
        seen(services=service(uid="u2", address="")), passed("render")
    ),
    "an edit behind tfgen's back": lambda: Step(
        Operation("cloud-edit", "web"), WISHES, MEMORY, GOOD, seen(balancer(listener(limit=7)))
    ),
    "a hand edit of a Service of which nothing can be rendered": lambda: step(
        seen(entries={"web": replace(ENTRY, held=True)}),
        passed(code=4, consent=Consent(overwrite=True)),
        memory=replace(MEMORY, edited={"web": "d1"}),
        now=BAD,
    ),
    "a held Service that is rebuilt": lambda: step(
        seen(
            balancer(listener(pool=replace(pool(), id="o2"))), state={**IDS, "o2": "lb_soak-1_web"}
        ),
        passed("repair"),
        before=seen(entries={"web": replace(ENTRY, held=True)}),
        operation=Operation("rebuild", "web"),
    ),
    "everything that was asked to go": lambda: step(
        Seen(balancers=(FOREIGN,), nodes=NODES, facts=GOOD.facts), now=GONE
    ),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_may_be(name: str) -> None:
    """What is asked for, or is the trace of a kill, breaks nothing."""
    assert told(ALLOWED[name]()) == []


def drawn(seed: int, count: int) -> tuple[list[Operation], list[Wishes]]:
    """Draw operations, as a soak does, without a laboratory."""
    random, now = Random(seed), Wishes()  # noqa: S311  to be drawn again
    done: list[Operation] = []
    stages: list[Wishes] = []
    for _ in range(count):
        done.append(draw.operation(random, now))
        now = wishes.after(now, done[-1])
        stages.append(now)
    return done, stages


def test_a_seed_draws_the_same_again() -> None:
    """Operations are a function of the seed; a shorter soak is the begin of a longer one."""
    once, _ = drawn(7, 300)
    again, _ = drawn(7, 200)
    assert once[:200] == again
    assert once != drawn(8, 300)[0]


def test_every_kind_is_drawn() -> None:
    """Two thousand operations hold each kind, and one pass in about ten."""
    done, _ = drawn(1, 2000)
    kinds = {each.kind for each in done}
    plain = draw.KINDS.keys() - {"edit", "move"}
    assert plain <= kinds
    assert {"edit-ports", "edit-sources", "edit-method", "join", "leave"} <= kinds
    passes = [each for each in done if not each.target or each.kind == "rebuild"]
    assert 0.05 < len(passes) / len(done) < 0.2


def test_what_is_drawn_can_be() -> None:
    """Two nodes always count, and no two Services of a group ask for one port."""
    _, stages = drawn(3, 2000)
    for now in stages:
        assert len(now.counting) >= 2
        for name, spec in now.services.items():
            assert spec.ports
            assert not now.taken(name, spec.group) & set(spec.ports)


def test_a_service_as_it_is_written() -> None:
    """A patch takes away what a Service does not say any more."""
    spec = Spec(ports=(80,), delay=0, protect=True)
    said = spec.manifest(SITE, "web")["metadata"]["annotations"]
    assert said["loadbalancer.openstack.org/enable-health-monitor"] == "false"
    assert said["tfgen.io/protect"] == "true"
    patched = Spec().patch()["metadata"]["annotations"]
    assert patched["tfgen.io/protect"] is None
    assert patched["loadbalancer.openstack.org/health-monitor-delay"] == "5"


def test_memory_of_addresses() -> None:
    """An address is learned when it is published, kept while the tree has the Service, then not."""
    learned = remember(step(memory=replace(MEMORY, addresses={})), ())
    assert learned.addresses == {"web": "172.24.0.9"}
    gone = step(seen(services={}), passed("render"), now=GONE, memory=learned)
    assert remember(gone, ()).addresses == {"web": "172.24.0.9"}
    over = step(Seen(), now=GONE, memory=learned)
    assert remember(over, ()).addresses == {}


def test_memory_of_a_consent() -> None:
    """Who may change address is not judged until it answers where it asked to."""
    agreed = Consent(moved=frozenset({"web"}))
    grouped = replace(WISHES, services={"web": replace(SPEC, group="front")})
    killed = passed(code=-9, hindered="tfgen killed", consent=agreed)
    memory = remember(step(GOOD, killed, now=grouped), ())
    assert memory.yielded == {"web"}
    assert memory.addresses == {}
    after = seen(
        balancer(tags=frozenset({f"tfgen_tree={TREE}", f"tfgen_group={SITE}_front"})),
        entries={"web": replace(ENTRY, group="front")},
    )
    settled = remember(step(after, now=grouped, memory=memory), ())
    assert settled.yielded == frozenset()
    assert settled.addresses == {"web": "172.24.0.9"}


def test_memory_of_a_consent_that_is_carried_out_at_once() -> None:
    """A run that gives the Service another address is the first that published this one."""
    grouped = replace(WISHES, services={"web": replace(SPEC, group="front")})
    after = seen(
        balancer(tags=frozenset({f"tfgen_tree={TREE}", f"tfgen_group={SITE}_front"})),
        entries={"web": replace(ENTRY, group="front")},
        floating_ips=(OTHER,),
        services=service(address="172.24.0.10"),
        state={**IDS, "f1": f"lbgroup_{SITE}_front"},
    )
    done = step(after, passed(consent=Consent(moved=frozenset({"web"}))), now=grouped)
    assert told(done) == []
    assert remember(done, ()).addresses == {"web": "172.24.0.10"}


def test_memory_of_what_is_left_over() -> None:
    """What a killed run left is known until it is gone; what comes later is not excused."""
    left = seen(balancer(), STRANGER)
    memory = remember(step(left, passed(code=-9, hindered="tfgen killed")), ())
    assert memory.loose == {"b2"}
    assert told(step(left, passed("publish"), memory=memory)) == []
    assert remember(step(memory=memory), ()).loose == frozenset()


def test_memory_of_kept_floating_ips() -> None:
    """A floating IP that was to be kept is ours no more, and may not be touched from then on."""
    before = seen(entries={"web": replace(ENTRY, keep=True)})
    free = replace(ADDRESS, port_id="")
    after = Seen(balancers=(FOREIGN,), floating_ips=(free,), nodes=NODES)
    over = step(after, before=before, now=GONE)
    assert told(over) == []
    assert remember(over, ()).kept == {free}


def test_memory_of_what_others_have() -> None:
    """What is planted is remembered as it stood then, and forgotten once it is uprooted."""
    memory = remember(step(), ("x1",))
    assert memory.foreign == OWN
    assert remember(step(memory=memory), ()).foreign == {}


def test_memory_of_an_edit() -> None:
    """A file is edited while it is as it was edited, and holds its Service so long."""
    edit = Operation("edit-file", "web")
    done = Step(edit, WISHES, MEMORY, GOOD, seen(files={ENTRY.file: "d2"}))
    memory = remember(done, ())
    assert consents.edited(memory, done.after) == {"web"}
    assert consents.edited(memory, GOOD) == frozenset()
    assert expect.of(step(before=done.after, memory=memory)).held == {"web"}


def test_what_a_person_agrees_to() -> None:
    """All that waits is named; a Service that a problem holds is not opened by the way."""
    now = replace(
        WISHES,
        services={
            "web": replace(SPEC, group="front"),
            "bad": replace(SPEC, bad=True, protect=True),
        },
    )
    there = seen(
        entries={
            "web": ENTRY,
            "old": replace(ENTRY, protect=True),
            "bad": replace(ENTRY, protect=True),
        }
    )
    found = consents.everything(now, MEMORY, there, overwrite=True)
    assert found.flags(SITE, "render") == (
        *("--allow-removals", "99"),
        *("--allow-protected", "soak-1/old"),
        *("--allow-address-change", "soak-1/web"),
        "--overwrite-edited",
    )
    assert "--overwrite-edited" not in found.flags(SITE, "apply")


def test_too_much_at_once_may_be_refused() -> None:
    """Where more goes than the limits let, and nobody agreed, code 3 is foreseen."""
    assert 3 not in expect.codes(step(), expect.of(step()))
    fewer = replace(WISHES, nodes={"node-1": NODES["node-1"], "node-2": NODES["node-2"]})
    lost = step(now=fewer)
    assert 3 in expect.codes(lost, expect.of(lost))
    agreed = step(GOOD, passed(consent=Consent(removals=True)), now=fewer)
    assert 3 not in expect.codes(agreed, expect.of(agreed))


def test_who_is_held_where_nothing_is_rendered() -> None:
    """A plan holds whom the tree holds; after a refused rendering that is so, too."""
    assert expect.of(step(GOOD, passed("apply"), now=BAD)).held == frozenset()
    refused = step(GOOD, passed("render", code=3), passed("apply"), now=BAD)
    assert expect.of(refused).held == frozenset()
    rendered = step(GOOD, passed("render", code=4), passed("apply"), now=BAD)
    assert expect.of(rendered).held == {"web"}


def test_a_rival_stops_every_plan() -> None:
    """While another tree of our cluster's name has load balancers, a run is refused."""
    beside = replace(WISHES, foreign=frozenset({wishes.RIVAL}))
    assert expect.codes(step(now=beside), expect.of(step(now=beside))) == {3}
    assert told(step(now=beside))[0].startswith("code: a run ended with 0, foreseen: [3]")


def test_the_end_of_a_soak() -> None:
    """Whatever was drawn, the last operations mend all of it, and leave no Service."""
    for seed in range(20):
        now = drawn(seed, 150)[1][-1]
        ended = now
        for operation in wishes.ending(now):
            if operation.kind == "delete":
                assert not any(spec.bad or spec.protect for spec in ended.services.values())
                assert wishes.RIVAL not in ended.foreign
            ended = wishes.after(ended, operation)
        assert not ended.services
        assert not ended.edited
        assert not ended.errored
        assert ended.nodes == wishes.BEGUN


def test_the_journal(tmp_path: Path) -> None:
    """Each step is a line of JSON; the table counts operations, codes and hindrances."""
    journal = Journal(tmp_path / "soak" / "journal.jsonl")
    journal.begin(seed=1)
    journal.note(1, step(GOOD, passed(code=4, output="held: ...")), 2.5, [])
    edit = Operation("edit-file", "web")
    journal.note(2, Step(edit, WISHES, MEMORY, GOOD, GOOD, idle="no file"), 0.1, ["code: broken"])
    journal.note(3, step(GOOD, passed(code=-9, hindered="tfgen killed")), 1.0, [])
    first, second, third, _ = map(json.loads, journal.path.read_text().splitlines())
    assert first == {"seed": 1}
    assert second["passes"][0] | {"output": ""} == {
        "words": ["run"],
        "code": 4,
        "seconds": 1.0,
        "hindered": "",
        "output": "",
    }
    assert (third["target"], third["idle"], third["broken"]) == ("web", "no file", ["code: broken"])
    table = journal.table()
    for line in ("edit-file           1             1", "run 4                   1"):
        assert line in table
    assert "tfgen killed                 1" in table
    assert table.endswith("3 operations; longest pass 1.0 s: run")


def test_who_cannot_be_worked_on() -> None:
    """Whose load balancer is in ERROR is kept out, and who has a listener on such a one."""
    failed = seen(balancer(status="ERROR"))
    assert expect.of(step(before=failed)).failed == {"web"}
    group = frozenset({f"tfgen_tree={TREE}", f"tfgen_group={SITE}_front"})
    left = seen(balancer(status="ERROR", tags=group))
    assert expect.of(step(before=left)).failed == {"web"}


def test_what_is_left_at_the_end() -> None:
    """Once every Service went, nothing of ours may stand but what was to be kept."""
    free = replace(ADDRESS, id="f7", port_id="")
    kept = replace(MEMORY, kept=frozenset({free}))
    assert invariants.left(Seen(balancers=(FOREIGN,), floating_ips=(free,)), kept) == []
    assert invariants.left(Seen(floating_ips=(free,)), MEMORY) == ["left: floating IP 172.24.0.9"]
    assert invariants.left(GOOD, MEMORY)[0] == "left: load balancer soak-1_soak-1_web"
    assert invariants.left(Seen(state={"l1": "lb_x"}), MEMORY) == ["left: state of lb_x"]


def test_who_has_listeners_elsewhere() -> None:
    """A Service that came back has to agree to the address of where it asks to be."""
    group = frozenset({f"tfgen_tree={TREE}", f"tfgen_group={SITE}_front"})
    there = seen(balancer(tags=group), entries={})
    assert consents.astray(WISHES, MEMORY, there) == {"web"}
    assert consents.astray(WISHES, MEMORY, GOOD) == frozenset()
    assert 3 in expect.codes(step(before=there), expect.of(step(before=there)))
    assert consents.everything(WISHES, MEMORY, there, overwrite=True).moved == {"web"}
