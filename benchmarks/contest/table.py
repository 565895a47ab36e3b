"""Results as Markdown: each contender's figures, tfgen's ratios, and the goals."""

from collections.abc import Iterator, Mapping

from benchmarks.contest.fleet import Scenario
from benchmarks.contest.measured import Measured

Found = Mapping[str, Measured]
"""What each piece of work took one contender."""
Results = Mapping[str, Found]
"""By contender."""


def lines(results: Results, scenario: Scenario, mine: str) -> Iterator[str]:
    """Give the table; where a rival did not do a piece of work the cell is empty."""
    rivals = [name for name in results if name != mine]
    heads = [*results, *(f"{mine} / {name}" for name in rivals), "goal"]
    yield f"| {scenario} | " + " | ".join(heads) + " |"
    yield "|---" * (len(heads) + 1) + "|"
    for work, found in results[mine].items():
        cells = [str(each.get(work, "")) for each in results.values()]
        cells += [_ratio(found, results[name].get(work)) for name in rivals]
        yield f"| {work} | " + " | ".join([*cells, _goals(work, results, scenario, mine)]) + " |"


def _ratio(mine: Measured, other: Measured | None) -> str:
    if not other:
        return ""
    calls = f", {mine.calls / other.calls:.2f}x calls" if other.calls else ""
    return f"{mine.seconds / other.seconds:.2f}x{calls}"


def _goals(work: str, results: Results, scenario: Scenario, mine: str) -> str:
    return "; ".join(
        f"{limit}x of {rival}: {_met(results[mine][work], results[rival][work], limit)}"
        for of, rival, limit in scenario.goals
        if of == work and rival in results
    )


def _met(mine: Measured, other: Measured, limit: float) -> str:
    return "met" if mine.seconds <= limit * other.seconds else "**missed**"
