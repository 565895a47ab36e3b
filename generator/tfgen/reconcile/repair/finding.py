"""What is wrong with one load balancer, and what ends it: pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tfgen.reconcile.repair.case import Case

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; only who connects pays


class Kind(StrEnum):
    """What is the matter."""

    WHOLE = "whole"
    NOT_MADE = "not made"
    FAILED = "failed"
    HALF_MADE = "half made"
    """ERROR before anything hung on it."""
    PENDING = "pending"
    STUCK = "stuck"
    """PENDING for longer than Octavia is given."""
    GONE = "gone"
    """The state has it, and the cloud has not."""
    UNFINISHED = "unfinished"
    """ACTIVE, and not all of it is there, or in the state."""
    PORTLESS = "portless"
    """ACTIVE, and the port of its VIP is gone."""
    LEFTOVER = "leftover"
    """ACTIVE, with a listener or pool of ours that neither the tree nor a state has."""
    SURPLUS = "surplus"
    """There are several, and one is meant."""


class Cure(StrEnum):
    """What `tfgen repair` does."""

    NOTHING = "nothing"
    WAIT = "wait"
    FAILOVER = "failover"
    REBUILD = "rebuild"
    COMPLETE = "complete"
    DISCARD = "discard"
    PRUNE = "prune"
    """Only what is left over below it goes."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is the matter, in words, and what is done about it unless asked otherwise."""

    kind: Kind
    text: str
    cure: Cure = Cure.NOTHING
    remedy: str = ""


def find(case: Case, patience: float) -> Finding:
    """Say what is wrong with a load balancer; `patience`: seconds that a step may take."""
    if len(case.balancers) > 1:
        return _surplus(case)
    balancer = case.balancer
    if balancer is None:
        return _absent(case)
    if balancer.pending:
        return _pending(case, balancer, patience)
    if balancer.failed:
        return _failed(case, balancer)
    return _standing(case, balancer)


def _surplus(case: Case) -> Finding:
    told = ", ".join(
        f"{each.id} ({each.provisioning_status}{', in the state' * _in_state(case, each.id)})"
        for each in case.balancers
    )
    others = [each.id for each in case.balancers if each.id != case.known.balancer]
    return Finding(
        Kind.SURPLUS,
        f"{len(case.balancers)} load balancers carry its tags: {told}",
        remedy=f"Keep one, and let the other go: {case.command} --discard {others[-1]}",
    )


def _in_state(case: Case, identity: str) -> bool:
    return identity == case.known.balancer


def _absent(case: Case) -> Finding:
    if on := next((each.attached for each in case.entries if each.attached), ""):
        return Finding(
            Kind.NOT_MADE,
            f"its ports are on load balancer {on}, which tfgen did not make and does not mend",
            remedy=f"Where that is in ERROR: openstack loadbalancer failover {on}",
        )
    if not case.known.balancer:
        return Finding(
            Kind.NOT_MADE,
            "it has no load balancer yet",
            remedy="To make it: tfgen plan, then tfgen apply.",
        )
    text = f"its load balancer {case.known.balancer} of the state is gone from the cloud"
    return Finding(Kind.GONE, text, Cure.REBUILD)


def _pending(case: Case, balancer: "cloud.LoadBalancer", patience: float) -> Finding:
    age = case.age(balancer)
    since = f" since {balancer.since} UTC" if balancer.since else ""
    text = f"Octavia is at work on its load balancer {balancer.id}: {balancer.provisioning_status}"
    if age is None or age <= patience:
        return Finding(Kind.PENDING, f"{text}{since}", Cure.WAIT)
    return Finding(
        Kind.STUCK,
        f"its load balancer {balancer.id} is {balancer.provisioning_status}{since}, "
        f"{_minutes(age)}: whoever was at work on it in Octavia is gone",
        remedy="Only an operator of Octavia can end this (it refuses every change, a deletion "
        f"too): have {balancer.id} set to ERROR, then: {case.command}",
    )


def _minutes(seconds: float) -> str:
    return f"for {seconds / 60:.0f} minutes"


def _failed(case: Case, balancer: "cloud.LoadBalancer") -> Finding:
    since = f" since {balancer.since} UTC" if balancer.since else ""
    text = f"its load balancer {balancer.id} is in ERROR{since}"
    if not balancer.listeners and not case.known.once:
        return Finding(
            Kind.HALF_MADE, f"{text}, and nothing hangs on it: it was never whole", Cure.REBUILD
        )
    return Finding(Kind.FAILED, text, Cure.FAILOVER)


def _standing(case: Case, balancer: "cloud.LoadBalancer") -> Finding:
    text = f"its load balancer {balancer.id} is {balancer.provisioning_status}"
    if not (case.entries or case.known.balancer):
        nobodys = f"{text}, and neither the tree nor a state has it any more"
        gone = f"To let it go: {case.command} --discard {balancer.id}"
        return Finding(Kind.SURPLUS, nobodys, remedy=gone)
    if case.entries and not case.known.balancer:
        return Finding(Kind.UNFINISHED, f"{text}, and not in the state", Cure.COMPLETE)
    if case.known.tainted:
        why = f"{text}, and the state has it as one whose creation failed"
        return Finding(Kind.UNFINISHED, why, Cure.COMPLETE)
    if case.portless:
        why = f"{text}, and the port of its VIP, {balancer.vip_port_id}, is gone"
        return Finding(Kind.PORTLESS, f"{why}: nothing reaches it", Cure.REBUILD)
    return _leftover(case, text) if case.leftovers else _children(case, text)


def _children(case: Case, text: str) -> Finding:
    """Judge one that stands, and is in the state, by what hangs on it."""
    if not case.lacking:
        return Finding(Kind.WHOLE, f"{text}: there is nothing to repair", remedy=_drift(case))
    lacks = f"{text}, and lacks {', '.join(case.lacking)}"
    if case.known.once and not case.known.applied:
        ahead = "The tree is ahead of what was applied: tfgen plan, then tfgen apply."
        return Finding(Kind.WHOLE, lacks, remedy=ahead)
    return Finding(Kind.UNFINISHED, lacks, Cure.COMPLETE)


def _leftover(case: Case, text: str) -> Finding:
    told = ", ".join(each.words for each in case.leftovers)
    why = f"{text}, and has {told}, which neither the tree nor a state has"
    return Finding(Kind.LEFTOVER, why, Cure.PRUNE)


def _drift(case: Case) -> str:
    named = " ".join(f"--service {key}" for key in sorted(case.keys))
    return f"What differs within it, if anything: tfgen plan {named}"
