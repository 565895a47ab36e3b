"""What a real cloud and a real cluster refuse: what is said, and what stands afterwards."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest

from lab import Lab
from tests.e2e.sites import Site

pytestmark = pytest.mark.lab

INJECTION = 'say "x"}\n${file("/etc/passwd")}\n%{ if true }\\'
OCCM = "loadbalancer.openstack.org/"


@pytest.fixture
def longest(lab: Lab, tmp_path: Path) -> Iterator[Site]:
    """A site whose cluster and namespace have names of 63 characters."""
    made = Site(lab, tmp_path)
    made.name = made.name.ljust(63, "n")
    yield made
    made.clean()


def setting(site: Site, old: str, new: str) -> None:
    """Change tfgen.yaml."""
    path = site.folder / "tfgen.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def of_project(site: Site, cloud: str) -> list[tuple[str, str]]:
    """Give id and time of the last change of all load balancers of a project."""
    found = site.lab.openstack(cloud).load_balancer.load_balancers()
    return sorted((each.id, str(each.updated_at)) for each in found if site.name in each.name)


def test_an_unknown_subnet(site: Site) -> None:
    """Octavia's refusal is told with the Service, and nothing stands; corrected, it is served.

    A subnet is frozen at the first rendering: a notice names the flag that takes another one.
    """
    site.init()
    subnet = site.openstack.network.find_subnet("demo-subnet")
    assert subnet
    unknown = str(uuid4())
    setting(site, subnet.id, unknown)
    site.apply(site.service("web"))

    refused = site.tfgen("run", "--yes", code=1)

    assert f"Service {site.name}/web, load balancer: " in refused.stderr
    assert unknown in refused.stderr
    assert "tfgen doctor" in refused.stderr
    assert not site.load_balancers()
    assert not site.floating_ips()
    assert not site.external_ip("web")
    assert "network.subnet_id" in site.tfgen("doctor", code=None).stdout

    setting(site, unknown, subnet.id)
    flag = ("--allow-address-change", f"{site.name}/web")
    assert " ".join(flag) in site.tfgen("render").stderr
    site.tfgen("run", "--yes", *flag)

    assert site.external_ip("web") == site.floating_ips()[0].floating_ip_address


@pytest.mark.usefixtures("_other_alone")
def test_the_cloud_of_another_project(site: Site) -> None:
    """It is refused by the project's id, before anything is planned; both stay as they are."""
    site.init()
    site.apply(site.service("web"))
    site.tfgen("run", "--yes")
    address, before = site.external_ip("web"), of_project(site, "demo")
    site.apply(site.service("web", ports=[{"name": "a", "port": 80}, {"name": "b", "port": 81}]))
    setting(site, "cloud: demo", "cloud: other")

    refused = site.tfgen("run", "--yes", code=3)

    mine, others = (site.lab.openstack(name).current_project_id for name in ("demo", "other"))
    assert f"openstack.project_id of tfgen.yaml is {mine}, and cloud other has {others}" in (
        refused.stderr
    )
    assert "Take the right cloud" in refused.stderr
    assert of_project(site, "demo") == before
    assert of_project(site, "other") == []
    assert site.external_ip("web") == address

    setting(site, "cloud: other", "cloud: demo")
    site.tfgen("run", "--yes")
    assert site.external_ip("web") == address


