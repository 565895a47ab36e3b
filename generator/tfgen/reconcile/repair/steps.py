"""What a cure does, step by step, for a person who is to agree to it: pure."""

from collections.abc import Callable, Iterator, Mapping

from tfgen.reconcile.repair.case import Case
from tfgen.reconcile.repair.finding import Cure
from tfgen.reconcile.repair.refuse import Choice

_TAKEN = "what stands is taken in, what is lacking is made"


def steps(choice: Choice) -> tuple[str, ...]:
    """Say what is done, in its order; nothing where nothing is."""
    return tuple(_STEPS[choice.cure](choice))


def _wait(_choice: Choice) -> Iterator[str]:
    yield "wait until Octavia is done with it, then look again"


def _complete(choice: Choice) -> Iterator[str]:
    yield f"plan and apply {choice.case.who} alone: {_TAKEN}"


def _failover(case: Case) -> Iterator[str]:
    identity = case.balancer.id if case.balancer else ""
    yield f"failover of load balancer {identity}: Octavia replaces its amphorae"
    address = f" ({case.address})" if case.address else ""
    yield f"its addresses stay{address}; its ports are down until it is ACTIVE"


def _rebuild(case: Case) -> Iterator[str]:
    if case.balancer:
        yield f"load balancer {case.balancer.id} is deleted, with all that hangs on it (cascade)"
    if not case.entries:
        yield "the tree has it no more: what is left of it goes by a plan and apply of it alone"
        return
    names = ", ".join(str(each.service) for each in case.entries)
    ports = ", ".join(port for each in case.entries for port in each.ports)
    yield f"plan, guards and apply of {names} alone make it anew: {ports}"
    yield _address(case)


def _address(case: Case) -> str:
    if case.by_vip and case.pinned:
        return "its VIP is asked for by its Service, and stays"
    if case.by_vip:
        return "it gets another VIP"
    if case.address:
        return f"floating IP {case.address} stays in the project, and leads to the new one"
    return "it gets a floating IP"


def _prune(case: Case) -> Iterator[str]:
    yield from (f"{each.words} is deleted" for each in case.leftovers)
    yield "all else of it stays as it is"


def _discard(choice: Choice) -> Iterator[str]:
    yield f"load balancer {choice.asked.discard} is deleted, with all that hangs on it (cascade)"
    left = [each.id for each in choice.case.balancers if each.id != choice.asked.discard]
    yield f"load balancer {', '.join(left)} stays" if left else "none is left then"


_STEPS: Mapping[Cure, Callable[[Choice], Iterator[str]]] = {
    Cure.NOTHING: lambda _: iter(()),
    Cure.WAIT: _wait,
    Cure.FAILOVER: lambda choice: _failover(choice.case),
    Cure.REBUILD: lambda choice: _rebuild(choice.case),
    Cure.COMPLETE: _complete,
    Cure.DISCARD: _discard,
    Cure.PRUNE: lambda choice: _prune(choice.case),
}
