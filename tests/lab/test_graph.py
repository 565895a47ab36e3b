import io
import threading

import pytest

from lab import LabError, graph, say
from lab.graph import Task


def reporter() -> tuple[say.Reporter, io.StringIO]:
    """A reporter, and what it says."""
    out = io.StringIO()
    return say.Reporter(out), out


def test_each_after_those_before_it() -> None:
    """A task begins when what it names is done."""
    order: list[str] = []

    def work(name: str) -> str:
        order.append(name)
        return f"{name} done"

    tasks = [
        Task("roof", lambda: work("roof"), ("walls",)),
        Task("walls", lambda: work("walls"), ("ground",)),
        Task("ground", lambda: work("ground"), ("a task that is none",)),
    ]
    voice, out = reporter()
    graph.run(tasks, voice)
    assert order == ["ground", "walls", "roof"]
    assert "roof done" in out.getvalue()


def test_at_once_what_can_be() -> None:
    """Tasks that do not wait for one another run at the same time."""
    both = threading.Barrier(2, timeout=10)

    def meet() -> str:
        both.wait()
        return ""

    graph.run([Task("one", meet), Task("two", meet)], reporter()[0])


def test_a_failure_stops_what_comes_after() -> None:
    """The first failure is raised by the task's name; what waits for it is not begun."""

    def fail() -> str:
        raise OSError("no space")

    begun: list[str] = []

    def begin() -> str:
        begun.append("later")
        return ""

    tasks = [Task("first", fail), Task("later", begin, ("first",))]
    with pytest.raises(LabError, match="first: no space"):
        graph.run(tasks, reporter()[0])
    assert begun == []


def test_a_circle_is_said() -> None:
    """Tasks that wait for one another are named instead of waited for."""
    circle = [Task("hen", str, ("egg",)), Task("egg", str, ("hen",))]
    with pytest.raises(LabError, match="wait for one another: egg, hen"):
        graph.run(circle, reporter()[0])


def test_a_long_task_is_said_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits sees what for."""
    monkeypatch.setattr(graph, "HEARTBEAT_SECONDS", 0.01)
    enough = threading.Event()

    def work() -> str:
        enough.wait(10)
        return ""

    voice, out = reporter()
    line = voice.line

    def heard(text: str, style: str = "") -> None:
        line(text, style)
        enough.set()

    monkeypatch.setattr(voice, "line", heard)
    graph.run([Task("long", work)], voice)
    assert "still at work: long (0 s)" in out.getvalue()