def test_wrong_credentials(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keystone's refusal is told without the password; cloud, cluster and states are untouched."""
    site.init()
    site.apply(site.service("web"))
    site.tfgen("run", "--yes")
    address, before = site.external_ip("web"), of_project(site, "demo")
    version = site.get("web")["metadata"]["resourceVersion"]
    states = {path: path.read_bytes() for path in site.tree.glob("stacks/*/terraform.tfstate")}
    auth = site.openstack.config.config["auth"]
    wrong = {"demo": {"auth": {**auth, "password": "falsch"}, "region_name": "RegionOne"}}
    (site.folder / "clouds.yaml").write_bytes(orjson.dumps({"clouds": wrong}))
    right = site.environment
    monkeypatch.setattr(
        Site, "environment", {**right, "OS_CLIENT_CONFIG_FILE": str(site.folder / "clouds.yaml")}
    )

    refused = site.tfgen("run", "--yes", "--format", "json", code=1)

    error = orjson.loads(refused.stdout)["error"]
    assert f"Keystone at {auth['auth_url']} (cloud demo) refused the credentials" in error["what"]
    assert "clouds.yaml" in error["remedy"]
    assert "falsch" not in refused.stdout + refused.stderr
    assert of_project(site, "demo") == before
    assert site.get("web")["metadata"]["resourceVersion"] == version
    assert site.external_ip("web") == address
    assert {path: path.read_bytes() for path in states} == states


def test_a_provider_that_cannot_be_installed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's own words and the way to a mirror are told; with the mirror the run does it."""
    site.init()
    site.apply(site.service("web"))
    mirror = site.folder / "mirror"
    mirror.mkdir()
    (site.folder / "empty.tfrc").write_text(
        f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n'
    )
    right = site.environment
    wrong = {**right, "TF_CLI_CONFIG_FILE": str(site.folder / "empty.tfrc")}
    monkeypatch.setattr(Site, "environment", wrong)

    refused = site.tfgen("run", "--yes", code=1)

    assert f"failed: stack {site.name}: " in refused.stderr
    assert "terraform-provider-openstack/openstack" in refused.stderr
    assert "name a mirror in the engine's CLI configuration" in refused.stderr
    assert not site.load_balancers()
    assert not site.external_ip("web")

    monkeypatch.setattr(Site, "environment", right)
    site.tfgen("run", "--yes")
    assert site.external_ip("web") == site.floating_ips()[0].floating_ip_address


def test_a_service_that_gets_no_node_ports(site: Site) -> None:
    """Where the cluster gives none it is held, with no load balancer; its neighbour is served."""
    site.init()
    never = site.service("never", allocateLoadBalancerNodePorts=False)
    site.apply(never, site.service("web"))

    held = site.tfgen("run", "--yes", code=4)

    field = f"Service {site.name}/never: spec.ports[0].nodePort"
    assert f'{field} is "missing"; expected a node port' in held.stderr
    assert "Set spec.allocateLoadBalancerNodePorts to true" in held.stderr
    [balancer] = site.load_balancers()
    assert balancer.name == f"{site.name}_{site.name}_web"
    assert site.external_ip("web") == site.floating_ips()[0].floating_ip_address
    assert not site.external_ip("never")

    site.apply(site.service("never", allocateLoadBalancerNodePorts=True), site.service("web"))
    site.tfgen("run", "--yes")
    assert site.lab.get(f"http://{site.external_ip('never')}/").node


def test_names_of_63_characters(longest: Site) -> None:
    """The longest cluster, namespace and Service get an address that answers, and go again."""
    longest.init()
    name = "s" * 63
    longest.apply(longest.service(name))

    longest.tfgen("run", "--yes")

    address = longest.external_ip(name)
    [balancer] = longest.load_balancers()
    [floating] = longest.floating_ips()
    assert balancer.name == f"{longest.name}_{longest.name}_{name}"
    assert f"tfgen_service={longest.name}_{name}" in balancer.tags
    assert f"tfgen_service={longest.name}_{name}" in floating.tags
    assert address == floating.floating_ip_address
    assert longest.lab.get(f"http://{address}/").node
    longest.tfgen("plan", "--exit-code", code=0)


def test_texts_that_would_be_code(site: Site) -> None:
    """Quotes, newlines and templates in annotations never reach the cloud as anything but text."""
    site.init()
    note = {"example.com/note": INJECTION}
    site.apply(site.service("plain", annotations=note), site.service("web", annotations=note))

    site.tfgen("run", "--yes")

    before = {each.id: each.description for each in site.load_balancers()}
    words = {f"Kubernetes Service {site.name}/{name} of cluster {site.name}" for name in _NAMES}
    assert set(before.values()) == words
    assert INJECTION.partition("\n")[0] not in "".join(_texts(site))

    ours = {**note, f"{OCCM}connection-limit": INJECTION, f"{OCCM}lb-method": INJECTION}
    site.apply(site.service("web", annotations=ours))
    held = site.tfgen("run", "--yes", code=4)

    assert f"Service {site.name}/web: annotation {OCCM}connection-limit" in held.stderr
    assert f"Service {site.name}/web: annotation {OCCM}lb-method" in held.stderr
    assert {each.id: each.description for each in site.load_balancers()} == before
    assert INJECTION.partition("\n")[0] not in "".join(_texts(site))


_NAMES = ("plain", "web")


def _texts(site: Site) -> Iterator[Any]:
    """Read all that was rendered."""
    yield from (path.read_text() for path in site.tree.glob("stacks/*/*.tf*") if path.is_file())
