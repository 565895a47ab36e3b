"""The main line on the other engine: OpenTofu, this machine's or the laboratory's own."""

from pathlib import Path

import pytest

from lab import Lab
from lab.software import go
from tests.e2e.sites import Site

# OpenTofu may have to be built: minutes on an idle machine, many on a busy one.
pytestmark = [pytest.mark.lab, pytest.mark.timeout(2700)]


@pytest.fixture(scope="session")
def tofu(lab: Lab) -> Path:
    """OpenTofu; where there is none it is built, which takes minutes."""
    if lab.tofu is None:
        go.TOFU.build(lab.settings.log / "build-tofu.log")
    assert lab.tofu is not None
    return lab.tofu


def test_the_main_line_on_opentofu(site: Site, tofu: Path) -> None:
    """A Service gets its address by OpenTofu, and a second run has nothing left to do."""
    site.apply(site.service("web"))
    site.init()
    site.tfgen("run", "--yes", "--engine", str(tofu))
    (balancer,) = site.load_balancers()
    (floating,) = site.floating_ips()
    assert balancer.provisioning_status == "ACTIVE"
    assert site.external_ip("web") == floating.floating_ip_address
    assert site.lab.get(f"http://{floating.floating_ip_address}/").node
    version = site.get("web")["metadata"]["resourceVersion"]

    site.tfgen("run", "--yes", "--engine", str(tofu))

    assert site.get("web")["metadata"]["resourceVersion"] == version
    assert [each.updated_at for each in site.load_balancers()] == [balancer.updated_at]
    assert [each.updated_at for each in site.floating_ips()] == [floating.updated_at]
