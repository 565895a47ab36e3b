"""What every guard is given beside the plan, and the shape that every guard has."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tfgen import config, manifest, model
from tfgen.policy import plan, verdict


@dataclass(frozen=True, slots=True)
class Rules:
    """What a plan is judged by. What a person agreed to is not here: no guard knows it."""

    tree: manifest.Manifest
    settings: config.Settings
    known_addresses: frozenset[model.Owner] = frozenset()
    """Services and groups that had an address when they were last seen."""
    rendered_before: frozenset[model.Owner] = frozenset()
    """Services and groups that stood in the manifest before the change that is judged."""
    unheard: frozenset[model.Owner] = frozenset()
    """Services whose address nobody was told, as the cluster says."""
    stopped: str = ""
    """Why nothing may be applied at all; empty where it may."""

    def entry(self, resource: plan.Resource) -> manifest.Entry | None:
        """Give the manifest's entry of the Service that a resource belongs to."""
        return self.tree.services.get(resource.service) if resource.service else None

    def side(self, resource: plan.Resource) -> manifest.Entry | None:
        """Give the entry as the load balancer of that family serves the Service, if one does."""
        entry = self.entry(resource)
        return entry.of_second if entry and resource.is_second else entry

    def entries(self, resource: plan.Resource) -> tuple[manifest.Entry, ...]:
        """Give the entries of all Services that a resource serves: of a group's, several."""
        if resource.group:
            return self.tree.groups.get(resource.group, ())
        entry = self.entry(resource)
        return (entry,) if entry else ()

    def services(self, resource: plan.Resource) -> frozenset[model.ServiceKey]:
        """Give all Services that a resource serves, so far as the manifest knows."""
        own = {resource.service} if resource.service else set()
        return frozenset(own | {entry.service for entry in self.entries(resource)})


GuardFunction = Callable[[plan.Plan, Rules], Iterator[verdict.Refusal]]


def about(resource: plan.Resource) -> str:
    """Say whom a resource belongs to."""
    if resource.of_nodes:
        return "Node access"
    if resource.group:
        return f"Group {resource.group}"
    return f"Service {resource.service}" if resource.service else "The plan"


def by_balancer(resources: Iterator[plan.Resource]) -> Iterator[tuple[plan.Resource, ...]]:
    """Group resources by whose load balancer they are of, each family of a Service for itself."""
    groups: dict[model.Owner | None, list[plan.Resource]] = {}
    for resource in resources:
        groups.setdefault(resource.owner, []).append(resource)
    return map(tuple, groups.values())


def by_owner(resources: Iterator[plan.Resource]) -> Iterator[tuple[plan.Resource, ...]]:
    """Group resources by Service, so that a person reads one line for each."""
    groups: dict[str, list[plan.Resource]] = {}
    for resource in resources:
        groups.setdefault(about(resource), []).append(resource)
    return map(tuple, groups.values())


def listing(names: list[str], most: int = 5) -> str:
    """Join names for a sentence, cut after `most`."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
