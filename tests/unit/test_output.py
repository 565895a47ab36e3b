"""Results on stdout, all else on stderr, and nothing that a terminal would obey."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

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


def test_what_is_no_utf_8_is_still_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    """A name with bytes of another encoding is told with `?` in the place of these."""
    output.use_format("json")
    assert output.failure(errors.InputError("no file \udcff")) == 1
    assert json.loads(capsys.readouterr().out)["error"]["what"] == "no file ?"


def test_no_room_for_a_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no file can be made, the traceback is on the screen."""
    monkeypatch.setattr("tempfile.tempdir", "/nowhere/at/all")
    assert output.failure(RuntimeError("ours")) == 1
    said = capsys.readouterr().err
    assert said.startswith("RuntimeError: ours\n")
    assert said.endswith("Please report it with the lines above.\n")


def test_what_was_gathered_is_printed_with_the_failure(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A run that fails in its last step is one document, with what the steps before it gave."""
    output.use_format("json")

    def run() -> None:
        with output.together("tfgen.run"):
            output.result({"removed": []}, "", schema="tfgen.apply")
            raise errors.CloudError("away")

    with pytest.raises(errors.CloudError) as caught:
        run()
    assert output.failure(caught.value) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "tfgen.run"
    assert document["apply"]["removed"] == []
    assert document["error"]["what"] == "away"


def test_nothing_gathered_is_an_error_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """Where no step gave anything there is an error, as of any other command."""
    output.use_format("json")
    with pytest.raises(errors.CloudError) as caught, output.together("tfgen.run"):
        raise errors.CloudError("away")
    output.failure(caught.value)
    assert json.loads(capsys.readouterr().out)["schema"] == "tfgen.error"


class Full(io.StringIO):
    """A file on a disk without room."""

    def write(self, _text: str, /) -> int:
        """Fail as it does."""
        raise OSError(28, "No space left on device")


def test_a_full_disk_behind_the_notes_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands beside a result may be lost; the work may not."""
    monkeypatch.setattr(output, "stderr", Console(file=Full()))
    output.note("text")
    assert output.failure(errors.CloudError("away")) == 1


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_result_that_cannot_be_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """It is said on the other stream, in words, and is no bug."""
    output.use_format(form)
    monkeypatch.setattr(output, "stdout", Console(file=Full()))
    with pytest.raises(errors.TfgenError) as caught:
        output.result({}, "text")
    assert output.failure(caught.value) == 1
    assert "standard output: No space left on device" in capsys.readouterr().err


def test_what_the_locale_does_not_have(tmp_path: Path) -> None:
    """A letter that the terminal cannot show becomes `?`, and fails nothing."""
    run = subprocess.run(
        [sys.executable, "-m", "tfgen", "config", "show", "-c", "é.yaml"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith("tfgen: settings file ?.yaml does not exist\n")
