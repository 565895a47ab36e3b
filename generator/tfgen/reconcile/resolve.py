"""The resolving pass: what names and tags of subnets mean, and which load balancers exist.

The cloud tells; the answers stand in tfgen-resolved.json, so that rendering needs no cloud, and
people review them.
"""

import fnmatch
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tfgen import config, errors, model, resolved, translate, tree, workspace
from tfgen.annotations import table
from tfgen.reconcile import guests, render
from tfgen.translate import shape

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; only who connects pays

_KEYS = frozenset(
    {table.OCCM + "floating-subnet", table.OCCM + "floating-subnet-tags", table.ATTACH}
)
Subnets = Callable[[], "Sequence[cloud.Subnet]"]
"""Lists the subnets that the project sees. Raises CloudError."""
Balancers = Callable[[Collection[str]], "Mapping[str, cloud.Standing]"]
"""Looks at those of some load balancers that the project has. Raises CloudError."""


def none(_ids: Collection[str]) -> "Mapping[str, cloud.Standing]":
    """Look at nothing: there is no cloud."""
    return {}


@dataclass(frozen=True, slots=True)
class Report:
    """What was asked, and what the tree knows before and after."""

    queries: tuple[model.SubnetQuery, ...]
    before: resolved.Resolved
    after: resolved.Resolved

    attached: tuple[str, ...] = ()
    """Ids of the load balancers that were looked at."""

    @property
    def stale(self) -> bool:
        """Whether the file is behind."""
        return self.before != self.after

    @property
    def absent(self) -> tuple[str, ...]:
        """Which of the load balancers the project does not have."""
        return tuple(each for each in self.attached if self.after.load_balancers[each] is None)

    @property
    def unmatched(self) -> tuple[model.SubnetQuery, ...]:
        """What no subnet matches."""
        return tuple(each for each in self.queries if not self.after.floating_subnets[each.key])

    def code(self, *, check: bool) -> errors.ExitCode:
        """Give the exit code: what matches nothing holds Services, and with `check` stale is 2."""
        lacks = self.unmatched or self.absent
        held = errors.ExitCode.HELD if lacks else errors.ExitCode.DONE
        stale = errors.ExitCode.CHANGES if check and self.stale else errors.ExitCode.DONE
        return errors.worst(held, stale)


def resolve(
    loaded: config.Loaded,
    listing: model.Listing,
    subnets: Subnets,
    options: tree.Options | None = None,
    balancers: Balancers = none,
) -> Report:
    """Find out anew what the Services ask for; what none asks for is dropped. Writes nothing.

    Raises CloudError, or an error of tree or settings.
    """
    before, asked = _asked(loaded, listing, options or tree.Options())
    return _found(before, asked, loaded.settings, subnets, balancers)


