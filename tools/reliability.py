"""docs/reliability.md: written by a full run of tests/faults, from what its tests leave.

Here are its form, and the comparison of its rows with the tests that stand in the tree.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PAGE = "docs/reliability.md"
TESTS = "tests/faults"
COMMAND = "make faults"

_ROW = re.compile(r"^\|.*\| `(test_\w+)(?:\[[^\]]*\])?` \|$", re.MULTILINE)
_HEAD = """# Reliability

What may go wrong while nobody looks, and what tfgen does then. Each line is a test of
`tests/faults` that ran on the laboratory: a real OpenStack and a real Kubernetes API
([lab/README.md](../lab/README.md)), three Services in two stacks, with load balancers, listeners
and floating IPs of others beside them. After each fault the same was asked of Octavia, Neutron,
the cluster and the states:

* every Service that lives has the address that it had, in the cluster, at its load balancer's
  port, and by a request from outside that a node answered;
* nothing stands in the cloud with our tags, or hangs on what has them, that no state knows; no
  state knows what does not stand;
* of the objects of others, none was changed;
* a second plan is empty.

"What happened" is the message, with names and ids left out, and the exit code ([exit
codes](reference/exit-codes.md)). "Lost" is what the fault itself took and nobody could give back.
"Whole" is how many seconds it took, from the end of the fault, until all of the above held: the
`tfgen run` that mends it, the traffic, and that second plan. Seconds depend on the machine.

This page is written by `make faults`, and by nothing else: once every test has passed, in one run
or in one that was stopped and went on within three hours (`GO_ON=1`). The faults that touch nothing
others use are tried first, three at once, each worker with its own three Services; these are also
part of `make check`. `make lint` compares the page's rows with the tests.
"""
_COLUMNS = (
    "| fault | what was done | what happened | lost | whole, s | test |\n|---|---|---|---|--:|---|"
)


@dataclass(frozen=True, slots=True)
class Record:
    """What one test saw."""

    theme: str
    """What its file is about, as a title."""
    test: str
    """Its name, with its parameters in brackets."""
    fault: str
    done: tuple[str, ...]
    told: tuple[tuple[str, int], ...]
    """Message and exit code of each command that met the fault."""
    lost: str
    seconds: float


def page(records: Sequence[Record], where: str) -> str:
    """Write the page; `where` says when, and on what machine, they ran."""
    themes = dict.fromkeys(each.theme for each in records)
    parts = [_section(theme, [each for each in records if each.theme == theme]) for theme in themes]
    total = f"\n{len(records)} faults, {where}.\n"
    return "\n".join([_HEAD + total, *parts])


def _section(theme: str, records: Iterable[Record]) -> str:
    rows = "\n".join(_row(each) for each in records)
    table = f"{_COLUMNS}\n{rows}"
    return f"## {theme}\n\n<!-- fault output -->\n{table}\n<!-- end of fault output -->\n"


def _row(record: Record) -> str:
    told = "<br>".join(
        f"{code}: {_code(text)}" if text else str(code) for text, code in record.told
    )
    cells = (
        _cell(record.fault),
        "; ".join(_cell(each) for each in record.done),
        told,
        _cell(record.lost),
        f"{record.seconds:.0f}",
        f"`{record.test}`",
    )
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split()).removesuffix(".")


def _code(text: str) -> str:
    plain = " ".join(text.split()).replace("|", "\\|")
    return f"`` {plain} ``" if "`" in plain else f"`{plain}`"


def amiss(root: Path) -> tuple[str, ...]:
    """Say which fault tests have no row, and which rows no test."""
    path = root / PAGE
    rows = set(_ROW.findall(path.read_text())) if path.is_file() else set()
    tests = set(_tests(root))
    lacking = (f"{PAGE}: no row of {name}; run: {COMMAND}" for name in sorted(tests - rows))
    over = (f"{PAGE}: a row of {name}, which is no test; run: {COMMAND}" for name in rows - tests)
    return (*lacking, *sorted(over))


def _tests(root: Path) -> Iterator[str]:
    for path in sorted((root / TESTS).glob("test_*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield node.name
