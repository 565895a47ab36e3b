"""What tfgen makes of one word: found by rendering a Service with it and one without it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tfgen import config, model, resolved, translate
from tfgen.config import cloudconf
from tools.coverage.words import ID, Word

_KEY = model.ServiceKey("shop", "web")
_PORT = {"name": "web", "port": 80, "nodePort": 30080, "protocol": "TCP"}
_OTHER = "99999999-2222-3333-4444-555555555555"
_SETTINGS: Mapping[str, Any] = {
    "cluster": "demo",
    "tree": "3f9c1a2b4d5e6f70",
    "network": {
        "subnet_id": _OTHER,
        "ipv6_subnet_id": _OTHER,
        "floating_networks": [{"id": _OTHER, "name": "public"}, {"id": ID, "name": "other"}],
    },
    "claim": {"classless": True},
    "attach": "any",
    "classes": {"gold": {"lb_method": "SOURCE_IP"}},
}
_RESOLVED = resolved.Resolved(
    {
        query.key: (ID,)
        for query in (
            model.SubnetQuery("public", "public-*", ""),
            model.SubnetQuery("public", "", "blue"),
        )
    },
    load_balancers={ID: resolved.Balancer("10.0.0.5", "amphora")},
)
_NODES = tuple(
    {
        "metadata": {"name": name, "labels": labels},
        "status": {
            "addresses": [
                {"type": "InternalIP", "address": f"10.0.0.{number}"},
                {"type": "InternalIP", "address": f"fd00:10::{number}"},
            ]
        },
    }
    for name, labels, number in (("node-1", {"pool": "edge"}, 11), ("node-2", {}, 12))
)


class Outcome(StrEnum):
    """What becomes of a word. There is no other: nothing is ignored in silence."""

    CARRIED_OUT = "carried out"
    PROBLEM = "problem"
    NOTICE = "notice"
    NOT_OURS = "not ours"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a word, and where or why; None where nothing at all was found."""

    outcome: Outcome | None
    how: str


def of_annotation(word: Word) -> Verdict:
    """Try one annotation."""
    return _judged(
        word, _translated(word.beside), _translated(word.beside, {word.name: word.value})
    )


def of_field(word: Word) -> Verdict:
    """Try one field of the spec; `ports[].x` is the list of ports that shows x."""
    name = word.name.partition("[")[0].partition(" ")[0]
    return _judged(word, _translated(word.beside), _translated({**word.beside, name: word.value}))


def of_option(word: Word, section: str) -> Verdict:
    """Try one option of cloud.conf."""
    text = f"[{section}]\n{word.name} = {word.value}\n"
    rows = cloudconf.convert(text, "cloud.conf").rows
    row = next(row for row in rows if row.option == f"[{section}] {word.name}")
    if row.setting:
        return Verdict(Outcome.CARRIED_OUT, f"setting `{row.setting}`")
    return Verdict(Outcome.NOTICE if row.note else None, row.note)


def _translated(
    spec: Mapping[str, Any], annotations: Mapping[str, Any] | None = None
) -> model.Translation:
    service = {
        "metadata": {"namespace": "shop", "name": "web", "annotations": dict(annotations or {})},
        "spec": {"type": "LoadBalancer", "ports": [_PORT], **spec},
    }
    settings = config.Settings.model_validate(_SETTINGS)
    context = translate.Context(settings, {}, live=True, resolved=_RESOLVED)
    listing = model.Listing((service,), _NODES, "uid", "cluster")
    return translate.translate(listing, context)


def _judged(word: Word, without: model.Translation, with_it: model.Translation) -> Verdict:
    new = [problem for problem in with_it.problems if problem not in without.problems]
    for problem in new or with_it.problems:
        return Verdict(Outcome.PROBLEM, str(problem).partition(": ")[2])
    if _made(with_it) != _made(without):
        return Verdict(Outcome.CARRIED_OUT, word.elsewhere)
    told = [notice for notice in with_it.notices if notice not in without.notices]
    if told:
        return Verdict(Outcome.NOTICE, told[0].text)
    return Verdict(Outcome.NOT_OURS if word.elsewhere else None, word.elsewhere)


def _made(found: model.Translation) -> object:
    return found.load_balancers, found.node_groups, found.unclaimed
