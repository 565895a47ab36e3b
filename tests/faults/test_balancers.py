"""Load balancers that fail, and that Octavia never comes to an end with."""

import time
from collections.abc import Callable, Iterator

import pytest

from tests.e2e.running import Running
from tests.faults.fault import Fault
from tests.faults.gate import Call, Rule
from tests.faults.ground import Ground
from tests.faults.test_kills import BALANCERS, LISTENERS, one_more_port

pytestmark = pytest.mark.faults

Begin = Callable[[Ground], Running]


@pytest.fixture
def slow(ground: Ground) -> Iterator[None]:
    """Amphorae that take a while to boot."""
    ground.lab.faults.build_seconds(8)
    yield
    ground.lab.faults.build_seconds(0)


def served(ground: Ground, name: str) -> None:
    """Note the address of a Service that is served now."""
    ground.addresses[name] = ground.external_ip(name)
    assert ground.addresses[name]


@pytest.mark.usefixtures("slow")
def test_error_while_it_is_built(ground: Ground, fault: Fault) -> None:
    """A load balancer goes into ERROR while it is built, and is ACTIVE after all."""
    ground.apply(ground.service(name := "late-luck"))

    def spoil(_: Call) -> None:
        ground.lab.faults.load_balancer(ground.balancer(name).id, "ERROR")

    fault.does("provisioning_status ERROR at once; Octavia's flow goes on and ends in ACTIVE")
    with ground.gate.rule(Rule("octavia", "POST", BALANCERS, times=1, delivered=spoil)):
        done = ground.tfgen("run", "--yes", code=None)
    assert done.returncode in {1, 5}
    fault.told(done, f"Service {ground.name}/{name}, load balancer: ", "ERROR")
    begun = ground.balancer(name).id
    ground.lab.until(lambda: ground.balancer(name).provisioning_status == "ACTIVE", 60)
    fault.mended()
    ground.tfgen("run", "--yes")
    assert ground.balancer(name).id == begun
    served(ground, name)
    fault.whole()


def test_a_worker_that_is_away(ground: Ground, fault: Fault) -> None:
    """Octavia's worker is away for a while in the middle of an apply."""
    one_more_port(ground)

    def restart(_: Call) -> None:
        ground.lab.faults.stop("octavia-worker")
        time.sleep(10)
        ground.lab.faults.start("octavia-worker")

    with ground.gate.rule(Rule("octavia", "POST", LISTENERS, times=1, delivered=restart)):
        done = ground.tfgen("run", "--yes", code=None)
    fault.does("octavia-worker is stopped as a listener is asked for, for 10 s")
    fault.told(done, "api")
    fault.mended()
    ground.tfgen("run", "--yes")
    fault.whole()
