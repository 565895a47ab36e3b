"""Carrying a cure out; each step starts from what stands, so that another run can go on with it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeAlias

from tfgen import errors, model, terraform
from tfgen.policy import Kind as Resource
from tfgen.reconcile import apply, plan, scope, work
from tfgen.reconcile.repair import refuse, wait
from tfgen.reconcile.repair.case import Case, Ends, Leftover
from tfgen.reconcile.repair.examine import examine
from tfgen.reconcile.repair.finding import Cure, Kind, find
from tfgen.reconcile.repair.refuse import Asked, Choice

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; only who connects pays


class Talk(Protocol):
    """Who is told what is found and done, and asked before anything is."""

    def say(self, text: str) -> None:
        """Hear how far things are."""

    def found(self, choice: Choice) -> None:
        """Hear what is wrong and what would be done; raise to end here."""

    def planned(self, plans: plan.Plans, *, ask: bool) -> None:
        """Hear what would be applied; where asked, raise to end here."""

    def applied(self, report: apply.Report) -> None:
        """Hear what was applied."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a repair found, and how it ended."""

    choice: Choice
    done: bool = False
    """Whether nothing is left to be done."""
    code: errors.ExitCode = errors.ExitCode.DONE
    balancer: str = ""
    """Id of the load balancer that stands afterwards."""
    address: str = ""
    """What it answers on afterwards, so far as an apply told."""


def repair(do: work.Work, ends: Ends, owner: model.Owner, asked: Asked, talk: Talk) -> Outcome:
    """Find out what is wrong with one load balancer, and end it.

    Raises Refused where something stands against it, CloudError, EngineError.
    """
    choice = _choice(do, ends, owner, asked)
    if choice.cure is Cure.WAIT and not asked.dry_run:
        _wait(ends, choice.case, talk)
        do = looked(do, ends)
        choice = _choice(do, ends, owner, asked)
    refuse.check(do, choice)
    talk.found(choice)
    if asked.dry_run or choice.cure in {Cure.NOTHING, Cure.WAIT}:
        return Outcome(choice, done=choice.cure is Cure.NOTHING)
    return _CURES[choice.cure](do, ends, choice, talk)


def looked(do: work.Work, ends: Ends) -> work.Work:
    """Ask the cloud once more what stands."""
    return replace(do, sky=work.look(ends.sky, do.loaded.settings))


def _choice(do: work.Work, ends: Ends, owner: model.Owner, asked: Asked) -> Choice:
    case = examine(do, ends, owner)
    finding = find(case, ends.patience)
    if finding.kind is Kind.STUCK and asked.cure is not Cure.DISCARD:
        raise errors.Refused(f"{case.who}: {finding.text}", remedy=finding.remedy)
    return Choice(case, finding, refuse.choose(case, finding, asked), asked)


def _wait(ends: Ends, case: Case, talk: Talk) -> None:
    """Give Octavia what is left of its time."""
    if balancer := case.balancer:
        left = ends.patience - (case.age(balancer) or 0)
        wait.settled(ends, balancer.id, talk.say, max(left, ends.poll))


def _fail_over(do: work.Work, ends: Ends, choice: Choice, talk: Talk) -> Outcome:
    """Let Octavia replace the amphorae; then finish what an apply left undone, if it did."""
    case = choice.case
    balancer = _checked(do, ends, _the_one(case))
    with _alone(do, case.stack):
        try:
            ends.mender.fail_over(balancer.id)
        except errors.CloudError as failure:
            raise _no_failover(case, balancer.id, failure) from failure
        found = wait.settled(ends, balancer.id, talk.say, ends.patience)
    if found is None or found.failed:
        raise errors.CloudError(
            f"load balancer {balancer.id} of {case.who} was failed over, and is in ERROR again",
            remedy=f"Octavia's worker log says why. To build it anew: {case.command} --rebuild",
        )
    do = looked(do, ends)
    case = examine(do, ends, case.owner)
    finding = find(case, ends.patience)
    if finding.cure is Cure.COMPLETE:
        further = replace(choice, case=case, finding=finding, cure=Cure.COMPLETE)
        refuse.check(do, further)
        talk.say(finding.text)
        return _complete(do, ends, further, talk)
    return Outcome(choice, done=True, balancer=balancer.id, address=case.address)


