"""Quotas, and how much of them is used: pure. What Octavia has no count of is counted here."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

UNLIMITED = -1


@dataclass(frozen=True, slots=True)
class Quota:
    """One kind of object: how many may be, are, and of those how many are of our tree."""

    name: str
    limit: int
    """-1: no limit."""
    used: int
    ours: int

    @property
    def left(self) -> int | None:
        """How many more may be; None: any number."""
        return None if self.limit == UNLIMITED else self.limit - self.used


def of_octavia(
    limits: Any,  # noqa: ANN401  resources of the client library, here and below
    balancers: Sequence[Any],
    pools: Sequence[Any],
    owner: Iterable[str],
) -> tuple[Quota, ...]:
    """Count all of the project, and by their tags what is ours."""
    tags = frozenset(owner)

    def quota(
        name: str, limit: int | None, found: Sequence[Any], count: Callable[[Any], int]
    ) -> Quota:
        ours = sum(count(each) for each in found if tags <= set(each.tags or ()))
        used = sum(map(count, found))
        return Quota(name, UNLIMITED if limit is None else limit, used, ours)

    return (
        quota("load balancers", limits.load_balancers, balancers, lambda _: 1),
        quota("listeners", limits.listeners, balancers, lambda each: len(each.listeners or ())),
        quota("pools", limits.pools, pools, lambda _: 1),
        quota("members", limits.members, pools, lambda each: len(each.members or ())),
        quota("health monitors", limits.health_monitors, pools, _monitors),
    )


def of_neutron(details: Any, *, floating_ips: int, ports: int) -> tuple[Quota, ...]:  # noqa: ANN401  untyped in the SDK
    """Read what Neutron counts itself, `{limit, used, reserved}`; the numbers given are ours."""
    return (
        _counted("floating IPs", details.floating_ips, floating_ips),
        _counted("ports", details.ports, ports),
    )


def _monitors(pool: Any) -> int:  # noqa: ANN401  untyped in the SDK
    return 1 if pool.health_monitor_id else 0


def _counted(name: str, detail: object, ours: int) -> Quota:
    found: Mapping[str, Any] = detail if isinstance(detail, Mapping) else {}
    used = int(found.get("used") or 0) + int(found.get("reserved") or 0)
    limit = found.get("limit")
    return Quota(name, UNLIMITED if limit is None else int(limit), used, ours)
