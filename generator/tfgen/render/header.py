"""The header of each file: who made it, from what, and the digest that shows a hand edit."""

import hashlib
import re
from dataclasses import dataclass

_MADE = "# Made by tfgen from "
_DIGEST_LINE = "# tfgen-digest: sha256:"
_HEADER = re.compile(
    r"# Made by tfgen from (?P<origin>[^\n]*)\. Edits are lost[^\n]*\n"
    r"# tfgen-digest: sha256:(?P<digest>[0-9a-f]{64})\n\n"
)


@dataclass(frozen=True, slots=True)
class Parts:
    """A file of ours, taken apart."""

    origin: str
    digest: str
    body: str

    @property
    def edited(self) -> bool:
        """Whether the body is another than the one that was written."""
        return body_digest(self.body) != self.digest


def body_digest(body: str) -> str:
    """Give the sha256 of a body; line ends do not count, for Git may change them."""
    normal = body.replace("\r\n", "\n") if "\r" in body else body
    return hashlib.sha256(normal.encode()).hexdigest()


def add(origin: str, body: str) -> str:
    """Put the header before a body."""
    return put(origin, body_digest(body), body)


def put(origin: str, digest: str, body: str) -> str:
    """Put the header before a body whose digest is known."""
    return (
        f"{_MADE}{origin}. Edits are lost: change what it was made from.\n"
        f"{_DIGEST_LINE}{digest}\n\n{body}"
    )


def starts(text: str, *origins: str) -> bool:
    """Whether a file says that we made it from what begins so: quick, and no proof of it."""
    return text.startswith(tuple(_MADE + origin for origin in origins))


def strip(text: str) -> Parts | None:
    """Take a file apart; None where it does not carry our header, so is not ours."""
    normal = text.replace("\r\n", "\n") if "\r" in text else text
    match = _HEADER.match(normal)
    if not match:
        return None
    return Parts(match["origin"], match["digest"], normal[match.end() :])


def is_ours(text: str) -> bool:
    """Whether a file carries our header."""
    return strip(text) is not None
