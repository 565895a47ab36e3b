"""kill -9 in the middle of a real apply: of the provider, of tfgen, and with a state elsewhere."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.e2e import running
from tests.e2e.sites import Site

pytestmark = pytest.mark.lab

Begin = Callable[[Site], running.Running]
_MADE = "creating load balancer ... done"
"""From here on the engine is in the middle of the ports."""


def below(pid: int) -> list[int]:
    """Give the children of a process, and theirs."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    found = [int(child) for path in tasks for child in path.read_text().split()]
    return [*found, *(each for child in found for each in below(child))]


def providers(run: running.Running) -> list[int]:
    """Give the providers that a run's engines have started."""
    found = [child for engine in run.engines() for child in below(engine)]
    names = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in found}
    return [pid for pid, name in names.items() if b"terraform-provider-openstack" in name]


def elsewhere(site: Site) -> None:
    """Keep the states in the cluster, where a lock outlives its process."""
    secret = {"namespace": site.name, "secret_suffix": "{stack}-state"}
    where = {**secret, "config_path": site.environment["KUBECONFIG"]}
    settings = yaml.safe_dump({"backend": {"type": "kubernetes", "config": where}})
    with (site.folder / "tfgen.yaml").open("a") as file:
        file.write(f"\n{settings}")


def test_a_provider_that_is_killed(served: Site, begin: Begin) -> None:
    """The engine saves what it knows and ends; the next run finishes the same load balancer."""
    run = begin(served)
    run.wait_for(lambda: _MADE in run.said and bool(providers(run)))
    for pid in providers(run):
        os.kill(pid, signal.SIGKILL)
    assert run.ended() == 1
    assert f"failed: stack {served.name}: " in run.said
    [begun] = served.load_balancers()
    assert begun.id in running.in_state(served)

    served.tfgen("run", "--yes")

    assert [each.id for each in served.load_balancers()] == [begun.id]
    running.check_whole(served)


def test_a_tfgen_that_is_killed_while_its_engine_works(served: Site, begin: Begin) -> None:
    """Its engine keeps the stack; who has no time is told so, the next run waits and finishes."""
    run = begin(served)
    run.wait_for(lambda: _MADE in run.said)
    run.process.kill()
    run.process.wait()
    told = served.tfgen("plan", "--lock-timeout", "0", code=1)
    assert (
        f"stack {served.name} is held by `tfgen run --yes` (pid {run.process.pid} " in told.stderr
    )
    assert "That tfgen is dead; the engine that it had started (pid " in told.stderr

    served.tfgen("run", "--yes")

    assert len(served.load_balancers()) == 1
    running.check_whole(served)


def test_a_lock_that_outlives_its_engine(served: Site, begin: Begin) -> None:
    """In a remote state the lock of a killed engine is named, and goes with consent alone."""
    elsewhere(served)
    run = begin(served)
    run.wait_for(lambda: _MADE in run.said)
    [begun] = served.load_balancers()
    run.kill_engines()
    assert run.ended() == 1
    assert "the engine was killed (SIGKILL)" in run.said

    told = served.tfgen("plan", "--lock-timeout", "0", code=1)
    assert "Its holder is dead: it was of this host, and no engine" in told.stderr, told.stderr
    assert f"again with --break-lock {served.name} (by hand: terraform " in told.stderr

    done = served.tfgen("run", "--yes", "--break-lock", served.name)

    assert f"agreed: the state of stack {served.name} is free: it was locked by " in done.stderr
    assert [each.id for each in served.load_balancers()] == [begun.id]
    running.check_whole(served)
