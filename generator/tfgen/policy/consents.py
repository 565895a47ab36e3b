"""tfgen-consent.json: what people agreed to in Git, each for one guard and for the plans they saw.

A flag speaks for one command. A consent in the tree is reviewed, and speaks for plans of one
effect: their digests are part of it, so that it opens no other plan.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tfgen import errors, model
from tfgen.policy import verdict
from tfgen.policy.verdict import Guard

FILE = "tfgen-consent.json"
SCHEMA = "tfgen.consent"
SCHEMA_VERSION = 1
_COUNTED = (Guard.SHRINK, Guard.DELETE)
_NAMED = (Guard.ADDRESS, Guard.PROTECTED, Guard.VANISHED, Guard.EXPOSURE)
_KEYS = frozenset({"guard", "service", "count", "effects"})
_SHOWN = 12
_DIGEST_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Digests:
    """What one plan does, as digests; empty where it cannot be read."""

    effect: str
    """Its effect digest: without members that come and go."""
    whole: str
    """The same with them: guard *shrink* is about members."""

    def of(self, guard: Guard) -> str:
        """Give the digest that a consent for a guard is bound to."""
        return self.whole if guard is Guard.SHRINK else self.effect


@dataclass(frozen=True, slots=True)
class Consent:
    """What was agreed to: one guard, one Service or a number, and plans of these effects."""

    guard: Guard
    effects: frozenset[str]
    service: model.ServiceKey | None = None
    count: int = 0

    @property
    def subject(self) -> tuple[str, str]:
        """What it is about; a newer consent for the same takes its place."""
        return self.guard, str(self.service or "")


@dataclass(frozen=True, slots=True)
class Agreed:
    """The consents of the tree, and what the plans do that are judged."""

    consents: tuple[Consent, ...] = ()
    digests: Mapping[str, Digests] = field(default_factory=dict)
    """By the plan's name."""

    def covers(self, refusal: verdict.Refusal) -> bool:
        """Whether the consents that are bound to its plans give a refusal all that it needs."""
        return refusal.needs is not None and _enough(refusal, self._bound(refusal))

    def protected(self, plan: str) -> frozenset[model.ServiceKey]:
        """Give the Services whose protection a consent lifts for one plan."""
        effect = self.digests[plan].effect if plan in self.digests else ""
        alike = (one for one in self.consents if one.guard is Guard.PROTECTED)
        return frozenset(one.service for one in alike if one.service and effect in one.effects)

    def void(self, refusal: verdict.Refusal) -> str:
        """Say why a consent that speaks of the same does not hold; nothing where there is none."""
        about = [one for one in self.consents if _same(one, refusal)]
        if not about or refusal.needs is None:
            return ""
        if about[0] in self._bound(refusal):
            return f" {FILE} agrees to {about[0].count} only."
        then = ", ".join(sorted(digest[:_SHOWN] for digest in about[0].effects))
        now = ", ".join(sorted(digest[:_SHOWN] or "(none)" for digest in self._now(refusal)))
        return (
            f" What {FILE} agrees to is void: it was for a plan of effect {then}, and this one is "
            f"of effect {now}."
        )

    def of(self, opened: Iterable[verdict.Refusal]) -> tuple[Consent, ...]:
        """Give the consents that open these refusals again, beside those that there are."""
        new = [one for refusal in opened for one in _consents(refusal, self._now(refusal))]
        subjects = {one.subject for one in new}
        return (*(one for one in self.consents if one.subject not in subjects), *_merged(new))

    def _bound(self, refusal: verdict.Refusal) -> list[Consent]:
        now = self._now(refusal)
        if not now or "" in now:
            return []
        return [one for one in self.consents if one.guard is refusal.guard and now <= one.effects]

    def _now(self, refusal: verdict.Refusal) -> frozenset[str]:
        names = refusal.plans or (refusal.plan,)
        nothing = Digests("", "")
        return frozenset(self.digests.get(name, nothing).of(refusal.guard) for name in names)


def dumps(consents: Iterable[Consent]) -> str:
    """Write consents as text: same consents, same bytes."""
    entries = sorted(map(_document, consents), key=json.dumps)
    document = {"schema": SCHEMA, "schema_version": SCHEMA_VERSION, "consents": entries}
    return json.dumps(document, indent=2) + "\n"


