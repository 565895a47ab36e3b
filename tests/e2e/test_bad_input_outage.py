"""A quota that is full and an Octavia that goes away, both in the middle of an apply."""

from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import pytest

from lab import Lab
from tests.e2e import running
from tests.e2e.sites import Site

pytestmark = pytest.mark.lab

Begin = Callable[[Site], running.Running]


@pytest.fixture
def tenant(lab: Lab, tmp_path: Path) -> Iterator[Site]:
    """A site in the project of another tenant."""
    made = Site(lab, tmp_path, cloud="other")
    yield made
    made.clean()


@pytest.fixture
def quota(tenant: Site) -> Iterator[Callable[[int], object]]:
    """Set how many listeners the tenant may have."""
    octavia = tenant.lab.openstack("admin").load_balancer
    project = str(tenant.openstack.current_project_id)
    yield lambda listeners: octavia.update_quota(project, listener=listeners)
    octavia.delete_quota(project)


@pytest.mark.usefixtures("_other_alone")
def test_a_quota_that_is_full(tenant: Site, quota: Callable[[int], object]) -> None:
    """The quota is named; what is made stays; once it is raised the next run finishes the job."""
    tenant.init()
    ports = [{"name": "a", "port": 80}, {"name": "b", "port": 81}]
    tenant.apply(tenant.service("web", ports=ports))
    quota(1)

    failed = tenant.tfgen("run", "--yes", "--format", "json", code=1)

    assert f"Service {tenant.name}/web, listener tcp-81: " in failed.stderr
    assert "Quota has been met for resources: Listener" in failed.stderr
    assert "Octavia's quota of listeners is full: 1 of 1 (1 of this tree)" in failed.stderr
    document = orjson.loads(failed.stdout)["apply"]
    assert [each["name"] for each in document["full_quotas"]] == ["listeners"]
    assert [(each["stack"], each["code"]) for each in document["failures"]] == [(tenant.name, 1)]
    [begun] = tenant.load_balancers()
    assert (begun.provisioning_status, begun.id in running.in_state(tenant)) == ("ACTIVE", True)
    [first] = tenant.openstack.load_balancer.listeners(load_balancer_id=begun.id)
    assert first.protocol_port == 80
    [address] = [each.floating_ip_address for each in tenant.floating_ips()]
    assert not tenant.external_ip("web")

    quota(10)
    tenant.tfgen("run", "--yes")

    assert [each.id for each in tenant.load_balancers()] == [begun.id]
    assert tenant.external_ip("web") == address
    running.check_whole(tenant)


@pytest.mark.disruptive
def test_octavia_goes_away_while_a_load_balancer_is_built(served: Site, begin: Begin) -> None:
    """The run ends with 1 and says so; when Octavia is back the next one finishes, with no loss."""
    faults = served.lab.faults
    faults.build_seconds(10)
    try:
        run = begin(served)
        run.wait_for(lambda: bool(served.load_balancers()))
        faults.stop("octavia")
        assert run.ended() == 1
    finally:
        faults.start("octavia")
        faults.build_seconds(0)
    assert f"Service {served.name}/web, load balancer: " in run.said
    assert "refused" in run.said
    assert "the next tfgen run" in run.said
    [begun] = served.load_balancers()
    assert begun.id in running.in_state(served)
    assert not served.external_ip("web")
    served.lab.wait_active(begun.id)

    served.tfgen("run", "--yes")

    assert [each.id for each in served.load_balancers()] == [begun.id]
    running.check_whole(served)


@pytest.mark.disruptive
def test_octavia_goes_away_while_ports_are_made(served: Site, begin: Begin) -> None:
    """Whatever it had taken on by then is found again: one load balancer, one floating IP."""
    faults = served.lab.faults
    run = begin(served)
    try:
        run.wait_for(lambda: "creating load balancer ... done" in run.said)
        faults.stop("octavia")
        assert run.ended() == 1
    finally:
        faults.start("octavia")
    assert "failed: stack " in run.said
    assert "the next tfgen run" in run.said
    [begun] = served.load_balancers()
    served.lab.wait_active(begun.id)
    addresses = [each.id for each in served.floating_ips()]

    served.tfgen("run", "--yes")

    assert [each.id for each in served.load_balancers()] == [begun.id]
    assert {each.id for each in served.floating_ips()} >= set(addresses)
    running.check_whole(served)
