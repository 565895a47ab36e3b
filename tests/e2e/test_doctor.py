"""tfgen doctor on the laboratory: what is right is found right, and one right less is named."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

from tests.e2e import test_kube as kube
from tests.e2e.sites import Site

pytestmark = pytest.mark.lab


def findings(site: Site, *arguments: str, code: int = 0) -> dict[str, list[dict[str, Any]]]:
    """Run the doctor, and give what it found, by check."""
    said = site.tfgen("doctor", "--format", "json", *arguments, code=code).stdout
    found: dict[str, list[dict[str, Any]]] = {}
    for each in orjson.loads(said)["findings"]:
        found.setdefault(each["check"], []).append(each)
    return found


@pytest.fixture
def account(site: Site, tmp_path: Path) -> Iterator[Path]:
    """A kubeconfig of a service account that may do nothing yet."""
    site.apply()
    site.kubectl("create", "serviceaccount", "tfgen", "-n", site.name)
    token = site.kubectl("create", "token", "tfgen", "-n", site.name).strip()
    document = yaml.safe_load(Path(site.environment["KUBECONFIG"]).read_text())
    document["users"] = [{"name": "tfgen", "user": {"token": token}}]
    for context in document["contexts"]:
        context["context"]["user"] = "tfgen"
    path = tmp_path / "tfgen.kubeconfig"
    path.write_text(yaml.safe_dump(document))
    yield path
    kinds = "clusterroles,clusterrolebindings"
    site.kubectl("delete", kinds, "-l", f"e2e={site.name}", "--ignore-not-found")


def test_all_is_well_after_init(site: Site) -> None:
    """After init, lock and render nothing is wrong, and the tree is as it was."""
    site.init()
    site.apply(site.service("web"))
    site.tfgen("render")
    site.tfgen("lock")
    before = {path: path.stat().st_mtime_ns for path in site.tree.rglob("*")}
    found = findings(site)
    wrong = {
        f"{check} {each['level']}: {each['found']}"
        for check, listed in found.items()
        for each in listed
        if each["level"] != "ok" and "this is a CI job" not in each["found"]
    }
    assert wrong == set()
    assert found["octavia"][0]["found"].startswith("API 2.")
    assert "from mirror" in found["provider"][0]["found"]
    assert {path: path.stat().st_mtime_ns for path in site.tree.rglob("*")} == before


def test_the_documented_roles_suffice(site: Site, account: Path) -> None:
    """With the roles of docs/rbac.yaml no right is missing."""
    site.init()
    kube.grant(site, *kube.roles(site).values())
    [rights] = findings(site, "--kubeconfig", str(account))["rights"]
    assert rights["level"] == "ok"
    assert rights["found"].count(", ") == 6


LESS = [
    ("tfgen-reader", "nodes", "list nodes", 1),
    ("tfgen-reader", "namespaces", "get namespaces kube-system", 1),
    ("tfgen-publisher", "services/status", "patch services/status", 1),
    ("tfgen-publisher", "events", "create events.events.k8s.io", 0),
]


@pytest.mark.parametrize(("role", "resource", "right", "code"), LESS)
def test_one_right_less_is_named(  # noqa: PLR0917  a row of the table above
    site: Site, account: Path, role: str, resource: str, right: str, code: int
) -> None:
    """The API server is asked for each right by itself, and the missing one is named."""
    site.init()
    granted = kube.roles(site)
    granted[role] = kube.without(granted[role], resource)
    kube.grant(site, *granted.values())
    found = findings(site, "--kubeconfig", str(account), code=code)["rights"]
    assert f"this user may not {right}: " in found[0]["found"]
    assert right not in found[-1]["found"]


def test_what_is_wrong_with_the_cloud(site: Site) -> None:
    """A wrong subnet, an unknown Octavia provider: each is named, and all other checks run."""
    site.init()
    settings = site.folder / "tfgen.yaml"
    text = settings.read_text().replace("provider: amphora", "provider: other")
    subnet = site.lab.openstack().network.find_subnet("demo-subnet", ignore_missing=False)
    assert subnet
    settings.write_text(text.replace(subnet.id, "0" * 8 + subnet.id[8:]))
    found = findings(site, code=1)
    assert "octavia.provider is other, and the cloud offers" in found["octavia"][0]["found"]
    assert "network.subnet_id is 00000000" in found["subnets"][0]["found"]
    assert found["credentials"][0]["level"] == "ok"
    assert found["floating networks"][0]["level"] == "ok"
