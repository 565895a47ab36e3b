"""Which IP families a Service is served with: a load balancer for each.

The first of `spec.ipFamilies` is the primary one, IPv4 where a manifest does not say. `status` and
Kubernetes' API call the other one the second.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tfgen import config, model
from tfgen.annotations import table
from tfgen.translate import shape, values

SETTING = "network.ipv6_subnet_id"
_POLICIES = ("SingleStack", "PreferDualStack", "RequireDualStack")
_PREFERS, _REQUIRES = _POLICIES[1:]
_SUBNET = table.OCCM + "subnet-id"
_FIELD, _POLICY = "spec.ipFamilies", "spec.ipFamilyPolicy"


@dataclass(frozen=True, slots=True)
class Side:
    """One of a Service's families, for which a load balancer is read."""

    family: model.Family = model.Family.IPV4
    is_second: bool = False
    beside: model.Family | None = None
    """The other family, where the Service asks for it, too."""
    alone: bool = False
    """Whether the other one is asked for, and not served."""

    def of(self, cidrs: Collection[str]) -> tuple[str, ...]:
        """Give those of its family."""
        return tuple(each for each in cidrs if model.Family.of(each) is self.family)


IPV4 = Side()
"""What nearly every Service asks for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a Service says of its families."""

    primary: model.Family = model.Family.IPV4
    both: bool = False
    policy: str = ""

    @property
    def required(self) -> bool:
        """Whether one family alone is none of the answers."""
        return self.policy == _REQUIRES

    @property
    def sides(self) -> tuple[Side, ...]:
        """Give what is read: the primary family first."""
        if not self.both:
            return (self.reduced if self.policy == _PREFERS else Side(self.primary),)
        other = self.primary.other
        second = Side(other, is_second=True, beside=self.primary)
        return Side(self.primary, beside=other), second

    @property
    def reduced(self) -> Side:
        """Give the primary family, where the other one is not served."""
        return Side(self.primary, beside=self.primary.other, alone=True)


def read(reader: values.Reader, spec: Mapping[str, Any], *, live: bool) -> Asked:
    """Read the families; what is wrong is noted. Raises Malformed.

    A cluster's API writes to `ipFamilies` what it can give: there, one family that is preferred
    with another is all that the cluster has.
    """
    if "ipFamilies" not in spec and "ipFamilyPolicy" not in spec:
        return Asked()
    named, policy = shape.texts(spec, "ipFamilies", path="spec."), _policy(reader, spec)
    if not _are_families(reader, named):
        return Asked()
    primary = model.Family(named[0]) if named else model.Family.IPV4
    if policy not in {_PREFERS, _REQUIRES}:
        _check_single(reader, named)
        return Asked(primary)
    given = live or bool(spec.get("clusterIP"))
    single = policy == _PREFERS and given and len(named) == 1
    return Asked(primary, not single, policy)


def _are_families(reader: values.Reader, named: tuple[str, ...]) -> bool:
    """Whether they are families, each once; that they are not is noted."""
    known, once = set(model.Family).issuperset(named), len(set(named)) == len(named)
    if not (known and once):
        expected = "each family once" if known else "IPv4 or IPv6"
        reader.wrong(_FIELD, ", ".join(named), expected)
    return known and once


def _policy(reader: values.Reader, spec: Mapping[str, Any]) -> str:
    found = shape.get(spec, "ipFamilyPolicy", str, path="spec.") or ""
    if found not in {"", *_POLICIES}:
        reader.wrong(_POLICY, found, f"one of {', '.join(_POLICIES)}")
    return found


def _check_single(reader: values.Reader, named: tuple[str, ...]) -> None:
    """Note two families without a policy that allows them: the API refuses that as well."""
    if len(named) > 1:
        expected = f"one family, or {_PREFERS} or {_REQUIRES} in {_POLICY} beside it"
        reader.wrong(_FIELD, ", ".join(named), expected)


def check_kept(reader: values.Reader, asked: Asked, seat: model.Seat | None) -> None:
    """Note another primary family than the Service was rendered with: it has another address."""
    if seat and seat.family is not asked.primary:
        reader.wrong(
            _FIELD,
            asked.primary,
            f"{seat.family} first, as it was rendered: another family has another address",
            f"Set it back, or let the address change: --allow-address-change {reader.service}",
        )


def reduce(reader: values.Reader, asked: Asked, why: str) -> None:
    """Tell that one family alone is served: a problem where both are required."""
    if not asked.required:
        reader.note(f"{_POLICY} {_PREFERS}: it is served with {asked.primary} alone, for {why}")
        return
    expected = f'"{_POLICIES[0]}" or "{_PREFERS}", for {why}'
    remedy = "Make it single-stack, or give it a load balancer of its own."
    reader.wrong(_POLICY, _REQUIRES, expected, remedy)


def subnet(
    reader: values.Reader, side: Side, profile: config.Profile, kept: model.Frozen | None
) -> str:
    """Give the subnet of an IPv6 VIP; that nobody says one is noted as a problem.

    Of a network Octavia takes a subnet of IPv4 first, so that a network alone does not do.
    """
    found = reader.get(_SUBNET, profile.settings.network.ipv6_subnet_id)
    found = found or (kept.vip_subnet_id if kept else "")
    if found:
        return found
    asked, without = (_POLICY, "single-stack") if side.is_second else (_FIELD, "of IPv4 alone")
    reader.wrong(
        f"setting {profile.said(SETTING)}",
        "empty",
        f"the id of a subnet of IPv6, for {asked} asks for an IPv6 address",
        f"Set it in tfgen.yaml, or make the Service {without}.",
    )
    return ""


def no_addresses(reader: values.Reader, family: model.Family) -> None:
    """Note that no node has an address of a family."""
    reader.wrong(
        _FIELD,
        family,
        f"a family of which a node that counts has an address, and none has one of {family}",
        f"Give nodes one (InternalIP or ExternalIP in their status), or ask for {family.other}.",
    )


def ranges(
    reader: values.Reader, field: str, cidrs: tuple[str, ...], side: Side
) -> tuple[str, ...]:
    """Give the source ranges of one family; a list never opens a family of which it has none."""
    if not cidrs:
        return (side.family.world,)
    mine = side.of(cidrs)
    others = [each for each in cidrs if each not in mine]
    if others and not side.beside:
        expected = f"{side.family} CIDRs, for the address is {side.family}"
        remedy = f"Remove what is {side.family.other}."
        reader.wrong(field, ", ".join(others), expected, remedy)
    elif not mine:
        reader.wrong(
            field,
            ", ".join(cidrs),
            f"CIDRs of {side.family}, too: without any its {side.family} address would be open to "
            "everyone, or to nobody",
            f"Say who may connect by {side.family} ({side.family.world} is everyone), or make the "
            "Service single-stack.",
        )
    elif others and side.alone:
        told = f"{', '.join(others)} say nothing: it is served with {side.family} alone"
        reader.note(f"{field}: {told}")
    return mine or cidrs
