"""Label selectors in the form that kubectl takes: `a=b,c!=d,e in (f,g),h notin (i),j,!k`."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tfgen import errors

EXPECTED = "labels as kubectl -l takes them: app=web,tier in (a, b),!old"
_TERM = re.compile(
    r"\s*(?:(?P<absent>!)\s*(?P<no>[\w./-]+)"
    r"|(?P<key>[\w./-]+)\s*(?:(?P<op>==|=|!=)\s*(?P<value>[\w.-]*)"
    r"|\s(?P<set>in|notin)\s*\((?P<values>[^()]*)\))?)\s*(?:,|$)"
)
_VALUE = re.compile(r"[\w.-]*")


@dataclass(frozen=True, slots=True)
class Term:
    """One condition: the label's value is (or is not) among `values`; None: any value."""

    key: str
    values: frozenset[str] | None
    wanted: bool


def parse(text: str, setting: str) -> tuple[Term, ...]:
    """Read the selector that a setting holds. Raises SettingsError naming what is wrong."""
    try:
        return read(text)
    except Unreadable as wrong:
        raise errors.SettingsError(
            f"setting {setting} is {text!r}: wrong at {wrong.rest!r}", remedy=f"Write {EXPECTED}"
        ) from wrong


class Unreadable(ValueError):  # noqa: N818  a verdict on a text
    """A text is no selector; `rest` begins where that shows."""

    def __init__(self, rest: str) -> None:
        super().__init__(rest)
        self.rest = rest


def read(text: str) -> tuple[Term, ...]:
    """Read a selector. Raises Unreadable."""
    terms, place = [], 0
    while place < len(text):
        match = _TERM.match(text, place)
        if not match or match.end() == place:
            raise Unreadable(text[place:])
        terms.append(_term(match))
        place = match.end()
    return tuple(terms)


def written(terms: Iterable[Term]) -> str:
    """Write a selector in one form, however it was written: sorted, without blanks."""
    return ",".join(sorted({_written(term) for term in terms}))


def _written(term: Term) -> str:
    if term.values is None:
        return term.key if term.wanted else f"!{term.key}"
    whole = ",".join(sorted(term.values))
    if len(term.values) == 1 and _VALUE.fullmatch(whole):
        return f"{term.key}{'=' if term.wanted else '!='}{whole}"
    return f"{term.key} {'in' if term.wanted else 'notin'} ({whole})"


def _term(match: re.Match[str]) -> Term:
    if match["absent"]:
        return Term(match["no"], None, wanted=False)
    if match["op"]:
        return Term(match["key"], frozenset({match["value"]}), wanted=match["op"] != "!=")
    if match["set"]:
        values = frozenset(value.strip() for value in match["values"].split(","))
        return Term(match["key"], values, wanted=match["set"] == "in")
    return Term(match["key"], None, wanted=True)


def matches(terms: tuple[Term, ...], labels: Mapping[str, object]) -> bool:
    """Whether labels meet all terms; as in Kubernetes, `!=` and `notin` take an absent label."""
    return all(_meets(term, labels) for term in terms)


def _meets(term: Term, labels: Mapping[str, object]) -> bool:
    if term.values is None:
        return (term.key in labels) is term.wanted
    found = labels.get(term.key)
    return (isinstance(found, str) and found in term.values) is term.wanted