def _no_failover(case: Case, identity: str, failure: errors.CloudError) -> errors.CloudError:
    return errors.CloudError(
        failure.what,
        remedy=f"{failure.remedy} An operator does it with: openstack loadbalancer failover "
        f"{identity}. Without one, it can be built anew: {case.command} --rebuild",
    )


def _rebuild(do: work.Work, ends: Ends, choice: Choice, talk: Talk) -> Outcome:
    """Delete what stands, wait until it is gone, and make it anew from the tree."""
    case = choice.case
    with _alone(do, case.stack) as stack:
        if stack:
            stack.init()
            stack.try_lock()  # whoever holds the state would keep the rest from being done
        if balancer := case.balancer:
            _delete(do, ends, balancer, talk)
    do = looked(do, ends)
    if not case.entries and not case.known.balancer:
        return Outcome(choice, done=True)
    return _applied(replace(do, published=case.keys | {case.owner}), ends, choice, talk)


def _own_floating_ip(case: Case) -> dict[str, str]:
    """Give the floating IP that a killed apply left beside the state, to be taken in."""
    if case.known.floating_ip:
        return {}
    mine = (each for each in case.floating_ips if each.owner == case.owner)
    return {f"{Resource.FLOATING_IP}.{case.owner.address}": each.id for each in mine}


def _complete(do: work.Work, ends: Ends, choice: Choice, talk: Talk) -> Outcome:
    """Plan and apply what is lacking: what stands is taken in, the rest is made."""
    return _applied(do, ends, choice, talk, ask=True)


def _discard(do: work.Work, ends: Ends, choice: Choice, talk: Talk) -> Outcome:
    """Delete one of several; the other ones stay as they are."""
    identity = choice.asked.discard
    surplus = next(each for each in choice.case.balancers if each.id == identity)
    with _alone(do, choice.case.stack):
        _delete(do, ends, surplus, talk)
    left = [each.id for each in choice.case.balancers if each.id != identity]
    return Outcome(choice, done=len(left) == 1, balancer=(left or [""])[0])


def _prune(do: work.Work, ends: Ends, choice: Choice, talk: Talk) -> Outcome:
    """Delete what is left over, and nothing that a state has got meanwhile."""
    case = choice.case
    balancer = _checked(do, ends, _the_one(case))
    with _alone(do, case.stack) as stack:
        if stack:
            stack.init()
            stack.try_lock()  # whoever holds it may be about to take in what is to go
            known = {each.id for each in stack.state().instances}
            if taken := [each.words for each in case.leftovers if each.id in known]:
                raise errors.Refused(
                    f"{taken[0]} of {case.who} is in the state by now",
                    remedy="Nothing was deleted. Run the same command again.",
                )
        for each in case.leftovers:
            _delete_below(ends, balancer, each, talk)
    return Outcome(choice, done=True, balancer=balancer.id, address=case.address)


def _delete_below(
    ends: Ends, balancer: "cloud.LoadBalancer", leftover: Leftover, talk: Talk
) -> None:
    """Delete one object, and wait until Octavia takes the next change."""
    ends.mender.delete_below(balancer.id, leftover.kind, leftover.id)
    left = wait.settled(ends, balancer.id, talk.say, ends.patience)
    if left is None or left.failed:
        status = left.provisioning_status if left else "gone"
        raise errors.CloudError(
            f"load balancer {balancer.id} is {status} after {leftover.words} was to be deleted",
            remedy="Octavia's worker log says why. Run the same command again.",
        )


