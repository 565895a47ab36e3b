"""The journal of a soak, and the table at its end."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.soak.step import Step


@dataclass
class Journal:
    """A file of JSON lines, one a step; and what is counted."""

    path: Path
    kinds: Counter[str] = field(default_factory=Counter)
    idle: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    hindered: Counter[str] = field(default_factory=Counter)
    longest: tuple[float, str] = (0.0, "none")

    def begin(self, **what: Any) -> None:  # noqa: ANN401  what a soak was asked
        """Begin the file anew."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps(what) + "\n")

    def note(self, number: int, step: Step, seconds: float, broken: Sequence[str]) -> None:
        """Write one step down, which took so many seconds with all its looking."""
        done = step.operation
        self.kinds[done.kind] += 1
        self.idle[done.kind] += bool(step.idle)
        for each in step.passes:
            self.codes[f"{each.command} {each.code}"] += 1
            self.hindered[each.hindered] += bool(each.hindered)
            self.longest = max(self.longest, (each.seconds, " ".join(each.words)))
        spec = {"spec": asdict(done.spec)} if done.spec else {}
        passes = [
            {
                "words": each.words,
                "code": each.code,
                "seconds": round(each.seconds, 2),
                "hindered": each.hindered,
                "output": each.output if broken or each.code else "",
            }
            for each in step.passes
        ]
        line = {
            "step": number,
            "kind": done.kind,
            "target": done.target,
            "values": dict(done.values),
            **spec,
            "idle": step.idle,
            "busy": step.busy,
            "seconds": round(seconds, 2),
            "passes": passes,
            "broken": [*broken],
        }
        with self.path.open("a") as file:
            file.write(json.dumps(line) + "\n")

    def table(self) -> str:
        """Give what was done: operations by kind, passes by code, the longest one."""
        lines = ["OPERATION        DONE  OF THEM IDLE"]
        for kind, count in sorted(self.kinds.items()):
            lines.append(f"{kind:16} {count:4}  {self.idle[kind] or '-':>12}")
        lines += ["", "PASS AND EXIT CODE  COUNT"]
        lines += [f"{words:19} {count:5}" for words, count in sorted(self.codes.items())]
        lines += ["", "HINDERED BY              COUNT"]
        lines += [f"{what:24} {count:5}" for what, count in sorted(self.hindered.items()) if count]
        seconds, words = self.longest
        total = sum(self.kinds.values())
        return "\n".join([*lines, "", f"{total} operations; longest pass {seconds:.1f} s: {words}"])
