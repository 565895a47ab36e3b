import os
import subprocess
import sys
from pathlib import Path

from lab.settings import CHECKOUT, Settings
from tests.lab import evidence

CONFTEST = "from tests.lab.evidence import pytest_runtest_makereport, pytest_runtest_protocol\n"
FAILING = """
import pathlib, pytest
LOG = pathlib.Path({log!r})

@pytest.fixture
def said():
    LOG.write_text(LOG.read_text() + "said by a fixture\\n")

@pytest.mark.lab
def test_fails(said):
    LOG.write_text(LOG.read_text() + "said by the test\\n")
    assert False
"""


def test_the_last_lines_since(tmp_path: Path) -> None:
    """What was there before is left out; so are all but the last lines, and how many is said."""
    log = tmp_path / "agent.out"
    log.write_text("before\n")
    begin = log.stat().st_size
    assert evidence.written(log, begin) == ""
    with log.open("a") as file:
        file.writelines(f"line {number}\n" for number in range(evidence.LINES + 2))
    lines = evidence.written(log, begin).splitlines()
    assert lines[:2] == ["... 2 lines before", "line 2"]
    assert lines[-1] == f"line {evidence.LINES + 1}"
    log.write_text("anew\n")
    assert evidence.written(log, begin) == "anew"


def _without_lab() -> dict[str, str]:
    """Give the environment without a laboratory that whoever runs the tests has chosen."""
    return {name: text for name, text in os.environ.items() if not name.startswith("LAB_")}


def test_a_failure_shows_the_logs(settings: Settings, tmp_path: Path) -> None:
    """The report of a test that fails has what the laboratory said meanwhile, and no more."""
    settings.log.mkdir(parents=True)
    settings.save()
    log = settings.log / "agent.out"
    log.write_text("said before\n")
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_it.py").write_text(FAILING.format(log=str(log)))
    words = [sys.executable, "-m", "pytest", "-q", "-c", "pyproject.toml", "-m", "lab"]
    done = subprocess.run(
        [*words, "-p", "no:cacheprovider", str(tmp_path)],
        cwd=CHECKOUT,
        env={**_without_lab(), "LAB_HOME": str(settings.home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "- laboratory lab17000: agent.out -" in done.stdout
    assert "said by a fixture\nsaid by the test\n" in done.stdout
    assert "said before" not in done.stdout
    assert "- laboratory lab17000: now -" in done.stdout
