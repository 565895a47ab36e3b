"""tfgen plan, apply and run look at Git first: guards.git."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import place
from tests.unit.test_history_commits import git


@pytest.fixture
def site(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[place.Place]:
    """A world whose tree is rendered, and committed but for one hand edit."""
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    with place.running(folder, monkeypatch) as found:
        found.service("shop/web")
        found.tfgen("render")
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--message", "x")
        path = found.tree / "stacks/shop/lb_shop_web.tf"
        path.write_text(f"{path.read_text()}# by hand\n")
        yield found


@pytest.mark.parametrize("command", [["plan"], ["apply", "--yes"], ["run", "--yes"]])
def test_a_tree_that_is_not_committed_is_noticed(
    site: place.Place, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A warning with the file by default; with guards.git: refuse exit code 3, nothing begun."""
    capsys.readouterr()
    site.tfgen(*command)
    told = "Git: not committed as it stands: infra/stacks/shop/lb_shop_web.tf"
    assert told in capsys.readouterr().err
    site.setting("guards: {git: refuse}")
    log = site.engine.path.with_suffix(".log")
    made = log.read_text()
    assert site.tfgen(*command) == 3
    said = capsys.readouterr().err
    assert "tfgen: not committed as it stands: " in said
    assert "infra/stacks/shop/lb_shop_web.tf" in said
    assert "Commit it or drop it" in said
    assert log.read_text() == made
