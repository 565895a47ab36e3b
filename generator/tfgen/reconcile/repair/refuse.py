"""What stands against a cure: looked at before anything is done, for afterwards it is too late."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from tfgen import config, errors, manifest, model, policy, tree
from tfgen.reconcile import work
from tfgen.reconcile.repair.case import Case
from tfgen.reconcile.repair.finding import Cure, Finding, Kind
from tfgen.tree import edits

_APPLIES = (Cure.REBUILD, Cure.COMPLETE)
_DELETES = (Cure.REBUILD, Cure.DISCARD)
_WRITES = (*_DELETES, Cure.PRUNE)
"""What takes something away, which `guards.write` may forbid."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks for, and agrees to."""

    cure: Cure | None = None
    """None: the one that fits."""
    discard: str = ""
    """Id of the load balancer that is to go."""
    dry_run: bool = False
    allowed: policy.Allowed = field(default_factory=policy.Allowed)


@dataclass(frozen=True, slots=True)
class Choice:
    """What is about to be done, and for what."""

    case: Case
    finding: Finding
    cure: Cure
    asked: Asked


_BROKEN = (Kind.FAILED, Kind.HALF_MADE, Kind.PORTLESS)
"""Where a person may choose between a failover and a rebuilding."""


def choose(case: Case, finding: Finding, asked: Asked) -> Cure:
    """Say which cure is taken. Raises Refused where what was asked for does not fit."""
    if asked.cure is Cure.DISCARD:
        return _discard(case, asked)
    if asked.cure is None or finding.kind not in _BROKEN:
        return finding.cure
    return asked.cure


def check(do: work.Work, choice: Choice) -> None:
    """Raise Refused for the first thing that stands against a cure."""
    if choice.cure in {Cure.NOTHING, Cure.WAIT}:
        return
    for look in _LOOKS:
        for refusal in look(do, choice):
            raise refusal


def _discard(case: Case, asked: Asked) -> Cure:
    found = next((each for each in case.balancers if each.id == asked.discard), None)
    if found is None:
        ids = ", ".join(each.id for each in case.balancers) or "none"
        raise errors.Refused(
            f"{case.who} has no load balancer {asked.discard} by its tags; it has: {ids}",
            remedy="Name one of these with --discard. Nothing else is ever deleted.",
        )
    if found.id == case.known.balancer:
        raise errors.Refused(
            f"load balancer {found.id} is the one in the state of {case.who}",
            remedy=f"Name another one; to build this one anew: {case.command} --rebuild",
        )
    return Cure.DISCARD


Look: TypeAlias = Callable[[work.Work, Choice], Iterator[errors.Refused]]


def _stopped(do: work.Work, choice: Choice) -> Iterator[errors.Refused]:
    case, cure = choice.case, choice.cure
    if why := config.stopped(do.loaded):
        yield errors.Refused(f"{case.who} is not repaired, for {why}", remedy="Lift that first.")
    write = do.loaded.settings.guards.write
    if cure in _WRITES and write != "sync":
        what = "a listener" if cure is Cure.PRUNE else "the load balancer"
        other = "" if cure is Cure.PRUNE else f", or fail it over: {case.command} --failover"
        yield errors.Refused(
            f"guards.write is {write}, and {what} of {case.who} would be deleted",
            remedy=f"Set guards.write to sync for this{other}",
        )


def _state_is_there(do: work.Work, choice: Choice) -> Iterator[errors.Refused]:
    case, cure, finding = choice.case, choice.cure, choice.finding
    if cure not in _APPLIES:
        return
    if not case.known.lineage:
        ids = ", ".join(each.id for each in case.balancers)
        yield errors.Refused(
            f"stack {case.stack} has no state, and load balancers of {case.who} stand: {ids}",
            remedy="Restore the state (backend, workspace, bucket). If there never was one: tfgen "
            "plan --new-state takes in one that is ACTIVE; one in ERROR goes with "
            f"{case.command} --discard ID.",
        )
    if finding.kind is Kind.GONE and not do.loaded.settings.openstack.project_id:
        yield errors.Refused(
            f"load balancer {case.known.balancer} of {case.who} is not in project "
            f"{do.sky.where.project_id}, and tfgen.yaml does not say that this is the right one",
            remedy="Set openstack.project_id in tfgen.yaml, and run again.",
        )


