"""Looking at one load balancer: tree and state, the lists of the cloud, and what hangs on it."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TYPE_CHECKING

from tfgen import errors, manifest, model, policy, stacks, terraform
from tfgen.inspection import children, written
from tfgen.policy import Kind
from tfgen.reconcile import states, work
from tfgen.reconcile.repair.case import Case, Ends, Known, Leftover

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; only who connects pays

_ACTIVE = "ACTIVE"
_MONITOR = "monitor."


def examine(do: work.Work, ends: Ends, owner: model.Owner) -> Case:
    """Look at it from all sides. Raises TreeError where neither tree nor cloud has it."""
    entries = _entries(do.manifest, owner)
    balancers = tuple(each for each in do.sky.load_balancers if each.owner == owner)
    stack = _stack(do, owner, entries, balancers)
    state = _state(do, stack)
    case = Case(
        owner=owner,
        stack=stack,
        entries=entries,
        known=_known(state, stack, owner, entries),
        balancers=balancers,
        moment=ends.now(),
    )
    case = replace(case, floating_ips=tuple(_floating(do, ends, case)))
    balancer = case.balancer
    if not balancer or balancer.provisioning_status != _ACTIVE:
        return case
    found = children.read(ends.sky.status_tree(balancer.id))
    known = _ids(do, case, balancer, state)
    return replace(
        case,
        lacking=tuple(_lacking(do, case, balancer, found)),
        leftovers=tuple(_leftovers(do, ends, case, found, known)),
        portless=not ends.mender.has_port(balancer.vip_port_id),
    )


def _entries(known: manifest.Manifest, owner: model.Owner) -> tuple[manifest.Entry, ...]:
    if isinstance(owner, model.GroupKey):
        return known.groups.get(owner, ())
    entry = known.services.get(_service(owner))
    return tuple(side for whose, side in (entry.sides if entry else ()) if whose == owner)


def _service(owner: model.ServiceKey | model.SecondKey) -> model.ServiceKey:
    return owner.service if isinstance(owner, model.SecondKey) else owner


def _stack(
    do: work.Work,
    owner: model.Owner,
    entries: tuple[manifest.Entry, ...],
    balancers: "tuple[cloud.LoadBalancer, ...]",
) -> str:
    """Give the stack that it is, or was, in."""
    if entries:
        return entries[0].stack
    if not balancers:
        kind = "group" if isinstance(owner, model.GroupKey) else "Service"
        raise errors.TreeError(
            f"no {kind} {owner} in the output tree, and none with its tags in the cloud",
            remedy="Give NAMESPACE/NAME of a Service that `tfgen status` lists.",
        )
    if isinstance(owner, model.GroupKey):
        return stacks.home(owner, do.loaded.settings)
    entry = do.manifest.services.get(_service(owner))
    gone = entry.stack if entry else do.manifest.gone.get(_service(owner), "")
    return gone or stacks.home(owner, do.loaded.settings)


def _state(do: work.Work, name: str) -> terraform.State:
    """Read its stack's state: a file at once, any other by the engine; none where it is gone."""
    if states.cut_off(do.loaded, name):
        with do.alone(name):
            states.restore(do.loaded, name)
    found = states.in_file(do.loaded, name)
    if found is not None or not do.tree.stack(name).is_dir():
        return found or terraform.State()
    with do.alone(name) as stack:
        stack.init()
        return stack.state()


def _known(
    state: terraform.State,
    stack: str,
    owner: model.Owner,
    entries: tuple[manifest.Entry, ...],
) -> Known:
    own = {each.address: each for each in state.instances}
    balancer = own.get(f"{Kind.LOAD_BALANCER}.{owner.address}")
    floating = own.get(f"{Kind.FLOATING_IP}.{owner.address}")
    of_second = isinstance(owner, model.SecondKey)
    found = (each for each in state.addresses(stack) if each.is_second is of_second)
    revisions = {each.service: each.revision for each in found}
    return Known(
        lineage=state.lineage,
        balancer=balancer.id if balancer else "",
        tainted=balancer.tainted if balancer else False,
        floating_ip=floating.id if floating else "",
        applied=all(revisions.get(each.service) == each.revision for each in entries),
        listeners=_listeners(state, {each.service for each in entries}),
        once=any(each.service in revisions for each in entries),
    )


