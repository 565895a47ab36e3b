"""Results on stdout, all else on stderr, and nothing that a terminal would obey."""

import json
import subprocess
import sys

import pytest

from tfgen import errors
from tfgen.cli import output


@pytest.fixture(autouse=True)
def _text() -> None:
    """Start with text."""
    output.use_format("text")


def test_text_goes_out_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """Long lines, tabs, brackets and colons of others are not touched."""
    line = "\t[bold]x[/bold] :smile: " + "long " * 100 + "é 🐟"
    output.result({}, line)
    output.note(line)
    assert tuple(capsys.readouterr()) == (f"{line}\n", f"{line}\n")


def test_no_text_is_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A command without a result prints nothing on stdout."""
    output.result({"a": 1}, "")
    assert capsys.readouterr().out == ""


def test_json_has_schema_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    """The document, whole, in place of the text."""
    output.use_format("json")
    output.result({"a": "\x1b"}, "text", schema="tfgen.test")
    assert json.loads(capsys.readouterr().out) == {
        "schema": "tfgen.test",
        "schema_version": 1,
        "a": "\x1b",
    }


PLAIN = [
    ("plain\n\ttext", "plain\n\ttext"),
    ("é 🐟 世", "é 🐟 世"),
    ("\x1b[31mred\x1b[0m", "?[31mred?[0m"),
    ("a\rb\x07\x00\x9b", "a?b???"),
    ("\u202edesrever\u200b", "?desrever?"),
]


@pytest.mark.parametrize(("text", "shown"), PLAIN)
def test_what_does_not_print_is_not_printed(
    text: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Escape sequences, carriage returns and invisible marks become `?`."""
    output.note(text)
    output.result({}, text)
    assert tuple(capsys.readouterr()) == (f"{shown}\n", f"{shown}\n")


def test_a_failure_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    """What, then what to do; the exit code is the failure's own."""
    assert output.failure(errors.Refused("no", remedy="Do this.")) == 3
    assert tuple(capsys.readouterr()) == ("", "tfgen: no\nDo this.\n")


def test_a_reader_who_has_seen_enough_is_no_failure() -> None:
    """`tfgen render --diff | head -1` ends as it would have."""
    code = "from tfgen.cli import output\noutput.result({}, 'x' * 10**6)\noutput.note('done')"
    run = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert run.stdout
    assert run.stderr
    run.stdout.read(1)
    run.stdout.close()
    assert run.stderr.read() == b"done\n"
    run.stderr.close()
    assert run.wait() == 0
