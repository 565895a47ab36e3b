"""The generated pages: `python -m tools.docs` writes them, with `--check` it says which are stale.

A page is made whole from the code that it describes. A hand-written page can quote a file of the
project, between a `<!-- file: PATH -->` and a `<!-- end -->`; the quotation is made here.
"""

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from tfgen.annotations import reference as annotations
from tfgen.config import reference as settings
from tools import cli_page, exit_codes_page, reliability
from tools.coverage import page as coverage

ROOT = Path(__file__).parents[1]
COMMAND = "make docs"

PAGES: Mapping[str, Callable[[], str]] = {
    "docs/reference/annotations.md": annotations.page,
    "docs/reference/cli.md": cli_page.page,
    "docs/reference/exit-codes.md": exit_codes_page.page,
    "docs/reference/occm-coverage.md": coverage.page,
    "docs/reference/settings.md": settings.page,
}
QUOTING = ("README.md", "docs/*.md")
"""Pages by hand that may quote files."""

_QUOTATION = re.compile(r"<!-- file: (?P<path>\S+) -->\n.*?<!-- end -->", re.DOTALL)
_LANGUAGES = {".tf": "hcl", ".json": "json", ".yaml": "yaml"}


def stale(root: Path) -> tuple[str, ...]:
    """Give the pages that are not what the code says, sorted."""
    return tuple(sorted([*_differing(root, _made()), *_differing(root, _quoting(root))]))


def write(root: Path) -> tuple[str, ...]:
    """Write what is stale, and give its paths; whole pages first, for others may quote them."""
    return (*_written(root, _made()), *_written(root, _quoting(root)))


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Run the command line; 1 where `--check` finds a stale page."""
    parser = argparse.ArgumentParser(prog="python -m tools.docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if a page is stale")
    check = parser.parse_args(arguments).check
    for path in stale(root) if check else write(root):
        sys.stdout.write(f"{path}: {f'stale; run: {COMMAND}' if check else 'written'}\n")
    amiss = reliability.amiss(root) if check else ()
    sys.stdout.writelines(f"{each}\n" for each in amiss)
    return int(check and bool(stale(root) or amiss))


def _made() -> Iterator[tuple[str, str]]:
    yield from ((path, page()) for path, page in PAGES.items())


def _differing(root: Path, pages: Iterable[tuple[str, str]]) -> list[str]:
    return [path for path, text in pages if _read(root / path) != text]


def _written(root: Path, pages: Iterable[tuple[str, str]]) -> Iterator[str]:
    for path, text in pages:
        if _read(root / path) != text:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
            yield path


def _quoting(root: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(path for pattern in QUOTING for path in root.glob(pattern)):
        text = path.read_text()
        quoted = _QUOTATION.sub(lambda match: _quotation(root, match["path"]), text)
        yield str(path.relative_to(root)), quoted


def _quotation(root: Path, path: str) -> str:
    text = _read(root / path)
    if text is None:
        raise SystemExit(f"a page quotes {path}, which is not there")
    language = _LANGUAGES.get(Path(path).suffix, "text")
    text = text.strip("\n")
    return f"<!-- file: {path} -->\n```{language}\n{text}\n```\n<!-- end -->"


def _read(path: Path) -> str | None:
    return path.read_text() if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
