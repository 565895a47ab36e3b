"""`tfgen init` against a real cloud and cluster."""

import dataclasses
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.e2e.sites import Site
from tfgen import config

pytestmark = pytest.mark.lab


@dataclasses.dataclass
class Elsewhere(Site):
    """A site with a clouds.yaml of its own."""

    clouds: dict[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Name the site's own clouds.yaml."""
        file = self.folder / "clouds.yaml"
        file.write_bytes(orjson.dumps({"clouds": self.clouds}))
        return {**super().environment, "OS_CLIENT_CONFIG_FILE": str(file)}


def entry(site: Site, **auth: str) -> dict[str, Any]:
    """Give the laboratory's entry for project demo, with other credentials."""
    credentials = site.lab.openstack().config.config["auth"]
    return {"auth": {**credentials, **auth}, "region_name": "RegionOne"}


def loaded(site: Site) -> config.Loaded:
    """Load what init wrote."""
    return config.load(site.folder / "tfgen.yaml", environ={})


def test_the_laboratorys_cloud(site: Site) -> None:
    """What init finds by itself is what OpenStack has, and rendering needs nothing more."""
    done = site.tfgen("init", "--cluster", site.name, "--cloud", "demo")
    made = loaded(site)
    openstack = site.lab.openstack()
    subnet = openstack.network.find_subnet("demo-subnet")
    public = openstack.network.find_network("public")
    assert subnet
    assert public
    assert made.settings.network.subnet_id == subnet.id
    assert made.settings.network.floating_networks == [
        config.FloatingNetwork(id=public.id, name="public")
    ]
    assert config.same(made.settings.openstack.project_id, str(openstack.current_project_id))
    assert made.settings.openstack.region == "RegionOne"
    assert made.settings.octavia.provider == "amphora"
    major, minor = made.settings.octavia.api_version.split(".")
    assert (int(major), int(minor)) >= (2, 27)
    config.require_complete(made)
    text = (site.folder / "tfgen.yaml").read_text("utf-8")
    assert openstack.config.config["auth"]["password"] not in text + done.stdout + done.stderr


def test_an_application_credential(site: Site) -> None:
    """An application credential is as good, and none of it is written."""
    site.tfgen("init", "--cluster", site.name, "--cloud", "demo-app")
    auth = site.lab.openstack("demo-app").config.config["auth"]
    text = (site.folder / "tfgen.yaml").read_text("utf-8")
    assert auth["application_credential_secret"] not in text
    assert auth["application_credential_id"] not in text
    assert loaded(site).settings.openstack.cloud == "demo-app"


def test_occms_cloud_conf(site: Site) -> None:
    """The ids of a cloud.conf are found in the cloud, and the network gets its name."""
    openstack = site.lab.openstack()
    subnet = openstack.network.find_subnet("demo-subnet")
    public = openstack.network.find_network("public")
    assert subnet
    assert public
    (site.folder / "cloud.conf").write_text(
        f"[Global]\nauth-url = {openstack.config.config['auth']['auth_url']}\n"
        f"[LoadBalancer]\nsubnet-id = {subnet.id}\nfloating-network-id = {public.id}\n"
        "monitor-delay = 10s\n"
    )
    flags = ["--cluster", site.name, "--cloud", "demo", "--from-cloud-conf", "cloud.conf"]
    done = site.tfgen("init", *flags)
    made = loaded(site).settings
    assert made.network.subnet_id == subnet.id
    assert [network.name for network in made.network.floating_networks] == ["public"]
    assert (made.defaults.monitor.enabled, made.defaults.monitor.delay) == (False, 10)
    assert "monitor-delay = 10s -> defaults.monitor.delay" in done.stderr


def test_a_wrong_password(site: Site) -> None:
    """Keystone's refusal names its address and status, and nothing is written."""
    other = Elsewhere(site.lab, site.folder, clouds={"demo": entry(site, password="falsch")})
    done = other.tfgen("init", "--cluster", site.name, "--cloud", "demo", code=1)
    url = site.lab.openstack().config.config["auth"]["auth_url"]
    assert f"Keystone at {url} (cloud demo) refused the credentials: status 401" in done.stderr
    assert "clouds.yaml" in done.stderr
    assert "falsch" not in done.stderr
    assert not Path(site.folder / "tfgen.yaml").exists()


def test_an_unknown_cloud(site: Site) -> None:
    """A name that clouds.yaml lacks is answered with the nearest."""
    done = site.tfgen("init", "--cluster", site.name, "--cloud", "dmo", code=1)
    assert "Did you mean 'demo'?" in done.stderr


def test_a_region_without_services(site: Site) -> None:
    """A region that the catalog does not have is told with those that it has."""
    nowhere = {**entry(site), "region_name": "Nowhere"}
    other = Elsewhere(site.lab, site.folder, clouds={"demo": nowhere})
    done = other.tfgen("init", "--cluster", site.name, "--cloud", "demo", code=1)
    assert "has no network (Neutron) endpoint in region Nowhere: it has one in RegionOne" in (
        done.stderr
    )


@pytest.mark.disruptive
def test_a_second_subnet_is_chosen_by_the_nodes(site: Site) -> None:
    """With two subnets nobody guesses; the one that holds the nodes is named."""
    network = site.lab.openstack().network
    other = network.create_network(name=site.name)
    try:
        network.create_subnet(
            network_id=other.id, name=site.name, cidr="10.99.0.0/24", ip_version=4
        )
        flags = ["--cluster", site.name, "--cloud", "demo", "--floating-network", "public"]
        done = site.tfgen("init", *flags, code=1)
        demo = network.find_subnet("demo-subnet")
        assert demo
        assert f"{site.name} (10.99.0.0/24 in network {site.name})" in done.stderr
        assert f"The nodes are in: {demo.id}." in done.stderr
        site.tfgen("init", *flags, "--subnet", site.name)
        assert loaded(site).settings.network.subnet_id != demo.id
    finally:
        network.delete_network(other)
