"""What is said while a pass runs, where nobody sits in front of a terminal."""

import io
import re
import signal
import time
from collections.abc import Callable

import pytest
from rich.console import Console

from tfgen import terraform
from tfgen.cli import output, progress
from tfgen.reconcile import work

LB = "openstack_lb_loadbalancer_v2.lb_shop_web"
Printed = pytest.CaptureFixture[str]


def until(comes: Callable[[], bool]) -> None:
    """Wait for something to come true."""
    end = time.monotonic() + 30
    while not comes():
        assert time.monotonic() < end
        time.sleep(0.01)


def operation(phase: terraform.Phase) -> terraform.Operation:
    """Give an event of the load balancer's creation."""
    return terraform.Operation(phase, LB, "create")


def test_a_line_for_each_end(capsys: Printed) -> None:
    """The end of an operation is a line with its time of day."""
    with progress.Progress(terraform.Interruption(), environ={}) as shown:
        shown.stage("shop", work.Stage.APPLY)
        shown.event("shop", operation(terraform.Phase.START))
        shown.event("shop", operation(terraform.Phase.COMPLETE))
    said = capsys.readouterr()
    assert said.out == ""
    line = r"\d\d:\d\d:\d\d  shop/web  creating load balancer \.\.\. done 0 s\n"
    assert re.fullmatch(line, said.err)
    assert (shown.began("shop"), shown.done("shop")) == (True, 1)


def test_signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long silence is broken by saying what is under way."""
    monkeypatch.setattr(progress, "_HEARTBEAT", 0.3)
    said = io.StringIO()
    monkeypatch.setattr(output, "stderr", Console(file=said))
    with progress.Progress(terraform.Interruption(), environ={}) as shown:
        shown.event("shop", operation(terraform.Phase.START))
        until(lambda: "still working: shop/web creating load balancer" in said.getvalue())


def test_interrupts_are_answered(capsys: Printed) -> None:
    """A first interrupt says that the state is being saved, a second that the engine ends."""
    interruption = terraform.Interruption()
    with progress.Progress(interruption, environ={}) as shown:
        interruption.receive(signal.SIGINT)
        shown.event("shop", operation(terraform.Phase.START))
        shown.event("shop", operation(terraform.Phase.ERRORED))
        interruption.receive(signal.SIGINT)
    said = capsys.readouterr().err
    assert said.count("interrupted: the engine finishes") == 1
    assert said.count("interrupted again") == 1
    assert "creating load balancer ... stopped after 0 s" in said


@pytest.mark.parametrize(("environ", "moves"), [({}, True), ({"CI": "true"}, False)])
def test_a_picture_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], *, moves: bool
) -> None:
    """On a terminal a line a Service moves, and is gone at the end; in CI lines are printed."""
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=80)
    monkeypatch.setattr(output, "stderr", console)
    with progress.Progress(terraform.Interruption(), environ=environ) as shown:
        shown.event("shop", operation(terraform.Phase.START))
        if moves:
            until(lambda: "\x1b[2K" in screen.getvalue() and "shop/web" in screen.getvalue())
        shown.event("shop", operation(terraform.Phase.COMPLETE))
    assert ("\x1b[2K" in screen.getvalue()) is moves
    assert "shop/web" in screen.getvalue()


class Gone(io.StringIO):
    """A terminal whose window was closed."""

    def write(self, _text: str, /) -> int:
        """Fail as it does."""
        raise OSError(5, "Input/output error")


@pytest.mark.parametrize("terminal", [True, False])
def test_a_terminal_that_is_gone_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, *, terminal: bool
) -> None:
    """The engines go on, whoever has hung up; what they did is still counted."""
    monkeypatch.setattr(output, "stderr", Console(file=Gone(), force_terminal=terminal, width=80))
    interruption = terraform.Interruption()
    with progress.Progress(interruption, environ={}) as shown:
        interruption.receive(signal.SIGHUP)
        shown.event("shop", operation(terraform.Phase.START))
        shown.event("shop", operation(terraform.Phase.COMPLETE))
    assert shown.done("shop") == 1