def _applied(
    do: work.Work, ends: Ends, choice: Choice, talk: Talk, *, ask: bool = False
) -> Outcome:
    """Plan, judge and apply one Service, or those of one group, alone."""
    case, allowed = choice.case, refuse.consents(choice.case, choice.asked)
    do = replace(do, adopted=_own_floating_ip(case))
    only = scope.Scope(services=case.keys, homes=dict.fromkeys(case.keys, case.stack))
    with ends.watched(do) as watched:
        plans = plan.plan(watched, plan.Options(only, refresh=True, allowed=allowed))
    talk.planned(plans, ask=ask)
    with do.interruption.listening(), ends.watched(do) as watched:
        shown = {each.stack: each.effect for each in plans.saved}
        prepared = apply.prepare(watched, [*plans.stacks], allowed, shown)
        report = apply.apply(watched, prepared)
    talk.applied(report)
    return _told(choice, plans, report)


def _told(choice: Choice, plans: plan.Plans, report: apply.Report) -> Outcome:
    """Say how it ended; an address that is another one unasked is a failure."""
    case = choice.case
    applied = report.stacks.get(case.stack) or plans.stacks.get(case.stack)
    made = [each for each in applied.addresses if case.answers(each)] if applied else []
    left_out = [errors.ExitCode.HELD] * bool(case.keys & plans.left_out.keys())
    code = errors.worst(plans.code(exit_code=False, allow_held=True), report.code, *left_out)
    outcome = Outcome(
        choice,
        done=code is errors.ExitCode.DONE,
        code=code,
        balancer=made[0].load_balancer_id if made else "",
        address=made[0].address if made else "",
    )
    moved = outcome.done and case.known.once and case.address not in {"", outcome.address}
    if moved and made and not case.keys <= choice.asked.allowed.address_change:
        return replace(outcome, code=errors.ExitCode.ERROR)
    return outcome


def _the_one(case: Case) -> "cloud.LoadBalancer":
    if case.balancer is None:
        raise errors.CloudError(f"{case.who} has no load balancer in the cloud")
    return case.balancer


def _checked(do: work.Work, ends: Ends, balancer: "cloud.LoadBalancer") -> "cloud.LoadBalancer":
    """Read it once more, by its id: it must carry the tags of cluster, tree and owner by now."""
    settings = do.loaded.settings
    found = ends.mender.look(balancer.id)
    if found is None:
        raise errors.CloudError(
            f"load balancer {balancer.id} is gone meanwhile", remedy="Run the same command again."
        )
    ours = f"tfgen_cluster={settings.cluster}" in found.tags and found.trees == {settings.tree}
    if not ours or found.owner != balancer.owner:
        raise errors.Refused(
            f"load balancer {found.id} does not carry the tags of this tree and of its owner any "
            f"more: {', '.join(found.tags) or 'none'}",
            remedy="Somebody changed them. What is not ours by its tags is left alone.",
        )
    return found


def _delete(do: work.Work, ends: Ends, balancer: "cloud.LoadBalancer", talk: Talk) -> None:
    """Delete a load balancer of ours with all that hangs on it, and wait until it is gone."""
    found = _checked(do, ends, balancer)
    if found.provisioning_status != "PENDING_DELETE":
        ends.mender.delete(found.id)
    left = wait.settled(ends, found.id, talk.say, ends.patience)
    if left is not None:
        raise errors.CloudError(
            f"load balancer {left.id} was to be deleted, and is {left.provisioning_status}",
            remedy="Octavia's worker log says why. Run the same command again: it goes on there.",
        )


@contextmanager
def _alone(do: work.Work, name: str) -> Iterator[terraform.Stack | None]:
    """Keep everybody else from a stack meanwhile; None where the tree has no such folder."""
    if not do.tree.stack(name).is_dir():
        yield None
        return
    with do.alone(name) as stack:
        yield stack


Carry: TypeAlias = Callable[[work.Work, Ends, Choice, Talk], Outcome]
_CURES: Mapping[Cure, Carry] = {
    Cure.FAILOVER: _fail_over,
    Cure.REBUILD: _rebuild,
    Cure.COMPLETE: _complete,
    Cure.DISCARD: _discard,
    Cure.PRUNE: _prune,
}
