"""From what is known of addresses to the standing of each Service: pure, one Service at a time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from tfgen import manifest, model
from tfgen.status import marks, patch, revisions
from tfgen.status.standing import Phase, Standing

Value = TypeVar("Value")

_NOT_RENDERED = "Not in the reviewed tree yet; the next rendering adds it."
_HALF = "The address of its second IP family is in none of the sources; what was published stays."
_VANISHED = "Its address is in none of the sources any more; what was published stays."


@dataclass(frozen=True, slots=True)
class Found:
    """What states or Octavia say of addresses, and where they say nothing."""

    addresses: tuple[model.Address, ...] = ()
    """Confirmed ones."""
    doubts: Mapping[model.ServiceKey, str] = field(default_factory=dict)
    """Why an address that something claims is not confirmed, or why an apply failed."""
    answered: frozenset[str] | None = None
    """Stacks that this covers; None: all."""
    silent: Mapping[str, str] = field(default_factory=dict)
    """Stacks that were asked in vain, with why."""


@dataclass(frozen=True, slots=True)
class Question:
    """All that Services are judged by."""

    listing: model.Listing
    translation: model.Translation
    manifest: manifest.Manifest
    found: Found
    stacks: frozenset[str] = frozenset()
    """Only these; empty: all."""
    services: frozenset[model.ServiceKey] = frozenset()
    """Only these; empty: all."""
    commits: Mapping[model.ServiceKey, str] = field(default_factory=dict)
    """Who changed a Service's file last, where that is known."""
    suffix: str = ""
    """Of host names that are published with PROXY protocol; empty: none are."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One Service and what it should carry; without a standing it is left as it is."""

    service: model.ServiceKey
    object: marks.Service
    standing: Standing | None = None
    failure: str = ""
    """Why its address could not be asked for, or may not be written."""
    remedy: str = ""
    text: str = ""
    """Why it is left alone, or what becomes of it, where nothing is wrong."""


def judge(question: Question) -> Iterator[Judgement]:
    """Say of each Service of ours how it stands; all others are passed over."""
    judge_ = _Judge(question)
    for service in question.listing.services:
        judgement = judge_.one(service)
        if judgement is not None:
            yield judgement


