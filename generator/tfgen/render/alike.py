"""The file of one Service, filled into the text that Services of its kind have in common.

In a fleet most Services differ in names and sources alone. What those of a kind have in common is
rendered once, by the same code, with marks in the place of the rest; a file then takes a third of
the time. The text is the same: a kind is all that a record holds, but for what is filled in.
"""

import hashlib
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from operator import attrgetter, itemgetter

from tfgen import hcl, model
from tfgen.render import documents, header

_KINDS = 1024
"""Kinds that are kept."""
_PLAIN = re.compile(r"[A-Za-z0-9 ._/:=@+,()-]*")
"""What HCL writes as it is, in quotes and in a name: only that is filled in."""
_RANDOM = secrets.token_hex(16)
_MARK = re.compile(rf"x{_RANDOM}([a-z0-9]+)x")
"""A place with its name; what nobody can guess stands in no record."""
_FILLED = {"service", "name", "description", "tags", "ports", "health_check_node_port"}
_FILLED_OF_PORT = {"allowed_cidrs", "node_port"}
"""Node ports are facts, and in no file."""
_KIND = attrgetter(*(each.name for each in fields(model.LoadBalancer) if each.name not in _FILLED))
_KIND_OF_PORT = attrgetter(
    *(each.name for each in fields(model.Port) if each.name not in _FILLED_OF_PORT)
)


@dataclass(frozen=True, slots=True)
class File:
    """The intent file of one Service."""

    text: str
    digest: str
    """sha256 of its body, as its header says it."""
    revision: str


def service_file(lb: model.LoadBalancer) -> File:
    """Render the intent file of one Service, whole: as `documents.service_document` does."""
    if lb.group or lb.second:
        return _whole_file(lb)
    forms = _kind(_key(lb)).forms(lb) if _is_plain(lb) else None
    if forms is None:
        blocks = documents.blocks(lb)
        revision = documents.digest(blocks)
        body = blocks + documents.end(lb, revision)
        return _file(lb, revision, body, header.body_digest(body))
    values = _values(lb)
    blocks = forms[0].fill(values)
    hasher = hashlib.sha256(blocks.encode())
    revision = values["revision"] = hasher.hexdigest()[: documents.LENGTH]
    end = forms[1].fill(values)
    hasher.update(end.encode())
    return _file(lb, revision, blocks + end, hasher.hexdigest())


def _whole_file(lb: model.LoadBalancer) -> File:
    """Render a Service that shares its load balancer, or that has two: few are alike."""
    text = documents.service_document(lb)
    parts = header.strip(text)
    return File(text, parts.digest if parts else "", documents.revision(text))


def _file(lb: model.LoadBalancer, revision: str, body: str, digest: str) -> File:
    return File(header.put(f"Service {lb.service}", digest, body), digest, revision)


class _Form:
    """A text with gaps."""

    def __init__(self, marked: str) -> None:
        texts = _MARK.split(marked)
        self._form = "%s".join(text.replace("%", "%%") for text in texts[::2])
        self.names = texts[1::2]
        self._pick: Callable[[dict[str, str]], object] = itemgetter(*self.names)

    def fill(self, values: dict[str, str]) -> str:
        """Fill the gaps."""
        text: str = self._form % self._pick(values)
        return text


Forms = tuple[_Form, _Form]
"""Of the blocks, and of what stands below them."""


class Kind:
    """Services that are alike; one that has no like is rendered as it is."""

    def __init__(self) -> None:
        self._met = False
        self._forms: Forms | None = None

    def forms(self, lb: model.LoadBalancer) -> Forms | None:
        """Give the forms of this kind, from its second Service on."""
        if self._forms is None and self._met:
            self._forms = _forms(lb)
        self._met = True
        return self._forms


@lru_cache(maxsize=_KINDS)
def _kind(key: tuple[object, ...]) -> Kind:  # noqa: ARG001  the cache keeps it by its key
    return Kind()


def _key(lb: model.LoadBalancer) -> tuple[object, ...]:
    ports = [(_KIND_OF_PORT(port), not port.allowed_cidrs) for port in lb.ports]
    return _KIND(lb), len(lb.tags), *ports


def _is_plain(lb: model.LoadBalancer) -> bool:
    texts = (lb.service.namespace, lb.service.name, lb.name, lb.description, *lb.tags)
    return _PLAIN.fullmatch("".join(texts)) is not None


def _values(lb: model.LoadBalancer) -> dict[str, str]:
    """Give the text for each mark but the revision."""
    service = lb.service
    found = {
        "address": service.address,
        "label": service.label,
        "namespace": service.namespace,
        "service": service.name,
        "name": lb.name,
        "description": lb.description,
    }
    for number, tag in enumerate(lb.tags):
        found[f"tag{number}"] = tag
    for number, port in enumerate(lb.ports):
        found[f"sources{number}"] = _sources(port.allowed_cidrs)
    return found


_sources = lru_cache(maxsize=4096)(hcl.literal)


def _mark(name: str) -> str:
    return f"x{_RANDOM}{name}x"


def _marked(lb: model.LoadBalancer) -> model.LoadBalancer:
    return replace(
        lb,
        service=model.ServiceKey(_mark("namespace"), _mark("service")),
        name=_mark("name"),
        description=_mark("description"),
        tags=tuple(_mark(f"tag{number}") for number in range(len(lb.tags))),
        ports=tuple(
            replace(port, allowed_cidrs=(_mark(f"source{number}"),) if port.allowed_cidrs else ())
            for number, port in enumerate(lb.ports)
        ),
    )


def _forms(lb: model.LoadBalancer) -> Forms | None:
    """Make the forms of a Service's kind; None where they would not give the text of its file."""
    marked, values = _marked(lb), {**_values(lb), "revision": "0"}
    pairs = (
        (documents.blocks(marked), documents.blocks(lb)),
        (documents.end(marked, _mark("revision")), documents.end(lb, "0")),
    )
    forms = [_Form(_whole(text, marked)) for text, _ in pairs]
    for form, (_, wanted) in zip(forms, pairs, strict=True):
        if not values.keys() >= set(form.names) or form.fill(values) != wanted:
            return None
    return forms[0], forms[1]


def _whole(text: str, marked: model.LoadBalancer) -> str:
    """Make one mark of what is filled in whole."""
    for several, name in _several(marked):
        text = text.replace(several, _mark(name))
    return text


def _several(marked: model.LoadBalancer) -> Iterator[tuple[str, str]]:
    yield marked.service.address, "address"
    yield marked.service.label, "label"
    for number, port in enumerate(marked.ports):
        if port.allowed_cidrs:
            yield hcl.literal(port.allowed_cidrs), f"sources{number}"
