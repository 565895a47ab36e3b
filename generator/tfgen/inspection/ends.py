"""From anything that a person has in hand (a name, an address, an id) to the Service it is of."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tfgen import model, policy
from tfgen.inspection.subject import Balancer, Known, Subject
from tfgen.status import marks

_NEAREST = 3
_CLOSE = 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """The Service that something belongs to, or what looks most like it."""

    service: model.ServiceKey | None
    nearest: tuple[str, ...] = ()
    """Such as `172.24.0.1 (shop/web)`."""


def find(target: str, known: Known, others: Mapping[str, model.ServiceKey]) -> Found:
    """Find the Service of a name, an address or an id; `others` are further ends by their text."""
    wanted = target.strip().lower()
    first = reversed([*_ends(known)])  # what a group shares leads to the first of its Services
    ends = dict(first) | {end.lower(): key for end, key in others.items()}
    key = ends.get(wanted) or _by_address(target, known)
    if key:
        return Found(key)
    near = difflib.get_close_matches(wanted, ends, n=len(ends) or 1, cutoff=_CLOSE)
    nearest: dict[model.ServiceKey, str] = {}
    for end in near:
        nearest.setdefault(ends[end], _named(end, ends[end]))
    return Found(None, tuple(nearest.values())[:_NEAREST])


def _named(end: str, key: model.ServiceKey) -> str:
    return end if end == str(key) else f"{end} ({key})"


def _by_address(target: str, known: Known) -> model.ServiceKey | None:
    """Read an address of the state, of whatever resource of a Service that anyone knows.

    What a group shares leads to the first of its Services.
    """
    named = policy.named(target)
    for subject in known.subjects():
        shared = subject.entry.shares if subject.entry else None
        if subject.key == named.service or (shared and shared == named.group):
            return subject.key
    return None


def _ends(known: Known) -> Iterator[tuple[str, model.ServiceKey]]:
    for subject in known.subjects():
        second = subject.second.balancers if subject.second else ()
        cloud = _of_cloud((*(subject.balancers or ()), *(second or ())))
        for end in (*_of_tree(subject), *_of_cluster(subject), *cloud):
            if end:
                yield end.lower(), subject.key


def _of_tree(subject: Subject) -> Iterator[str]:
    entry = subject.entry or subject.wanted
    yield from (str(subject.key), subject.key.label, subject.key.address)
    if subject.second:
        yield subject.second.owner.address
    if entry:
        for file in dict.fromkeys(
            filter(None, (entry.file, entry.balancer_file, entry.common_file))
        ):
            yield from (file, file.rpartition("/")[2])


def _of_cluster(subject: Subject) -> Iterator[str]:
    if subject.judgement:
        service = subject.judgement.object
        yield marks.published(service)
        for key in (marks.LOAD_BALANCER_ID, marks.SECOND_ID):
            yield str(marks.annotations(service).get(key) or "")
        yield from (str(entry.get("ip") or "") for entry in marks.ingress(service))


def _of_cloud(balancers: Iterable[Balancer]) -> Iterator[str]:
    for balancer in balancers:
        yield from (balancer.id, balancer.name, balancer.vip_address, balancer.floating_ip)
