"""Writing single values as YAML that reads back the same, in any YAML."""

import io
import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

_PLAIN = re.compile(r"[A-Za-z][A-Za-z_]*([-./][A-Za-z_]+)*")
_WORDS = {"true", "false", "yes", "no", "on", "off", "y", "n", "null"}
_WIDEST = 4096


def flow(value: object) -> str:
    """Write a value on one line: `[a, {name: "b c"}]`."""
    yaml = YAML()
    yaml.width = _WIDEST
    yaml.default_flow_style = True
    text = io.StringIO()
    yaml.dump({"_": _quoted(value)}, text)
    return text.getvalue().strip().removeprefix("{_: ").removesuffix("}")


def _quoted(value: Any) -> Any:  # noqa: ANN401  a value of a setting can be anything in YAML
    """Quote all text but plain words: numbers, dates and `no` stay text for every reader."""
    if isinstance(value, dict):
        return {key: _quoted(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_quoted(child) for child in value]
    if isinstance(value, str) and not (_PLAIN.fullmatch(value) and value.lower() not in _WORDS):
        return DoubleQuotedScalarString(value)
    return value
