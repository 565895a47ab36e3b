"""The generated pages are what the code says, and what pages by hand point at is there."""

import ast
import functools
import os
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from tools import cli_page, docs, exit_codes_page

_LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\((?P<target>[^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_CODE = re.compile(
    r"^```(?:sh|console|yaml|text)\n(?P<block>.*?)^```|(?<!### )`(?P<span>[^`\n]+)`",
    re.DOTALL | re.MULTILINE,
)
_COMMENT = re.compile(r"(?:^|\s)#.*$", re.MULTILINE)
_CALL = re.compile(r"(?<![\w/.-])(?<!from )tfgen(?: +[^\s|&;]+)+")
_YAML = re.compile(r"^```yaml\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE)
_PLANNED = {"tfgen review", "tfgen run --watch"}
"""What the pages name as not built yet."""
_PLACEHOLDER = re.compile(r"^[A-Z]{6,}$", re.MULTILINE)
_BUILT = {"build", "dist"}
_HEADING = re.compile(r"^#+ (?P<text>.+)$", re.MULTILINE)


_PRINTED = re.compile(r"<!-- (\w+) output -->.*?<!-- end of \1 output -->", re.DOTALL)
"""What a command printed: quoted as it came, not for anybody to type."""


def _calls(page: Path) -> set[str]:
    """Give every call of tfgen that a page shows as code."""
    found = (
        match["block"] or match["span"]
        for match in _CODE.finditer(_PRINTED.sub("", page.read_text()))
    )
    return {call for code in found for call in _CALL.findall(_COMMENT.sub("", code or ""))}


@functools.cache
def _commands() -> Mapping[str, cli_page.Command]:
    return cli_page.commands()


def _exists(call: str) -> bool:
    """Whether a call names a command, and only flags that this command has."""
    if call.startswith(("tfgen COMMAND", "tfgen --")):
        return True
    commands = _commands()
    name = max((name for name in commands if f"{call} ".startswith(f"{name} ")), default="")
    if not name:
        return False
    options = commands[name].params
    flags = {flag for option in options for flag in (*option.opts, *option.secondary_opts)}
    given = {word.partition("=")[0] for word in call.split() if word.startswith("-")}
    return given <= {*flags, "-", "--help"}


def _texts() -> set[str]:
    """Give every piece of text in the code of the package."""
    trees = (ast.parse(path.read_text()) for path in (docs.ROOT / "generator").rglob("*.py"))
    nodes = (node for tree in trees for node in ast.walk(tree))
    constants = (node.value for node in nodes if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, str)}


def _pages() -> list[str]:
    """Give the pages by hand and the generated ones; hidden and built folders hold none of ours."""
    found = []
    for folder, folders, names in os.walk(docs.ROOT):
        folders[:] = [name for name in folders if name[0] != "." and name not in _BUILT]
        found += [Path(folder, name) for name in names if name.endswith(".md")]
    return sorted(str(path.relative_to(docs.ROOT)) for path in found)


def _current() -> list[str]:
    """Give the pages that say what holds today: decisions look back and ahead."""
    return [path for path in _pages() if not path.startswith("docs/adr/")]


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
def test_nothing_is_left_to_fill_in(path: str) -> None:
    """No line of a page is a placeholder: one word of capital letters, outside code."""
    assert _PLACEHOLDER.findall(_FENCE.sub("", (docs.ROOT / path).read_text())) == []


@pytest.mark.parametrize("path", _pages())
def test_links_lead_somewhere(path: str) -> None:
    """A relative link names a file that is there, and an anchor a heading of it."""
    assert _broken(docs.ROOT / path) == []


def test_troubleshooting_quotes_messages_that_exist() -> None:
    """Every message that heads a section stands in the code, but for what `...` leaves out."""
    page = (docs.ROOT / "docs/troubleshooting.md").read_text()
    messages = re.findall(r"^### `(.+)`$", page, re.MULTILINE)
    pieces = {piece.strip() for message in messages for piece in message.split("...")}
    texts = _texts()
    assert len(messages) > 20
    assert {piece for piece in pieces if not any(piece in text for text in texts)} == set()


@pytest.mark.parametrize("path", _current())
def test_commands_in_pages_exist(path: str) -> None:
    """Every call of tfgen that a page shows has a command and flags that are there."""
    calls = _calls(docs.ROOT / path)
    assert [call for call in sorted(calls - _PLANNED) if not _exists(call)] == []


def test_what_is_planned_is_not_there() -> None:
    """A page that says `not built yet` is mended when it is built."""
    assert [call for call in sorted(_PLANNED) if _exists(call)] == []


@pytest.mark.parametrize("path", _current())
def test_yaml_in_pages_is_yaml(path: str) -> None:
    """Every block of YAML in a page can be read."""
    for match in _YAML.finditer((docs.ROOT / path).read_text()):
        assert list(yaml.safe_load_all(match["text"]))
