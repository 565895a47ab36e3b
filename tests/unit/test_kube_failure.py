"""Failures of the API server in words."""

from socket import gaierror

import pytest
from urllib3 import connection, exceptions
from urllib3.connectionpool import HTTPSConnectionPool

from tfgen.kube import failure

PLACE = failure.Place("https://h:6443", "kubeconfig k", "list services")
POOL = HTTPSConnectionPool("h", 6443)
HTTPS = connection.HTTPSConnection("h", 6443)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (
            exceptions.NameResolutionError("h", HTTPS, gaierror()),
            "its name cannot be resolved",
        ),
        (exceptions.ConnectTimeoutError(POOL, "x"), "no connection within 5 s"),
        (exceptions.NewConnectionError(HTTPS, "no route"), "no connection: no route"),
        (exceptions.ReadTimeoutError(POOL, "/", "x"), "no answer within 60 s"),
        (exceptions.SSLError("certificate verify failed"), "TLS: certificate verify failed"),
        (exceptions.ProxyError("refused", OSError()), "proxy: ('refused', OSError())"),
        (exceptions.ProtocolError("cut"), "the connection broke before the answer was whole"),
        (PermissionError(13, "Permission denied"), "[Errno 13] Permission denied"),
    ],
)
def test_what_the_network_did_is_said_in_our_words(error: Exception, reason: str) -> None:
    """Also where the library wraps it; never with the name of one of its objects."""
    wrapped = exceptions.MaxRetryError(POOL, "/api/v1/services", error)
    for each in (error, wrapped):
        words = failure.of_network(PLACE, each)
        assert words.what == (f"cluster https://h:6443 cannot be reached (list services): {reason}")
        assert "kubeconfig k" in words.remedy


@pytest.mark.parametrize(
    ("status", "body", "said", "busy"),
    [
        (
            429,
            b'{"message": "too many requests"}',
            "429 Too Many Requests: too many requests",
            True,
        ),
        (503, b"<html>", "503 Service Unavailable", True),
        (418, b"", "418 I'm a Teapot", False),
        (599, b"[]", "599", False),
    ],
)
def test_other_answers_are_repeated_shortly(
    status: int,
    body: bytes,
    said: str,
    busy: bool,  # noqa: FBT001  a column of the table
) -> None:
    """With the API server's own words where it has any."""
    words = failure.of_status(PLACE, status, body)
    assert words.what == f"cluster https://h:6443: list services failed: {said}"
    assert ("try again" in words.remedy) is busy


def test_a_refusal_that_names_nobody_is_still_a_refusal() -> None:
    """A proxy before the API server answers 403 in its own way."""
    words = failure.of_status(PLACE, 403, b"denied")
    assert words.what.startswith("cluster https://h:6443: this user may not list services: 403")
