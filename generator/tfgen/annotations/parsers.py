"""How an annotation's text becomes a value. A bad text is never a default: it is `Invalid`."""

import ipaddress
import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from tfgen import model

_EXPECTED_CIDRS = "CIDRs such as 192.0.2.0/24 or 2001:db8::/32"
_SEPARATORS = re.compile(r"[,\s]+")
_INTEGER = re.compile(r"-?[0-9]{1,10}")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z0-9][-A-Za-z0-9_.]{0,254}")
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_LONGEST_NAME = 253
"""Characters of a DNS name."""
_LONGEST = 255
"""Characters that Octavia's tables hold of a name or a tag."""
_OBJECT = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_CIDR = re.compile(r"[0-9A-Fa-f.:]+/[0-9]{1,3}")
"""Stricter than Python's parser, which takes netmasks and scopes that Kubernetes does not."""
_REFERENCE = re.compile(r"[!-~]{1,255}")
EXPECTED_REFERENCE = "the URL of a secret: at most 255 characters, without white space"
_CIPHERS = re.compile(r"[A-Za-z0-9_-]+(:[A-Za-z0-9_-]+)*")
_PROXIES = {"true": "PROXY", "v1": "PROXY", "v2": "PROXYV2", "false": ""}
_HTTPS = re.compile(r"https://[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?(:[1-9][0-9]{0,4})?/?")


class Invalid(ValueError):  # noqa: N818  a verdict on a value
    """The text is not what the annotation takes; `args[0]` says what is expected."""


def boolean(text: str) -> bool:
    """Read exactly `true` or `false`."""
    if text not in {"true", "false"}:
        raise Invalid('"true" or "false"')
    return text == "true"


def only_true(text: str) -> bool:
    """Read exactly `true`, for a switch that has no other position."""
    if text != "true":
        raise Invalid('"true", or no such annotation')
    return True


def label(text: str) -> str:
    """Read a DNS label: it becomes a part of paths, Terraform addresses and tags."""
    if not _LABEL.fullmatch(text):
        raise Invalid("a DNS label: at most 63 of a-z, 0-9 and -, with no - at its ends")
    return text


def integer(low: int, high: int, unit: str = "") -> Callable[[str], int]:
    """Make a reader of whole numbers from `low` to `high`."""
    expected = f"a whole number of {unit}" if unit else "a whole number"

    def read(text: str) -> int:
        if not _INTEGER.fullmatch(text) or not low <= int(text) <= high:
            raise Invalid(f"{expected} from {low} to {high}")
        return int(text)

    return read


def limit(text: str) -> int:
    """Read a connection limit: -1, which is none, or from 1."""
    try:
        found = integer(-1, model.MOST_CONNECTIONS)(text)
    except Invalid:
        found = 0
    if not found:
        raise Invalid(f"-1 (no limit), or a whole number from 1 to {model.MOST_CONNECTIONS}")
    return found


def one_of(*choices: str) -> Callable[[str], str]:
    """Make a reader of one of some words, spelt exactly."""

    def read(text: str) -> str:
        if text not in choices:
            raise Invalid(f"one of {', '.join(choices)}")
        return text

    return read


def object_id(what: str) -> Callable[[str], str]:
    """Make a reader of the id of an OpenStack object; an empty text sets a setting aside."""

    def read(text: str) -> str:
        if text and not _ID.fullmatch(text):
            raise Invalid(f"the id (UUID) of {what}, or nothing")
        return text.lower()

    return read


def word(what: str) -> Callable[[str], str]:
    """Make a reader of a name of letters, digits, `-`, `_` and `.`."""

    def read(text: str) -> str:
        if not _WORD.fullmatch(text):
            raise Invalid(f"{what}: letters, digits, '-', '_' and '.'")
        return text

    return read


def name(text: str) -> str:
    """Read a name of the cloud's; an empty text sets a setting aside."""
    if text and not (text.isprintable() and text.strip() == text and len(text) <= _LONGEST):
        raise Invalid(f"a name of at most {_LONGEST} characters that print, or nothing")
    return text


def tags(text: str) -> tuple[str, ...]:
    """Read tags that commas divide. Those that say whose an object is are tfgen's own."""
    found = tuple(sorted({part.strip() for part in text.split(",")} - {""}))
    if any(tag == "tfgen" or tag.startswith("tfgen_") for tag in found):
        raise Invalid("tags that do not begin as tfgen's own do (tfgen, tfgen_...)")
    if not all(tag.isprintable() and len(tag) <= _LONGEST for tag in found):
        raise Invalid(f"tags of at most {_LONGEST} characters that print, divided by commas")
    return found


