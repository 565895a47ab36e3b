"""Reading a real cluster, and the rights it takes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

from lab import Lab
from tests.e2e.sites import Site
from tfgen import errors, model, status
from tfgen.kube import files, live, write

pytestmark = pytest.mark.lab

RBAC = Path(__file__).parents[2] / "docs/rbac.yaml"


def cluster_ip(site: Site, name: str) -> dict[str, Any]:
    """Give a manifest of a Service that asks for nothing."""
    metadata = {"name": name, "namespace": site.name}
    spec = {"type": "ClusterIP", "ports": [{"port": 80}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}


def admin(site: Site) -> live.Cluster:
    """Connect as the laboratory's administrator."""
    return live.Cluster(Path(site.environment["KUBECONFIG"]))


def mine(site: Site, listing: model.Listing) -> list[dict[str, Any]]:
    """Give this site's Services of a listing, without what kubectl adds to each or hides."""
    found: list[dict[str, Any]] = [
        {name: service[name] for name in ("metadata", "spec", "status")}
        for service in listing.services
    ]
    for each in found:
        each["metadata"] = dict(each["metadata"])
        each["metadata"].pop("managedFields", None)
    return [each for each in found if each["metadata"]["namespace"] == site.name]


def test_a_listing_is_what_kubectl_shows(site: Site) -> None:
    """Services of all namespaces, all Nodes, and the UID of kube-system."""
    site.apply(site.service("web"), cluster_ip(site, "db"))
    listing = admin(site).listing()
    shown = orjson.loads(site.kubectl("get", "services", "-n", site.name, "-o", "json"))
    assert mine(site, listing) == mine(site, model.Listing(tuple(shown["items"]), (), None, ""))
    nodes = orjson.loads(site.kubectl("get", "nodes", "-o", "json"))["items"]
    assert {node["metadata"]["name"] for node in listing.nodes} == {  # type: ignore[index]  # raw JSON
        node["metadata"]["name"] for node in nodes
    }
    uid = site.kubectl("get", "namespace", "kube-system", "-o", "jsonpath={.metadata.uid}")
    assert listing.cluster_uid == uid
    assert {"default", site.name} <= {s["metadata"]["namespace"] for s in listing.services}  # type: ignore[index]  # raw JSON


def test_pages_make_one_listing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real server's `continue` leads through all pages."""
    site.apply(*(cluster_ip(site, f"s{number}") for number in range(7)))
    whole = mine(site, admin(site).listing())
    monkeypatch.setattr(live, "PAGE", 2)
    assert mine(site, admin(site).listing()) == whole
    assert len(whole) == 7


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_what_kubectl_prints_gives_the_same_listing(site: Site, tmp_path: Path, form: str) -> None:
    """A file made with kubectl is as good as the cluster."""
    site.apply(site.service("web", annotations={"a": "on", "b": "2026-01-01", "c": 'x: "y"\n'}))
    listing = admin(site).listing()
    path = tmp_path / f"input.{form}"
    path.write_text(site.kubectl("get", "services,nodes", "-A", "-o", form))
    assert mine(site, files.read(str(path))) == mine(site, listing)


@pytest.fixture
def kubeconfig(site: Site, tmp_path: Path) -> Iterator[Path]:
    """A kubeconfig of a service account that may do nothing yet."""
    site.apply(cluster_ip(site, "db"))
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


def roles(site: Site) -> dict[str, dict[str, Any]]:
    """Read docs/rbac.yaml; the roles get names and labels of this site."""
    read = {role["metadata"]["name"]: role for role in yaml.safe_load_all(RBAC.read_text())}
    for name, role in read.items():
        role["metadata"] = {"name": f"{site.name}-{name}", "labels": {"e2e": site.name}}
    return read


