"""Load balancers that stand with our tags, and that a stack's state should have: it was lost."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tfgen import errors, model, policy, stacks, terraform
from tfgen.reconcile import guests, work

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; only who connects pays

_GOING = "PENDING_DELETE"


def of_stack(
    do: work.Work, name: str, applied: Mapping[str, Any]
) -> "tuple[cloud.LoadBalancer, ...]":
    """Give what stands of a stack's former Services, less what an applied plan destroyed.

    The cloud was asked before the apply: what that plan destroyed was there then.
    """
    destroyed = frozenset(_destroyed(applied))
    return tuple(
        each
        for each in do.sky.load_balancers
        if each.owner
        and not _stays(do, each.owner)
        and _home(do, each.owner, name) == name
        and each.id not in destroyed
        and each.provisioning_status != _GOING
    )


def listeners(do: work.Work, name: str, applied: Mapping[str, Any]) -> tuple[str, ...]:
    """Name what a stack's former Services have on load balancers that are not tfgen's."""
    ids = do.tree.resolved().load_balancers
    return tuple(
        f"{what} (Service {service})"
        for service, what in guests.orphaned(do, ids, applied)
        if _home(do, service, name) == name
    )


def refusal_for(name: str, state: terraform.State, listeners: tuple[str, ...]) -> errors.Refused:
    """Say that a stack without Services is not over, for listeners of it stand."""
    found = "its state is empty" if state.lineage else "it has no state"
    return errors.Refused(
        f"stack {name} has no Services any more, {found}, and listeners of it stand: "
        f"{', '.join(listeners)}",
        remedy="Restore the state (backend, workspace, bucket), and run again. If it is lost for "
        "good, delete them yourself: openstack loadbalancer listener delete ID",
    )


def refusal(
    name: str, state: terraform.State, standing: "tuple[cloud.LoadBalancer, ...]"
) -> errors.Refused:
    """Say that a stack without Services is not over: its state is lost, or lies elsewhere."""
    found = "its state is empty" if state.lineage else "it has no state"
    named = ", ".join(f"{each.id} ({_whose(each)})" for each in standing)
    ways = "; ".join(f"tfgen repair {_target(each)} --discard {each.id}" for each in standing)
    return errors.Refused(
        f"stack {name} has no Services any more, {found}, and load balancers of it stand: {named}",
        remedy="Restore the state (backend, workspace, bucket), and run again. If it is lost for "
        f"good, delete them, and then their floating IPs: {ways}",
    )


def _stays(do: work.Work, owner: model.Owner) -> bool:
    """Whether the tree has whom a load balancer is of; one that joined a group left its own."""
    if isinstance(owner, model.GroupKey):
        return owner in do.manifest.groups
    entry = do.manifest.services.get(_service(owner))
    return entry is not None and any(owner == each for each, _ in entry.sides)


def _service(owner: model.ServiceKey | model.SecondKey) -> model.ServiceKey:
    return owner.service if isinstance(owner, model.SecondKey) else owner


def _whose(balancer: "cloud.LoadBalancer") -> str:
    return f"Group {balancer.group}" if balancer.group else f"Service {balancer.service}"


def _target(balancer: "cloud.LoadBalancer") -> str:
    return f"--group {balancer.group}" if balancer.group else str(balancer.service)


def _home(do: work.Work, owner: model.Owner, name: str) -> str:
    """Give the stack that somebody whom the tree has no more was in, so far as that is known."""
    if not isinstance(owner, model.GroupKey):
        service = _service(owner)
        entry = do.manifest.services.get(service)
        if recorded := do.manifest.gone.get(service) or (entry.stack if entry else ""):
            return recorded
        owner = service
    first = stacks.home(owner, do.loaded.settings)
    return name if name == first or name.startswith(f"{first}_") else first


def _destroyed(document: Mapping[str, Any]) -> set[str]:
    """Give the ids of the load balancers that a plan destroys."""
    changes = document.get("resource_changes") or ()
    return {
        str((each["change"].get("before") or {}).get("id"))
        for each in changes
        if each["type"] == policy.Kind.LOAD_BALANCER and "delete" in each["change"]["actions"]
    }
