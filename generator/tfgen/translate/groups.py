"""Node groups of one pass: one for each selector and family that a load balancer asks for.

The settings' own selector makes `default`; another one a name in which it can be read, with a
digest, so that two selectors never share a group. Where `members.max_per_pool` bounds pools, each
Service has a group of its own, `<namespace>_<name>`.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tfgen import config, model
from tfgen.translate import nodes, selector, shape, subset

_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")
_READABLE, _DIGEST = 40, 8
"""Characters of a group's name."""
ALL = "all"
"""What takes every node, where the settings' selector does not."""


def name(canonical: str) -> str:
    """Name the group of a selector: `pool-edge-5f3a90c1`."""
    if not canonical:
        return ALL
    words = canonical.lower().replace("!", " not ")
    readable = _NOT_IN_NAMES.sub("-", words).strip("-")[:_READABLE].rstrip("-")
    digest = hashlib.sha256(canonical.encode()).hexdigest()[:_DIGEST]
    return f"{readable}-{digest}".lstrip("-")


@dataclass
class Groups:
    """The nodes of a listing, and the groups that were asked for so far."""

    listed: tuple[Mapping[str, Any], ...] = ()
    own: str = ""
    """The settings' selector."""
    most: int = 0
    """Nodes of a pool at most; 0 is all."""
    _chosen: dict[tuple[str, model.Family], model.NodeChoice] = field(default_factory=dict)
    _counting: dict[tuple[str, model.Family], frozenset[str]] = field(default_factory=dict)
    _judged: dict[tuple[str, model.Family], nodes.Judged] = field(default_factory=dict)
    _made: dict[model.NodeChoice, model.NodeGroup] = field(default_factory=dict)
    _notices: set[model.Notice] = field(default_factory=set)

    def choose(
        self, text: str, family: model.Family = model.Family.IPV4, *, label: str = ""
    ) -> model.NodeChoice:
        """Give what a selector chooses for the Service of a label, `<namespace>_<name>`.

        Raises selector.Unreadable.
        """
        if (text, family) not in self._chosen:
            self._chosen[text, family] = self._choice(text, family)
        found = self._chosen[text, family]
        if not (self.most and label):
            return found
        own = found.group == nodes.group_name(nodes.DEFAULT_GROUP, family)
        asked = selector.written(selector.read(self.own)) if own else found.selector
        return model.NodeChoice(subset.group_name(label, family), asked, family)

    def _choice(self, text: str, family: model.Family) -> model.NodeChoice:
        canonical = selector.written(selector.read(text))
        own = canonical == selector.written(selector.parse(self.own, nodes.SETTING))
        group = nodes.DEFAULT_GROUP if own else name(canonical)
        return model.NodeChoice(nodes.group_name(group, family), "" if own else canonical, family)

    def of(self, choice: model.NodeChoice) -> model.NodeGroup:
        """Give the group of a choice, made once; empty where no node is in it."""
        if choice not in self._made:
            found, notices = nodes.made(choice.group, self.judge(choice))
            self._made[choice] = replace(found, counting=self._names(choice))
            self._notices.update(notices)
        return self._made[choice]

    def judge(self, choice: model.NodeChoice) -> nodes.Judged:
        """Say of each node why it stands in a group or not."""
        whole = self._whole(choice)
        return subset.narrowed(whole, choice.group, self.most) if _is_one(choice) else whole

    def _key(self, choice: model.NodeChoice) -> tuple[str, model.Family]:
        own = choice.group == nodes.group_name(nodes.DEFAULT_GROUP, choice.family)
        return self.own if own else choice.selector, choice.family

    def _whole(self, choice: model.NodeChoice) -> nodes.Judged:
        """Judge each node, however many may stand in a pool."""
        text, family = key = self._key(choice)
        if key not in self._judged:
            said = nodes.SETTING if text == self.own else _said(text)
            self._judged[key] = nodes.judge(self.listed, text, family, said)
        return self._judged[key]

    def _names(self, choice: model.NodeChoice) -> frozenset[str]:
        """Name the nodes that a bounded group is chosen from: one set for all of its selector."""
        key = self._key(choice)
        if not (self.most and _is_one(choice)):
            return frozenset()
        if key not in self._counting:
            found = (one for _, one in self._whole(choice) if isinstance(one, model.Member))
            self._counting[key] = frozenset(member.name for member in found)
        return self._counting[key]

    def lacks(self, choice: model.NodeChoice) -> bool:
        """Whether nodes are known, and a choice takes none of them."""
        return bool(self.listed) and not self.of(choice).members

    def has(self, choice: model.NodeChoice) -> bool:
        """Whether a choice takes any node; it makes no group of them."""
        return any(isinstance(found, model.Member) for _, found in self.judge(choice))

    def take(self, choices: Iterable[model.NodeChoice]) -> None:
        """Make the groups that files of the tree name, unless one of that name is made."""
        known = {choice.group for choice in self._made}
        for choice in sorted(choices):
            if choice.group not in known and self._is_named_so(choice):
                self.of(choice)

    def _is_named_so(self, choice: model.NodeChoice) -> bool:
        """Whether a group of a file is one that is made here: a foreign name stays as it is."""
        try:
            wanted = name(selector.written(selector.read(choice.selector)))
        except selector.Unreadable:
            return False
        named = {nodes.group_name(each, choice.family) for each in (wanted, nodes.DEFAULT_GROUP)}
        return choice.group in named or subset.is_one(choice.group)

    @property
    def made(self) -> tuple[model.NodeGroup, ...]:
        """All groups that have nodes, by name."""
        return tuple(sorted((g for g in self._made.values() if g.members), key=lambda g: g.name))

    @property
    def notices(self) -> frozenset[model.Notice]:
        """Who was left out of them, and why; and what is wrong with annotations of Nodes."""
        draining = (_drained(group) for group in self._made.values() if group.members)
        told = {notice for notice in draining if notice}
        return frozenset(self._notices | told | set(nodes.faults(self.listed)))


def of_listing(listing: model.Listing, settings: config.Settings) -> Groups:
    """Give the groups of a listing, none made yet."""
    members = settings.members
    return Groups(tuple(listing.nodes), members.node_selector, members.max_per_pool)


def _is_one(choice: model.NodeChoice) -> bool:
    return subset.is_one(choice.group)


def _drained(group: model.NodeGroup) -> model.Notice | None:
    """Tell of a group in which nobody takes new connections."""
    if any(member.weight and not member.drain for member in group.members):
        return None
    return model.Notice(
        f"Node group {group.name}", "every node drains or has weight 0: no new connections"
    )


def _said(text: str) -> str:
    return f"node selector {shape.clean(text)}" if text else "the empty node selector"
