"""The JSON that a command printed, whatever stands before it.

OpenTofu prints warnings about its own configuration on standard output, also with `-json`.
"""

import re
from typing import Any

import orjson

_BEGIN = re.compile(r"^\{", re.MULTILINE)


def text(stdout: str) -> str:
    """Give the JSON text; nothing where there is none."""
    begin = _BEGIN.search(stdout)
    return stdout[begin.start() :] if begin else ""


def document(stdout: str) -> dict[str, Any]:
    """Read the JSON object. Raises ValueError where there is none."""
    return dict(orjson.loads(text(stdout)))
