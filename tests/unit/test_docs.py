"""The generated pages are what the code says, and what pages by hand point at is there."""

import re
import subprocess
from pathlib import Path

import pytest

from tools import cli_page, docs, exit_codes_page

_LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\((?P<target>[^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#+ (?P<text>.+)$", re.MULTILINE)


def _pages() -> list[str]:
    listing = ("git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "*.md")
    done = subprocess.run(listing, cwd=docs.ROOT, capture_output=True, text=True, check=True)
    return [path for path in done.stdout.splitlines() if (docs.ROOT / path).is_file()]


def _anchors(page: Path) -> set[str]:
    """Give the anchors of a page, as GitHub makes them from headings."""
    headings = _HEADING.findall(_FENCE.sub("", page.read_text()))
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings}


def _broken(page: Path) -> list[str]:
    text = _FENCE.sub("", page.read_text())
    targets = (match["target"] for match in _LINK.finditer(text))
    return [target for target in targets if ":" not in target and not _leads(page, target)]


def _leads(page: Path, target: str) -> bool:
    path, _, anchor = target.partition("#")
    found = page.parent / path if path else page
    return found.exists() and (not anchor or anchor in _anchors(found))


def test_generated_pages_are_up_to_date() -> None:
    """Every generated page, and every quotation of a file, is what the code gives."""
    assert docs.stale(docs.ROOT) == (), f"run: {docs.COMMAND}"


def test_check_names_a_stale_page_and_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--check` writes nothing, names what is stale and how to mend it, and ends with 1."""
    docs.write(tmp_path)
    page = tmp_path / "docs/reference/cli.md"
    page.write_text("old")

    assert docs.main(["--check"], tmp_path) == 1
    assert capsys.readouterr().out == "docs/reference/cli.md: stale; run: make docs\n"
    assert page.read_text() == "old"


def test_writing_mends_what_check_finds(tmp_path: Path) -> None:
    """After a writing nothing is stale, and a second one writes nothing."""
    assert docs.main([], tmp_path) == 0
    assert docs.main(["--check"], tmp_path) == 0
    assert docs.write(tmp_path) == ()


def test_a_quotation_follows_its_file(tmp_path: Path) -> None:
    """A page by hand shows the file that it quotes as it stands, and keeps the rest."""
    (tmp_path / "lb.tf").write_text("a = 1\n")
    readme = tmp_path / "README.md"
    readme.write_text("before\n<!-- file: lb.tf -->\nold\n<!-- end -->\nafter\n")

    assert "README.md" in docs.write(tmp_path)
    assert readme.read_text() == (
        "before\n<!-- file: lb.tf -->\n```hcl\na = 1\n```\n<!-- end -->\nafter\n"
    )


def test_every_flag_has_its_variable() -> None:
    """Each flag of each command has a TFGEN_ twin of its own name."""
    options = [
        option
        for command in cli_page.commands().values()
        for option in command.params
        if option.param_type_name == "option"
    ]
    twins = {option.opts[0]: option.envvar for option in options}
    expected = {flag: f"TFGEN_{flag[2:].upper().replace('-', '_')}" for flag in twins}
    assert "--from" in twins
    assert twins == expected


def test_exit_codes_stand_in_the_order_in_which_they_win() -> None:
    """The page says which code speaks where several apply."""
    assert "speaks: 130, 64, 1, 3, 5, 4, 2, 0." in exit_codes_page.page()


@pytest.mark.parametrize("path", _pages())
def test_links_lead_somewhere(path: str) -> None:
    """A relative link names a file that is there, and an anchor a heading of it."""
    assert _broken(docs.ROOT / path) == []
