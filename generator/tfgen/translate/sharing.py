"""Services that share a load balancer: they agree on what is not of one alone, and on its ports.

On one that exists there is nothing else to agree on.

What is rendered already wins: a newcomer that wants it otherwise is the problem, not the others.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace

from tfgen import model
from tfgen.annotations import table
from tfgen.translate import contest
from tfgen.translate.service import Context, Outcome

_FIELD = f"annotation {table.GROUP}"
_OF_A_PORT = frozenset({"member_subnet_id"})
_SHARED = tuple(each.name for each in fields(model.Frozen) if each.name not in _OF_A_PORT)
_FLOATING = frozenset({"floating_network", "floating_address", "floating_subnets"})
"""They follow from whether it is internal."""
_ATTACHED = f"annotation {table.ATTACH}"
_ANOTHER = "Take another port, or another load balancer."
_AGREE = "Let all Services of the group say the same, or take one of them out of it."


@dataclass(frozen=True, slots=True)
class Asked:
    """One Service that can be translated by itself, and what it would have if it were new."""

    load_balancer: model.LoadBalancer
    wanted: model.Frozen

    @property
    def key(self) -> model.ServiceKey:
        """The Service."""
        return self.load_balancer.service


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of those who share."""

    load_balancers: tuple[model.LoadBalancer, ...]
    problems: tuple[model.Problem, ...]
    notices: tuple[model.Notice, ...]


def settle(
    outcomes: Iterable[Outcome], context: Context, staying: Collection[model.ServiceKey]
) -> Settled:
    """Judge all groups; `staying` are Services that stay as they stand, whatever others want."""
    groups: defaultdict[model.GroupKey, dict[model.ServiceKey, Asked]] = defaultdict(dict)
    attached: defaultdict[str, dict[model.ServiceKey, Asked]] = defaultdict(dict)
    alone: list[model.LoadBalancer] = []
    for outcome in outcomes:
        if (lb := outcome.load_balancer) is None:
            continue
        asks = Asked(lb, outcome.wanted)
        if lb.group:
            groups[lb.group.key][lb.service] = asks
        elif lb.attached:
            attached[lb.attached][lb.service] = asks
        else:
            alone.append(lb)
    judged: list[_Group | _Attached] = [
        *(_Group(key, asked, context, staying) for key, asked in sorted(groups.items())),
        *(_Attached(key, asked, context, staying) for key, asked in sorted(attached.items())),
    ]
    return Settled(
        load_balancers=(*alone, *(lb for each in judged for lb in each.agreed())),
        problems=tuple(problem for each in judged for problem in each.problems.values()),
        notices=tuple(notice for each in judged for notice in each.notices()),
    )