def _listeners(state: terraform.State, services: AbstractSet[model.ServiceKey]) -> int:
    named = (policy.named(each.address) for each in state.instances)
    return sum(each.kind is Kind.LISTENER and each.service in services for each in named)


def _floating(do: work.Work, ends: Ends, case: Case) -> "Iterator[cloud.FloatingIp]":
    """Give the floating IPs that are its own, whatever they are bound to by now."""
    asked = {each.frozen.floating_address for each in case.entries} - {""}
    ports = {each.vip_port_id for each in case.balancers} - {""}
    settings = do.loaded.settings
    for each in ends.sky.floating_ips(settings.cluster, settings.tree, bound=asked):
        if each.owner == case.owner or each.address in asked or each.port_id in ports:
            yield each


def _lacking(
    do: work.Work,
    case: Case,
    balancer: "cloud.LoadBalancer",
    found: Mapping[str, children.Listener],
) -> Iterator[str]:
    """Say what the files ask for and an ACTIVE load balancer has not."""
    if not case.entries:
        return
    for key, values in sorted(_ports(do, case).items()):
        yield from (f"{kind.words} {key}" for kind in _missing(found.get(key), values))
    bound = any(each.port_id == balancer.vip_port_id for each in case.floating_ips)
    if not (case.by_vip or bound):
        yield "floating IP"


def _ids(
    do: work.Work, case: Case, balancer: "cloud.LoadBalancer", state: terraform.State
) -> frozenset[str]:
    """Give the ids that are in a state; others than the stack's are read where that lacks one.

    Who left a group has its ports in another one.
    """
    own = frozenset(each.id for each in state.instances)
    if balancer.children <= own:
        return own
    others = (_state(do, name) for name in do.manifest.stacks if name != case.stack)
    return own.union(one.id for each in others for one in each.instances)


def _leftovers(
    do: work.Work,
    ends: Ends,
    case: Case,
    found: Mapping[str, children.Listener],
    known: frozenset[str],
) -> Iterator[Leftover]:
    """Give what of ours a killed apply left, and nothing asks for any more; `known`: see _ids.

    Pools go first: one cut off from its listener would be harder to tell.
    """
    balancer = case.balancer
    if balancer is None or not case.known.balancer or balancer.children <= known:
        return
    settings = do.loaded.settings
    owner = settings.cluster, settings.tree
    wanted = _ports(do, case).keys() | _of_guests(do, balancer.id)
    taken = {each.pool_id for key, each in found.items() if key in wanted}
    for pool in ends.mender.pools(balancer.id):
        if pool.is_of(*owner) and pool.id not in known | taken:
            yield Leftover("pools", pool.id, pool.key)
    for listener in ends.mender.listeners(balancer.id):
        if listener.is_of(*owner) and not (listener.id in known or listener.key in wanted):
            yield Leftover("listeners", listener.id, listener.key)


def _of_guests(do: work.Work, balancer: str) -> frozenset[str]:
    """Give the ports of Services that name a load balancer by its id (load-balancer-id)."""
    guests = (each for each in do.manifest.services.values() if each.attached == balancer)
    return frozenset(port for each in guests for port in each.ports)


def _missing(
    listener: children.Listener | None, values: Mapping[str, str]
) -> Iterator[policy.Kind]:
    if listener is None:
        yield Kind.LISTENER
    elif not listener.pool_id:
        yield Kind.POOL
    elif not listener.monitor_id and any(name.startswith(_MONITOR) for name in values):
        yield Kind.MONITOR


def _ports(do: work.Work, case: Case) -> Mapping[str, Mapping[str, str]]:
    """Give the ports of all who are served, as their files have them."""
    texts = do.tree.texts([each.file for each in case.entries])
    found: list[written.Intent | None] = list(map(written.read, texts.values()))
    if isinstance(case.owner, model.SecondKey):
        found = [each.second for each in found if each]
    return {key: values for each in found if each for key, values in each.ports.items()}
