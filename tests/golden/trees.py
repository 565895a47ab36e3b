"""Comparing folders of text both ways, and accepting what is there now."""

import difflib
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

UPDATE = "make golden    # rewrites what is expected; read the difference before you commit it"


def texts(folder: Path) -> dict[str, str]:
    """Read all files of a folder, by path."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_text() for path in found}


def check(expected: Path, found: Mapping[str, str], *, update: bool) -> None:
    """Fail where a folder does not hold these texts: missing, extra and different ones are shown.

    With `update` the folder is made to hold them.
    """
    if update:
        _replace(expected, found)
    lines = list(_differences(texts(expected), found))
    if lines:
        pytest.fail(
            "\n".join([f"{expected} is not what is rendered:", *lines, UPDATE]), pytrace=False
        )


def _replace(folder: Path, found: Mapping[str, str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for path, text in found.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


def _differences(expected: Mapping[str, str], found: Mapping[str, str]) -> Iterator[str]:
    for path in sorted(expected.keys() | found.keys()):
        if path not in found:
            yield f"missing: {path}"
        elif path not in expected:
            yield f"extra: {path}"
        elif expected[path] != found[path]:
            yield from _diff(path, expected[path], found[path])


def _diff(path: str, expected: str, found: str) -> Iterator[str]:
    names = (f"expected/{path}", f"rendered/{path}")
    yield from difflib.unified_diff(
        expected.splitlines(), found.splitlines(), *names, lineterm="", n=2
    )
