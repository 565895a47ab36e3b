"""Processes that are killed, disks that are full, two at once."""

import contextlib
import itertools
import os
import signal
from collections.abc import Callable, Iterator

import pytest

from tests.e2e.running import Running
from tests.e2e.test_kill import providers
from tests.faults.fault import Fault
from tests.faults.gate import Answer, Call, Rule
from tests.faults.ground import Ground

pytestmark = pytest.mark.faults

Begin = Callable[[Ground], Running]
FILLER = "filler"
NUMBERS = itertools.count(8001)
BALANCERS, LISTENERS, MEMBERS = "/lbaas/loadbalancers$", "/lbaas/listeners$", "/members$"


def kill(run: Running, who: str) -> None:
    """Kill -9 one of those that are at work."""
    if who == "tfgen":
        run.process.kill()
    elif who == "the engine":
        run.kill_engines()
    else:
        for pid in providers(run):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def one_more_port(ground: Ground) -> None:
    """Let a Service ask for one more port: a listener, a pool, members and a monitor."""
    spec = ground.get("api")["spec"]
    number = next(NUMBERS)
    ports = [{"name": each["name"], "port": each["port"]} for each in spec["ports"]]
    ports.append({"name": f"p{number}", "port": number})
    ground.apply(ground.service("api", ports=ports))


@pytest.fixture
def killed(ground: Ground, fault: Fault, begin: Begin) -> Callable[[str, Rule], Running]:
    """Start a run in which somebody is killed at a call to Octavia."""

    def start(who: str, rule: Rule) -> Running:
        begun: list[Running] = []

        def at_answer(_call: Call, _answer: Answer) -> None:
            kill(begun[0], who)

        def at_delivery(_call: Call) -> None:
            kill(begun[0], who)

        if rule.delivered:
            rule.delivered = at_delivery
        else:
            rule.answered = at_answer
        with ground.gate.rule(rule):
            begun.append(begin(ground))
            code = begun[0].ended()
            fault.does(f"kill -9 of {who}")
            assert rule.seen, begun[0].said
        assert code in {1, 5, -signal.SIGKILL}
        return begun[0]

    return start


def again(ground: Ground, fault: Fault, run: Running) -> None:
    """Do the same once more: that alone makes it whole."""
    fault.mended()
    done = ground.tfgen("run", "--yes")
    if run.process.returncode == -signal.SIGKILL:
        fault.told(done, "the state" if "into the state" in done.stderr else "api")
    else:
        fault.hears(run.said, run.process.returncode, "failed: stack ")
    fault.whole()


WHO = pytest.mark.parametrize("who", ["tfgen", "the engine", "the provider"])


@WHO
def test_killed_at_a_new_load_balancer(
    ground: Ground, fault: Fault, killed: Callable[[str, Rule], Running], who: str
) -> None:
    """Killed while a load balancer is asked for: Octavia has it, and nobody heard its answer."""
    name = f"new-{next(NUMBERS)}"
    ground.apply(ground.service(name))
    run = killed(who, Rule("octavia", "POST", BALANCERS, times=1))
    fault.does("between Octavia's taking the request and the answer")
    begun = ground.balancer(name).id
    ground.lab.wait_active(begun)
    with ground.lab.count_calls() as made:
        fault.mended()
        done = ground.tfgen("run", "--yes")
    assert "POST" not in {call.method for call in made.made if call.path.endswith("loadbalancers")}
    fault.told(done, "into the state")
    assert ground.balancer(name).id == begun
    ground.addresses[name] = ground.external_ip(name)
    fault.whole()
    run.abandon()


def test_killed_at_the_first_of_a_stack(
    ground: Ground, fault: Fault, killed: Callable[[str, Rule], Running]
) -> None:
    """Killed while the first load balancer of a stack is asked for: there is no state yet."""
    ground.apply(ground.service(name := "pioneer"))
    ground.extra = {"TFGEN_STACKS__MAX_SERVICES": "1"}
    try:
        killed("the engine", Rule("octavia", "POST", BALANCERS, times=1))
    finally:
        ground.extra = {}
    fault.does("between Octavia's taking the request and the answer, in a stack without a state")
    begun = ground.balancer(name).id
    ground.lab.wait_active(begun)
    assert len({ground.stack(each) for each in ("web", "api", name)}) == 3
    fault.mended()
    fault.told(ground.tfgen("run", "--yes"), "into the state")
    assert ground.balancer(name).id == begun
    ground.addresses[name] = ground.external_ip(name)
    fault.whole()


@pytest.fixture
def full(ground: Ground) -> Iterator[Callable[[], None]]:
    """Fill the disk that the output tree is on."""
    filler = ground.folder / FILLER

    def fill() -> None:
        with filler.open("ab", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"\0" * 4096)

    yield fill
    filler.unlink(missing_ok=True)
