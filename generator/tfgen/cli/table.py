"""Tables: drawn on a terminal, plain columns everywhere else."""

from collections.abc import Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from tfgen.cli import output

Cell = str | Text
"""Text may carry a style, which only a terminal shows."""


def show(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Print a table on standard output."""
    if not output.stdout.is_terminal:
        output.result({}, plain(head, rows))
        return
    table = Table(*head, box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(_safe(cell) for cell in row))
    output.stdout.print(table)


def plain(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Write columns that scripts and logs can take: nothing is cut, nothing wraps."""
    body = [[_text(cell) or "-" for cell in row] for row in rows]
    return "\n".join(columns([[name.upper() for name in head], *body]))


def columns(lines: Sequence[Sequence[str]]) -> list[str]:
    """Align cells under one another, two spaces apart."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]


def _safe(cell: Cell) -> Text:
    """Take out what a terminal would obey, and keep the style."""
    style = cell.style if isinstance(cell, Text) else ""
    return Text(output.plain(_text(cell)), style=style)


def _text(cell: Cell) -> str:
    return cell.plain if isinstance(cell, Text) else cell
