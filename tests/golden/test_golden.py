"""Each case is a folder: inputs, and what `tfgen render` makes of them.

input.yaml          Services and Nodes; the first line says what the case shows
arguments           further flags
tfgen.yaml          settings, where they are not those beside this file
before.yaml         what was rendered before, with before-arguments and before-tfgen.yaml
tfgen-resolved.json what only a cloud or a Secret can tell, where something hangs on it
edit                a hand edit after that: path, a line, and the line in its place
expected/           the tree, without the modules (examples/ have them)
expected-output/    messages and exit code; where something was there before, what changed
"""

import shutil
from pathlib import Path

import pytest

from tests.golden import trees
from tfgen import annotations, cli, resolved

HERE = Path(__file__).parent
INPUTS = "".join(
    path.read_text()
    for folder in (HERE, HERE.parents[1] / "examples")
    for path in sorted(folder.glob("*/*.yaml"))
)
CASES = sorted(path.parent.name for path in HERE.glob("*/input.yaml"))


class Case:
    """One case, played in a folder of its own."""

    def __init__(self, name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.source = HERE / name
        self._folder = folder
        self._capsys = capsys

    def play(self) -> tuple[dict[str, str], dict[str, str]]:
        """Render, after what went before; give the tree, and what was printed."""
        known = self.source / resolved.FILE
        if known.exists():
            (self._folder / "infra").mkdir()
            shutil.copy(known, self._folder / "infra")
        if (self.source / "before.yaml").exists():
            code, _, messages = self._render("before")
            assert code == 0, messages
            self._edit()
        code, changes, messages = self._render("")
        arguments = " ".join(self._arguments(""))
        head = f"$ tfgen render --from input.yaml --diff {arguments}".rstrip()
        printed = {"messages.txt": f"{head}\n{messages}exit code {code}\n"}
        if (self.source / "before.yaml").exists():
            printed["changes.diff"] = changes
        return self._tree(), printed

    def _render(self, step: str) -> tuple[int, str, str]:
        before = f"{step}-" if step else ""
        settings = self.source / f"{before}tfgen.yaml"
        shutil.copy(
            settings if settings.exists() else HERE / "tfgen.yaml", self._folder / "tfgen.yaml"
        )
        source = self.source / ("before.yaml" if step else "input.yaml")
        shutil.copy(source, self._folder / "input.yaml")
        code = cli.app.run(["render", "--from", "input.yaml", "--diff", *self._arguments(before)])
        printed = self._capsys.readouterr()
        return code, printed.out, printed.err.replace(f"{self._folder}/", "")

    def _arguments(self, before: str) -> list[str]:
        path = self.source / f"{before}arguments"
        return path.read_text().split() if path.exists() else []

    def _edit(self) -> None:
        if (self.source / "edit").exists():
            path, line, other = (self.source / "edit").read_text().splitlines()
            target = self._folder / "infra" / path
            assert line in target.read_text()
            target.write_text(target.read_text().replace(line, other))

    def _tree(self) -> dict[str, str]:
        whole = trees.texts(self._folder / "infra")
        return {path: text for path, text in whole.items() if not path.startswith("modules/")}


@pytest.mark.parametrize("name", CASES)
def test_a_case_is_rendered_as_expected(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str], *, update_golden: bool
) -> None:
    """Tree, messages, exit code and difference are those that were reviewed."""
    case = Case(name, folder, capsys)
    tree, printed = case.play()
    trees.check(case.source / "expected-output", printed, update=update_golden)
    trees.check(case.source / "expected", tree, update=update_golden)


def test_every_folder_is_a_case() -> None:
    """A case without its input would be no test."""
    folders = {path.name for path in HERE.iterdir() if path.is_dir() and path.name[0] != "_"}
    assert folders == set(CASES)


@pytest.mark.parametrize("row", annotations.TABLE.values(), ids=annotations.TABLE)
def test_every_row_is_in_a_case(row: annotations.Annotation) -> None:
    """Of each annotation a person can see what comes of it."""
    said = {f"{row.key}:", *([f".{row.setting}:"] if row.per_port else [])}
    assert any(each in INPUTS for each in said)


def test_a_difference_is_shown_and_the_way_out_told(tmp_path: Path) -> None:
    """Missing, extra and different files; the last line is the command that accepts them."""
    trees.check(tmp_path, {"same": "a\n", "other": "b\n", "lost": ""}, update=True)
    with pytest.raises(pytest.fail.Exception) as told:
        trees.check(tmp_path, {"same": "a\n", "other": "c\n", "new": ""}, update=False)
    assert str(told.value).splitlines() == [
        f"{tmp_path} is not what is rendered:",
        "missing: lost",
        "extra: new",
        "--- expected/other",
        "+++ rendered/other",
        "@@ -1 +1 @@",
        "-b",
        "+c",
        trees.UPDATE,
    ]


def test_accepting_makes_the_folder_hold_just_that(tmp_path: Path) -> None:
    """What is not rendered any more goes."""
    trees.check(tmp_path / "a", {"old": "", "deep/er": "x"}, update=True)
    trees.check(tmp_path / "a", {"deep/er": "y"}, update=True)
    assert trees.texts(tmp_path / "a") == {"deep/er": "y"}
