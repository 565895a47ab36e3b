"""One request to the API server: raw JSON there and back, and every failure in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import orjson
import urllib3

from tfgen import errors
from tfgen.kube import access, failure

_METHODS = {"list": "GET", "get": "GET", "create": "POST", "patch": "PATCH"}
_TYPES = {"create": "application/json", "patch": "application/merge-patch+json"}
_TIMEOUT = urllib3.Timeout(connect=failure.CONNECT_SECONDS, read=failure.READ_SECONDS)


@dataclass(frozen=True, slots=True)
class Call:
    """What to ask; `verb` and `resource` as RBAC names them."""

    verb: str
    resource: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, object] | None = None

    @property
    def url(self) -> str:
        """Path and query."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    def __str__(self) -> str:
        return f"{self.verb} {self.resource}"


class ApiError(errors.ClusterError):
    """The API server answered, and said no; `status` is the HTTP status."""

    def __init__(self, status: int, words: failure.Words) -> None:
        super().__init__(words.what, remedy=words.remedy)
        self.status = status


def send(connection: access.Connection, call: Call) -> dict[str, Any]:
    """Ask, and give the object that comes back. Raises ApiError or ClusterError."""
    place = failure.Place(connection.server, connection.origin, str(call))
    response = _response(connection, call, place)
    if not 200 <= response.status < 300:  # noqa: PLR2004  the range of success
        raise ApiError(response.status, failure.of_status(place, response.status, response.data))
    try:
        document = orjson.loads(response.data)
    except orjson.JSONDecodeError as error:
        raise failure.raised(failure.not_json(place, response.headers)) from error
    if not isinstance(document, dict):
        raise failure.raised(failure.not_json(place, response.headers))
    return document


def _response(
    connection: access.Connection, call: Call, place: failure.Place
) -> urllib3.BaseHTTPResponse:
    headers = connection.headers()
    if call.body is not None:
        headers["Content-Type"] = _TYPES[call.verb]
    try:
        return connection.pool.request(
            _METHODS[call.verb],
            connection.server + call.url,
            body=None if call.body is None else orjson.dumps(call.body),
            headers=headers,
            timeout=_TIMEOUT,
        )
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise failure.raised(failure.of_network(place, error)) from error
