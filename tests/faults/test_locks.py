"""Locks of states that outlive their engines, or do not."""

import subprocess
import threading
from collections.abc import Callable, Iterator

import pytest

from tests.e2e.running import Running
from tests.faults import ground as grounds
from tests.faults.conftest import Keeper
from tests.faults.fault import Fault
from tests.faults.gate import Call, Rule
from tests.faults.ground import Ground
from tests.faults.test_kills import LISTENERS, one_more_port

pytestmark = pytest.mark.faults

Begin = Callable[[Ground], Running]


@pytest.fixture(scope="module")
def remote(keeper: Keeper) -> Iterator[Ground]:
    """A ground of its own, with its state in the cluster."""
    made = keeper.another()
    try:
        grounds.laid_elsewhere(made)
        yield made
    finally:
        made.clean()
        grounds.unmounted(made)


def test_a_lock_of_the_dead(remote: Ground, fault: Fault, begin: Begin) -> None:
    """An engine is killed, and its lock stays in the backend of the state."""
    fault.ground = remote
    one_more_port(remote)
    begun: list[Running] = []
    rule = Rule("octavia", "POST", LISTENERS, times=1)
    rule.delivered = lambda _: begun[0].kill_engines()
    with remote.gate.rule(rule):
        begun.append(begin(remote))
        code = begun[0].ended()
    fault.does("kill -9 of the engine, with the state in a Secret of the cluster")
    fault.hears(begun[0].said, code, "the engine was killed (SIGKILL)")
    told = remote.tfgen("run", "--yes", "--lock-timeout", "0", code=None)
    fault.told(told, f"--break-lock {remote.name}", "Its holder is dead")
    fault.mended()
    remote.tfgen("run", "--yes", "--break-lock", remote.name)
    fault.whole()


def test_a_lock_of_the_living(remote: Ground, fault: Fault) -> None:
    """Somebody asks to break the lock of an engine that is at work."""
    fault.ground = remote
    reached, go_on = threading.Event(), threading.Event()

    def wait(_: Call) -> None:
        reached.set()
        assert go_on.wait(120)

    stack = remote.stack("api")
    command = ["terraform", f"-chdir={stack}", "plan", "-input=false"]
    with remote.gate.rule(Rule("octavia", "GET", "/lbaas/", times=1, instead=wait)):
        engine = subprocess.Popen(
            command, cwd=remote.folder, env=remote.environment, stdout=subprocess.DEVNULL
        )
        assert reached.wait(60)
        flags = ("--lock-timeout", "0", "--break-lock", remote.name)
        done = remote.tfgen("run", "--yes", *flags, code=3)
        assert engine.poll() is None
        go_on.set()
        assert engine.wait(60) == 0
    fault.does("terraform plan by hand is at work, and tfgen run --break-lock comes")
    fault.told(done, "may be alive", "Look there")
    fault.mended()
    remote.tfgen("run", "--yes")
    fault.whole()
