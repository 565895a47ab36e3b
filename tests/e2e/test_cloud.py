"""The cloud adapter against real services: identity, listing by tags, confirmation, ERROR."""

from collections.abc import Iterator
from typing import Any

import pytest

from lab import Lab
from tests.e2e.sites import Site
from tfgen import cloud, config, errors, model

pytestmark = pytest.mark.lab

TREE = "3f9c1a2b4d5e6f70"


def settings(site: Site, **openstack: str) -> config.Settings:
    """Make settings of this site for the laboratory's cloud."""
    section = config.OpenStack(**{"cloud": "demo", **openstack})
    return config.Settings(cluster=site.name, tree=TREE, openstack=section)


@pytest.fixture
def live(site: Site) -> Iterator[cloud.Cloud]:
    """Connect as tfgen does."""
    with cloud.connect(settings(site), site.environment) as connected:
        yield connected


@pytest.fixture
def balancer(site: Site, lab: Lab) -> Any:  # noqa: ANN401  openstacksdk's own
    """Create a load balancer of Service <site>/web, with a floating IP, both tagged as ours."""
    openstack = lab.openstack()
    subnet = openstack.network.find_subnet("demo-subnet")
    public = openstack.network.find_network("public")
    assert subnet
    assert public
    tags = [
        "tfgen",
        f"tfgen_cluster={site.name}",
        f"tfgen_tree={TREE}",
        f"tfgen_service={site.name}_web",
    ]
    made = openstack.load_balancer.create_load_balancer(
        name=f"{site.name}_web", vip_subnet_id=subnet.id, tags=tags
    )
    made = lab.wait_active(made.id)
    floating = openstack.network.create_ip(floating_network_id=public.id, port_id=made.vip_port_id)
    openstack.network.set_tags(floating, tags)
    return made


def test_an_address_is_found_and_confirmed(
    site: Site,
    lab: Lab,
    live: cloud.Cloud,
    balancer: Any,  # noqa: ANN401  openstacksdk's own
) -> None:
    """An address is the bound floating IP; detached, elsewhere or in ERROR it is a problem."""
    openstack = lab.openstack()
    (floating,) = site.floating_ips()
    key = model.ServiceKey(site.name, "web")
    web = model.Address(key, balancer.id, balancer.vip_address, floating.floating_ip_address)
    assert live.addresses(site.name, TREE) == (web,)
    assert live.addresses(site.name, "0" * 16) == ()
    assert live.confirm([web]) == cloud.Confirmation((web,), ())
    openstack.network.update_ip(floating, port_id=None)
    assert "bound to nothing" in str(live.confirm([web]).problems[0])
    openstack.network.update_ip(floating, port_id=balancer.vip_port_id)
    assert live.unsettled(site.name, TREE) == ()
    lab.faults.load_balancer(balancer.id)
    (failed,) = live.unsettled(site.name, TREE)
    assert (failed.service, failed.failed) == (key, True)
    assert "provisioning status ERROR" in str(live.confirm([web]).problems[0])


def test_one_list_call_each(site: Site, lab: Lab, live: cloud.Cloud) -> None:
    """The addresses of a tree cost one call of Octavia and one of Neutron."""
    with lab.count_calls() as calls:
        assert live.addresses(site.name, TREE) == ()
    mine = [call for call in calls.made if site.name in call.path]
    assert sorted((call.service, call.method) for call in mine) == [
        ("neutron", "GET"),
        ("octavia", "GET"),
    ]


def test_the_recorded_project(site: Site, lab: Lab, live: cloud.Cloud) -> None:
    """The project that init recorded passes; another project of the same cloud is refused."""
    project = str(lab.openstack().current_project_id)
    live.check_project(settings(site, project_id=project, region="RegionOne"))
    other = settings(site, cloud="other", project_id=project)
    with cloud.connect(other, site.environment) as strange, pytest.raises(errors.Refused) as said:
        strange.check_project(other)
    assert project in said.value.what
    assert str(lab.openstack("other").current_project_id) in said.value.what