class _Group:
    """One group: who stands on its load balancer already, who stays so, and who asks."""

    def __init__(
        self,
        key: model.GroupKey,
        asked: Mapping[model.ServiceKey, Asked],
        context: Context,
        staying: Collection[model.ServiceKey],
    ) -> None:
        self._asked, self._context = asked, context
        self._standing = context.seated(key)
        self._fixed = {service for service in self._standing if service in staying}
        self.problems: dict[model.ServiceKey, model.Problem] = {}
        self._kept = self._find_kept()
        self._internal = self._find_internal()
        self._family = self._find_family()
        self._disagreeing()
        while self._contested():
            pass

    def agreed(self) -> Iterator[model.LoadBalancer]:
        """Give those without a problem, each with what the load balancer is for all of them."""
        stuck = self._fixed or self.problems.keys() & self._standing.keys()
        may_change = not stuck and self._all_may_change()
        for key, each in self._asked.items():
            if key not in self.problems:
                yield replace(
                    each.load_balancer,
                    frozen=self._frozen(each),
                    more_tags=self._tags(),
                    address_may_change=may_change,
                )

    def _tags(self) -> tuple[str, ...]:
        """Give the further tags that any of them asks for: nobody's contradict another's."""
        found = (tag for each in self._asked.values() for tag in each.load_balancer.more_tags)
        return tuple(sorted(set(found)))

    def _all_may_change(self) -> bool:
        found = [
            each.load_balancer.address_may_change
            for key, each in self._asked.items()
            if key in self._standing
        ]
        return bool(found) and all(found)

    def notices(self) -> Iterator[model.Notice]:
        """Say where a consent opens nothing, for it does not name all whose address it is."""
        named = self._standing.keys() & self._context.address_change
        if named and self._kept is not None and named != self._standing.keys():
            flags = " ".join(f"--allow-address-change {key}" for key in sorted(self._standing))
            text = f"shares its load balancer, and its address changes with all of them: {flags}"
            staying = sorted(named & self._asked.keys())
            yield from (model.Notice(f"Service {key}", text) for key in staying)

    def _find_kept(self) -> model.Frozen | None:
        """Give what the load balancer was made with; None: it is new, or may be made anew."""
        willing = self._context.address_change >= self._standing.keys() and not self._fixed
        if not self._standing or willing:
            return None
        return self._context.frozen[min(self._standing)]

    def _find_internal(self) -> bool | None:
        """Give whether it is internal; None: it is new, and all have to say the same."""
        if not self._standing:
            return None
        stands = self._standing[min(self._standing)].internal
        said = {
            each.load_balancer.internal
            for key, each in self._asked.items()
            if key in self._standing
        }
        return said.pop() if len(said) == 1 and not self._fixed else stands

    def _find_family(self) -> model.Family | None:
        """Give the family of its address; None: it is new, or may be made anew."""
        return self._standing[min(self._standing)].family if self._kept is not None else None

    def _disagreeing(self) -> None:
        """Note each Service that wants another load balancer than the others have."""
        for key, each in self._asked.items():
            differing = sorted(self._differing(key, each))
            if differing:
                others = sorted((self._standing.keys() or self._asked.keys()) - {key})
                self._note(
                    key, f"agreement with {contest.listed(others)} on {', '.join(differing)}"
                )

    def _differing(self, key: model.ServiceKey, each: Asked) -> Iterator[str]:
        own, names = each.load_balancer.internal, _SHARED
        said = {other.load_balancer.internal for other in self._asked.values()}
        if (said if self._internal is None else {self._internal}) != {own}:
            yield "internal"
            names = tuple(name for name in names if name not in _FLOATING)
        if self._differs_in_family(each):
            yield f"the IP family ({each.load_balancer.family} here)"
            return  # all else follows from that
        if self._kept is not None and key in self._standing:
            return  # what it was made with stays: creation.settle has said so
        for name in names:
            if not self._takes(name, each):
                yield f"{name} ({getattr(each.wanted, name)!r} here)"

    def _differs_in_family(self, each: Asked) -> bool:
        found = {other.load_balancer.family for other in self._asked.values()}
        return (found if self._family is None else {self._family}) != {each.load_balancer.family}

    def _takes(self, name: str, each: Asked) -> bool:
        """Whether all others want the same; for a newcomer, whether one that stands does.

        The settings may have moved on since the load balancer was made: who says no more than they
        do is as good as those who stand.
        """
        mine = getattr(each.wanted, name)
        alike = {
            key: getattr(other.wanted, name)
            for key, other in self._asked.items()
            if other.load_balancer.internal == each.load_balancer.internal
        }
        if self._kept is None:
            return set(alike.values()) == {mine}
        stand = {value for key, value in alike.items() if key in self._standing}
        return mine in {getattr(self._kept, name), *stand}

    def _contested(self) -> bool:
        """Note who wants a port that another has or wants; tell whether there was one."""
        ports = {key: _ports(each.load_balancer) for key, each in self._asked.items()}
        found = contest.Contest(ports, self._standing, self._fixed).losers(self.problems)
        for key, why in found.items():
            self._note(key, f"a port that the others do not have: {why}")
        return bool(found)

    def _frozen(self, each: Asked) -> model.Frozen:
        """Give what the load balancer has; the members' subnet is of the Service's own ports."""
        kept = each.wanted if self._kept is None else self._kept
        has = kept.floating_network or kept.floating_address
        floating = kept if has and each.load_balancer.floats else each.wanted
        return replace(
            kept,
            member_subnet_id=each.load_balancer.frozen.member_subnet_id,
            floating_network=floating.floating_network,
            floating_address=floating.floating_address,
            floating_subnets=floating.floating_subnets,
        )

    def _note(self, key: model.ServiceKey, expected: str) -> None:
        lb = self._asked[key].load_balancer
        name = lb.group.key.name if lb.group else ""
        self.problems.setdefault(key, model.Problem(key, _FIELD, f'"{name}"', expected, _AGREE))


def _ports(lb: model.LoadBalancer) -> tuple[str, ...]:
    return tuple(port.key for port in lb.ports)


class _Attached:
    """One existing load balancer: its ports alone are to be shared."""

    def __init__(
        self,
        identity: str,
        asked: Mapping[model.ServiceKey, Asked],
        context: Context,
        staying: Collection[model.ServiceKey],
    ) -> None:
        self._asked = asked
        self.problems: dict[model.ServiceKey, model.Problem] = {}
        standing = context.attached(identity)
        wanted = {key: _ports(each.load_balancer) for key, each in asked.items()}
        ports = contest.Contest(wanted, standing, standing.keys() & set(staying))
        while found := ports.losers(self.problems):
            for key, why in found.items():
                expected = f"a load balancer on which no other has its ports: {why}"
                told = model.Problem(key, _ATTACHED, f'"{identity}"', expected, _ANOTHER)
                self.problems[key] = told

    def agreed(self) -> Iterator[model.LoadBalancer]:
        """Give those without a problem."""
        found = self._asked.items()
        yield from (each.load_balancer for key, each in found if key not in self.problems)

    def notices(self) -> Iterator[model.Notice]:
        """Say nothing: there is no more to it."""
        yield from ()
