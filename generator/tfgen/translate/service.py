"""One claimed Service to one load balancer, or to its problems."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tfgen import config, model
from tfgen.annotations import table
from tfgen.resolved import Resolved
from tfgen.translate import (
    alike,
    attached,
    capabilities,
    creation,
    families,
    floating,
    groups,
    membership,
    naming,
    ports,
    selector,
    shape,
    tenancy,
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
    read: dict[tuple[str, model.Frozen | None, model.Family | None], "Outcome"] = field(
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
        shares = seat and (seat.group or seat.attached or seat.second)
        special = key in self.address_change or key in self.changing or shares
        return None if special or not alike.fits(self.settings) else alike.of(metadata, spec)

    def family(self, key: model.ServiceKey) -> model.Family | None:
        """Give the family that a Service was rendered with."""
        seat = self.seats.get(key)
        return seat.family if seat else None

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
    said = (like.said, context.frozen.get(key), context.family(key))
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
    profile, seat = _profile(reader, context), context.seats.get(key)
    reader.check_keys()
    tenancy.check(reader, key, spec, profile)
    reader.get(table.TFGEN + "expose", default=True)
    accept, changing = key in context.address_change, _changing(reader, key, context)
    asked = families.read(reader, spec, live=context.live)
    if not accept:
        families.check_kept(reader, asked, seat)
    asking = _Asking(
        spec=spec,
        context=context,
        profile=profile,
        seat=seat,
        asked_internal=floating.internal(reader, profile.settings),
        accept=accept,
        may_change=accept or changing,
        group=membership.read(reader, key, seat, accept=accept),
        on=attached.read(reader, profile.settings, seat, accept=accept),
    )
    first, *others = _sides(reader, asking, asked)
    made, notices, wanted = _balancer(reader, asking, first)
    for side in others:
        second, further, _ = _balancer(reader, asking, side)
        made, notices = replace(made, second=second), (*notices, *further)
    told = (*notices, _still_open(key)) if changing and not accept else notices
    return made, told, wanted


def _sides(
    reader: values.Reader, asking: "_Asking", asked: families.Asked
) -> tuple[families.Side, ...]:
    """Give the families that are served; that one which is asked for is not is told."""
    if not asked.both:
        return asked.sides
    why = _one_family(reader, asking, asked)
    if not why:
        return asked.sides
    families.reduce(reader, asked, why)
    return (asked.reduced,)


def _one_family(reader: values.Reader, asking: "_Asking", asked: families.Asked) -> str:
    """Say why only one family is served; nothing where both are.

    What is preferred only needs its subnet and its nodes; what stands already goes for no lack.
    """
    if asking.group:
        return f"the load balancer of a group ({table.GROUP}) has one"
    if asking.on:
        return f"a load balancer that exists ({table.ATTACH}) has one"
    if asked.required or (asking.seat and asking.seat.second):
        return ""
    second, said = asked.primary.other, asking.profile.said(families.SETTING)
    if second is model.Family.IPV6 and not asking.profile.settings.network.ipv6_subnet_id:
        return f"setting {said} is empty"
    text = reader.get(table.NODE_SELECTOR, asking.profile.settings.members.node_selector)
    with contextlib.suppress(selector.Unreadable):
        known = asking.context.nodes
        if known.listed and not known.has(known.choose(text, second)):
            return f"no node that it selects has an {second} address"
    return ""


@dataclass(frozen=True, slots=True)
class _Asking:
    """What holds for a Service, of whatever family."""

    spec: Mapping[str, Any]
    context: Context
    profile: config.Profile
    seat: model.Seat | None
    asked_internal: bool
    accept: bool
    """Whether a person accepts another address, now."""
    may_change: bool
    group: model.GroupKey | None
    on: str
    """Id of the existing load balancer that its ports are to be on."""

    @property
    def internal(self) -> bool:
        """Whether it is reached from inside alone; one that exists is as it is."""
        return self.asked_internal and not self.on

    def kept(self, side: families.Side, key: model.ServiceKey) -> model.Frozen | None:
        """Give what the load balancer of a family was made with; None where it is new."""
        if self.accept:
            return None
        if side.is_second:
            return self.seat.second if self.seat else None
        return self.context.frozen.get(key)


def _balancer(
    reader: values.Reader, asking: _Asking, side: families.Side
) -> tuple[model.LoadBalancer, tuple[model.Notice, ...], model.Frozen]:
    """Read the load balancer of one family. Raises Malformed."""
    key, context, profile = reader.service, asking.context, asking.profile
    settings = profile.settings
    kept = asking.kept(side, key)
    known = creation.Known(asking.internal, context.resolved, kept, asking.on, side)
    wanted = creation.wanted(reader, key, asking.spec, profile, known)
    frozen, notices = creation.settle(key, wanted, kept, floats=known.floats)
    octavia = capabilities.octavia(settings, context.made_with(asking.group) or frozen)
    capabilities.check_creation(reader, frozen, octavia, profile)
    exposed = None if asking.internal else settings.exposure
    setting = ports.Setting(key, octavia, exposed, side)
    shared = ports.Shared(reader, asking.spec, profile, setting)
    found = ports.read(reader, asking.spec, shared, live=context.live)
    if on := asking.on:
        wish = attached.Wish(found, frozen, asking.seat, asking.asked_internal, side.family)
        attached.check(reader, asking.spec, profile, wish)
    nodes = _nodes(reader, asking, side.family)
    named = naming.name(key.namespace, key.name, settings)
    made = model.LoadBalancer(
        service=key,
        name=naming.second_name(key, side.family, settings) if side.is_second else named,
        description=naming.description(key, settings),
        tags=naming.tags(model.SecondKey(key) if side.is_second else key, settings),
        frozen=frozen,
        internal=asking.internal,
        member_subnet_id=frozen.member_subnet_id,
        node_group=nodes.group,
        node_selector=nodes.selector,
        family=nodes.family,
        ports=found,
        health_check_node_port=ports.health_check_node_port(reader, asking.spec, found),
        more_tags=() if on else reader.get(table.OCCM + "load-balancer-tags", default=()),
        hostname=reader.get(table.OCCM + "hostname", default=""),
        keep_floating_ip=not on and reader.get(table.OCCM + "keep-floatingip", default=False),
        protect=reader.get(table.TFGEN + "protect", default=False),
        address_may_change=asking.may_change,
        group=membership.of(asking.group, settings) if asking.group else None,
        is_second=side.is_second,
    )
    return made, notices, wanted


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


def _nodes(reader: values.Reader, asking: _Asking, family: model.Family) -> model.NodeChoice:
    """Read which nodes stand behind a Service; that there is none is a problem."""
    profile, known, label = asking.profile, asking.context.nodes, reader.service.label
    text = reader.get(table.NODE_SELECTOR, profile.settings.members.node_selector)
    said = f"setting {profile.said(SETTING)}"
    field = reader.name(table.NODE_SELECTOR) if reader.has(table.NODE_SELECTOR) else said
    try:
        choice = known.choose(text, family, label=label)
    except selector.Unreadable:
        reader.wrong(field, text, selector.EXPECTED, "Correct it, or remove it.")
        return model.NodeChoice(DEFAULT_GROUP)
    if known.lacks(choice):
        if known.has(known.choose(text, family.other, label=label)):
            families.no_addresses(reader, family)
        else:
            expected = f"labels of a node that counts and has an {family} address"
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
