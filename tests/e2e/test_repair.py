"""`tfgen repair` on a real Octavia: what was in ERROR or half made is whole afterwards."""

import pytest

from tests.e2e import running
from tests.e2e.sites import Site

pytestmark = pytest.mark.lab


@pytest.fixture
def applied(served: Site) -> Site:
    """A site whose Service `web` is applied and published."""
    served.tfgen("run", "--yes")
    return served


def target(site: Site) -> str:
    """Give what the Service is called."""
    return f"{site.name}/web"


def broken(site: Site) -> str:
    """Let its load balancer be in ERROR, and give its id."""
    [balancer] = site.load_balancers()
    site.lab.faults.load_balancer(balancer.id, "ERROR")
    return str(balancer.id)


def test_a_rebuilding_keeps_the_address(applied: Site) -> None:
    """One in ERROR is deleted with all below it and made anew: another id, the same address."""
    before, address = broken(applied), applied.external_ip("web")

    told = applied.tfgen("repair", target(applied), "--dry-run")
    assert "is in ERROR since 20" in told.stdout
    assert [each.id for each in applied.load_balancers()] == [before]

    done = applied.tfgen("repair", target(applied), "--rebuild", "--yes")

    assert f"answers on {address} (as before)" in done.stdout
    assert "To write that back to the cluster: tfgen publish" in done.stderr
    [balancer] = applied.load_balancers()
    assert balancer.id != before
    running.check_whole(applied)
    applied.tfgen("publish")
    annotations = applied.get("web")["metadata"]["annotations"]
    assert annotations["tfgen.io/load-balancer-id"] == balancer.id
    assert "there is nothing to repair" in applied.tfgen("repair", target(applied), "--yes").stdout
