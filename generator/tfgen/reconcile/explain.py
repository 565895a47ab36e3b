"""The explaining pass: from a name, an address or an id to one Service, and all there is of it."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

from tfgen import config, errors, inspection, model, policy, terraform
from tfgen.inspection import claimed, ends, overview, trace, values
from tfgen.reconcile import evidence, survey


@dataclass(frozen=True, slots=True)
class Sides:
    """How each side is asked; what one raises is kept, and the others are asked."""

    cluster: Callable[[], model.Listing]
    cloud: Callable[[], AbstractContextManager[evidence.Sky]]
    state: Callable[[str], terraform.State]
    """Reads the state of one stack."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One Service from end to end, or why it is none of ours."""

    service: model.ServiceKey
    whole: trace.Trace | None = None
    not_ours: str = ""
    away: Mapping[str, errors.TfgenError] = field(default_factory=dict)
    """Sides that did not answer, and why."""

    @property
    def code(self) -> errors.ExitCode:
        """1 where neither cluster nor cloud answered, or the one that may know it did not."""
        unseen = self.whole is None and survey.CLUSTER in self.away
        blind = unseen or survey.blind(self.away)
        return errors.ExitCode.ERROR if blind else errors.ExitCode.DONE


def explain(loaded: config.Loaded, sides: Sides, target: str) -> Explanation:
    """Explain one Service, by whatever end a person has in hand.

    Raises InputError, with the nearest matches, where nothing of the tree is called so.
    """
    with ExitStack() as closing:
        open_skies: list[evidence.Sky] = []

        def connect() -> AbstractContextManager[evidence.Sky]:
            """Keep the connection open: the load balancer is asked about once it is known."""
            open_skies.append(closing.enter_context(sides.cloud()))
            return nullcontext(open_skies[0])

        found = survey.survey(loaded, survey.Sides(sides.cluster, connect))
        sky = open_skies[0] if found.sky else None
        return _explained(evidence.Records(found, sky, sides.state, dict(found.away)), target)


def _explained(records: evidence.Records, target: str) -> Explanation:
    loaded, known = records.found.loaded, records.found.known()
    key = _resolve(records, known, target)
    subject, service = known.subject(key), records.service(key)
    if not (subject.entry or subject.wanted or subject.problems or subject.balancers):
        return Explanation(key, not_ours=_not_ours(records, key, service), away=records.away)
    said = values.Sources(service or {}, loaded.settings, loaded.origins, subject.entry)
    whole = trace.trace(subject, overview.row(subject), records.gather(subject), said)
    if second := subject.second:
        found = trace.trace(second, overview.row(second), records.gather(second), said)
        whole = replace(whole, second=replace(found, values=()))
    return Explanation(key, whole, away=records.away)


def _not_ours(
    records: evidence.Records, key: model.ServiceKey, service: Mapping[str, Any] | None
) -> str:
    """Say why a Service that only a floating IP or the cluster knows is none of ours."""
    if service is not None:
        return claimed.why_not(key, service, records.found.loaded.settings)
    if survey.CLUSTER in records.away:
        return "the tree does not have it, and the cluster did not answer"
    return "tree and cluster have it no more; what tfgen plan does not remove is left over"


def _resolve(records: evidence.Records, known: inspection.Known, target: str) -> model.ServiceKey:
    """Find the Service. One that is none of ours is found too: why it is not is what is asked."""
    found = ends.find(target, known, _floating_ips(records))
    if found.service:
        return found.service
    others = {str(key): key for key, _ in records.services()}
    key = others.get(target) or _by_id(records, target)
    if key:
        return key
    raise _unknown(records, target, found.nearest)


def _unknown(records: evidence.Records, target: str, nearest: tuple[str, ...]) -> errors.InputError:
    """Say that nothing is called so, as far as could be seen: who did not answer may know it."""
    place, near = config.display(records.found.loaded.out), ", ".join(nearest)
    away = records.away.items()
    silent = "".join(f"\n{side} away: {failure.what}" for side, failure in away)
    remedies = [failure.remedy for _, failure in away if failure.remedy]
    if near or not away:
        remedies.append(f"Nearest: {near}." if near else "`tfgen status` lists what there is.")
    return errors.InputError(
        f"nothing of {place} is called {target!r}: expected NAMESPACE/NAME of a Service, an IP "
        f"address, an id in the cloud, a file or an address in the state{silent}",
        remedy="\n".join(remedies),
    )


def _floating_ips(records: evidence.Records) -> dict[str, model.ServiceKey]:
    """Give the ids of floating IPs: their tags say whose they are."""
    listed = records.found.sky.floating_ips if records.found.sky else ()
    return {each.id: key for each in listed if (key := each.service)}


def _by_id(records: evidence.Records, target: str) -> model.ServiceKey | None:
    """Look an id up in the states: of a listener, a pool, a monitor."""
    manifest = records.found.snapshot.manifest
    for stack in manifest.stacks if manifest else ():
        for address, identity in (records.state(stack) or {}).items():
            if identity == target:
                return policy.named(address).service
    return None
