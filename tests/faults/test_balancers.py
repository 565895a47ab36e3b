"""Load balancers that fail, and that Octavia never comes to an end with."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from tests.e2e.running import Running
from tests.faults import whole
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


def test_a_worker_that_dies_while_it_is_built(ground: Ground, fault: Fault, begin: Begin) -> None:
    """Octavia's worker is killed while a load balancer is built: it stays PENDING_CREATE."""
    ground.lab.faults.build_seconds(30)
    ground.apply(ground.service(name := "unfinished"))

    died = threading.Event()

    def die(_: Call) -> None:
        ground.lab.faults.kill("octavia-worker")
        died.set()

    with ground.gate.rule(Rule("octavia", "POST", BALANCERS, times=1, delivered=die)):
        run = begin(ground)
        run.wait_for(died.is_set)
    fault.does("kill -9 of octavia-worker as it begins; SIGTERM to the run that waits for it")
    run.process.terminate()
    code = run.ended()
    fault.hears(run.said, code, "the next tfgen run")
    held = ground.tfgen("run", "--yes", code=4)
    fault.told(held, "is still being built (PENDING_CREATE)")
    whole.reachable(ground)
    ground.lab.faults.build_seconds(0)
    ground.lab.faults.start("octavia-worker")
    ground.lab.faults.release()
    fault.does("an administrator sets it to ERROR, as Octavia's documentation says")
    again = ground.tfgen("run", "--yes", code=4)
    fault.told(again, "is in ERROR", f"tfgen repair {ground.name}/{name}")
    fault.mended()
    fault.does("tfgen repair --rebuild")
    ground.tfgen("repair", f"{ground.name}/{name}", "--rebuild", "--yes")
    ground.tfgen("run", "--yes")
    served(ground, name)
    fault.whole()


def test_error_later(ground: Ground, fault: Fault) -> None:
    """A load balancer that served goes into ERROR; its neighbours have something to do."""
    balancer = ground.balancer("web").id
    ground.lab.faults.load_balancer(balancer, "ERROR")
    ground.limit("web", 501)
    ground.limit("api", 502)
    fault.does("provisioning_status ERROR, and a change at two Services")
    done = ground.tfgen("run", "--yes", code=4)
    fault.told(done, "is in ERROR", balancer)
    assert ground.listener("api").connection_limit == 502
    assert ground.listener("web").connection_limit != 501
    whole.serving(ground)
    fault.does("openstack loadbalancer failover, by an administrator")
    ground.lab.openstack("admin").load_balancer.failover_load_balancer(balancer)
    ground.lab.wait_active(balancer)
    fault.mended()
    ground.tfgen("run", "--yes")
    assert ground.listener("web").connection_limit == 501
    assert ground.balancer("web").id == balancer
    fault.whole()


def test_a_change_that_never_ends(ground: Ground, fault: Fault) -> None:
    """A load balancer stays PENDING_UPDATE, for the worker that was at it has died."""
    balancer = ground.balancer("web").id
    ground.lab.faults.load_balancer(balancer, "PENDING_UPDATE")
    ground.limit("web", 503)
    ground.limit("api", 504)
    fault.does("provisioning_status PENDING_UPDATE, and a change at two Services")
    done = ground.tfgen("run", "--yes", code=4)
    fault.told(done, f"its load balancer {balancer} stays PENDING_UPDATE", "administrator")
    assert ground.listener("api").connection_limit == 504
    whole.serving(ground)
    fault.does("an administrator ends it")
    ground.lab.faults.load_balancer(balancer, "ACTIVE")
    fault.mended()
    ground.tfgen("run", "--yes")
    assert ground.listener("web").connection_limit == 503
    fault.whole()


def test_a_vip_port_that_is_removed(ground: Ground, fault: Fault) -> None:
    """Somebody deletes the port that a load balancer's address is on; neighbours are to change."""
    balancer = ground.balancer("api")
    ground.limit("web", 505)
    ground.limit("db", 506)
    ground.lab.openstack("admin").network.delete_port(balancer.vip_port_id)
    fault.does("openstack port delete of the VIP port, and a change at the others of its stack")
    done = ground.tfgen("run", "--yes", code=4)
    fault.told(done, f"Service {ground.name}/api", "the engine could not plan it")
    assert ground.listener("db").connection_limit == 506
    assert ground.listener("web").connection_limit == 505
    fault.does("tfgen repair")
    fault.mended()
    done = ground.tfgen("repair", f"{ground.name}/api", "--yes")
    fault.told(done, "is gone: nothing reaches it")
    assert ground.balancer("api").id != balancer.id
    ground.tfgen("publish")
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
