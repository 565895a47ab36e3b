"""The soak's invariants: each notices what is broken by hand, and lets be what may be."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.fakes import soaked as web
from tests.soak import invariants
from tests.soak.seen import Node, Seen
from tests.soak.step import Consent, Step
from tests.soak.wishes import Operation

BROKEN: dict[str, tuple[str, Callable[[], Step]]] = {
    "another address is published": (
        "address: web was published as 172.24.0.9, and is now 172.24.0.10",
        lambda: web.step(web.seen(services=web.service(address="172.24.0.10"))),
    ),
    "its floating IP leads elsewhere": (
        "address: web was published as 172.24.0.9, which leads to no load balancer of it",
        lambda: web.step(web.seen(floating_ips=(replace(web.ADDRESS, port_id="p2"),))),
    ),
    "its floating IP is another one": (
        "address: web was published as 172.24.0.9, which leads",
        lambda: web.step(web.seen(floating_ips=(web.OTHER,))),
    ),
    "a load balancer is in no state": (
        "orphan: load balancer soak-1_soak-1_api (b2) is in no state",
        lambda: web.step(web.seen(web.balancer(), web.STRANGER)),
    ),
    "a listener is in no state": (
        "orphan: listener tcp-80 of soak-1_soak-1_web (l1) is in no state",
        lambda: web.step(web.seen(state={k: v for k, v in web.IDS.items() if k != "l1"})),
    ),
    "a floating IP is in no state": (
        "orphan: floating IP 172.24.0.10 (f2) is in no state",
        lambda: web.step(
            web.seen(floating_ips=(web.ADDRESS, replace(web.OTHER, id="f2", port_id="")))
        ),
    ),
    "what a killed run left stands after the next one": (
        "orphan: load balancer soak-1_soak-1_api (b2)",
        lambda: web.step(
            web.seen(web.balancer(), web.STRANGER),
            memory=replace(web.MEMORY, loose=frozenset({"b2"})),
        ),
    ),
    "a foreign load balancer is gone": (
        "foreign: x1 is gone",
        lambda: web.step(replace(web.GOOD, balancers=(web.balancer(),)), memory=web.PLANTED),
    ),
    "a foreign load balancer has another name": (
        "foreign: x1 was",
        lambda: web.step(
            replace(web.GOOD, balancers=(replace(web.FOREIGN, name="y"), web.balancer())),
            memory=web.PLANTED,
        ),
    ),
    "a kept floating IP is gone": (
        "foreign: f7 is gone",
        lambda: web.step(
            memory=replace(web.MEMORY, kept=frozenset({replace(web.ADDRESS, id="f7")}))
        ),
    ),
    "a held Service's listener changed": (
        "held: web is held",
        lambda: web.step(
            web.seen(web.balancer(web.listener(limit=100))), web.passed(code=4), now=web.BAD
        ),
    ),
    "a held Service's pool was made anew": (
        "held: web is held",
        lambda: web.step(
            web.seen(web.balancer(web.listener(pool=replace(web.pool(), id="o2")))),
            web.passed("sync"),
            before=web.seen(entries={"web": replace(web.ENTRY, held=True)}),
        ),
    ),
    "a held Service's floating IP went": (
        "held: web is held, and its floating IP changed",
        lambda: web.step(web.seen(floating_ips=()), web.passed(code=4), now=web.BAD),
    ),
    "a held Service got a load balancer": (
        "held: web is held, and got load balancer b1",
        lambda: web.step(web.GOOD, web.passed(code=4), before=Seen(), now=web.BAD),
    ),
    "a code that no table has": (
        "code: run ended with 7",
        lambda: web.step(web.GOOD, web.passed(code=7)),
    ),
    "a run that nothing hindered failed": (
        "code: a run ended with 1, foreseen: [0]",
        lambda: web.step(web.GOOD, web.passed(code=1)),
    ),
    "a run with a held Service ended with 0": (
        "code: a run ended with 0, foreseen: [4]",
        lambda: web.step(now=web.BAD),
    ),
    "a killed run ended as no killed one does": (
        "code: run ended with -9",
        lambda: web.step(web.GOOD, web.passed(code=-9, hindered="provider killed")),
    ),
    "a bug is told": (
        "bug: tfgen: a bug",
        lambda: web.step(
            web.GOOD, web.passed(code=1, output="tfgen: a bug", hindered="keystone away")
        ),
    ),
    "a rendering changed the cloud": (
        "untouched: b1 was",
        lambda: web.step(web.seen(web.balancer(web.listener(limit=100))), web.passed("render")),
    ),
    "a refused run changed the cloud": (
        "untouched: b1 was",
        lambda: web.step(web.seen(web.balancer(web.listener(limit=100))), web.passed(code=3)),
    ),
    "a listener does not say what was asked": (
        "converged: web tcp-80",
        lambda: web.step(web.seen(web.balancer(web.listener(limit=100)))),
    ),
    "a member is missing": (
        "converged: web tcp-80",
        lambda: web.step(now=replace(web.WISHES, nodes={**web.NODES, "node-4": Node("10.0.0.14")})),
    ),
    "a port is missing": (
        "converged: web tcp-81",
        lambda: web.step(
            now=replace(web.WISHES, services={"web": replace(web.SPEC, ports=(80, 81))})
        ),
    ),
    "a Service has no load balancer": (
        "converged: web has no load balancer",
        lambda: web.step(replace(web.GOOD, balancers=(web.FOREIGN,))),
    ),
    "a load balancer outlives its Service": (
        "converged: load balancer soak-1_soak-1_web stands, and its Service is gone",
        lambda: web.step(web.seen(services={}), now=web.GONE),
    ),
    "nothing is published": (
        "converged: web is published as nothing",
        lambda: web.step(web.seen(services=web.service(address=""))),
    ),
    "the state has what the cloud has not": (
        "converged: l9 of lb_soak-1_web is in the state, and not in the cloud",
        lambda: web.step(web.seen(state={**web.IDS, "l9": f"lb_{web.SITE}_web"})),
    ),
    "a pool without a listener stands": (
        "converged: web has pools without a listener",
        lambda: web.step(web.seen(web.balancer(stray_pools=(replace(web.pool(), id="o1"),)))),
    ),
    "the tree holds whom it must not": (
        "tree: web is held in the tree",
        lambda: web.step(web.seen(entries={"web": replace(web.ENTRY, held=True)})),
    ),
    "the tree does not hold whom it must": (
        "tree: web is not held in the tree",
        lambda: web.step(web.GOOD, web.passed(code=4), now=web.BAD),
    ),
    "a hand edit stands that was to go": (
        "tree: hand edits of ['web'] stand",
        lambda: web.step(
            web.GOOD,
            web.passed(consent=Consent(overwrite=True)),
            memory=replace(web.MEMORY, edited={"web": "d1"}),
        ),
    ),
    "a secret is printed": (
        "secret: run printed password",
        lambda: web.step(web.GOOD, web.passed(output="it is demo-secret")),
    ),
}


def test_what_is_whole_breaks_nothing() -> None:
    """A run that did all that was asked is judged well."""
    assert web.told(web.step(memory=replace(web.PLANTED, foreign=web.OWN))) == []


@pytest.mark.parametrize("name", BROKEN)
def test_each_invariant_is_noticed(name: str) -> None:
    """What is broken by hand is told, by the invariant that it breaks."""
    words, made = BROKEN[name]
    found = web.told(made())
    assert any(each.startswith(words) for each in found), found


def test_every_check_is_broken_by_something() -> None:
    """The table above breaks each invariant that there is."""
    named = {words.partition(":")[0] for words, _ in BROKEN.values()}
    assert named == {*invariants.CHECKS, "secret"}


ALLOWED: dict[str, Callable[[], Step]] = {
    "members of a held Service": lambda: web.step(
        web.seen(
            web.balancer(web.listener(pool=replace(web.pool(), members=frozenset()))),
            entries={"web": replace(web.ENTRY, held=True)},
        ),
        web.passed(code=4),
        now=web.BAD,
    ),
    "what a killed run leaves": lambda: web.step(
        web.seen(web.balancer(), web.STRANGER), web.passed(code=-9, hindered="tfgen killed")
    ),
    "an address that was given up": lambda: web.step(
        web.seen(services=web.service(address="172.24.0.10"), floating_ips=(web.OTHER,)),
        memory=replace(web.MEMORY, yielded=frozenset({"web"})),
    ),
    "a Service created anew, not published yet": lambda: web.step(
        web.seen(services=web.service(uid="u2", address="")), web.passed("render")
    ),
    "an edit behind tfgen's back": lambda: Step(
        Operation("cloud-edit", "web"),
        web.WISHES,
        web.MEMORY,
        web.GOOD,
        web.seen(web.balancer(web.listener(limit=7))),
    ),
    "a hand edit of a Service of which nothing can be rendered": lambda: web.step(
        web.seen(entries={"web": replace(web.ENTRY, held=True)}),
        web.passed(code=4, consent=Consent(overwrite=True)),
        memory=replace(web.MEMORY, edited={"web": "d1"}),
        now=web.BAD,
    ),
    "a held Service that is rebuilt": lambda: web.step(
        web.seen(
            web.balancer(web.listener(pool=replace(web.pool(), id="o2"))),
            state={**web.IDS, "o2": "lb_soak-1_web"},
        ),
        web.passed("repair"),
        before=web.seen(entries={"web": replace(web.ENTRY, held=True)}),
        operation=Operation("rebuild", "web"),
    ),
    "everything that was asked to go": lambda: web.step(
        Seen(balancers=(web.FOREIGN,), nodes=web.NODES, facts=web.GOOD.facts), now=web.GONE
    ),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_may_be(name: str) -> None:
    """What is asked for, or is the trace of a kill, breaks nothing."""
    assert web.told(ALLOWED[name]()) == []


def test_what_is_left_at_the_end() -> None:
    """Once every Service went, nothing of ours may stand but what was to be kept."""
    free = replace(web.ADDRESS, id="f7", port_id="")
    kept = replace(web.MEMORY, kept=frozenset({free}))
    assert invariants.left(Seen(balancers=(web.FOREIGN,), floating_ips=(free,)), kept) == []
    assert invariants.left(Seen(floating_ips=(free,)), web.MEMORY) == [
        "left: floating IP 172.24.0.9"
    ]
    assert invariants.left(web.GOOD, web.MEMORY)[0] == "left: load balancer soak-1_soak-1_web"
    assert invariants.left(Seen(state={"l1": "lb_x"}), web.MEMORY) == ["left: state of lb_x"]
