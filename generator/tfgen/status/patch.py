"""From a Service and its standing to one merge patch, and to the Events worth writing.

The patch is for the `status` subresource: kube-apiserver 1.35 takes metadata and status there and
drops any spec, so that no right to change Services is needed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tfgen import annotations, model
from tfgen.status import marks
from tfgen.status.standing import APPLIED, HELD, Phase, Standing, conditions, reads_alike

_OURS = "tfgen.io/"
_WRITTEN = frozenset(
    row.key for row in annotations.TABLE.values() if row.kind is annotations.Kind.OUTPUT
)


@dataclass(frozen=True, slots=True)
class Event:
    """A Kubernetes Event about a Service; `type` is Normal or Warning."""

    type: str
    reason: str
    note: str


def patch(service: marks.Service, standing: Standing, *, now: str) -> dict[str, Any] | None:
    """Give the merge patch that brings a Service to its standing, None where nothing differs.

    `now` (RFC 3339) becomes the lastTransitionTime of conditions whose status changes. The patch
    names the resourceVersion that it was made from, for it replaces whole lists.
    """
    if marks.is_going(service) or not _takes(service, standing):
        return None
    changed = _changed_annotations(service, standing)
    status = _changed_ingress(service, standing) | _changed_conditions(service, standing, now)
    if not changed and not status:
        return None
    version = marks.metadata(service).get("resourceVersion")
    metadata = {"resourceVersion": version, "annotations": changed}
    return {
        "metadata": {name: value for name, value in metadata.items() if value},
        **({"status": status} if status else {}),
    }


def events(service: marks.Service, standing: Standing) -> tuple[Event, ...]:
    """Give the Events that are worth writing when a Service is brought to its standing.

    Nothing is said twice: each follows from a condition that reads otherwise than before.
    """
    if standing.phase is Phase.RELEASED:
        gone = marks.published(service)
        note = f"The load balancer is gone, and with it the address {gone}."
        return (Event("Normal", "DeletedLoadBalancer", note),) if gone else ()
    before = {str(each.get("type")): each for each in marks.conditions(service)}
    news = (
        wanted
        for wanted in conditions(standing)
        if not reads_alike(wanted, before.get(wanted["type"], {}))
    )
    return tuple(event for wanted in news for event in _told(wanted))


def _takes(service: marks.Service, standing: Standing) -> bool:
    """Whether a Service takes the standing: it may have changed meanwhile, or be another tree's."""
    if standing.phase is Phase.RELEASED:
        return marks.tree(service) == standing.tree
    ours = marks.tree(service) in {"", standing.tree}
    return ours and marks.spec_type(service) in {"LoadBalancer", "NodePort"}


def _changed_annotations(service: marks.Service, standing: Standing) -> dict[str, str | None]:
    """Give what differs; None removes a key."""
    present = marks.annotations(service)
    wanted = _wanted_annotations(present, standing)
    return {key: value for key, value in sorted(wanted.items()) if present.get(key) != value}


def _wanted_annotations(present: Mapping[str, Any], standing: Standing) -> dict[str, str | None]:
    if standing.phase is Phase.RELEASED:
        return dict.fromkeys(_ours(present))
    written: dict[str, str | None] = {marks.TREE: standing.tree}
    if (address := standing.address) is not None:
        written |= {
            marks.EXTERNAL_IP: address.address,
            marks.OCCM_ADDRESS: address.address,
            marks.LOAD_BALANCER_ID: address.load_balancer_id,
        }
        written |= _second(present, standing)
        written |= {marks.STACK: address.stack} if address.stack else {}
        written |= _outdated(present, address)
        written |= {key: value for key, value in address.provenance.items() if key in _WRITTEN}
    return written


def _second(present: Mapping[str, Any], standing: Standing) -> dict[str, str | None]:
    """Give what is written of the second family; where it is not known, what stands stays."""
    if second := standing.second:
        return {marks.SECOND_IP: second.address, marks.SECOND_ID: second.load_balancer_id}
    gone = () if standing.half else (marks.SECOND_IP, marks.SECOND_ID)
    return {key: None for key in gone if key in present}


def _outdated(present: Mapping[str, Any], address: model.Address) -> dict[str, None]:
    """Take the commit away that belongs to another digest: this pass may not know the new one."""
    applied = address.provenance.get(marks.DIGEST, "")
    moved = bool(applied) and present.get(marks.DIGEST) != applied
    return {marks.COMMIT: None} if moved else {}


