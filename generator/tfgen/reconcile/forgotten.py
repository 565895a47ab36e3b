"""Listeners and pools on load balancers of ours that no state has, and no plan would take in.

An engine that is killed between Octavia's taking one and its answer leaves it. Where the tree asks
for that port still, the next plan takes it in (`recover`). Where it does not, no plan knows of it:
a port stays open, and a load balancer with a pool cannot be deleted ("it has children").
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from tfgen import model, terraform
from tfgen.policy import Kind
from tfgen.reconcile import work

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; only who connects pays


class Planned(Protocol):
    """The part of a stack's plan that is looked at."""

    @property
    def document(self) -> Mapping[str, Any]:
        """The plan's JSON; empty where nothing changes."""

    @property
    def state(self) -> terraform.State:
        """The state that it was made from."""


def notices(do: work.Work, plans: Mapping[str, Planned]) -> Iterator[model.Notice]:
    """Give a notice for each such object, with the command that deletes it.

    Octavia's list of load balancers names what hangs on them: one call more for each that has
    something unknown. A group's is looked at with all stacks alone: who leaves it has its ports in
    another state.
    """
    ids = {each.id for plan in plans.values() for each in plan.state.instances}
    known = ids.union(*(_imported(plan.document) for plan in plans.values()))
    for balancer in do.sky.load_balancers:
        whole = not balancer.group or plans.keys() >= set(do.manifest.stacks)
        if whole and balancer.id in ids and (unknown := balancer.children - known):
            yield from _unknown(do, balancer, unknown)


def _imported(document: Mapping[str, Any]) -> Iterator[str]:
    for entry in document.get("resource_changes") or ():
        if entry["type"] in _KINDS and (taken := entry["change"].get("importing")):
            yield str(taken.get("id"))


_KINDS = (Kind.LISTENER, Kind.POOL)


def _unknown(
    do: work.Work, balancer: "cloud.LoadBalancer", unknown: frozenset[str]
) -> Iterator[model.Notice]:
    listeners = do.below(balancer).listeners
    words = {each.id: f"listener {key}" for key, each in listeners.items()}
    words |= {each.pool_id: f"pool {key}" for key, each in listeners.items() if each.pool_id}
    for identity in sorted(unknown):
        yield model.Notice(
            _about(balancer),
            f"load balancer {balancer.id} has {words.get(identity, 'a pool')} ({identity}), which "
            "neither the tree nor a state has, so no plan removes it. Run: "
            f"{_command(balancer)} (asks, and deletes it if it carries this tree's tags)",
        )


def _command(balancer: "cloud.LoadBalancer") -> str:
    if balancer.owner is None:
        return f"openstack loadbalancer status show {balancer.id}"
    return f"tfgen repair {model.argument(balancer.owner)}"


def _about(balancer: "cloud.LoadBalancer") -> str:
    if balancer.group:
        return f"Group {balancer.group}"
    return f"Service {balancer.owner}" if balancer.owner else f"Load balancer {balancer.id}"
