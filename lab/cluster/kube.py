"""A small client of the Kubernetes API, for the little that the laboratory asks of it."""

import contextlib
import dataclasses
import http.client
import json
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from lab import errors, ports
from lab.settings import Settings

MERGE = "application/merge-patch+json"
JSON = "application/json"


class KubeError(errors.LabError):
    """The API server refused; `code` is its HTTP status."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclasses.dataclass(frozen=True, slots=True)
class Client:
    """The administrator's way to one API server; safe for several threads."""

    port: int
    keys: Path

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Give the API server of a laboratory."""
        port = ports.number(settings.port, ports.Port.KUBERNETES)
        return cls(port, settings.state / "kubernetes")

    def connect(self, seconds: float = 30) -> http.client.HTTPSConnection:
        """Connect anew, as the administrator. Raises OSError if the keys are not there."""
        context = ssl.create_default_context(cafile=str(self.keys / "ca.crt"))
        context.load_cert_chain(self.keys / "admin.crt", self.keys / "admin.key")
        return http.client.HTTPSConnection(ports.HOST, self.port, timeout=seconds, context=context)

    def request(
        self, method: str, path: str, body: object = None, *, content: str = JSON
    ) -> dict[str, Any]:
        """Send a request; the answer's object.

        Raises KubeError if it is refused, DownError if nobody answers.
        """
        data = None if body is None else json.dumps(body)
        headers = {"Content-Type": content, "Accept": JSON}
        try:
            with contextlib.closing(self.connect()) as connection:
                connection.request(method, path, data, headers)
                answer = connection.getresponse()
                text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise errors.DownError("the API server") from error
        check(answer, f"{method} {path}", text)
        found: dict[str, Any] = json.loads(text)
        return found

    def get(self, path: str) -> dict[str, Any]:
        """Give an object or a list."""
        return self.request("GET", path)

    def patch(self, path: str, body: object) -> dict[str, Any]:
        """Merge into an object."""
        return self.request("PATCH", path, body, content=MERGE)

    def watch(self, path: str, version: str, seconds: int = 300) -> Iterator[dict[str, Any]]:
        """Give a collection's events since a resource version, until the server ends the watch.

        Raises KubeError if it refuses to begin.
        """
        query = f"watch=1&resourceVersion={version}&timeoutSeconds={seconds}"
        with contextlib.closing(self.connect(seconds + 30)) as connection:
            connection.request("GET", f"{path}?{query}", headers={"Accept": JSON})
            answer = connection.getresponse()
            if answer.status != http.client.OK:
                check(answer, f"watch {path}", answer.read())
            while line := answer.readline():
                yield json.loads(line)

    def is_ready(self) -> bool:
        """Whether the server says of itself that it is ready."""
        try:
            with contextlib.closing(self.connect(5)) as connection:
                connection.request("GET", "/readyz")
                return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False


def check(answer: http.client.HTTPResponse, what: str, text: bytes) -> None:
    """Raise KubeError if what was asked is refused."""
    if answer.status >= http.client.BAD_REQUEST:
        raise KubeError(answer.status, f"{what}: {answer.status}: {reason(text)}")


def reason(text: bytes) -> str:
    """Give what the API server says against a request."""
    try:
        return str(json.loads(text)["message"])
    except (ValueError, KeyError, TypeError):
        return text.decode(errors="replace")[:300]
