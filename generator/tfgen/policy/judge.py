"""The verdict: all guards over one plan or several, opened only by what was agreed to."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from tfgen import config, manifest, model
from tfgen.policy import (
    address,
    changes,
    consents,
    exposure,
    ownership,
    plan,
    reading,
    removal,
    setting,
    shrink,
    verdict,
)
from tfgen.policy.plan import Kind
from tfgen.policy.rules import GuardFunction, Rules, about, by_owner

GUARDS: tuple[GuardFunction, ...] = (
    setting.stop,
    setting.write,
    removal.living,
    removal.unknown,
    removal.protected,
    address.moves,
    address.rehomed,
    address.handed_over,
    address.vanished,
    shrink.pools,
    shrink.groups,
    ownership.foreign,
    exposure.opened,
)
_NOBODY: frozenset[model.ServiceKey] = frozenset()
_NO_CONSENTS = consents.Agreed()


def check(
    document: Mapping[str, Any],
    *,
    manifest: manifest.Manifest,
    settings: config.Settings,
    allowed: verdict.Allowed,
    known_addresses: frozenset[model.Owner] = frozenset(),
) -> verdict.Verdict:
    """Judge one plan, the JSON of `terraform show -json PLANFILE`.

    `known_addresses` are Services and groups that had an address when last seen; without them only
    the engine's own refresh tells what vanished. Raises PlanError for a format that is not known.
    """
    return check_all(
        {"": document},
        manifest=manifest,
        settings=settings,
        allowed=allowed,
        known_addresses=known_addresses,
    )


def check_all(  # noqa: PLR0913  all that a verdict hangs on, by name
    documents: Mapping[str, Mapping[str, Any]],
    *,
    manifest: manifest.Manifest,
    settings: config.Settings,
    allowed: verdict.Allowed,
    known_addresses: frozenset[model.Owner] = frozenset(),
    rendered_before: frozenset[model.Owner] = frozenset(),
    unheard: frozenset[model.Owner] = frozenset(),
    stopped: str = "",
    agreed: consents.Agreed = _NO_CONSENTS,
) -> verdict.Verdict:
    """Judge several plans, by stack or file: removals count over all of them together.

    `rendered_before` are Services and groups that stood in the manifest before this change;
    `unheard` are those whose address nobody was told, as the cluster says;
    `stopped` says why nothing may be applied at all; `agreed` are the consents that stand in the
    tree.
    """
    rules = Rules(
        manifest,
        settings,
        known_addresses=known_addresses,
        rendered_before=rendered_before,
        unheard=unheard,
        stopped=stopped,
    )
    plans = {name: reading.read(document) for name, document in documents.items()}
    found = [one for name, each in plans.items() for one in _refusals(name, each, rules)]
    removed = {name: removal.removed_services(each, rules) for name, each in plans.items()}
    takers = tuple(name for name, services in removed.items() if services)
    too_many = removal.too_many(_NOBODY.union(*removed.values()), rules)
    found += (replace(one, plans=takers) for one in too_many)
    answers = [(one, _opened_by(allowed, agreed, one)) for one in found]
    notices = {note for each in plans.values() for note in _notices(each, rules)}
    notices |= {_agreed(one, who) for one, who in answers if who}
    shut = (one for one, who in answers if not who)
    return verdict.Verdict(
        refusals=tuple(sorted(replace(one, remedy=one.remedy + agreed.void(one)) for one in shut)),
        notices=tuple(sorted(notices)),
        errored=any(each.errored for each in plans.values()),
        opened=tuple(sorted(one for one, who in answers if who)),
    )


def _opened_by(allowed: verdict.Allowed, agreed: consents.Agreed, refusal: verdict.Refusal) -> str:
    """Say what opens a refusal: its flags, or the file in the tree; nothing where it stays."""
    if refusal.needs is None:
        return ""
    if allowed.covers(refusal.needs):
        by_repair = refusal.needs.new_state and not allowed.new_state
        return "tfgen repair" if by_repair else refusal.needs.flags
    return consents.FILE if agreed.covers(refusal) else ""


def _refusals(name: str, judged: plan.Plan, rules: Rules) -> Iterator[verdict.Refusal]:
    """Give what every guard says of one plan, before anything is opened."""
    for fault in judged.unreadable:
        yield _unreadable(name, fault)
    for guard in GUARDS:
        for refusal in guard(judged, rules):
            yield replace(refusal, plan=name)


def _unreadable(name: str, fault: str) -> verdict.Refusal:
    return verdict.Refusal(
        guard=verdict.Guard.UNREADABLE,
        about="The plan",
        address="",
        what=f"cannot be read whole: {fault}",
        remedy="Give the output of `terraform show -json PLANFILE`. No flag opens this.",
        plan=name,
    )


def _agreed(refusal: verdict.Refusal, who: str) -> model.Notice:
    place = f" {refusal.address}" if refusal.address else ""
    return model.Notice(refusal.about, f"{refusal.what}{place}: agreed to by {who}")


def _notices(judged: plan.Plan, rules: Rules) -> Iterator[model.Notice]:
    """Give what passes and is yet worth saying: outages, and what was gone from the cloud."""
    for change in changes.told(judged):
        yield from (model.Notice(change.about, text) for text in change.outages)
    for group in by_owner(each for each in judged.drift if each.removes and rules.entries(each)):
        for each in (one for one in changes.leading(group) if one.port):
            yield model.Notice(about(each), f"gone from the cloud: {each.words}")
    for resource in judged.resources:
        strange = resource.actions == {"create"} and resource.kind is Kind.LOAD_BALANCER
        if strange and resource.owner and not rules.entries(resource):
            yield model.Notice(about(resource), "is created, but tfgen-manifest.json has it not")
