from pathlib import Path

import pytest

from lab import commands


def test_what_a_program_prints() -> None:
    """Its output is returned; it gets what it is told, where it is told."""
    assert commands.run("cat", stdin="hello") == "hello"
    assert commands.run("pwd", folder=Path("/usr")) == "/usr\n"
    assert commands.run("sh", "-c", "echo $A", environment={"A": "b"}) == "b\n"


def test_a_program_that_fails() -> None:
    """The code and the complaint are in the error, unless it is not to be checked."""
    with pytest.raises(commands.CommandError, match="code 3: broken"):
        commands.run("sh", "-c", "echo broken >&2; exit 3")
    assert commands.run("false", check=False) == ""


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    """That is a failure like others, with the program's name."""
    with pytest.raises(commands.CommandError, match="there is no no-such-program"):
        commands.run("no-such-program", "--version")
    with pytest.raises(commands.CommandError, match="there is no no-such-program"):
        commands.run_logged(["no-such-program"], tmp_path / "log")


def test_a_log_is_quoted(tmp_path: Path) -> None:
    """What a program that fails wrote to its log is in the error."""
    with pytest.raises(commands.CommandError, match=r"code 1; .*log ends with:\n    alas"):
        commands.run_logged(["sh", "-c", "echo alas; exit 1"], tmp_path / "log")
