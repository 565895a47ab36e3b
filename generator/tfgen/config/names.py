"""What must hold of the names in the cloud: two Services never share one, and Octavia takes it."""

import re
from collections.abc import Iterator

from tfgen.config import faults, settings

_PLACEHOLDERS = ("{cluster}", "{namespace}", "{name}")
_PARTS = re.compile(r"(\{[^{}]*\})")
_OF_A_LABEL = re.compile(r"[a-z0-9-]*")
"""Between two placeholders this tells nothing: a-b and c is then a and b-c."""
_LONGEST_LABEL = 63
_LONGEST_PORT = len("_sctp-65535")
_MOST = 255
"""Characters of a name in Octavia, and in Neutron."""
_REMEDY = 'Write it as in "{cluster}_{namespace}_{name}".'


def broken(section: settings.Names) -> Iterator[faults.Broken]:
    """Give what the names break."""
    template = section.load_balancer
    expected = _lacks(template)
    if expected:
        yield faults.Broken(("load_balancer",), faults.shown(template), expected, _REMEDY)


def _lacks(template: str) -> str:
    """Say what the first rule that a template breaks expects; nothing where it keeps all."""
    literals, placeholders = _PARTS.split(template)[::2], _PARTS.findall(template)
    text = "".join(literals)
    if set(placeholders) != set(_PLACEHOLDERS) or "{" in text or "}" in text:
        return "text with {cluster}, {namespace} and {name}, and no other braces"
    if any(_OF_A_LABEL.fullmatch(literal) for literal in literals[1:-1]):
        return "'_' or another sign that no name has between two placeholders"
    if not text.isprintable():
        return "signs that print"
    longest = len(text) + _LONGEST_LABEL * len(placeholders) + _LONGEST_PORT
    if longest > _MOST:
        return f"at most {_MOST} characters where each name has {_LONGEST_LABEL} (now {longest})"
    return ""
