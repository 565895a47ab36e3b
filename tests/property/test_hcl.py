"""What holds of quoting for every value."""

import json
import re
import shutil
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tfgen import hcl

_fragments = st.sampled_from(
    [
        "$",
        "%",
        "{",
        "}",
        "${",
        "%{",
        "$${",
        "%%{",
        '"',
        "\\",
        "\n",
        "\r",
        "\t",
        "\0",
        "~}",
        "x",
        "é",
    ]
)
texts = st.text() | st.lists(_fragments, max_size=8).map("".join)
_ESCAPE = re.compile(r'\\([nrt"\\]|u[0-9a-f]{4}|U[0-9a-f]{8})|([$%])\2(?=\{)')
_SHORT = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def unquoted(literal: str) -> str:
    """Read a quoted template back, by the rules of the language."""
    return _ESCAPE.sub(_character, literal[1:-1])


def _character(match: re.Match[str]) -> str:
    if match[2]:
        return match[2]
    return _SHORT.get(match[1]) or chr(int(match[1][1:], 16))


@given(texts)
def test_a_literal_is_one_printable_line_that_reads_back(text: str) -> None:
    """No template starts in it, no quote ends it, and nothing is hidden from a reviewer."""
    literal = hcl.literal(text)
    assert literal.isprintable()
    assert unquoted(literal) == text
    inner = literal[1:-1]
    assert not re.search(r'(?<!\\)(\\\\)*"', inner)
    for start in re.finditer(r"([$%]+)\{", inner):
        assert len(start[1]) % 2 == 0 or start[1][-2:] in {"%$", "$%"} or len(start[1]) > 1


_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.engine
@settings(
    max_examples=3,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.generate],
)
@given(found=st.lists(_values, min_size=150, max_size=200))
def test_the_engine_reads_what_we_meant(
    found: list[Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Hundreds of values in one run of the real engine; it normalises text to NFC, as it says."""
    folder = tmp_path_factory.mktemp("literals")
    (folder / "main.tf").write_text(f'output "all" {{\n  value = {hcl.literal(found)}\n}}\n')
    assert engine_outputs(folder)["all"]["value"] == _nfc(found)


def engine_outputs(folder: Path) -> dict[str, Any]:
    """Apply a configuration of outputs, and read them."""
    engine = shutil.which("terraform") or "tofu"
    apply = [engine, "apply", "-auto-approve", "-no-color", "-input=false"]
    subprocess.run(apply, cwd=folder, check=True, capture_output=True)
    output = [engine, "output", "-json"]
    printed = subprocess.run(output, cwd=folder, check=True, capture_output=True).stdout
    read: dict[str, Any] = json.loads(printed)
    return read


def _nfc(value: Any) -> Any:  # noqa: ANN401  any value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return list(map(_nfc, value))
    if isinstance(value, dict):
        return {_nfc(key): _nfc(inner) for key, inner in value.items()}
    return value
