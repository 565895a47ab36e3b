"""Processes that are killed, disks that are full, two at once."""

import contextlib
import itertools
import os
import signal
import threading
from collections.abc import Callable, Iterator

import pytest

from tests.e2e.running import Running
from tests.e2e.test_kill import providers
from tests.faults import whole
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


@WHO
def test_killed_among_members(
    ground: Ground, fault: Fault, killed: Callable[[str, Rule], Running], who: str
) -> None:
    """Killed while members are written: some stand, and nobody heard so."""
    one_more_port(ground)
    run = killed(who, Rule("octavia", "PUT", MEMBERS, times=1))
    fault.does("after the members of a new pool were taken, before the answer")
    again(ground, fault, run)


@WHO
@pytest.mark.quick
def test_killed_before_the_state_is_written(
    ground: Ground, fault: Fault, killed: Callable[[str, Rule], Running], who: str
) -> None:
    """Killed at the moment in which a new listener is to be written into the state."""
    one_more_port(ground)
    rule = Rule("octavia", "POST", LISTENERS, times=1, delivered=lambda _: None)
    run = killed(who, rule)
    fault.does("as the answer to the request for a listener is out")
    again(ground, fault, run)


@pytest.mark.quick
def test_a_state_that_was_cut_off(
    ground: Ground, fault: Fault, killed: Callable[[str, Rule], Running]
) -> None:
    """Killed while the engine writes its state, so that half of it is on the disk."""
    one_more_port(ground)
    state = ground.stack("api") / "terraform.tfstate"
    kept = state.read_bytes()
    rule = Rule("octavia", "POST", LISTENERS, times=1, delivered=lambda _: None)
    killed("the engine", rule)
    state.with_name(f"{state.name}.backup").write_bytes(kept)
    state.write_bytes(kept[: len(kept) // 2])
    fault.does("half of the state is on the disk, the one before lies beside it")
    fault.mended()
    fault.told(ground.tfgen("run", "--yes"), "its state was cut off while an engine wrote it")
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


@pytest.mark.quick
def test_a_disk_that_is_full(ground: Ground, fault: Fault, full: Callable[[], None]) -> None:
    """The disk is full when the tree is written."""
    before, text = whole.traces(ground), ground.file("api").read_text()
    one_more_port(ground)
    full()
    fault.does("not a byte is left on the disk of the output tree")
    done = ground.tfgen("run", "--yes", code=1)
    fault.told(done, "No space left on device")
    assert whole.traces(ground) == before
    assert ground.file("api").read_text() == text
    (ground.folder / FILLER).unlink()
    fault.mended()
    ground.tfgen("run", "--yes")
    fault.whole()


@pytest.mark.quick
def test_a_disk_that_is_full_under_the_state(
    ground: Ground, fault: Fault, full: Callable[[], None], begin: Begin
) -> None:
    """The disk is full when the engine writes its state."""
    one_more_port(ground)

    def fill(_: Call, answer: Answer) -> Answer:
        full()
        return answer

    rule = Rule("octavia", "POST", LISTENERS, times=1, answered=fill)
    with ground.gate.rule(rule):
        run = begin(ground)
        code = run.ended()
    fault.does("the disk fills up as Octavia answers the request for a listener")
    assert code in {1, 5}, run.said
    fault.hears(run.said, code, "failed: stack ", "no space left on device")
    (ground.folder / FILLER).unlink()
    fault.mended()
    ground.tfgen("run", "--yes")
    fault.whole()


@pytest.mark.quick
def test_two_at_once(ground: Ground, fault: Fault, begin: Begin) -> None:
    """A second tfgen comes while the first applies."""
    one_more_port(ground)
    reached, go_on = threading.Event(), threading.Event()

    def wait(_: Call) -> None:
        reached.set()
        assert go_on.wait(120)

    with ground.gate.rule(Rule("octavia", "POST", LISTENERS, times=1, instead=wait)):
        run = begin(ground)
        run.wait_for(reached.is_set)
        fault.does("tfgen plan while tfgen run is held up in its apply")
        try:
            told = ground.tfgen("plan", "--lock-timeout", "0", code=5)
        finally:
            go_on.set()
        assert run.ended() == 0, run.said
    fault.told(told, f"is held by `tfgen run --yes` (pid {run.process.pid} ", "--lock-timeout")
    fault.mended()
    fault.whole()