def loads(text: str, path: str = FILE) -> tuple[Consent, ...]:
    """Read consents. Raises InputError: one that cannot be read opens nothing in silence."""
    try:
        document = json.loads(text)
        _check_schema(document)
        return tuple(_consent(entry) for entry in document["consents"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise errors.InputError(
            f"{path} cannot be read: {type(error).__name__}: {error}",
            remedy="docs/guards.md shows its form. Mend it, or remove it: then nothing is agreed "
            "to.",
        ) from error


def _check_schema(document: Mapping[str, Any]) -> None:
    if (document["schema"], document["schema_version"]) != (SCHEMA, SCHEMA_VERSION):
        raise ValueError(f"it is no {SCHEMA} of version {SCHEMA_VERSION}")


def _consent(entry: Mapping[str, Any]) -> Consent:
    if unknown := sorted(entry.keys() - _KEYS):
        raise ValueError(f"{unknown[0]!r} is no key of a consent")
    guard, service = Guard(entry["guard"]), entry.get("service")
    count, effects = entry.get("count", 0), entry["effects"]
    if guard not in (*_COUNTED, *_NAMED):
        raise ValueError(f"no consent opens guard {guard}")
    if guard in _NAMED and not isinstance(service, str):
        raise ValueError(f"a consent for guard {guard} names a service, NAMESPACE/NAME")
    if guard in _COUNTED and (type(count) is not int or count < 1):
        raise ValueError(f"a consent for guard {guard} has a count, 1 or more")
    if not isinstance(effects, list) or not effects or not all(map(_is_digest, effects)):
        raise ValueError("effects are digests of plans, 64 hexadecimal digits each")
    key = model.ServiceKey.parse(service) if service is not None else None
    return Consent(guard, frozenset(effects), key, count if guard in _COUNTED else 0)


def _is_digest(value: object) -> bool:
    hexadecimal = frozenset("0123456789abcdef")
    return isinstance(value, str) and len(value) == _DIGEST_LENGTH and hexadecimal >= set(value)


def _document(consent: Consent) -> dict[str, Any]:
    service = {"service": str(consent.service)} if consent.service else {}
    count = {"count": consent.count} if consent.count else {}
    return {"guard": consent.guard, **service, **count, "effects": sorted(consent.effects)}


def _enough(refusal: verdict.Refusal, bound: list[Consent]) -> bool:
    if refusal.guard in _COUNTED:
        wanted = refusal.needs.removals if refusal.needs else 0
        own = (one.count for one in bound if one.service == refusal.service)
        return 0 < wanted <= max(own, default=0)
    services = _services(refusal)
    return bool(services) and services <= {one.service for one in bound if one.service}


def _services(refusal: verdict.Refusal) -> frozenset[model.ServiceKey]:
    """Give the Services that must be agreed to: two where one takes over what another has."""
    needs = refusal.needs or verdict.Allowed()
    named = needs.address_change | needs.protected | needs.exposure
    own = frozenset({refusal.service} if refusal.service else ())
    return named or own


def _same(consent: Consent, refusal: verdict.Refusal) -> bool:
    alike = consent.guard is refusal.guard
    if refusal.guard in _COUNTED:
        return alike and consent.service == refusal.service
    return alike and consent.service in _services(refusal)


def _consents(refusal: verdict.Refusal, effects: frozenset[str]) -> list[Consent]:
    if refusal.needs is None or not effects or "" in effects:
        return []
    if refusal.guard in _COUNTED:
        return [Consent(refusal.guard, effects, refusal.service, refusal.needs.removals)]
    return [Consent(refusal.guard, effects, key) for key in sorted(_services(refusal))]


def _merged(consents: Iterable[Consent]) -> list[Consent]:
    """Make one of those for the same: all their effects, and the greatest count."""
    found: dict[tuple[str, str], Consent] = {}
    for one in consents:
        other = found.get(one.subject, one)
        effects, count = one.effects | other.effects, max(one.count, other.count)
        found[one.subject] = Consent(one.guard, effects, one.service, count)
    return list(found.values())
