"""Plans to verdicts, by pure functions: what a plan would do, and whether it may."""

from collections.abc import Mapping
from typing import Any

from tfgen.policy import address, limits, reading
from tfgen.policy import changes as _changes
from tfgen.policy.changes import Change
from tfgen.policy.consents import FILE as CONSENT_FILE
from tfgen.policy.consents import Agreed, Consent, Digests
from tfgen.policy.consents import dumps as dump_consents
from tfgen.policy.consents import loads as load_consents
from tfgen.policy.judge import check, check_all
from tfgen.policy.plan import Kind, Resource
from tfgen.policy.reading import named
from tfgen.policy.told import document, text
from tfgen.policy.verdict import Allowed, Guard, Refusal, Verdict


def changes(plan: Mapping[str, Any]) -> tuple[Change, ...]:
    """Say in words what a plan does, by Service. Raises PlanError for an unknown format."""
    return _changes.told(reading.read(plan))


def starts(plan: Mapping[str, Any]) -> bool:
    """Tell whether a plan makes load balancers over an empty state. Raises PlanError."""
    return address.starts(reading.read(plan))


__all__ = [
    "CONSENT_FILE",
    "Agreed",
    "Allowed",
    "Change",
    "Consent",
    "Digests",
    "Guard",
    "Kind",
    "Refusal",
    "Resource",
    "Verdict",
    "changes",
    "check",
    "check_all",
    "document",
    "dump_consents",
    "limits",
    "load_consents",
    "named",
    "starts",
    "text",
]
