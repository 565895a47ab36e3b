"""tfgen doctor on the laboratory: what is right is found right, and one right less is named."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

from tests.e2e import test_kube as kube
from tests.e2e.sites import Site

pytestmark = pytest.mark.lab


def findings(
    site: Site, *arguments: str, code: int = 0, **variables: str | Path
) -> dict[str, list[dict[str, Any]]]:
    """Run the doctor with other variables, and give what it found, by check."""
    changed = [f"{name}={value}" for name, value in variables.items()]
    doctor = (sys.executable, "-m", "tfgen", "doctor", "--format", "json", *arguments)
    said = site.run("env", *changed, *doctor, code=code).stdout
    found: dict[str, list[dict[str, Any]]] = {}
    for each in orjson.loads(said)["findings"]:
        found.setdefault(each["check"], []).append(each)
    return found


def levels(found: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    """Give the gravest level of each check; the first finding of a check has it."""
    return {check: listed[0]["level"] for check, listed in found.items()}


def change(site: Site, before: str, after: str) -> None:
    """Replace a text of the settings."""
    settings = site.folder / "tfgen.yaml"
    text = settings.read_text()
    assert before in text
    settings.write_text(text.replace(before, after))


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
    ("tfgen-reader", "services", "list", "list services", 1),
    ("tfgen-reader", "nodes", "list", "list nodes", 1),
    ("tfgen-reader", "services", "watch", "watch services", 0),
    ("tfgen-reader", "nodes", "watch", "watch nodes", 0),
    ("tfgen-reader", "namespaces", "get", "get namespaces kube-system", 1),
    ("tfgen-publisher", "services/status", "patch", "patch services/status", 1),
    ("tfgen-publisher", "events", "create", "create events.events.k8s.io", 0),
]


@pytest.mark.parametrize(("role", "resource", "verb", "right", "code"), LESS)
def test_one_right_less_is_named(  # noqa: PLR0917  a row of the table above
    site: Site, account: Path, role: str, resource: str, verb: str, right: str, code: int
) -> None:
    """The API server is asked for each right by itself, and the missing one is named."""
    site.init()
    granted = kube.roles(site)
    granted[role] = kube.without(granted[role], resource, verb)
    kube.grant(site, *granted.values())
    lacking, given = findings(site, "--kubeconfig", str(account), code=code)["rights"]
    assert f"this user may not {right}: " in lacking["found"]
    assert right not in given["found"].split(", ")
    assert given["found"].count(", ") == 5


def test_what_is_wrong_with_the_cloud(site: Site) -> None:
    """A wrong subnet, an unknown Octavia provider: each is named, and all other checks run."""
    site.init()
    subnet = site.lab.openstack().network.find_subnet("demo-subnet", ignore_missing=False)
    assert subnet
    change(site, "provider: amphora", "provider: other")
    change(site, subnet.id, "0" * 8 + subnet.id[8:])
    found = findings(site, code=1)
    assert "octavia.provider is other, and the cloud offers" in found["octavia"][0]["found"]
    assert "network.subnet_id is 00000000" in found["subnets"][0]["found"]
    assert found["credentials"][0]["level"] == "ok"
    assert found["floating networks"][0]["level"] == "ok"


def test_an_unknown_floating_network(site: Site) -> None:
    """A network that is none is named with its setting, and those that there are."""
    site.init()
    public = site.lab.openstack().network.find_network("public", ignore_missing=False)
    assert public
    change(site, public.id, "0" * 8 + public.id[8:])
    [found] = findings(site, code=1)["floating networks"]
    assert found["found"].startswith("network.floating_networks[0].id is 00000000")
    assert f"public ({public.id})" in found["remedy"]


def test_credentials_that_are_refused(site: Site, tmp_path: Path) -> None:
    """Keystone's refusal stops what needs the cloud; the cluster and the rest are looked at."""
    site.init()
    clouds = yaml.safe_load(Path(site.environment["OS_CLIENT_CONFIG_FILE"]).read_text())
    clouds["clouds"]["demo"]["auth"]["password"] = "another"
    (tmp_path / "clouds.yaml").write_text(yaml.safe_dump(clouds))
    found = findings(site, code=1, OS_CLIENT_CONFIG_FILE=tmp_path / "clouds.yaml")
    [credentials] = found["credentials"]
    assert "Keystone at" in credentials["found"]
    assert "(cloud demo) refused the credentials: status 401" in credentials["found"]
    assert "`openstack token issue` tries them" in credentials["remedy"]
    skipped = {check for check, level in levels(found).items() if level == "skipped"}
    networks = {"subnets", "floating networks"}
    assert skipped == {"octavia", "load balancers", "attached", "quotas", *networks}


@pytest.fixture
def full(site: Site) -> Iterator[None]:
    """Project `other` may have no load balancer."""
    octavia = site.lab.openstack("admin").load_balancer
    project = str(site.lab.openstack("other").current_project_id)
    octavia.update_quota(project, load_balancers=0)
    yield
    octavia.delete_quota(project)


