"""What may happen to an apply on a real cloud: nothing is lost, and the next run finishes it."""

import signal
from collections.abc import Callable

import pytest

from tests.e2e import running
from tests.e2e.sites import Site

pytestmark = pytest.mark.lab

Begin = Callable[[Site], running.Running]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_an_interrupt_while_the_load_balancer_is_built(
    served: Site, begin: Begin, number: signal.Signals
) -> None:
    """The state knows the load balancer and is let go; the next run goes on with the same one."""
    run = begin(served)
    run.wait_for(lambda: bool(served.load_balancers()))
    run.process.send_signal(number)

    assert run.ended() == 130
    assert "the next tfgen run" in run.said
    [begun] = served.load_balancers()
    assert begun.id in running.in_state(served)
    assert not served.external_ip("web")
    served.lab.wait_active(begun.id)

    served.tfgen("run", "--yes")

    assert [each.id for each in served.load_balancers()] == [begun.id]
    running.check_whole(served)


def test_an_engine_that_is_killed(served: Site, begin: Begin) -> None:
    """After a kill -9 objects stand that no state knows; the next run takes them in.

    The engine is looked at while it stands still, so that it dies for certain between the making
    of a listener and its entry in the state.
    """
    run = begin(served)
    run.wait_for(lambda: "creating load balancer ... done" in run.said)
    octavia = served.openstack.load_balancer
    [balancer] = served.load_balancers()

    def unknown() -> set[str]:
        run.freeze()
        listeners = {each.id for each in octavia.listeners(load_balancer_id=balancer.id)}
        found = listeners - {name for name in listeners if _mentioned(served, name)}
        if not found:
            run.thaw()
        return found

    run.wait_for(lambda: bool(unknown()))
    run.kill_engines()

    assert run.ended() == 1
    assert "the engine was killed (SIGKILL)" in run.said
    [orphan] = unknown()

    done = served.tfgen("run", "--yes")

    assert "into the state" in done.stderr
    assert orphan in {each.id for each in octavia.listeners(load_balancer_id=balancer.id)}
    assert orphan in running.in_state(served)
    running.check_whole(served)


def _mentioned(site: Site, name: str) -> bool:
    """Whether a state holds an id, also while its engine runs."""
    return any(name in path.read_text() for path in site.tree.glob("stacks/*/terraform.tfstate"))


def test_a_tfgen_that_is_killed(served: Site, begin: Begin) -> None:
    """After a kill -9 of tfgen itself its engine goes on and saves its state; nothing is lost."""
    run = begin(served)
    run.wait_for(lambda: "creating load balancer ... done" in run.said)
    run.process.kill()
    run.ended()

    served.tfgen("run", "--yes")

    running.check_whole(served)


def test_a_load_balancer_in_error_holds_nobody_else(site: Site) -> None:
    """A Service whose load balancer is in ERROR is kept out of the plan; its neighbour moves on."""
    site.init()
    site.apply(site.service("bad"), site.service("good"))
    site.tfgen("run", "--yes")
    [bad] = [each for each in site.load_balancers() if each.name.endswith("_bad")]
    site.lab.faults.load_balancer(bad.id, "ERROR")
    ports = [{"name": "a", "port": 80}, {"name": "b", "port": 81}]
    site.apply(site.service("bad", ports=ports), site.service("good", ports=ports))

    held = site.tfgen("run", "--yes", code=4)

    assert f"Run: tfgen repair {site.name}/bad" in held.stderr
    octavia = site.lab.openstack().load_balancer
    [good] = [each for each in site.load_balancers() if each.name.endswith("_good")]
    assert len(list(octavia.listeners(load_balancer_id=good.id))) == 2
    assert len(list(octavia.listeners(load_balancer_id=bad.id))) == 1

    site.lab.faults.load_balancer(bad.id, "ACTIVE")
    site.tfgen("run", "--yes")
    assert len(list(octavia.listeners(load_balancer_id=bad.id))) == 2


def test_a_lost_state_is_never_begun_anew(site: Site) -> None:
    """Where the state is gone and the load balancer is not, nothing is made until someone agrees.

    Agreed to, the load balancer that stands is taken in: there is never a second one.
    """
    site.init()
    site.apply(site.service("web"))
    site.tfgen("run", "--yes")
    [before] = site.load_balancers()
    address = site.external_ip("web")
    for state in site.tree.glob("stacks/*/terraform.tfstate*"):
        state.unlink()

    refused = site.tfgen("run", "--yes", code=3)

    assert "--new-state" in refused.stderr
    assert [each.id for each in site.load_balancers()] == [before.id]

    site.tfgen("run", "--yes", "--new-state")

    assert [each.id for each in site.load_balancers()] == [before.id]
    assert [each.floating_ip_address for each in site.floating_ips()] == [address]
    site.tfgen("plan", "--exit-code", code=0)
