"""One claimed Service to one load balancer, or to its problems."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tfgen import config, model
from tfgen.annotations import table
from tfgen.resolved import Resolved
from tfgen.translate import (
    alike,
    attached,
    capabilities,
    creation,
    floating,
    groups,
    membership,
    naming,
    ports,
    selector,
    shape,
    tenancy,
    unbuilt,
    values,
)
from tfgen.translate.nodes import DEFAULT_GROUP, SETTING

_APPLIED = table.TFGEN + "digest"


@dataclass(frozen=True, slots=True)
class Context:
    """What holds for all Services of one pass."""

    settings: config.Settings
    frozen: Mapping[model.ServiceKey, model.Frozen]
    """Creation-only values of what is rendered already."""
    address_change: frozenset[model.ServiceKey] = field(default_factory=frozenset)
    """Services for which a person accepts new ones, now."""
    changing: Mapping[model.ServiceKey, str] = field(default_factory=dict)
    """Those accepted before and not seen applied, with the revision of the file that lets them."""
    live: bool = True
    resolved: Resolved = field(default_factory=Resolved)
    """What only a cloud or a Secret can tell."""
    rendered_groups: frozenset[model.NodeChoice] = field(default_factory=frozenset)
    """Node groups that files of the tree name: they follow the nodes for held Services too."""
    nodes: groups.Groups = field(default_factory=groups.Groups, compare=False)
    """Those of this pass; `translate` fills them."""
    seats: Mapping[model.ServiceKey, model.Seat] = field(default_factory=dict)
    """Where each Service that is rendered already stands, on its own load balancer or another."""
    _profiles: dict[str, config.Profile] = field(default_factory=dict, compare=False)
    read: dict[tuple[str, model.Frozen | None], "Outcome"] = field(
        default_factory=dict, compare=False
    )
    """What plain Services became, by all that they say."""
    _groups: dict[model.GroupKey | str, dict[model.ServiceKey, model.Seat]] = field(
        default_factory=dict, compare=False
    )

    def __post_init__(self) -> None:
        """Note once who shares which load balancer."""
        for key, seat in self.seats.items():
            if shared := seat.group or seat.attached:
                self._groups.setdefault(shared, {})[key] = seat

    def likeness(
        self, key: model.ServiceKey, metadata: Mapping[str, Any], spec: Mapping[str, Any]
    ) -> alike.Likeness | None:
        """Give what a Service says, None where it is to be read for itself."""
        seat = self.seats.get(key)
        shares = seat and (seat.group or seat.attached)
        special = key in self.address_change or key in self.changing or shares
        return None if special or not alike.fits(self.settings) else alike.of(metadata, spec)

    def seated(self, group: model.GroupKey) -> Mapping[model.ServiceKey, model.Seat]:
        """Give the Services that are on a group's load balancer already."""
        return self._groups.get(group, {})

    def attached(self, identity: str) -> Mapping[model.ServiceKey, model.Seat]:
        """Give the Services whose ports are on an existing load balancer already."""
        return self._groups.get(identity, {})

    def made_with(self, group: model.GroupKey | None) -> model.Frozen | None:
        """Give what a group's load balancer was made with; None where there is none yet."""
        stand = self.seated(group) if group else ()
        return self.frozen[min(stand)] if stand else None

    def profile(self, name: str) -> config.Profile | None:
        """Give the settings as they hold for a class, made once; None where there is no such."""
        if name not in self._profiles:
            if name and name not in self.settings.classes:
                return None
            self._profiles[name] = config.Profile(self.settings, name)
        return self._profiles[name]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Either a load balancer or problems; notices beside both."""

    load_balancer: model.LoadBalancer | None
    problems: tuple[model.Problem, ...] = ()
    notices: tuple[model.Notice, ...] = ()
    queries: tuple[model.SubnetQuery | model.BalancerQuery, ...] = ()
    wanted: model.Frozen = field(default_factory=model.Frozen)
    """What it would have if it were new: those who share a load balancer must want the same."""


def load_balancer(
    key: model.ServiceKey,
    metadata: Mapping[str, Any],
    spec: Mapping[str, Any],
    context: Context,
) -> Outcome:
    """Translate one Service that is ours. Raises Malformed where its annotations are no object."""
    like = context.likeness(key, metadata, spec)
    if like is None:
        return _one(key, metadata, spec, context)
    said = (like.said, context.frozen.get(key))
    known = context.read.get(said)
    if known is None:
        known = _one(key, metadata, spec, context)
        if known.load_balancer and not known.notices:
            context.read[said] = known
    elif known.load_balancer and known.load_balancer.service != key:
        made = alike.filled(known.load_balancer, key, like, context.settings)
        return Outcome(made, queries=known.queries, wanted=known.wanted)
    return known


def _one(
    key: model.ServiceKey,
    metadata: Mapping[str, Any],
    spec: Mapping[str, Any],
    context: Context,
) -> Outcome:
    reader = values.Reader(key, shape.section(metadata, "annotations", path="metadata."))
    reader.resolved = context.resolved
    try:
        made, notices, wanted = _read(reader, key, spec, context)
    except shape.Malformed as wrong:
        reader.malformed(wrong)
        return Outcome(None, tuple(sorted(set(reader.problems))))
    queries = tuple(reader.queries)
    if reader.problems:
        return Outcome(None, tuple(sorted(set(reader.problems))), notices, queries)
    return Outcome(made, (), (*notices, *sorted(set(reader.notices))), queries, wanted)


def _read(
    reader: values.Reader, key: model.ServiceKey, spec: Mapping[str, Any], context: Context
) -> tuple[model.LoadBalancer, tuple[model.Notice, ...], model.Frozen]:
    """Read all that a Service says; what is wrong is noted in the reader. Raises Malformed."""
    profile = _profile(reader, context)
    settings = profile.settings
    reader.check_keys()
    tenancy.check(reader, key, spec, profile)
    unbuilt.check(reader, spec)
    reader.get(table.TFGEN + "expose", default=True)
    asked = floating.internal(reader, settings)
    accept, changing = key in context.address_change, _changing(reader, key, context)
    kept = None if accept else context.frozen.get(key)
    seat = context.seats.get(key)
    group = membership.read(reader, key, seat, accept=accept)
    on = attached.read(reader, settings, seat, accept=accept)
    internal = asked and not on
    known = creation.Known(internal, context.resolved, kept, on)
    wanted = creation.wanted(reader, key, spec, profile, known)
    frozen, notices = creation.settle(key, wanted, kept, internal=internal)
    octavia = capabilities.octavia(settings, context.made_with(group) or frozen)
    capabilities.check_creation(reader, frozen, octavia, profile)
    exposed = None if internal else settings.exposure
    shared = ports.Shared(reader, spec, profile, ports.Setting(key, octavia, exposed))
    found = ports.read(reader, spec, shared, live=context.live)
    if on:
        attached.check(reader, spec, profile, attached.Wish(found, frozen, seat, asked))
    nodes = _nodes(reader, key, profile, context)
    made = model.LoadBalancer(
        service=key,
        name=naming.name(key.namespace, key.name, settings),
        description=naming.description(key, settings),
        tags=naming.tags(key, settings),
        frozen=frozen,
        internal=internal,
        member_subnet_id=frozen.member_subnet_id,
        node_group=nodes.group,
        node_selector=nodes.selector,
        family=nodes.family,
        ports=found,
        health_check_node_port=ports.health_check_node_port(reader, spec, found),
        more_tags=() if on else reader.get(table.OCCM + "load-balancer-tags", default=()),
        hostname=reader.get(table.OCCM + "hostname", default=""),
        keep_floating_ip=not on and reader.get(table.OCCM + "keep-floatingip", default=False),
        protect=reader.get(table.TFGEN + "protect", default=False),
        address_may_change=accept or changing,
        group=membership.of(group, settings) if group else None,
    )
    told = (*notices, _still_open(key)) if changing and not accept else notices
    return made, told, wanted


def _profile(reader: values.Reader, context: Context) -> config.Profile:
    """Give the settings as they hold for the class that a Service names."""
    name = reader.get(table.CLASS, default="")
    found = context.profile(name)
    if found:
        return found
    known = ", ".join(sorted(context.settings.classes)) or "none there yet"
    reader.wrong(
        reader.name(table.CLASS),
        name,
        f"a class of the settings ({known})",
        "Correct it, or remove it.",
    )
    return config.Profile(context.settings)


def _nodes(
    reader: values.Reader, key: model.ServiceKey, profile: config.Profile, context: Context
) -> model.NodeChoice:
    """Read which nodes stand behind a Service; a selector that takes none is a problem."""
    text = reader.get(table.NODE_SELECTOR, profile.settings.members.node_selector)
    said = f"setting {profile.said(SETTING)}"
    field = reader.name(table.NODE_SELECTOR) if reader.has(table.NODE_SELECTOR) else said
    try:
        choice = context.nodes.choose(text, label=key.label)
    except selector.Unreadable:
        reader.wrong(field, text, selector.EXPECTED, "Correct it, or remove it.")
        return model.NodeChoice(DEFAULT_GROUP)
    if context.nodes.lacks(choice):
        expected = f"labels of a node that counts and has an {choice.family} address"
        reader.wrong(field, text, expected, "Correct it, or label a node.")
    return choice


def _changing(reader: values.Reader, key: model.ServiceKey, context: Context) -> bool:
    """Whether an accepted change of address is still to come.

    It has come where the live Service carries, published, the revision that allowed it: the only
    thing of ours that is ever read back, for a rendering knows no state.
    """
    revision = context.changing.get(key)
    return revision is not None and not (context.live and reader.carries(_APPLIED, revision))


def _still_open(key: model.ServiceKey) -> model.Notice:
    return model.Notice(
        f"Service {key}",
        "its address may change, as was agreed to: once that is applied and published, a rendering "
        "of the live cluster locks it again",
    )
