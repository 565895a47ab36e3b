"""What Services have on load balancers that exist without tfgen: looked at around a plan.

There, what carries the tags of this tree is ours, and nothing else.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tfgen import config, model, policy, resolved, terraform
from tfgen.annotations import table
from tfgen.policy import Kind
from tfgen.reconcile import recover, work

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; only who connects pays

_CLUSTER = "tfgen_cluster="
_NOT_YET = frozenset({"PENDING_CREATE", "PENDING_DELETE"})
"""With any other status the provider waits: another's change is soon over."""


def record(
    standing: "cloud.Standing | None", ports: Collection[str], settings: config.Settings
) -> resolved.Balancer | None:
    """Give what of a load balancer is worth to be kept: what stays, and who is in the way."""
    if standing is None:
        return None
    balancer, owner = standing.balancer, (settings.cluster, settings.tree)
    return resolved.Balancer(
        vip_address=balancer.vip_address,
        provider=balancer.provider,
        owner=_made_for(balancer, settings),
        taken={
            each.key: each.name
            for each in standing.listeners
            if each.key in ports and not each.guest(*owner)
        },
    )


def _made_for(balancer: "cloud.LoadBalancer", settings: config.Settings) -> str:
    """Say for whom a tfgen made a load balancer, by its tags; nothing where none did."""
    clusters = [tag.removeprefix(_CLUSTER) for tag in balancer.tags if tag.startswith(_CLUSTER)]
    if not clusters:
        return ""
    whose = f"Group {balancer.group}" if balancer.group else f"Service {balancer.service}"
    if settings.cluster in clusters and settings.tree in balancer.trees:
        return whose
    return f"{whose} of cluster {min(clusters)}, tree {min(balancer.trees, default='unknown')}"


def left_out(do: work.Work, stack: str, state: terraform.State) -> dict[model.ServiceKey, str]:
    """Give the Services whose load balancer takes no change, and why. Raises CloudError.

    That is the one they are to be on, and the one that the state has them on still: who leaves it
    loses nothing where it is gone.
    """
    here = {each.service: each.attached for each in do.manifest.of_stack(stack) if each.attached}
    stood = {
        each.service: each.load_balancer_id for each in state.addresses(stack) if each.attached
    }
    found: dict[model.ServiceKey, str] = {}
    for key, on in (*stood.items(), *here.items()):
        found[key] = found.get(key) or _refuses(do.attached(on), on)
    found |= {key: _absent(key, on) for key, on in here.items() if do.attached(on) is None}
    return {key: why for key, why in found.items() if why}


def _refuses(standing: "cloud.Standing | None", identity: str) -> str:
    """Say why a load balancer takes no change, nothing where it does, or is not there."""
    if standing is None:
        return ""
    where = f"load balancer {identity}, on which it has its ports,"
    if standing.balancer.failed:
        return (
            f"{where} is in ERROR. tfgen did not make it, and leaves it: fail it over (openstack "
            f"loadbalancer failover {identity}), and run again."
        )
    status = standing.balancer.provisioning_status
    return f"{where} is in {status}. Run again when it is ACTIVE." * (status in _NOT_YET)


def _absent(service: model.ServiceKey, identity: str) -> str:
    return (
        f"load balancer {identity} (annotation {table.ATTACH}) is not in the project; expected one "
        "that exists, for tfgen attaches to it and makes none. Correct the Service and render with "
        f"--allow-address-change {service}"
    )


def imports(do: work.Work, document: Mapping[str, Any], known: frozenset[str]) -> dict[str, str]:
    """Give ids by address of what a plan creates there, and what stands with its Service's tags."""
    found: dict[str, str] = {}
    for entry, addresses, standing in _creating(do, document):
        mine = {
            each.id
            for each in standing.listeners
            if each.guest(do.manifest.cluster, do.manifest.tree) == entry
        }
        if mine:
            below = do.below(standing.balancer)
            listeners = {key: each for key, each in below.listeners.items() if each.id in mine}
            ours = replace(below, listeners=listeners, floating_ip_id="")
            found |= recover.Lost(standing.balancer, addresses).imports(ours, known)
    return found


def taken(do: work.Work, document: Mapping[str, Any]) -> dict[model.ServiceKey, str]:
    """Give the Services that would listen where a listener of somebody else's does.

    Octavia answers 409, and the provider would try again for ten minutes.
    """
    found = {}
    for service, addresses, standing in _creating(do, document):
        wanted = {policy.named(each).port for each in addresses if Kind.LISTENER in each}
        others = {
            each.key: each
            for each in standing.listeners
            if not each.guest(do.manifest.cluster, do.manifest.tree)
        }
        for key in sorted(wanted & others.keys()):
            other, on = others[key], standing.balancer.id
            found[service] = (
                f"its port {key} is that of listener {other.name or other.id} on load balancer "
                f"{on}, which is not ours. Take another port; or remove that listener, and run "
                "again"
            )
    return found


def _creating(
    do: work.Work, document: Mapping[str, Any]
) -> Iterator[tuple[model.ServiceKey, tuple[str, ...], "cloud.Standing"]]:
    """Give the attached Services for which a plan creates something, with what stands there."""
    created = recover.created(document, do.manifest) if document else {}
    for owner, addresses in created.items():
        entry = do.manifest.services.get(owner) if isinstance(owner, model.ServiceKey) else None
        standing = do.attached(entry.attached) if entry and entry.attached else None
        if entry and standing:
            yield entry.service, addresses, standing


def orphaned(
    do: work.Work, ids: Iterable[str], applied: Mapping[str, Any]
) -> Iterator[tuple[model.ServiceKey, str]]:
    """Give listeners of this tree on such load balancers whose Services the tree has no more.

    With their names; less what an applied plan destroyed: the cloud was asked before.
    """
    gone = {
        str((each["change"].get("before") or {}).get("id"))
        for each in applied.get("resource_changes") or ()
        if each["type"] == Kind.LISTENER and "delete" in each["change"]["actions"]
    }
    for standing in filter(None, map(do.attached, sorted(ids))):
        for each in standing.listeners:
            service = each.guest(do.manifest.cluster, do.manifest.tree)
            if service and service not in do.manifest.services and each.id not in gone:
                yield service, f"listener {each.id} on load balancer {standing.balancer.id}"
