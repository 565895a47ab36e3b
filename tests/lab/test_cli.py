from pathlib import Path

import pytest

from lab import LabError, commands, database, supervision
from lab.cli import base
from lab.cluster import fleet
from lab.machines.site import Site
from lab.settings import Settings
from lab.traffic import client, orders


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


def ask(settings: Settings, part: str) -> None:
    """Ask a part of a laboratory for something."""
    match part:
        case "supervisord":
            supervision.Supervisor(settings).stop("occm")
        case "node show":
            orders.send(Site(settings.home, settings.prefix), "show")
        case "node add":
            fleet.Fleet(settings).add("node-4", "10.0.0.14")
        case "node remove":
            fleet.Fleet(settings).remove("node-1")
        case "database":
            with database.cursor(settings, "octavia"):
                pass
        case _:
            raise AssertionError(part)


@pytest.mark.parametrize(
    "part", ["supervisord", "node show", "node add", "node remove", "database"]
)
def test_a_laboratory_that_is_down(settings: Settings, part: str) -> None:
    """Whatever is asked of it, it is said that it is down, and what brings it up."""
    with pytest.raises(LabError, match=r"does not answer: the laboratory is down.*make lab-up"):
        ask(settings, part)


def test_an_interruption(capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C ends with a word on how to go on, whoever was interrupted."""
    with pytest.raises(SystemExit) as caught, base.boundary("demo", "make demo"):
        raise KeyboardInterrupt
    assert caught.value.code == base.INTERRUPTED
    assert capsys.readouterr().err == "demo: interrupted; `make demo` goes on where this was\n"


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
