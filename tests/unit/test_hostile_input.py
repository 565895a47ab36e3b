"""Hostile input: floods are refused in bounded memory, and nothing orders a terminal about."""

import json
import re
import sys
import tracemalloc
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from tests.fakes import place
from tfgen import errors
from tfgen.cli import output, table
from tfgen.kube import files, parse, yaml_text

_MEBIBYTE = 2**20
_MARKUP = "[red]x[/red] [link=http://evil]y[/link] [bold]"
ORDERS = f"{_MARKUP} \x1b[2J\x1b]8;;http://evil\x07 \x9b31m \u202e \r"


def _service(note: str) -> str:
    metadata = {"name": "web", "namespace": "shop", "annotations": {"tfgen.io/protect": note}}
    return json.dumps({"apiVersion": "v1", "kind": "Service", "metadata": metadata})


@pytest.mark.parametrize("suffix", ["json", "yaml"])
def test_a_flood_of_annotations_is_refused(tmp_path: Path, suffix: str) -> None:
    """50 MB in one annotation: a short message, and sixteen times that in memory at most."""
    path = tmp_path / f"input.{suffix}"
    path.write_text(_service("x" * 50 * _MEBIBYTE))
    tracemalloc.start()
    with pytest.raises(errors.InputError) as caught:
        files.read(str(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "Service shop/web: metadata.annotations hold 50 MiB; expected at most 256 KiB" in (
        caught.value.what
    )
    assert len(str(caught.value)) < 500
    assert peak < 16 * 50 * _MEBIBYTE


def test_annotations_as_large_as_kubernetes_takes_them_are_read(tmp_path: Path) -> None:
    """The API server's own limit is ours."""
    path = tmp_path / "input.json"
    path.write_text(_service("x" * (256 * 1024 - len("tfgen.io/protect"))))
    assert len(files.read(str(path)).services) == 1
    path.write_text(_service("x" * (256 * 1024 - len("tfgen.io/protect") + 1)))
    with pytest.raises(errors.InputError, match="at most 256 KiB"):
        files.read(str(path))


def test_aliases_of_a_long_text_are_a_bomb_too() -> None:
    """A megabyte that stands for a gigabyte: few values, and much text."""
    text = f"a: &a {'x' * _MEBIBYTE}\nb: [{', '.join(['*a'] * 1000)}]\n"
    with pytest.raises(yaml_text.TextError, match="aliases stand for more than"):
        list(yaml_text.documents(text.encode()))


def test_a_long_stream_of_objects_is_read_in_one_go() -> None:
    """A hundred thousand small objects take seconds, not hours: each is looked at once."""
    raw = b'{"a": 1}\n' * 100_000
    found = parse.documents(raw, "input.json")
    assert len(found) == 100_000
    assert [found[0].line, found[1].line, found[-1].line] == [1, 2, 100_000]


@pytest.fixture
def site(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[place.Place]:
    """A world with a Service that tries to order a terminal about."""
    with place.running(folder, monkeypatch) as found:
        found.service("shop/web")
        found.service("shop/bad", 81, annotations={"tfgen.io/protect": ORDERS})
        found.service("shop/worse", 82, annotations={f"tfgen.io/{ORDERS}": "x"})
        yield found


def test_no_message_orders_a_terminal_about(
    site: place.Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """A Service's text is shown as it stands, markup too, but for what a terminal obeys."""
    for command in (["render"], ["run", "--yes"], ["status"], ["explain", "shop/bad"], ["doctor"]):
        site.tfgen(*command)
        said = capsys.readouterr()
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", said.out + said.err), command
        if command[0] in {"render", "run"}:
            assert "[red]x[/red] [link=http://evil]y[/link] [bold]" in said.err


def test_no_table_on_a_terminal_takes_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells are text there as well: no colour, no link, and no order gets through."""
    screen = StringIO()
    console = Console(file=screen, force_terminal=True, width=200, markup=False, emoji=False)
    monkeypatch.setattr(output, "stdout", console)
    table.show(("service", "address"), [("shop/web", ORDERS)])
    shown = screen.getvalue()
    assert "[red]x[/red] [link=http://evil]y[/link] [bold]" in shown
    assert "\x1b]8" not in shown
    assert "\x1b[31m" not in shown
    assert not re.search(r"[\x07\x9b\u202e]|\x1b\[2J", shown)
    assert sys.stdout is not screen