def _ours(present: Mapping[str, Any]) -> set[str]:
    """Give the keys that we wrote; OCCM's only where it holds the address that we published."""
    ours = {key for key in _WRITTEN if key.startswith(_OURS)}
    copied = present.get(marks.OCCM_ADDRESS)
    return ours | {marks.OCCM_ADDRESS} if copied == present.get(marks.EXTERNAL_IP) else ours


def _changed_ingress(service: marks.Service, standing: Standing) -> dict[str, Any]:
    """Give the load balancer status where it differs; only a LoadBalancer Service has one."""
    if marks.spec_type(service) != "LoadBalancer":
        return {}
    present = marks.ingress(service)
    if standing.phase is Phase.RELEASED:
        ours = bool(present) and all(_is_ours(entry, service) for entry in present)
        return {"loadBalancer": {"ingress": None}} if ours else {}
    if standing.address is None or (standing.half and marks.second(service)):
        return {}
    wanted = _wanted_ingress(standing.address, standing)
    return {} if _reads_as(present, wanted) else {"loadBalancer": {"ingress": wanted}}


def _is_ours(entry: Mapping[str, Any], service: marks.Service) -> bool:
    """Whether an entry is what we published: an address, or a host name in its place."""
    found = [each for each in (marks.published(service), marks.second(service)) if each]
    name = str(entry.get("hostname") or "")
    made = any(name.startswith(f"{dashed(address)}.") for address in found)
    return entry.get("ip") in found or made or name == marks.hostname(service) != ""


def dashed(address: str) -> str:
    """Give an address as the first part of a host name, as nip.io reads one of IPv6."""
    return address.replace(":", "-")


def _wanted_ingress(address: model.Address, standing: Standing) -> list[dict[str, Any]]:
    """Give what clients use, of the first family first; two of the same name are one."""
    entries = [_entry(address.address, standing.hostname, standing)]
    if second := standing.second:
        entries.append(_entry(second.address, standing.second_hostname, standing))
    return [each for place, each in enumerate(entries) if each not in entries[:place]]


def _entry(address: str, hostname: str, standing: Standing) -> dict[str, Any]:
    """Give one entry. A server that knows ipMode (1.30 and later) sets VIP by itself.

    With PROXY protocol kube-proxy must not lead clients of the cluster past the load balancer.
    """
    if hostname:
        return {"hostname": hostname}
    mode = {"ipMode": "Proxy"} if standing.proxy else {}
    return {"ip": address, **mode}


def _reads_as(present: list[Mapping[str, Any]], wanted: list[dict[str, Any]]) -> bool:
    """Whether just that is there, in that order."""
    return len(present) == len(wanted) and all(map(_reads_alike, present, wanted))


def _reads_alike(entry: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether an entry is as wanted: a server without ipMode drops it, and none there has one."""
    known = "ipMode" in entry
    mode = {"ipMode": wanted.get("ipMode", "VIP")} if known and "ip" in wanted else {}
    return dict(entry) == {**{key: text for key, text in wanted.items() if key != "ipMode"}, **mode}


def _changed_conditions(service: marks.Service, standing: Standing, now: str) -> dict[str, Any]:
    """Give all conditions where one of ours differs; those of others stay as they are."""
    wanted = {each["type"]: each for each in conditions(standing)}
    present = marks.conditions(service)
    whole: list[Mapping[str, Any]] = []
    for before in present:
        kind = str(before.get("type"))
        if kind in wanted:
            whole.append(_renewed(before, wanted.pop(kind), service, now))
        elif kind not in {APPLIED, HELD} or standing.phase is not Phase.RELEASED:
            whole.append(before)
    whole += [_renewed({}, each, service, now) for each in wanted.values()]
    return {} if whole == present else {"conditions": whole or None}


def _renewed(
    before: Mapping[str, Any], wanted: Mapping[str, str], service: marks.Service, now: str
) -> Mapping[str, Any]:
    """Give a condition with its time, which moves only when its status does."""
    generation = marks.metadata(service).get("generation")
    same = before.get("status") == wanted["status"]
    return {
        **wanted,
        "lastTransitionTime": before.get("lastTransitionTime", now) if same else now,
        **({"observedGeneration": generation} if isinstance(generation, int) else {}),
    }


def _told(condition: Mapping[str, str]) -> Iterator[Event]:
    """Give what a condition that is new is told as; that nothing is wrong is no news."""
    message = condition["message"]
    match condition["type"], condition["status"]:
        case kind, "True" if kind == APPLIED:
            yield Event("Normal", "EnsuredLoadBalancer", message)
        case kind, "False" if kind == APPLIED:
            yield Event("Normal", "AwaitingReview", message)
        case kind, status if kind == APPLIED or status == "True":
            yield Event("Warning", "SyncLoadBalancerFailed", message)
