"""The rows of the vocabulary that are read: what is good, what is bad, and what comes of it."""

from tests.fakes.vocabulary import placed, spoken, traffic
from tests.fakes.vocabulary.reading import NETWORK, RESOLVED, document, problem
from tests.fakes.vocabulary.words import OTHER, SECRET, L, Row, T

__all__ = [
    "BESIDE",
    "INPUTS",
    "NETWORK",
    "OTHER",
    "RESOLVED",
    "L",
    "T",
    "document",
    "problem",
]

HSTS = {L + "default-tls-container-ref": SECRET, T + "hsts-max-age": "1"}
ASKED = tuple(f"{T}health-monitor-{each}" for each in ("path", "codes", "method", "host"))
ASKING = {T + "health-monitor-type": "HTTP"}
BESIDE: dict[str, dict[str, str]] = {
    **dict.fromkeys((T + "tls-sni-refs", T + "tls-versions", T + "tls-ciphers"), HSTS),
    **dict.fromkeys((T + "alpn-protocols", T + "hsts-max-age"), HSTS),
    **dict.fromkeys(ASKED, ASKING),
    **dict.fromkeys((T + "hsts-include-subdomains", T + "hsts-preload"), HSTS),
}
"""What an annotation means nothing without."""
INPUTS: list[Row] = [*traffic.ROWS, *placed.ROWS, *spoken.ROWS]
