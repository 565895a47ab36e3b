"""The resolving pass: which subnets of external networks names and tags mean, told from the cloud.

The answers stand in tfgen-resolved.json, so that rendering needs no cloud, and people review them.
"""

import fnmatch
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tfgen import config, errors, model, resolved, translate, tree, workspace
from tfgen.annotations import table
from tfgen.reconcile import render
from tfgen.translate import shape

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; only who connects pays

_KEYS = frozenset({table.OCCM + "floating-subnet", table.OCCM + "floating-subnet-tags"})
Subnets = Callable[[], "Sequence[cloud.Subnet]"]
"""Lists the subnets that the project sees. Raises CloudError."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was asked, and what the tree knows before and after."""

    queries: tuple[model.SubnetQuery, ...]
    before: resolved.Resolved
    after: resolved.Resolved

    @property
    def stale(self) -> bool:
        """Whether the file is behind."""
        return self.before != self.after

    @property
    def unmatched(self) -> tuple[model.SubnetQuery, ...]:
        """What no subnet matches."""
        return tuple(each for each in self.queries if not self.after.floating_subnets[each.key])

    def code(self, *, check: bool) -> errors.ExitCode:
        """Give the exit code: what matches nothing holds Services, and with `check` stale is 2."""
        held = errors.ExitCode.HELD if self.unmatched else errors.ExitCode.DONE
        stale = errors.ExitCode.CHANGES if check and self.stale else errors.ExitCode.DONE
        return errors.worst(held, stale)


def resolve(
    loaded: config.Loaded,
    listing: model.Listing,
    subnets: Subnets,
    options: tree.Options | None = None,
) -> Report:
    """Find out anew what the Services ask for; what none asks for is dropped. Writes nothing.

    Raises CloudError, or an error of tree or settings.
    """
    before, queries = _asked(loaded, listing, options or tree.Options())
    seen = subnets() if queries else ()
    found = {each.key: match(each, seen) for each in queries}
    return Report(queries, before, replace(before, floating_subnets=found))


def missing(
    loaded: config.Loaded,
    listing: model.Listing,
    subnets: Subnets,
    options: tree.Options | None = None,
) -> Report | None:
    """Find out what the tree does not know yet; None, and no question, where it knows all.

    Raises as resolve does.
    """
    if not _may_ask(loaded.settings, listing):
        return None
    before, queries = _asked(loaded, listing, options or tree.Options())
    lacking = [each for each in queries if not before.floating_subnets.get(each.key)]
    if not lacking:
        return None
    seen = subnets()
    found = {each.key: match(each, seen) for each in lacking}
    known = {**before.floating_subnets, **found}
    return Report(tuple(lacking), before, replace(before, floating_subnets=known))


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
) -> tuple[resolved.Resolved, tuple[model.SubnetQuery, ...]]:
    snapshot = workspace.Tree(loaded.out).snapshot()
    context = render.context(loaded, listing, snapshot, options)
    queries = translate.translate(listing, context).queries
    return snapshot.resolved, tuple(sorted(queries))


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
    }