def _ready(do: work.Work, choice: Choice) -> Iterator[errors.Refused]:
    """See that a plan can be made afterwards: the folder, its nodes and node ports."""
    case, cure = choice.case, choice.cure
    stack = do.stack(case.stack)
    if cure in _APPLIES and not stack.directory.is_dir():
        yield errors.Refused(f"the folder of stack {case.stack} is missing", remedy=_RENDER)
    elif cure in _APPLIES and stack.awaits_facts:
        yield errors.Refused(
            f"stack {case.stack} awaits facts (nodes, node ports), so it cannot be planned",
            remedy=_RENDER,
        )


_RENDER = "Run tfgen render with a cluster at hand, review it, and run this again."


def _held(do: work.Work, choice: Choice) -> Iterator[errors.Refused]:
    """Refuse an edited file, which nobody reviewed; another problem a person may look past."""
    case, cure, asked = choice.case, choice.cure, choice.asked
    if cure not in _APPLIES:
        return
    paths = dict(_files(case))
    texts = do.tree.texts(paths)
    for path, entry in paths.items():
        group = entry.shares if path != entry.file else None
        snapshot = tree.Snapshot(do.manifest, texts)
        if wrong := edits.problem(snapshot, entry.service, path, group):
            yield errors.Refused(f"{case.who} is held: {wrong}", remedy="Mend that first.")
    for entry in case.entries:
        held = entry.state is manifest.State.HELD
        if held and entry.service not in asked.allowed.protected:
            yield errors.Refused(
                f"Service {entry.service} is held: {' '.join(entry.problems)}",
                remedy="It is built as its file stands in the tree. To agree: --allow-protected "
                f"{entry.service}",
            )


def _files(case: Case) -> Iterator[tuple[str, manifest.Entry]]:
    for entry in case.entries:
        yield entry.file, entry
        yield entry.balancer_file, entry


def _protected(_do: work.Work, choice: Choice) -> Iterator[errors.Refused]:
    case, cure, finding, asked = choice.case, choice.cure, choice.finding, choice.asked
    if cure not in _DELETES or finding.kind is Kind.GONE:
        return
    safe = {each.service for each in case.entries if each.protect} - asked.allowed.protected
    for key in sorted(safe):
        yield errors.Refused(
            f"Service {key} is protected (tfgen.io/protect), and its load balancer would be "
            "deleted",
            remedy=f"To agree: --allow-protected {key}",
        )


def _guests(do: work.Work, choice: Choice) -> Iterator[errors.Refused]:
    """Refuse to delete what Services name by its id (load-balancer-id): they would be nowhere."""
    case, own = choice.case, choice.case.balancer
    going = choice.asked.discard if choice.cure is Cure.DISCARD else own.id if own else ""
    if choice.cure not in _DELETES or case.keys <= choice.asked.allowed.protected:
        return
    guests = [
        str(key)
        for key, each in sorted(do.manifest.services.items())
        if going and each.attached == going and key not in case.keys
    ]
    if guests:
        yield errors.Refused(
            f"ports of {', '.join(guests)} are on load balancer {going} too (load-balancer-id), "
            "and would go with it",
            remedy="Whatever takes its place has another id. To agree: "
            f"{policy.Allowed(protected=case.keys).flags}",
        )


