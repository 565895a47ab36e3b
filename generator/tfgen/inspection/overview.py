"""The table of all Services: one row each, from all sides at once."""

from dataclasses import dataclass

from tfgen import model
from tfgen.inspection import differences, written
from tfgen.inspection.differences import Difference, Kind
from tfgen.inspection.subject import Balancer, Known, Subject


@dataclass(frozen=True, slots=True)
class Row:
    """One Service; or a group's load balancer that no Service is on any more."""

    service: model.Owner
    stack: str
    """Empty where it is in no stack yet."""
    file: str
    address: str
    """What clients use: the floating IP, or the VIP of an internal one and of IPv6; where the cloud
    has none, what was published; empty: none is known."""
    internal: bool
    ports: tuple[str, ...]
    sources: tuple[str, ...]
    balancer: Balancer | None
    differences: tuple[Difference, ...]
    compared: frozenset[str]
    """Which of "cluster" and "cloud" it could be compared with."""
    floats: bool = True
    """Whether a floating IP leads to it; else clients use the VIP."""
    second: "Row | None" = None
    """The same, as the load balancer of the second IP family serves it."""

    @property
    def addresses(self) -> tuple[str, ...]:
        """What clients use, of each family."""
        found = (self.address, self.second.address if self.second else "")
        return tuple(filter(None, found))

    @property
    def name(self) -> str:
        """What it is called: `shop/web`, `group shop/front`."""
        group = isinstance(self.service, model.GroupKey)
        return f"group {self.service}" if group else str(self.service)

    @property
    def held(self) -> bool:
        """Whether someone must decide before it can change."""
        return any(each.kind is Kind.HELD for each in self.differences)

    @property
    def needs_someone(self) -> bool:
        """Whether somebody has to do something about it."""
        return any(each.kind.needs_someone for each in self.differences)

    @property
    def state(self) -> str:
        """In two or three words; never "in sync" where a side could not be asked."""
        if self.differences:
            return ", ".join(dict.fromkeys(each.kind.value for each in self.differences))
        missing = sorted({"cluster", "cloud"} - self.compared)
        return f"{' and '.join(missing)} not asked" if missing else "in sync"


def rows(known: Known) -> tuple[Row, ...]:
    """Give the rows of all Services that tree, cluster or cloud know of, sorted.

    After them come the load balancers of groups that no Service of the tree is in any more.
    """
    left = (_left(group, known) for group in known.left_groups())
    return (*map(row, known.subjects()), *left)


def _left(group: model.GroupKey, known: Known) -> Row:
    """Give the row of a group's load balancer that nobody shares any more."""
    balancers = known.of_owner(group)
    balancer = balancers[0] if len(balancers) == 1 else None
    return Row(
        service=group,
        stack="",
        file="",
        address=(balancer.floating_ip or balancer.vip_address) if balancer else "",
        internal=balancer is not None and not balancer.floating_ip,
        ports=(),
        sources=(),
        balancer=balancer,
        differences=differences.of_group(balancers),
        compared=frozenset({"cloud"}),
    )


def row(subject: Subject) -> Row:
    """Give the row of one Service."""
    entry = subject.entry or subject.wanted
    intent = subject.before or subject.after or written.Intent()
    asked = {"cluster": subject.rendered, "cloud": subject.balancers is not None}
    return Row(
        service=subject.key,
        stack=entry.stack if entry else "",
        file=entry.file if entry else "",
        address=_address(subject),
        internal=subject.internal,
        ports=entry.ports if entry else (),
        sources=intent.sources,
        balancer=subject.balancer,
        differences=differences.of(subject),
        compared=frozenset(name for name, answered in asked.items() if answered),
        floats=subject.floats,
        second=row(subject.second) if subject.second else None,
    )


def _address(subject: Subject) -> str:
    balancer = subject.balancer
    if balancer is None:
        return subject.published
    inside = not subject.floats or balancer.attached
    return balancer.floating_ip or (balancer.vip_address if inside else subject.published)
