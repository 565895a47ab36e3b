from pathlib import Path

import pytest

from lab import LabError
from lab.machines.site import Site
from lab.settings import LAST_PORT, LONGEST_HOME, Settings, saved_file


def test_defaults(tmp_path: Path) -> None:
    """Without variables, the laboratory is in the checkout and takes the usual ports."""
    found = Settings.read({}, tmp_path)
    assert (found.home, found.port, found.flows) == (tmp_path / ".lab", 15000, 4)


def test_variables(tmp_path: Path) -> None:
    """Variables name another folder and another block of ports."""
    variables = {"LAB_HOME": str(tmp_path / "two"), "LAB_PORT": "17000", "LAB_FLOWS": "16"}
    found = Settings.read(variables, tmp_path)
    assert (found.home, found.port, found.flows) == (tmp_path / "two", 17000, 16)
    assert found.prefix == "lab17000"


def test_what_was_started_is_remembered(tmp_path: Path) -> None:
    """The next command needs no variables: the folder knows its ports."""
    Settings.read({"LAB_PORT": "17000", "LAB_FLOWS": "16"}, tmp_path).save()
    found = Settings.read({}, tmp_path)
    assert (found.port, found.flows) == (17000, 16)
    assert Settings.read({"LAB_FLOWS": "4"}, tmp_path).flows == 4


def test_a_damaged_memory_is_no_memory(tmp_path: Path) -> None:
    """A file cut short by a crash is as if it were not there."""
    Settings.read({"LAB_PORT": "17000"}, tmp_path).save()
    saved_file(tmp_path / ".lab").write_text('{"port": 170')
    assert Settings.read({}, tmp_path).port == 15000


@pytest.mark.parametrize("text", ["many", "-1", "0", "1.5"])
def test_a_number_that_is_none(tmp_path: Path, text: str) -> None:
    """A variable that is no whole number is named, with what it is."""
    with pytest.raises(LabError, match=f"LAB_PORT is '{text}'"):
        Settings.read({"LAB_PORT": text}, tmp_path)


def test_the_last_port(tmp_path: Path) -> None:
    """The whole block must be below 65536, and it is said which variable is wrong."""
    assert Settings.read({"LAB_PORT": str(LAST_PORT)}, tmp_path).port == LAST_PORT
    with pytest.raises(LabError, match=f"LAB_PORT is 65500; write {LAST_PORT} at most"):
        Settings.read({"LAB_PORT": "65500"}, tmp_path)


def test_how_long_amphorae_boot(tmp_path: Path) -> None:
    """`up` applies LAB_BUILD_SECONDS; without the variable, what was set before stays."""
    found = Settings.read({"LAB_BUILD_SECONDS": "2.5"}, tmp_path)
    found.apply_build_seconds()
    Settings.read({}, tmp_path).apply_build_seconds()
    assert Site(found.home, found.prefix).build_seconds == 2.5


@pytest.mark.parametrize("text", ["soon", "-1", "1e9", "nan", "1,5"])
def test_seconds_that_are_none(tmp_path: Path, text: str) -> None:
    """A variable that is no number of seconds is named, with what it is."""
    with pytest.raises(LabError, match=f"LAB_BUILD_SECONDS is '{text}'; write seconds"):
        Settings.read({"LAB_BUILD_SECONDS": text}, tmp_path)


def test_a_folder_with_too_long_a_name(tmp_path: Path) -> None:
    """A socket's address would not hold it: better said now than by four servers."""
    long = tmp_path / ("x" * LONGEST_HOME)
    with pytest.raises(LabError, match=r"too many .* LAB_HOME"):
        Settings.read({"LAB_HOME": str(long)}, tmp_path)