@pytest.mark.usefixtures("_other_alone", "full")
def test_a_full_quota(site: Site) -> None:
    """What the tree still needs and the quota does not give is told before an apply meets it."""
    site.init("--cloud", "other", "--subnet", "other-subnet")
    site.apply(site.service("web"))
    site.tfgen("render")
    quotas = findings(site, code=1)["quotas"]
    assert quotas[0]["level"] == "error"
    assert quotas[0]["found"] == "load balancers 0 of 0: the tree needs 1 more, and 0 can be made"
    assert quotas[0]["remedy"].startswith("Ask for a higher quota")


def test_a_tree_that_is_edited_and_behind(site: Site) -> None:
    """Both are warnings: nothing is lost, and the commands that mend it are named."""
    site.init()
    site.apply(site.service("web"))
    site.tfgen("render")
    [file] = site.tree.rglob(f"lb_{site.name}_web.tf")
    file.write_text(file.read_text().replace("ROUND_ROBIN", "SOURCE_IP"))
    site.apply(site.service("new"))
    found = findings(site)
    assert found["tree"][0]["level"] == "ok"
    [edited] = found["files"]
    assert edited["found"] == f"stacks/{site.name}/lb_{site.name}_web.tf is edited by hand"
    behind, held = found["rendering"]
    assert behind["found"].startswith("the tree is behind: ")
    assert behind["remedy"] == "Run: tfgen render --diff"
    assert held["found"] == f"held: {site.name}/web"


def test_a_lost_file_hides_nothing(site: Site) -> None:
    """A file that is missing is an error of its own; states, provider, quotas are looked at."""
    site.init()
    site.apply(site.service("web"))
    site.tfgen("render")
    [file] = site.tree.rglob(f"lb_{site.name}_web.tf")
    file.unlink()
    found = findings(site, code=1)
    assert "an apply would remove the load balancer" in found["files"][0]["found"]
    assert "skipped" not in levels(found).values()


@contextmanager
def held(site: Site) -> Iterator[None]:
    """Hold the lock of the site's one stack: an apply that waits for its answer does."""
    engine, stack = str(site.lab.terraform or site.lab.tofu), f"-chdir=infra/stacks/{site.name}"
    site.run(engine, stack, "init", "-no-color")
    with subprocess.Popen(
        (engine, stack, "apply", "-no-color"),
        cwd=site.folder,
        env=site.environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as holder:
        assert holder.stdout
        said = ""
        for letter in iter(partial(holder.stdout.read, 1), ""):
            said += letter
            if said.endswith("Enter a value"):
                break
        assert holder.poll() is None, said
        yield
        holder.communicate("no\n")


def test_a_local_state_that_is_held(site: Site) -> None:
    """Who holds it is named; a local lock goes with its process, so no command takes it away."""
    site.init()
    site.apply(site.service("web"))
    site.tfgen("render")
    with held(site):
        warning = findings(site)["states"][0]
    assert f"the state of stack {site.name} is locked by " in warning["found"]
    assert "(OperationTypeApply, since " in warning["found"]
    assert warning["remedy"].startswith("Wait for that run, or end it")
    assert findings(site)["states"][0]["level"] == "ok"


def test_a_remote_state_that_is_held(site: Site) -> None:
    """Where the lock outlives its process, its id and the command that takes it away are shown."""
    site.init()
    # Terraform takes no suffix that ends in "-" and digits, as the name of a site may.
    secret = {"namespace": site.name, "secret_suffix": "{stack}-state"}
    where = {**secret, "config_path": site.environment["KUBECONFIG"]}
    settings = yaml.safe_dump({"backend": {"type": "kubernetes", "config": where}})
    with (site.folder / "tfgen.yaml").open("a") as file:
        file.write(f"\n{settings}")
    site.apply(site.service("web"))
    site.tfgen("render")
    with held(site):
        warning = findings(site)["states"][0]
    lock = re.search(r"ID: +(\S+)", warning["found"])
    assert lock
    assert f"-chdir=infra/stacks/{site.name} force-unlock {lock[1]}" in warning["remedy"]
    [fine] = findings(site)["states"]
    assert fine["found"] == "backend kubernetes: 1 of 1 state looked at, 1 can be read"


def test_no_engine(site: Site) -> None:
    """Without an engine only the provider is not looked at."""
    site.init()
    found = findings(site, "--engine", "/nowhere/terraform", code=1)
    assert "/nowhere/terraform" in found["engine"][0]["found"]
    assert found["engine"][0]["remedy"]
    assert [check for check, level in levels(found).items() if level == "skipped"] == ["provider"]


def test_a_provider_that_no_mirror_has(site: Site, tmp_path: Path) -> None:
    """An engine that finds no provider is found before the first plan needs it."""
    site.init()
    (tmp_path / "mirror").mkdir()
    mirror = f'filesystem_mirror {{\n    path = "{tmp_path}/mirror"\n  }}'
    (tmp_path / "terraformrc").write_text(f"provider_installation {{\n  {mirror}\n}}\n")
    [found] = findings(site, code=1, TF_CLI_CONFIG_FILE=tmp_path / "terraformrc")["provider"]
    assert "terraform-provider-openstack/openstack" in found["found"]
    assert "TF_CLI_CONFIG_FILE" in found["remedy"]