def missing(
    loaded: config.Loaded,
    listing: model.Listing,
    subnets: Subnets,
    options: tree.Options | None = None,
    balancers: Balancers = none,
) -> Report | None:
    """Find out what the tree does not know yet; None, and no question, where it knows all.

    Raises as resolve does.
    """
    if not _may_ask(loaded.settings, listing):
        return None
    before, asked = _asked(loaded, listing, options or tree.Options())
    lacking = _Asked(
        tuple(each for each in asked.subnets if not before.floating_subnets.get(each.key)),
        {
            key: ports
            for key, ports in asked.balancers.items()
            if not before.load_balancers.get(key)
        },
    )
    if not (lacking.subnets or lacking.balancers):
        return None
    report = _found(before, lacking, loaded.settings, subnets, balancers)
    after = replace(
        before,
        floating_subnets={**before.floating_subnets, **report.after.floating_subnets},
        load_balancers={**before.load_balancers, **report.after.load_balancers},
    )
    return replace(report, after=after)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What Services ask for that only the cloud can tell."""

    subnets: tuple[model.SubnetQuery, ...]
    balancers: Mapping[str, frozenset[str]]
    """Port keys that are wanted on each existing load balancer, by its id, sorted."""


def _found(
    before: resolved.Resolved,
    asked: _Asked,
    settings: config.Settings,
    subnets: Subnets,
    balancers: Balancers,
) -> Report:
    seen = subnets() if asked.subnets else ()
    standing = balancers(asked.balancers.keys()) if asked.balancers else {}
    after = replace(
        before,
        floating_subnets={each.key: match(each, seen) for each in asked.subnets},
        load_balancers={
            key: guests.record(standing.get(key), ports, settings)
            for key, ports in asked.balancers.items()
        },
    )
    return Report(asked.subnets, before, after, tuple(asked.balancers))


def write(loaded: config.Loaded, report: Report) -> None:
    """Write what was found out. Raises TreeError."""
    if report.stale:
        text = resolved.dumps(report.after)
        workspace.Tree(loaded.out).write({resolved.FILE: text})


def match(query: model.SubnetQuery, subnets: "Iterable[cloud.Subnet]") -> tuple[str, ...]:
    """Give the ids of the subnets that a query means, sorted: name and tags must both match."""
    return tuple(
        sorted(
            each.id
            for each in subnets
            if each.external
            and each.network == query.network
            and _named(query.pattern, each.name)
            and _tagged(query.tags, each.tags)
        )
    )


def _named(pattern: str, name: str) -> bool:
    """Whether a whole name matches: a shell pattern, or `~` and an expression; `!` negates."""
    if not pattern:
        return True
    wanted = pattern.removeprefix("!")
    if wanted.startswith("~"):
        found = re.fullmatch(wanted[1:], name) is not None
    else:
        found = fnmatch.fnmatchcase(name, wanted)
    return found is not pattern.startswith("!")


def _tagged(wanted: str, tags: Iterable[str]) -> bool:
    """Whether tags match as OCCM's pages say: any of a list, `&` all of it; `!` negates either."""
    if not wanted:
        return True
    said = wanted.removeprefix("!")
    listed = {part.strip() for part in said.removeprefix("&").split(",")}
    has = listed & set(tags)
    found = has == listed if said.startswith("&") else bool(has)
    return found is not wanted.startswith("!")


def _may_ask(settings: config.Settings, listing: model.Listing) -> bool:
    """Whether settings or a Service speak of such subnets at all: seldom, and quick to see."""
    said = [(each.floating_subnet, each.floating_subnet_tags) for each in settings.classes.values()]
    network = settings.network
    if any(map(any, [*said, (network.floating_subnet, network.floating_subnet_tags)])):
        return True
    return any(
        not _KEYS.isdisjoint(shape.mapping(shape.mapping(each.get("metadata")).get("annotations")))
        for each in listing.services
    )


def _asked(
    loaded: config.Loaded, listing: model.Listing, options: tree.Options
) -> tuple[resolved.Resolved, _Asked]:
    snapshot = workspace.Tree(loaded.out).snapshot()
    context = render.context(loaded, listing, snapshot, options)
    found = translate.translate(listing, context)
    ports: dict[str, frozenset[str]] = {}
    for each in sorted(found.balancers):
        ports[each.id] = ports.get(each.id, frozenset()).union(each.ports)
    return snapshot.resolved, _Asked(tuple(sorted(found.queries)), ports)


def document(report: Report) -> Mapping[str, object]:
    """Give a report as JSON values."""
    return {
        "stale": report.stale,
        "floating_subnets": [
            {
                "network": each.network,
                "pattern": each.pattern,
                "tags": each.tags,
                "subnets": list(report.after.floating_subnets[each.key]),
            }
            for each in report.queries
        ],
        "load_balancers": [
            {"id": key, **_told(report.after.load_balancers[key])} for key in report.attached
        ],
    }


def _told(found: resolved.Balancer | None) -> Mapping[str, object]:
    if found is None:
        return {"there": False, "vip_address": "", "provider": "", "owner": "", "taken": {}}
    return {
        "there": True,
        "vip_address": found.vip_address,
        "provider": found.provider,
        "owner": found.owner,
        "taken": dict(sorted(found.taken.items())),
    }
