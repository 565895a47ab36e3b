"""What is not as it should be with one Service: each look gives what it finds, with the way out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from tfgen import manifest, model, status
from tfgen.inspection import written
from tfgen.inspection.subject import Balancer, Subject
from tfgen.status import marks

_NOW = "1970-01-01T00:00:00Z"
"""Any time does: what is asked is whether a Service would be written to."""
_PROVENANCE = frozenset({marks.DIGEST, marks.COMMIT})
_LONG = 1800
"""Seconds after which work of Octavia's on one load balancer does not come to its end any more."""
_HEALTHY = frozenset({"ONLINE", "NO_MONITOR", "DRAINING"})


class Kind(StrEnum):
    """In which way a Service is not in sync, the gravest first."""

    HELD = "held"
    FAILED = "failed"
    VANISHED = "vanished"
    FOREIGN = "another tree's"
    GONE = "gone"
    NOT_RENDERED = "not rendered"
    AWAITING_FACTS = "awaiting facts"
    NOT_APPLIED = "not applied"
    UNHEALTHY = "not healthy"
    NOT_PUBLISHED = "not published"
    BUSY = "busy"

    @property
    def needs_someone(self) -> bool:
        """Whether it stays so until somebody (or their pipeline) does something."""
        return self is not Kind.BUSY


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it should be."""

    kind: Kind
    text: str
    remedy: str = ""

    def __str__(self) -> str:
        whole = f"{self.kind}: {self.text}"
        return f"{whole} ({self.remedy})" if self.remedy else whole


_ORDER = {kind: place for place, kind in enumerate(Kind)}

Look: TypeAlias = Callable[[Subject], Iterator[Difference]]


def of(subject: Subject) -> tuple[Difference, ...]:
    """Give all differences of one Service, the gravest first."""
    found = [difference for look in _LOOKS for difference in look(subject)]
    if subject.second:
        found += [each for look in _OF_A_BALANCER for each in _of_second(look, subject.second)]
    return tuple(sorted(found, key=lambda difference: _ORDER[difference.kind]))


def of_group(balancers: Sequence[Balancer]) -> tuple[Difference, ...]:
    """Say what is left of a group whose Services all went."""
    text = (
        "the tree has no Service of it any more, and its load balancer stands until that is applied"
    )
    left = Difference(Kind.NOT_APPLIED, text, "tfgen plan, then tfgen apply")
    given_up = (
        Difference(
            Kind.FAILED,
            "Octavia gave it up: provisioning status ERROR",
            f"openstack loadbalancer failover {each.id}",
        )
        for each in balancers
        if each.provisioning == "ERROR"
    )
    return (*given_up, left)


def _held(subject: Subject) -> Iterator[Difference]:
    if subject.rendered:
        for problem in subject.problems:
            words = f"{problem.field} is {problem.found}; expected {problem.expected}"
            yield Difference(Kind.HELD, words, problem.remedy.rstrip("."))
    elif subject.entry and subject.entry.state is manifest.State.HELD:
        for text in subject.entry.problems or ("the manifest does not say why",):
            yield Difference(Kind.HELD, text)


def _not_rendered(subject: Subject) -> Iterator[Difference]:
    if subject.gone:
        text = "its Service asks for no load balancer any more, and the tree still has it"
        yield Difference(Kind.GONE, text, "tfgen render")
    elif subject.wanted and not subject.entry:
        yield Difference(Kind.NOT_RENDERED, "it is new", "tfgen render")
    elif subject.after:
        text = "; ".join(written.changes(subject.before or written.Intent(), subject.after))
        yield Difference(Kind.NOT_RENDERED, text or "its file would change", "tfgen render")


def _facts(subject: Subject) -> Iterator[Difference]:
    unknown = [key for key, port in subject.node_ports.items() if port is None]
    if unknown:
        text = f"the node port of {', '.join(unknown)} is not known yet: no members"
        yield Difference(Kind.AWAITING_FACTS, text, "tfgen sync")


def _applied(subject: Subject) -> Iterator[Difference]:
    """Compare the tree with what the cloud lists."""
    if subject.balancers is None:
        return
    if len(subject.balancers) > 1:
        ids = ", ".join(balancer.id for balancer in subject.balancers)
        text = f"several load balancers carry its tag: {ids}"
        yield Difference(
            Kind.FAILED, text, f"tfgen repair {model.argument(subject.owner)} says which may go"
        )
    elif subject.entry is None:
        if subject.balancers and not subject.wanted:
            [on] = subject.balancers
            what = (
                f"listeners on load balancer {on.id} stand"
                if on.attached
                else ("load balancer stands")
            )
            text = f"the tree has it no more, and its {what} until that is applied"
            yield Difference(Kind.NOT_APPLIED, text, "tfgen plan, then tfgen apply")
    elif not subject.balancers:
        yield _absent(subject)
    else:
        yield from _incomplete(subject, subject.entry)


def _absent(subject: Subject) -> Difference:
    on = subject.entry.attached if subject.entry else ""
    lacking = f"load balancer {on} has no listener" if on else "the cloud has no load balancer"
    if subject.published:
        text = f"{subject.published} is published, and {lacking} of it"
        return Difference(Kind.VANISHED, text, "right project and region? tfgen plan shows more")
    text = f"{lacking} of it yet"
    return Difference(Kind.NOT_APPLIED, text, "tfgen plan, then tfgen apply")


def _incomplete(subject: Subject, entry: manifest.Entry) -> Iterator[Difference]:
    balancer = subject.balancer
    if balancer is None:
        return
    if subject.published and entry.has_floating_ip and not balancer.floating_ip:
        text = f"{subject.published} is published, and no floating IP leads to its load balancer"
        yield Difference(Kind.VANISHED, text, "tfgen plan shows what binds one again")
        return
    text = "; ".join(_lacking(entry, balancer, subject.listeners))
    digest = _published_digest(subject)
    if not text and digest and digest not in {entry.revision, entry.digest}:
        text = "its file has changed since it was last applied and published"
    if text:
        yield Difference(Kind.NOT_APPLIED, text, "tfgen plan, then tfgen apply")


def _lacking(entry: manifest.Entry, balancer: Balancer, ports: int) -> Iterator[str]:
    """Say what the listings of the cloud show to be otherwise than the tree has it."""
    if balancer.listeners not in {None, ports}:
        whose = f"the ports of group {entry.shares}" if entry.shares else "its ports"
        yield f"the cloud has {balancer.listeners} of {whose}, the tree {ports}"
    if entry.has_floating_ip and not balancer.floating_ip:
        yield "it has no floating IP yet"
    if entry.internal and balancer.floating_ip:
        yield f"it is internal by now, and floating IP {balancer.floating_ip} is still bound"


def _published_digest(subject: Subject) -> str:
    """Give the revision of the file that was applied when its address was last published."""
    if subject.judgement is None:
        return ""
    found = str(marks.annotations(subject.judgement.object).get(marks.DIGEST) or "")
    return found.removeprefix("sha256:")


def _in_state(subject: Subject) -> Iterator[Difference]:
    """Compare the tree with its state, where that was asked for."""
    if subject.state is None or subject.entry is None:
        return
    ports, wanted = subject.state.ports.get(subject.owner, frozenset()), set(subject.entry.ports)
    remedy = "tfgen plan, then tfgen apply"
    for key in sorted(wanted - ports):
        yield Difference(Kind.NOT_APPLIED, f"{key} is not in the state", remedy)
    for key in sorted(ports - wanted):
        yield Difference(Kind.NOT_APPLIED, f"{key} is still in the state", remedy)
    for address in subject.state.tainted.get(subject.owner, ()):
        yield Difference(Kind.FAILED, f"{address} is tainted: its creation failed", remedy)


def _working(subject: Subject) -> Iterator[Difference]:
    """Look at what Octavia says of the load balancer itself."""
    balancer = subject.balancer
    if balancer is None:
        return
    if balancer.provisioning == "ERROR":
        text = "Octavia gave it up: provisioning status ERROR"
        yield Difference(Kind.FAILED, text, f"tfgen repair {model.argument(subject.owner)}")
    elif balancer.provisioning != "ACTIVE":
        yield _busy(subject.owner, balancer)
    elif subject.entry and not subject.gone and balancer.operating not in _HEALTHY:
        text = f"operating status {balancer.operating}"
        yield Difference(Kind.UNHEALTHY, text, f"tfgen explain {subject.key} shows its members")


def _busy(owner: model.Owner, balancer: Balancer) -> Difference:
    """Tell work from a load balancer that whoever worked on it has left behind."""
    text = f"Octavia is at work on it: {balancer.provisioning}"
    if balancer.age is None or balancer.age <= _LONG:
        return Difference(Kind.BUSY, text)
    stuck = f"{text} since {balancer.since} UTC, for {balancer.age / 60:.0f} minutes"
    return Difference(
        Kind.FAILED, stuck, f"tfgen repair {model.argument(owner)} says who can end that"
    )


def _published(subject: Subject) -> Iterator[Difference]:
    judgement = subject.judgement
    if judgement is None:
        return
    if judgement.failure and judgement.standing is None:
        yield Difference(Kind.FOREIGN, judgement.failure, judgement.remedy.rstrip("."))
        return
    standing = judgement.standing
    if standing is None or standing.address is None:
        return
    patch = status.patch(judgement.object, standing, now=_NOW)
    if patch and not _only_provenance(patch, subject):
        found = subject.published or "no address"
        same = found == standing.address.address
        text = "its Service lacks what stands beside the address"
        text = text if same else f"its Service shows {found}"
        yield Difference(Kind.NOT_PUBLISHED, text, "tfgen publish")


def _only_provenance(patch: Mapping[str, Any], subject: Subject) -> bool:
    """Whether nothing but the digest of its file has moved on: that is said as not applied."""
    changed = patch["metadata"].get("annotations", {}).keys()
    moved = changed <= _PROVENANCE and "status" not in patch
    return moved and bool(_published_digest(subject))


def _of_second(look: Look, subject: Subject) -> Iterator[Difference]:
    """Look at the load balancer of the second IP family."""
    for each in look(subject):
        yield Difference(each.kind, f"second IP family: {each.text}", each.remedy)


_OF_A_BALANCER: tuple[Look, ...] = (_applied, _in_state, _working)
_LOOKS: tuple[Look, ...] = (
    _held,
    _not_rendered,
    _facts,
    _applied,
    _in_state,
    _working,
    _published,
)