def grant(site: Site, *granted: dict[str, Any]) -> None:
    """Give the service account roles, as the head of docs/rbac.yaml says."""
    site.apply(*granted)
    for role in granted:
        name = role["metadata"]["name"]
        account = f"--serviceaccount={site.name}:tfgen"
        site.kubectl("create", "clusterrolebinding", name, f"--clusterrole={name}", account)
        site.kubectl("label", "clusterrolebinding", name, f"e2e={site.name}")


def without(role: dict[str, Any], resource: str, verb: str = "") -> dict[str, Any]:
    """Give a role that may do one thing less with a resource, or (no verb) nothing at all."""
    rules = []
    for rule in role["rules"]:
        rules.append(rule | {"resources": [each for each in rule["resources"] if each != resource]})
        if verb and resource in rule["resources"]:
            left = [each for each in rule["verbs"] if each != verb]
            rules.append(rule | {"resources": [resource], "verbs": left})
    return role | {"rules": [rule for rule in rules if rule["resources"] and rule["verbs"]]}


def marking(site: Site) -> status.Standing:
    """Give a standing that any Service of ours can be brought to."""
    return status.Standing(status.Phase.AWAITING, site.name, why="Rendered.")


def published(site: Site, cluster: live.Cluster) -> write.Written:
    """Write to a Service of this site."""
    listed = cluster.service(model.ServiceKey(site.name, "web"))
    assert listed is not None
    standing = marking(site)
    return write.apply(cluster, listed, lambda each: status.patch(each, standing, now=write.now()))


def test_the_documented_roles_suffice(site: Site, kubeconfig: Path) -> None:
    """With both roles everything works: listing, status, Events."""
    site.apply(site.service("web"))
    grant(site, *roles(site).values())
    cluster = live.Cluster(kubeconfig)
    assert cluster.listing().cluster_uid
    assert published(site, cluster) == write.Written(write.Outcome.WRITTEN)
    listed = cluster.service(model.ServiceKey(site.name, "web"))
    assert listed is not None
    write.event(cluster, listed, status.Event("Normal", "AwaitingReview", "Rendered."))
    assert "AwaitingReview" in site.kubectl("describe", "service", "web", "-n", site.name)


def test_a_pipeline_needs_no_other_roles(site: Site, kubeconfig: Path) -> None:
    """Every command of the main line works with them, and the address is in the cluster."""
    site.init()
    site.apply(site.service("web"))
    grant(site, *roles(site).values())
    account = ("--kubeconfig", str(kubeconfig))
    for command in (["render"], ["run", "--yes"], ["status"], ["publish", "--source", "cloud"]):
        done = site.tfgen(*command, *account)
        assert "may not" not in done.stderr, done.stderr
    [floating] = site.floating_ips()
    assert site.external_ip("web") == floating.floating_ip_address
    assert "EnsuredLoadBalancer" in site.kubectl("describe", "service", "web", "-n", site.name)


def test_a_reader_renders_and_looks(site: Site, kubeconfig: Path) -> None:
    """Who only renders and looks needs no right to write, and is told so where one is needed."""
    site.init()
    site.apply(site.service("web"))
    grant(site, roles(site)["tfgen-reader"])
    account = ("--kubeconfig", str(kubeconfig))
    site.tfgen("render", *account)
    assert f"{site.name}/web" in site.tfgen("status", *account).stdout
    denied = site.tfgen("publish", "--source", "cloud", *account, code=1)
    assert f"{site.name}:tfgen may not patch services/status: 403 Forbidden" in denied.stderr
    assert "roles of docs/rbac.yaml" in denied.stderr


def test_the_publisher_cannot_change_a_service(site: Site, kubeconfig: Path) -> None:
    """Only its status subresource: a pipeline cannot open a port."""
    site.apply(site.service("web"))
    grant(site, *roles(site).values())
    denied = site.run(
        "kubectl",
        f"--kubeconfig={kubeconfig}",
        "patch",
        "service",
        "web",
        "-n",
        site.name,
        "--type=merge",
        '--patch={"spec":{"externalTrafficPolicy":"Local"}}',
        code=1,
    )
    assert "forbidden" in denied.stderr