class _Judge:
    """A question, prepared once for a whole listing."""

    def __init__(self, question: Question) -> None:
        self._question, self._found = question, question.found
        self._tree, self._entries = question.manifest.tree, question.manifest.services
        translation = question.translation
        self._claimed = translation.held | {each.service for each in translation.load_balancers}
        self._problems = _grouped((each.service, str(each)) for each in translation.problems)
        self._addresses = _grouped((each.service, each) for each in self._found.addresses)

    def one(self, service: marks.Service) -> Judgement | None:
        """Judge one Service; None where it is none of ours, or not asked for."""
        metadata = marks.metadata(service)
        key = model.ServiceKey(str(metadata.get("namespace")), str(metadata.get("name")))
        entry, owner = self._entries.get(key), marks.tree(service)
        ours = entry is not None or key in self._claimed or owner == self._tree
        if not ours or marks.is_going(service) or not self._wants(service, key):
            return None
        judgement = Judgement(key, service)
        if owner not in {"", self._tree}:
            return replace(judgement, failure=f"tree {owner} publishes it", remedy=_foreign(key))
        if key in self._claimed or (entry and key in self._question.translation.unclaimed):
            return self._asking(judgement, entry)
        if entry:
            return replace(judgement, text="asks no more, and the tree still has it: tfgen render")
        return self._released(judgement)

    def _wants(self, service: marks.Service, key: model.ServiceKey) -> bool:
        question, entry = self._question, self._entries.get(key)
        if question.services and key not in question.services:
            return False
        stack = entry.stack if entry else marks.stack(service)
        return not question.stacks or stack in question.stacks

    def _asking(self, judgement: Judgement, entry: manifest.Entry | None) -> Judgement:
        """Judge a Service that asks for a load balancer."""
        said = self._problems.get(judgement.service, ())
        problems = said or (entry.problems if entry else ())
        standing = Standing(Phase.AWAITING, self._tree, why=_NOT_RENDERED, problems=tuple(problems))
        if entry is None:
            return replace(judgement, standing=standing)
        address, doubt = self._address(entry)
        second, other_doubt = self._address(entry, is_second=True)
        if address:
            named = self._named(standing, entry, address, second)
            answers = revisions.standing(named, entry, address, judgement.object)
            if named.half and answers.phase is not Phase.AWAITING:
                why = other_doubt or _HALF
                half = replace(standing, phase=Phase.UNCONFIRMED, why=why)
                return replace(judgement, standing=half)
            commit = self._question.commits.get(judgement.service, "")
            return replace(judgement, standing=revisions.committed(answers, commit))
        silence = self._silence(entry.stack)
        if silence is not None and not doubt:
            unknown = replace(standing, phase=Phase.UNKNOWN, why="")
            return replace(judgement, standing=unknown, failure=silence)
        if doubt or marks.published(judgement.object):
            doubtful = replace(standing, phase=Phase.UNCONFIRMED, why=doubt or _VANISHED)
            return replace(judgement, standing=doubtful)
        why = f"Rendered in stack {entry.stack}; its plan is not applied yet."
        return replace(judgement, standing=replace(standing, why=why))

    def _named(
        self,
        standing: Standing,
        entry: manifest.Entry,
        address: model.Address,
        second: model.Address | None,
    ) -> Standing:
        """Give a standing with what clients are given; what the tree has no more stands still."""
        return replace(
            standing,
            hostname=self._hostname(entry, address),
            second=second,
            second_hostname=self._hostname(entry, second) if second else "",
            half=entry.second is not None and second is None,
            proxy=entry.proxy,
        )

    def _address(
        self, entry: manifest.Entry, *, is_second: bool = False
    ) -> tuple[model.Address | None, str]:
        """Give the one address of a family that can be published, or why there is none."""
        whole = self._addresses.get(entry.service, ())
        found = [each for each in whole if each.is_second is is_second]
        side = entry.of_second if is_second else entry
        doubt = self._found.doubts.get(entry.service, "")
        if not found:
            return None, doubt
        if len(found) > 1:
            ids = ", ".join(each.load_balancer_id for each in found)
            return None, f"Several load balancers are tagged with this Service: {ids}."
        address = found[0]
        if address.address == address.vip_address and side and side.has_floating_ip:
            return None, doubt or f"Load balancer {address.load_balancer_id} has no floating IP."
        return replace(address, stack=address.stack or entry.stack), ""

    def _hostname(self, entry: manifest.Entry, address: model.Address) -> str:
        """Give the host name that clients are given, "" where it is the address."""
        suffix = self._question.suffix if entry.proxy else ""
        made = f"{patch.dashed(address.address)}.{suffix}" if suffix else ""
        return entry.hostname or made

    def _released(self, judgement: Judgement) -> Judgement:
        """Judge a Service that carries our marks, and that the tree has no more."""
        silence = self._silence(marks.stack(judgement.object))
        if silence is not None:
            return replace(judgement, failure=silence)
        known = self._addresses.keys() | self._found.doubts.keys()
        if judgement.service in known:
            return replace(judgement, text="its load balancer stands until its removal is applied")
        text = "its load balancer is gone, and so is what was written here"
        return replace(judgement, standing=Standing(Phase.RELEASED, self._tree), text=text)

    def _silence(self, stack: str) -> str | None:
        """Say why a stack gave no answer ("": it was not asked); None where it answered.

        A stack that the tree has no more was empty when it went.
        """
        answered = self._found.answered
        if answered is None or stack in answered or stack not in self._question.manifest.stacks:
            return None
        return self._found.silent.get(stack, "")


def _foreign(key: model.ServiceKey) -> str:
    return (
        "If that tree is no more: "
        f"kubectl annotate service -n {key.namespace} {key.name} {marks.TREE}-"
    )


def _grouped(
    pairs: Iterable[tuple[model.ServiceKey, Value]],
) -> dict[model.ServiceKey, list[Value]]:
    groups: dict[model.ServiceKey, list[Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups
