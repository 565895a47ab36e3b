"""The ports of one load balancer: each is one Service's, and what is rendered already wins."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from tfgen import model


@dataclass(frozen=True, slots=True)
class Contest:
    """Who asks for which ports, who has which, and who stays as it stands."""

    wanted: Mapping[model.ServiceKey, tuple[str, ...]]
    """Port keys."""
    standing: Mapping[model.ServiceKey, model.Seat]
    fixed: Collection[model.ServiceKey]
    """Those of the standing that stay so, whatever others want."""

    def losers(self, out: Collection[model.ServiceKey]) -> dict[model.ServiceKey, str]:
        """Give who can have no port that it wants, with why, beside those that are out already.

        Who is out keeps what it has, and others may lose to that: ask again until nobody does.
        """
        users = self._users(out)
        found = {}
        for key, ports in self.wanted.items():
            for port in () if key in out else ports:
                others = sorted(users[port] - {key})
                if others and port not in self._had(key):
                    found[key] = f"{port} is {listed(others)}'s"
                    break
        return found

    def _users(self, out: Collection[model.ServiceKey]) -> defaultdict[str, set[model.ServiceKey]]:
        """Give who has each port, or will."""
        users: defaultdict[str, set[model.ServiceKey]] = defaultdict(set)
        for key, ports in self.wanted.items():
            for port in () if key in out else ports:
                users[port].add(key)
        for key in {*self.fixed, *out} & self.standing.keys():
            for port in self.standing[key].ports:
                users[port].add(key)
        return users

    def _had(self, key: model.ServiceKey) -> tuple[str, ...]:
        seat = self.standing.get(key)
        return seat.ports if seat else ()


def listed(keys: Iterable[model.ServiceKey]) -> str:
    """Name Services for a sentence."""
    return "Service " + ", ".join(map(str, keys))
