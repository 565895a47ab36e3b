"""Why the API server could not be asked, or refused: in words, with the remedy."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from urllib3 import exceptions

from tfgen import errors

CONNECT_SECONDS, READ_SECONDS = 5, 60
ROLES = "docs/rbac.yaml"
_BUSY = {HTTPStatus.TOO_MANY_REQUESTS, *(status for status in HTTPStatus if status >= 500)}  # noqa: PLR2004  server errors
_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Place:
    """Who was asked what, by whom."""

    server: str
    origin: str
    call: str
    """Verb and resource: "list services"."""


@dataclass(frozen=True, slots=True)
class Words:
    """What went wrong, and what to do."""

    what: str
    remedy: str


def raised(words: Words) -> errors.ClusterError:
    """Make an exception of words."""
    return errors.ClusterError(words.what, remedy=words.remedy)


def of_status(place: Place, status: int, body: bytes) -> Words:
    """Word an answer that is a refusal; the API server says why in a Status object."""
    message = _message(body)
    if status == HTTPStatus.UNAUTHORIZED:
        return Words(
            f"cluster {place.server} does not know us: {place.call}: 401 Unauthorized",
            f"The credentials of {place.origin} are missing, wrong or expired: log in again, "
            "then check with: kubectl auth whoami",
        )
    if status == HTTPStatus.FORBIDDEN:
        return _forbidden(place, message)
    said = f": {message}" if message else ""
    return Words(
        f"cluster {place.server}: {place.call} failed: {_phrase(status)}{said}",
        "The API server is busy or starting; try again." if status in _BUSY else "",
    )


def _forbidden(place: Place, message: str) -> Words:
    named = re.search(r'User "([^"]+)"', message)
    who = named[1] if named else "this user"
    verb, _, resource = place.call.partition(" ")
    plain, _, subresource = resource.partition("/")
    option = f" --subresource={subresource}" if subresource else ""
    return Words(
        f"cluster {place.server}: {who} may not {place.call}: 403 Forbidden: {message}",
        f"Give {who} the roles of {ROLES}, then check with: "
        f"kubectl auth can-i {verb} {plain}{option} --all-namespaces",
    )


def of_network(place: Place, error: Exception) -> Words:
    """Word a request that had no answer, or half of one."""
    reason = error.reason if isinstance(error, exceptions.MaxRetryError) else error
    what = f"cluster {place.server} cannot be reached ({place.call}): {_reason(reason)}"
    if isinstance(reason, exceptions.SSLError):
        return Words(
            what,
            f"Check certificate-authority and client certificate in {place.origin}, or whether "
            "it names the right server.",
        )
    return Words(
        what,
        f"Is the cluster up, and the right one? It comes from {place.origin}; see: "
        "kubectl config get-contexts",
    )


# The first that fits counts: some are special cases of those below them.
_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (exceptions.NameResolutionError, "its name cannot be resolved"),
    (exceptions.NewConnectionError, "no connection: {}"),
    (exceptions.ConnectTimeoutError, f"no connection within {CONNECT_SECONDS} s"),
    (exceptions.ReadTimeoutError, f"no answer within {READ_SECONDS} s"),
    (exceptions.SSLError, "TLS: {}"),
    (exceptions.ProxyError, "proxy: {}"),
    (exceptions.ProtocolError, "the connection broke before the answer was whole"),
)


def _reason(reason: BaseException | None) -> str:
    words = next((words for kind, words in _REASONS if isinstance(reason, kind)), "{}")
    return words.format(_tail(reason))


def _tail(reason: object) -> str:
    """Give a library's text without the name of the object that it begins with."""
    return re.sub(r"^(<.*?>|\w+\(.*?\)): ", "", str(reason))[:_SHOWN]


def not_json(place: Place, headers: Mapping[str, str]) -> Words:
    """Word an answer that is no JSON object: cut, or not from an API server."""
    return Words(
        f"cluster {place.server}: {place.call}: the answer is no JSON object, or a cut one "
        f"(Content-Type {headers.get('Content-Type', 'missing')})",
        f"Is this the address of a Kubernetes API server? It comes from {place.origin}.",
    )


def _message(body: bytes) -> str:
    try:
        document: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    text = document.get("message", "") if isinstance(document, dict) else ""
    return " ".join(str(text).split())[:_SHOWN]


def _phrase(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
