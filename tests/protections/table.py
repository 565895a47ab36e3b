"""The table: one TOML file per theme, read whole and checked."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = Path("generator/tfgen")


@dataclass(frozen=True, slots=True)
class Protection:
    """One protection: a text of a source file, and that text without it."""

    theme: str
    what: str
    """What it protects from, as a sentence."""
    path: Path
    """From the repository's root."""
    text: str
    without: str
    tests: tuple[str, ...]
    """Files of tests, from `tests/`: one of them at least must fail without it."""

    def removed(self, source: str) -> str:
        """Give a source file's text without it. Raises ValueError where it does not stand once."""
        if (count := source.count(self.text)) != 1:
            raise ValueError(f"{self.path}: {self.text!r} stands {count} times; expected once")
        return source.replace(self.text, self.without)


def themes() -> dict[str, tuple[Protection, ...]]:
    """Give the protections of each theme, by its name, in the order of the files."""
    files = sorted(Path(__file__).parent.glob("*.toml"))
    return {path.stem: tuple(_read(path)) for path in files}


def _read(path: Path) -> Iterator[Protection]:
    for entry in tomllib.loads(path.read_text())["protection"]:
        yield Protection(
            theme=path.stem,
            what=entry["what"],
            path=SOURCE / entry["file"],
            text=entry["text"],
            without=entry["without"],
            tests=tuple(f"tests/{test}" for test in entry["tests"]),
        )