@pytest.mark.parametrize("resource", ["services", "nodes", "namespaces"])
def test_a_right_less_to_read_is_named(site: Site, kubeconfig: Path, resource: str) -> None:
    """An incomplete listing is an error that says who may not do what."""
    grant(site, without(roles(site)["tfgen-reader"], resource))
    with pytest.raises(errors.ClusterError) as caught:
        live.Cluster(kubeconfig).listing()
    verb = "get" if resource == "namespaces" else "list"
    who = f"system:serviceaccount:{site.name}:tfgen"
    assert f"{who} may not {verb} {resource}: 403 Forbidden" in caught.value.what
    assert f"Give {who} the roles of docs/rbac.yaml" in caught.value.remedy


@pytest.mark.parametrize("resource", ["services/status", "events"])
def test_a_right_less_to_write_is_named(site: Site, kubeconfig: Path, resource: str) -> None:
    """Both rights of the publisher are needed, and the missing one is named."""
    site.apply(site.service("web"))
    found = roles(site)
    grant(site, found["tfgen-reader"], without(found["tfgen-publisher"], resource))
    cluster = live.Cluster(kubeconfig)
    if resource == "events":
        listed = cluster.service(model.ServiceKey(site.name, "web"))
        assert listed is not None
        with pytest.raises(errors.ClusterError, match=r"may not create events\.events\.k8s\.io"):
            write.event(cluster, listed, status.Event("Normal", "AwaitingReview", "x"))
    else:
        assert "may not patch services/status" in str(published(site, cluster).error)


def changed(site: Site, tmp_path: Path, **cluster: str) -> Path:
    """Write the laboratory's kubeconfig with other facts of its cluster."""
    document = yaml.safe_load(Path(site.environment["KUBECONFIG"]).read_text())
    document["clusters"][0]["cluster"] |= cluster
    path = tmp_path / "changed.kubeconfig"
    path.write_text(yaml.safe_dump(document))
    return path


def test_a_token_that_nobody_issued_is_refused(site: Site, kubeconfig: Path) -> None:
    """401 is told apart from a missing right."""
    document = yaml.safe_load(kubeconfig.read_text())
    document["users"][0]["user"]["token"] = "nonsense"
    kubeconfig.write_text(yaml.safe_dump(document))
    with pytest.raises(errors.ClusterError, match="401 Unauthorized") as caught:
        live.Cluster(kubeconfig).listing()
    assert f"The credentials of kubeconfig {kubeconfig}" in caught.value.remedy
    assert site.name


def test_a_certificate_of_another_authority_is_refused(site: Site, tmp_path: Path) -> None:
    """A wrong certificate-authority is said as a matter of TLS, with the file to correct."""
    request = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=other"
    files_ = ("-keyout", str(tmp_path / "other.key"), "-out", str(tmp_path / "other.crt"))
    site.run(*request.split(), *files_)
    path = changed(site, tmp_path, **{"certificate-authority": str(tmp_path / "other.crt")})
    with pytest.raises(errors.ClusterError, match=r"TLS: .*certificate verify failed") as caught:
        live.Cluster(path).listing()
    assert f"Check certificate-authority and client certificate in kubeconfig {path}" in (
        caught.value.remedy
    )


def test_another_port_is_no_cluster(site: Site, tmp_path: Path) -> None:
    """Nothing listens there: one message, with where the address came from."""
    path = changed(site, tmp_path, server="https://127.0.0.1:1")
    with pytest.raises(errors.ClusterError, match="Connection refused") as caught:
        live.Cluster(path).listing()
    assert f"It comes from kubeconfig {path}" in caught.value.remedy


def test_the_laboratory_is_a_cluster(lab: Lab) -> None:
    """Its own environment is all that is needed."""
    path = Path(lab.environment()["KUBECONFIG"])
    assert live.Cluster(path).server.startswith("https://")
