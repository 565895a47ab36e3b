from pathlib import Path

import pytest

from lab import commands
from lab.cli import base
from lab.traffic import client


def test_without_a_laboratory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that needs one says how to get it."""
    monkeypatch.setenv("LAB_HOME", str(tmp_path))
    with pytest.raises(Exception, match=r"there is no laboratory in .* python -m lab up"):
        base.settings()


def test_foreseen_errors_are_words(capsys: pytest.CaptureFixture[str]) -> None:
    """What we foresee ends with a line and a code, without a traceback."""
    with pytest.raises(SystemExit) as caught, base.boundary():
        raise commands.CommandError("nft: code 1: no such table")
    assert caught.value.code == 1
    assert capsys.readouterr().err == "lab: nft: code 1: no such table\n"


def test_answers() -> None:
    """A node's answer is read; anything else is only text."""
    assert client.parse('{"node": "node-1"}') == {"node": "node-1"}
    assert client.parse("<h1>503 Service Unavailable</h1>") == {}
    assert client.parse("[1]") == {}
    facts = {"node": "a", "client": "1:2", "headers": {"X-Forwarded-For": "3"}}
    answer = client.Answer(200, "", facts)
    assert (answer.node, answer.client) == ("a", "1:2")
    assert answer.headers == {"x-forwarded-for": "3"}
    assert client.Answer(503, "", {}).node == ""


def test_no_answer_says_why() -> None:
    """A code of curl's is said in words, too."""
    assert str(client.NoAnswer("http://a/", 28)) == "http://a/: no answer in time (curl 28)"
    assert client.NoAnswer("http://a/", 99).code == 99
