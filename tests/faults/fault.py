"""What a test says of its fault; it becomes a row of docs/reliability.md."""

import re
import subprocess
import time
from dataclasses import dataclass, field

from tests.faults import whole
from tests.faults.ground import Ground
from tools.reliability import Record

_SHOWN = 420


@dataclass
class Fault:
    """One fault: what was done, what was told, and how long it took to be whole again."""

    theme: str
    test: str
    title: str
    ground: Ground
    done: list[str] = field(default_factory=list)
    heard: list[tuple[str, int]] = field(default_factory=list)
    lost: str = "nothing"
    seconds: float = -1
    _since: float = field(default_factory=time.monotonic)

    def does(self, *words: str) -> None:
        """Say what is done."""
        self.done += words

    def told(self, ended: subprocess.CompletedProcess[str], *fragments: str) -> None:
        """Assert that a command said something, each piece of it; the lines are noted."""
        self.hears(ended.stderr, ended.returncode, *fragments)

    def hears(self, text: str, code: int, *fragments: str) -> None:
        """Assert that a text that was printed has some pieces; their lines are noted."""
        for fragment in fragments:
            assert fragment in text, text
        lines = text.splitlines()
        found = (next((each for each in lines if piece in each), "") for piece in fragments)
        told = " / ".join(plain(each, self.ground.name) for each in dict.fromkeys(found))
        self.heard.append((told, code))

    def mended(self) -> None:
        """Say that the fault itself is over: from here on the seconds count."""
        self._since = time.monotonic()

    def whole(self) -> None:
        """Assert that all is as it must be, and note how long that took."""
        whole.check(self.ground)
        self.seconds = time.monotonic() - self._since
        self.ground.commit()

    def record(self) -> Record:
        """Give it as a row; a test that has shown nothing has none."""
        assert self.done, f"{self.test} does not say what it does"
        assert self.heard, f"{self.test} hears nothing"
        assert self.seconds >= 0, f"{self.test} never looks whether all is whole again"
        return Record(
            theme=self.theme,
            test=self.test,
            fault=self.title,
            done=tuple(self.done),
            told=tuple(dict.fromkeys(self.heard)),
            lost=self.lost,
            seconds=self.seconds,
        )


_PLAIN = (
    (re.compile(r"\x1b\[[0-9;]*m"), ""),
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "ID"),
    (re.compile(r"https?://127\.0\.0\.1:\d+"), "URL"),
    (re.compile(r"\b127\.0\.0\.1:\d+"), "HOST:PORT"),
    (re.compile(r"kubeconfig /\S+/"), "kubeconfig "),
    (re.compile(r"\b[0-9a-f]{12,64}\b"), "ID"),
    (re.compile(r"(/[\w.-]+){2,}/(?=infra|tfgen|clouds|kubeconfig)"), ""),
    (re.compile(r"pid \d+"), "pid N"),
    (re.compile(r"\b172\.2[45]\.\d+\.\d+"), "ADDRESS"),
    (re.compile(r"^\d\d:\d\d:\d\d\s+"), ""),
)


def plain(line: str, site: str) -> str:
    """Give a message without what is another one in each run."""
    for pattern, words in _PLAIN:
        line = pattern.sub(words, line)
    line = " ".join(line.replace(site, "shop").split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]} ..."
