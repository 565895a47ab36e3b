"""How far the engine is, by Service: events in, lines out. Pure but for what it remembers."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tfgen import policy, terraform
from tfgen.reconcile import work

_DOING = {
    "create": "creating",
    "update": "changing",
    "delete": "removing",
    "read": "reading",
    "refresh": "reading",
}
_SHOWN = 6
FAILED, STOPPED = "FAILED after", "stopped after"


@dataclass(slots=True)
class Row:
    """One Service, or a stack's other resources, while the engine works on it."""

    name: str
    doing: dict[str, float] = field(default_factory=dict)
    """What is under way, and since when, in seconds."""
    last: str = ""
    """What was done last, in words."""
    first: float = 0
    end: float = 0

    def text(self, now: float) -> str:
        """Say what is done to it now, else what was done last."""
        under_way = [f"{words} ... {now - since:.0f} s" for words, since in self.doing.items()]
        return ", ".join(under_way) or self.last


class Board:
    """All rows of one pass. Times are seconds of any steady clock."""

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}
        self._stages: dict[str, work.Stage] = {}
        self._done: Counter[str] = Counter()
        self._began: set[str] = set()

    def stage(self, stack: str, stage: work.Stage) -> None:
        """Note that a stack enters a stage."""
        self._stages[stack] = stage

    def event(self, stack: str, event: terraform.Event, now: float) -> str | None:
        """Note an event; give the line that tells the end of an operation."""
        if not isinstance(event, terraform.Operation):
            return None
        if event.changes:
            self._began.add(stack)
        found = policy.named(event.address)
        row = self._row(str(found.service or _group(found) or f"stack {stack}"), now)
        words = f"{_DOING.get(event.action, event.action)} {found.words}"
        if event.phase in {terraform.Phase.START, terraform.Phase.PROGRESS}:
            row.doing.setdefault(words, now)
            return None
        line = _ended(row, words, event, now)
        if line and event.phase is terraform.Phase.COMPLETE:
            self._done[stack] += 1
        return line

    def rows(self, now: float, most: int) -> Iterator[tuple[str, str]]:
        """Give name and words of the rows to show: busy ones first, at most so many."""
        ranked = sorted(self._rows.values(), key=lambda row: (not row.doing, -row.end, row.name))
        shown = ranked if len(ranked) <= most else ranked[: most - 1]
        yield from ((row.name, row.text(now)) for row in sorted(shown, key=lambda row: row.name))
        if len(ranked) > len(shown):
            yield f"and {len(ranked) - len(shown)} more", ""

    def heartbeat(self, now: float) -> str:
        """Say in one line what is under way, as a sign of life; nothing where nothing is."""
        busy = [f"{row.name} {row.text(now)}" for row in self._rows.values() if row.doing]
        if not busy:
            busy = [f"stack {name} {stage}" for name, stage in self.stages()]
        more = f" and {len(busy) - _SHOWN} more" if len(busy) > _SHOWN else ""
        return f"still working: {'; '.join(sorted(busy)[:_SHOWN])}{more}" if busy else ""

    def stages(self) -> list[tuple[str, str]]:
        """Give the stacks that are being worked on, and how."""
        active = (pair for pair in self._stages.items() if pair[1] is not work.Stage.DONE)
        return sorted((name, stage.value) for name, stage in active)

    def seconds(self, name: str) -> float:
        """Tell how long a Service was worked on."""
        row = self._rows.get(name)
        return max(0.0, row.end - row.first) if row else 0.0

    def began(self, stack: str) -> bool:
        """Whether anything was done to a stack, or tried."""
        return stack in self._began

    def done(self, stack: str) -> int:
        """Count the operations that a stack has behind it."""
        return self._done[stack]

    def _row(self, name: str, now: float) -> Row:
        return self._rows.setdefault(name, Row(name, first=now))


def _ended(row: Row, words: str, event: terraform.Operation, now: float) -> str | None:
    since = row.doing.pop(words, now)
    row.end = now
    seconds = event.seconds or now - since
    outcome = "done" if event.phase is terraform.Phase.COMPLETE else FAILED
    row.last = f"{words} ... {outcome} {seconds:.0f} s"
    return f"{row.name}  {row.last}" if event.changes else None


def _group(found: policy.Resource) -> str:
    return f"group {found.group}" if found.group else ""
