"""Reading cloud.conf: the syntax of Go's gcfg, which is that of Git's own configuration.

Section and option names have no case; a subsection stands in quotes; values may be quoted in
part, with escapes; `#` and `;` begin comments outside quotes; a lone backslash continues a line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tfgen import errors

_SECTION = re.compile(r"\[\s*([A-Za-z0-9-]+)(?:\s+\"((?:[^\"\\]|\\.)*)\")?\s*\]\s*(?:[#;].*)?")
_OPTION = re.compile(r"([A-Za-z][\w-]*)\s*(?:(=)(.*)|(?:[#;].*)?)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "b": "\b", "\\": "\\", '"': '"'}


@dataclass(frozen=True, slots=True)
class Option:
    """One line `name = value` in its section; names in lower case."""

    section: str
    subsection: str
    name: str
    value: str
    """A name alone, without `=`, means true."""
    line: int


def parse(text: str, name: str) -> tuple[Option, ...]:
    """Read all options in order. Raises SettingsError naming file and line, not the value."""
    section, subsection, found = "", "", []
    for number, line in _logical_lines(text):
        opened = _SECTION.fullmatch(line)
        if opened:
            section, subsection = opened[1].lower(), _unescaped(opened[2] or "")
            continue
        option = _OPTION.fullmatch(line)
        value = _value(option[3] or "") if option and section else None
        if option is None or value is None:
            raise errors.SettingsError(
                f"{name}:{number}: no section and no option of a cloud.conf",
                remedy='Expected [Section], [Section "name"] or option = value.',
            )
        given = value if option[2] else "true"
        found.append(Option(section, subsection, option[1].lower(), given, number))
    return tuple(found)


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Join continued lines, and leave out empty ones and whole-line comments."""
    whole, start = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        start = start or number
        if re.search(r"(?<!\\)(\\\\)*\\$", line):
            whole += line[:-1]
            continue
        bare = (whole + line).strip()
        if bare and bare[0] not in "#;":
            yield start, bare
        whole, start = "", 0
    if whole.strip():
        yield start, whole.strip()


def _value(raw: str) -> str | None:
    """Take quotes, escapes and a comment out of a value; None where a quote stays open.

    White space around the value goes, but not what stands within quotes.
    """
    text, kept, quoted, rest = "", 0, False, iter(raw)
    for character in rest:
        if character == "\\":
            text += _ESCAPES.get(next(rest, ""), "")
            kept = len(text)
        elif character == '"':
            quoted = not quoted
            kept = len(text)
        elif character in "#;" and not quoted:
            break
        elif text or quoted or not character.isspace():
            text += character
            kept = len(text) if quoted or not character.isspace() else kept
    return None if quoted else text[:kept]


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
