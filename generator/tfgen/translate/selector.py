"""Label selectors in the form that kubectl takes: `a=b,c!=d,e in (f,g),h notin (i),j,!k`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tfgen import errors

_TERM = re.compile(
    r"\s*(?:(?P<absent>!)\s*(?P<no>[\w./-]+)"
    r"|(?P<key>[\w./-]+)\s*(?:(?P<op>==|=|!=)\s*(?P<value>[\w.-]*)"
    r"|\s(?P<set>in|notin)\s*\((?P<values>[^()]*)\))?)\s*(?:,|$)"
)


@dataclass(frozen=True, slots=True)
class Term:
    """One condition: the label's value is (or is not) among `values`; None: any value."""

    key: str
    values: frozenset[str] | None
    wanted: bool


def parse(text: str, setting: str) -> tuple[Term, ...]:
    """Read the selector that a setting holds. Raises SettingsError naming what is wrong."""
    terms, place = [], 0
    while place < len(text):
        match = _TERM.match(text, place)
        if not match or match.end() == place:
            raise errors.SettingsError(
                f"setting {setting} is {text!r}: wrong at {text[place:]!r}",
                remedy="Write labels as kubectl -l takes them: app=web,tier in (a, b),!old",
            )
        terms.append(_term(match))
        place = match.end()
    return tuple(terms)


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
