import os
import signal
import threading

import pytest

from tfgen import terraform
from tfgen.terraform.interruption import Interruption


def test_a_program_ends_its_main_thread() -> None:
    """Every signal that asks to end is counted, and raised as KeyboardInterrupt."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        with Interruption().ending() as signals:
            with pytest.raises(KeyboardInterrupt):
                os.kill(os.getpid(), number)
            assert len(signals.after(0)) == 1


def test_whoever_starts_an_engine_finds_the_program_s_signals() -> None:
    """All of a program share one count; where nobody listens there is none to share."""
    with Interruption().ending() as signals:
        assert terraform.current() is signals
    assert terraform.current() is not terraform.current()


def test_while_an_engine_is_attended_signals_are_only_counted() -> None:
    """The keeper of an engine is not torn away from it; afterwards a signal ends the program."""
    with Interruption().ending() as signals:
        with signals.attending():
            os.kill(os.getpid(), signal.SIGINT)
            assert signals.running == 1
        assert (signals.running, bool(signals)) == (0, True)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_what_was_switched_off_stays_off() -> None:
    """Under nohup, or as a script's background job, a signal that is ignored goes on being so."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Interruption().ending() as signals, signals.listening():
            os.kill(os.getpid(), signal.SIGHUP)
            assert not signals
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_engines_are_waited_for() -> None:
    """Nothing ends while an engine that was told still saves its state."""
    signals, release, order = Interruption(), threading.Event(), list[str]()

    def engine() -> None:
        with signals.attending():
            begun.set()
            release.wait()
            order.append("engine")

    begun = threading.Event()
    thread = threading.Thread(target=engine)
    thread.start()
    begun.wait()
    threading.Timer(0.2, release.set).start()
    signals.settle()
    order.append("program")
    thread.join()
    assert order == ["engine", "program"]


def test_whoever_insists_twice_waits_no_more() -> None:
    """An engine that does not even end when it is told again is left alone."""
    signals, release = Interruption(), threading.Event()
    begun = threading.Event()

    def engine() -> None:
        with signals.attending():
            begun.set()
            release.wait()

    thread = threading.Thread(target=engine)
    thread.start()
    begun.wait()
    for _ in range(3):
        signals.receive(signal.SIGINT)
    signals.settle()
    assert signals.running == 1
    release.set()
    thread.join()