def _strangers(_do: work.Work, choice: Choice) -> Iterator[errors.Refused]:
    """Refuse to delete along what somebody else has on it: nothing makes that anew."""
    case, balancer = choice.case, choice.case.balancer
    agreed = case.keys <= choice.asked.allowed.protected
    if choice.cure is not Cure.REBUILD or not (balancer and case.entries) or agreed:
        return
    ours = max(sum(len(each.ports) for each in case.entries), case.known.listeners)
    ours += len(case.leftovers)
    if (balancer.listeners or 0) > ours:
        yield errors.Refused(
            f"load balancer {balancer.id} has {balancer.listeners} listeners, and {ours} of them "
            f"are of {case.who}: the others would be deleted along, and made anew by nobody",
            remedy=f"openstack loadbalancer status show {balancer.id} names them. To agree: "
            f"{policy.Allowed(protected=case.keys).flags}",
        )


def _address(_do: work.Work, choice: Choice) -> Iterator[errors.Refused]:
    """Refuse to lose an address that clients know: a VIP goes with its load balancer."""
    case, cure, finding, asked = choice.case, choice.cure, choice.finding, choice.asked
    if cure is Cure.DISCARD:
        yield from _leads_to(case, asked)
    if cure is not Cure.REBUILD or not case.entries or finding.kind is Kind.HALF_MADE:
        return
    missing = case.keys - asked.allowed.address_change
    if why := _lost(case) if missing else "":
        flags = policy.Allowed(address_change=missing).flags
        yield errors.Refused(f"{case.who} may get another address: {why}", remedy=_agree(flags))


def _agree(flags: str) -> str:
    return f"Clients that know its address lose it. To agree: {flags}"


def _lost(case: Case) -> str:
    """Say which address would not come back; empty where it stays."""
    if case.by_vip:
        vip = case.balancer.vip_address if case.balancer else "the former one"
        why = "is internal" if case.entries[0].internal else "has no floating IP"
        words = f"it {why}, and its VIP ({vip}) goes with its load balancer"
        return "" if case.pinned else words
    if case.known.once and not case.floating_ips:
        return "its floating IP is not in the cloud any more"
    return ""


def _leads_to(case: Case, asked: Asked) -> Iterator[errors.Refused]:
    found = next(each for each in case.balancers if each.id == asked.discard)
    at = [each.address for each in case.floating_ips if each.port_id == found.vip_port_id]
    missing = case.keys - asked.allowed.address_change
    if at and missing:
        flags = policy.Allowed(address_change=missing).flags
        yield errors.Refused(
            f"floating IP {at[0]} leads to load balancer {found.id}: clients use it",
            remedy=f"Keep this one, and discard the other. To let it go all the same: {flags}",
        )


def _exposed(do: work.Work, choice: Choice) -> Iterator[errors.Refused]:
    """Refuse to open more than was open; that is asked for while the old one stands."""
    case, cure, asked = choice.case, choice.cure, choice.asked
    missing = case.keys - asked.allowed.exposure
    if do.loaded.settings.guards.exposure and cure is Cure.REBUILD and _ahead(case) and missing:
        flags = policy.Allowed(exposure=missing).flags
        yield errors.Refused(
            f"the tree of {case.who} is ahead of what was applied, and guards.exposure is set: "
            "building it anew would open what nobody let pass",
            remedy=f"Plan and apply the change first. Or agree: {flags}",
        )


def _ahead(case: Case) -> bool:
    return bool(case.entries) and not case.known.applied


def consents(case: Case, asked: Asked) -> policy.Allowed:
    """Give what the plan of a rebuilt load balancer is allowed: it alone, and made anew.

    What was open before may be open again.
    """
    given = asked.allowed
    again = case.keys if case.known.applied else frozenset[model.ServiceKey]()
    return policy.Allowed(
        address_change=given.address_change,
        protected=given.protected,
        exposure=given.exposure | again,
        anew=frozenset({case.owner}),
    )


_LOOKS: tuple[Look, ...] = (
    _stopped,
    _state_is_there,
    _ready,
    _held,
    _protected,
    _guests,
    _strangers,
    _address,
    _exposed,
)
