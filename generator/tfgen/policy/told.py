"""A verdict told: the text for people and the document for programs."""

from collections.abc import Iterator
from typing import Any

from tfgen.policy import verdict
from tfgen.policy.rules import listing

_WIDTH = 10
_SHOWN = 3


def text(judged: verdict.Verdict) -> str:
    """Tell the refusals as a table: guard, whose, what; below each where, and how to proceed."""
    lines = [line for group in _alike(judged.refusals) for line in _refusal_lines(group)]
    return "\n".join([f"{'GUARD':<{_WIDTH}}  REFUSED BECAUSE", *lines] if lines else [])


def document(judged: verdict.Verdict) -> dict[str, Any]:
    """Give the verdict as JSON values."""
    return {
        "passes": judged.passes,
        "errored": judged.errored,
        "refusals": [_refusal(one) for one in judged.refusals],
        "notices": [{"about": note.about, "text": note.text} for note in judged.notices],
    }


def _refusal(refusal: verdict.Refusal) -> dict[str, Any]:
    return {
        "guard": refusal.guard.value,
        "plan": refusal.plan,
        "service": str(refusal.service) if refusal.service else None,
        "address": refusal.address,
        "what": refusal.what,
        "remedy": refusal.remedy,
        "flags": refusal.needs.flags if refusal.needs else None,
    }


def _alike(refusals: tuple[verdict.Refusal, ...]) -> Iterator[list[verdict.Refusal]]:
    """Put together what happens to many Services in the same words, a lost node for example."""
    groups: dict[tuple[str, ...], list[verdict.Refusal]] = {}
    for one in refusals:
        groups.setdefault((one.guard, one.what, one.how), []).append(one)
    yield from groups.values()


def _refusal_lines(group: list[verdict.Refusal]) -> Iterator[str]:
    first, indent = group[0], " " * (_WIDTH + 2)
    whose = listing(list(dict.fromkeys(one.about for one in group)), _SHOWN)
    yield f"{first.guard:<{_WIDTH}}  {whose}: {first.what}"
    for one in group[:_SHOWN]:
        place = " in ".join(part for part in (one.address, one.plan) if part)
        if place:
            yield f"{indent}{place}"
    yield f"{indent}{first.how}"