def pattern(text: str) -> str:
    """Read a name, a shell pattern, or a regular expression after `~`; `!` before it negates."""
    expression = text.removeprefix("!")
    if text and not expression.removeprefix("~"):
        raise Invalid("a name, a pattern such as edge-*, or ~ and a regular expression")
    if expression.startswith("~"):
        try:
            re.compile(expression[1:])
        except re.error as error:
            raise Invalid(f"a regular expression after ~ ({error})") from error
    return text


def subnet_tags(text: str) -> str:
    """Read tags that commas divide: `&` before them means all of them, `!` none such."""
    parts = text.removeprefix("!").removeprefix("&").split(",")
    if text and not all(part.strip() and part.isprintable() and "|" not in part for part in parts):
        raise Invalid("tags divided by commas; & before them: all of them; ! before that: not so")
    return text


def matching(pattern: str, expected: str) -> Callable[[str], str]:
    """Make a reader of texts of one form."""
    form = re.compile(pattern)

    def read(text: str) -> str:
        if not form.fullmatch(text):
            raise Invalid(expected)
        return text

    return read


def hostname(text: str) -> str:
    """Read a DNS name, as a Service's status takes it; an empty text says nothing."""
    labels = text.split(".")
    if text and not (len(text) <= _LONGEST_NAME and all(map(_LABEL.fullmatch, labels))):
        raise Invalid("a DNS name of lower-case letters, digits, '-' and '.', or nothing")
    return text


def cidrs(text: str) -> tuple[str, ...]:
    """Read CIDRs that commas or white space divide, as OCCM does. An empty text says nothing."""
    return some_cidrs(text) if text else ()


def some_cidrs(text: str) -> tuple[str, ...]:
    """Read CIDRs, one at least: a list that came out empty must not open a port to the world."""
    found = canonical_cidrs(part for part in _SEPARATORS.split(text) if part)
    if not found:
        raise Invalid(_EXPECTED_CIDRS)
    return found


def canonical_cidrs(texts: Iterable[str]) -> tuple[str, ...]:
    """Normalise (192.168.32.1/24 is 192.168.32.0/24), deduplicate and sort as text.

    Octavia keeps them in a table sorted by text, and the provider compares them as a list.
    """
    return tuple(sorted({_cidr(text) for text in texts}))


@lru_cache(maxsize=65_536)
def _cidr(text: str) -> str:
    trimmed = text.strip()
    if not _CIDR.fullmatch(trimmed):
        raise Invalid(_EXPECTED_CIDRS)
    try:
        return str(ipaddress.ip_network(trimmed, strict=False))
    except ValueError as error:
        raise Invalid(_EXPECTED_CIDRS) from error


def secret_names(text: str) -> tuple[str, ...]:
    """Read names of Secrets that commas divide; the first is for clients without a server name."""
    found = tuple(part.strip() for part in text.split(","))
    if not all(_OBJECT.fullmatch(name) for name in found) or len(set(found)) < len(found):
        raise Invalid("names of Secrets of the Service's namespace, each once, divided by commas")
    return found


def reference(text: str) -> str:
    """Read the reference of a secret; the store says of what form it is. Empty: none."""
    if text and not _REFERENCE.fullmatch(text):
        raise Invalid(EXPECTED_REFERENCE)
    return text


def references(text: str) -> tuple[str, ...]:
    """Read references that commas or white space divide, in their order: the first match counts."""
    return tuple(reference(part) for part in _SEPARATORS.split(text) if part)


def some_of(*choices: str) -> Callable[[str], tuple[str, ...]]:
    """Make a reader of some words, divided by commas or spaces, in the order of the choices."""

    def read(text: str) -> tuple[str, ...]:
        found = {part for part in _SEPARATORS.split(text) if part}
        if not found or not found <= set(choices):
            raise Invalid(f"some of {', '.join(choices)}")
        return tuple(choice for choice in choices if choice in found)

    return read


def ciphers(text: str) -> str:
    """Read OpenSSL's names of ciphers, in their order."""
    if not _CIPHERS.fullmatch(text):
        raise Invalid("names of ciphers as OpenSSL has them, divided by colons")
    return text


def proxy(text: str) -> str:
    """Read which PROXY protocol is spoken, as Octavia's protocol of a pool; "" is none."""
    if text not in _PROXIES:
        raise Invalid('"true" or "v1", "v2", or "false"')
    return _PROXIES[text]


def https(text: str) -> str:
    """Read where a redirect leads: an address of HTTPS without a path, for that is kept."""
    if not _HTTPS.fullmatch(text):
        raise Invalid(
            "https:// and a host, and a port where it is not 443, as in https://example.com"
        )
    return text.rstrip("/")
