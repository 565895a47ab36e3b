"""Tables: plain columns for scripts and logs, drawn ones on a terminal."""

import io

import pytest
from rich.console import Console
from rich.text import Text

from tfgen.cli import output, table

HEAD = ("Service", "State")
ROWS: list[tuple[table.Cell, ...]] = [
    ("shop/web", Text("in sync", style="green")),
    ("shop/a-longer-name", ""),
]


def test_plain_columns() -> None:
    """Columns are aligned, nothing is cut, an empty cell is a dash, a style says nothing."""
    assert table.plain(HEAD, ROWS) == (
        "SERVICE             STATE\nshop/web            in sync\nshop/a-longer-name  -"
    )


def test_only_a_terminal_gets_a_drawn_table(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Into a pipe go plain columns; a terminal gets lines and colour."""
    output.use_format("text")
    table.show(HEAD, ROWS)
    assert capsys.readouterr().out == table.plain(HEAD, ROWS) + "\n"
    screen = io.StringIO()
    terminal = Console(file=screen, force_terminal=True, width=80)
    monkeypatch.setattr(output, "stdout", terminal)
    table.show(HEAD, ROWS)
    assert "\x1b[32m" in screen.getvalue()
    assert "───" in screen.getvalue()
