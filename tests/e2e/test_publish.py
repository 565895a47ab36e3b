"""Writing to the Services of a real cluster: what stands there afterwards."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.e2e.sites import Site
from tfgen import manifest, model, status
from tfgen.kube import live, write
from tfgen.reconcile import publish

pytestmark = pytest.mark.lab

IP, OTHER_IP, VIP = "203.0.113.7", "203.0.113.8", "10.0.0.7"


def admin(site: Site) -> live.Cluster:
    """Connect as the laboratory's administrator."""
    return live.Cluster(Path(site.environment["KUBECONFIG"]))


def address(site: Site, name: str, ip: str = IP) -> model.Address:
    """Make a confirmed address."""
    return model.Address(model.ServiceKey(site.name, name), f"id-of-{name}", VIP, ip, site.name)


def question(
    site: Site,
    listing: model.Listing,
    *addresses: model.Address,
    rendered: tuple[str, ...] = (),
    problems: tuple[model.Problem, ...] = (),
) -> status.Question:
    """Ask about this site's Services; those with an address are in the tree."""
    keys = {each.service for each in addresses}
    keys |= {model.ServiceKey(site.name, name) for name in rendered}
    entries = {
        key: manifest.Entry(
            service=key,
            stack=site.name,
            digest="d" * 64,
            ports=("tcp-80",),
            node_group="default",
            internal=False,
            protect=False,
            frozen=model.Frozen(),
        )
        for key in keys
    }
    tree = manifest.Manifest(site.name, f"tree-{site.name}", "namespace", "", (), entries)
    translation = model.Translation(held=frozenset(keys), problems=problems)
    return status.Question(listing, translation, tree, status.Found(addresses))


def publish_(site: Site, *addresses: model.Address, **more: Any) -> dict[str, str]:  # noqa: ANN401  passed on
    """Publish addresses, and give what became of each Service."""
    cluster = admin(site)
    asked = question(site, cluster.listing(), *addresses, **more)
    report = publish.publish(cluster, asked)
    assert report.notices == ()
    return {result.service.name: result.outcome.value for result in report.results}


def events(site: Site) -> list[tuple[str, str]]:
    """Give the Events of this site as (Service, reason), sorted."""
    text = site.kubectl("get", "events.events.k8s.io", "-n", site.name, "-o", "json")
    found = orjson.loads(text)["items"]
    return sorted((each["regarding"]["name"], each["reason"]) for each in found)


def versions(site: Site) -> dict[str, str]:
    """Give the resourceVersion of each Service."""
    items = orjson.loads(site.kubectl("get", "services", "-n", site.name, "-o", "json"))["items"]
    return {each["metadata"]["name"]: each["metadata"]["resourceVersion"] for each in items}


def node_port(site: Site, name: str) -> dict[str, Any]:
    """Give a manifest of a NodePort Service that is exposed."""
    made = site.service(name, annotations={"tfgen.io/expose": "true"}, type="NodePort")
    del made["spec"]["loadBalancerClass"]
    return made


def test_kubectl_shows_the_external_ip(site: Site) -> None:
    """A LoadBalancer Service has it as status, a NodePort Service as annotation."""
    site.apply(site.service("web"), node_port(site, "site"))
    done = publish_(site, address(site, "web"), address(site, "site", OTHER_IP))
    assert done == {"web": "written", "site": "written"}
    shown = site.kubectl("get", "service", "web", "-n", site.name, "--no-headers").split()
    assert shown[3] == IP
    web, exposed = site.get("web"), site.get("site")
    assert web["status"]["loadBalancer"] == {"ingress": [{"ip": IP, "ipMode": "VIP"}]}
    assert exposed["status"]["loadBalancer"] == {}
    assert exposed["metadata"]["annotations"]["tfgen.io/external-ip"] == OTHER_IP
    managers = {each["manager"]: each.get("subresource") for each in managed(site, "web")}
    assert managers["tfgen"] == "status"
    wait = ("wait", "--for=condition=tfgen.io/Applied", "service/web", "--timeout=5s")
    assert "condition met" in site.kubectl(*wait, "-n", site.name)
    assert events(site) == [("site", "EnsuredLoadBalancer"), ("web", "EnsuredLoadBalancer")]


def managed(site: Site, name: str) -> list[dict[str, Any]]:
    """Give who wrote which fields of a Service."""
    shown = site.kubectl(
        "get", "service", name, "-n", site.name, "-o", "json", "--show-managed-fields"
    )
    found: list[dict[str, Any]] = orjson.loads(shown)["metadata"]["managedFields"]
    return found


def test_a_second_publish_writes_nothing(site: Site) -> None:
    """No Service has a new version, and there is no new Event."""
    site.apply(site.service("web"), site.service("waits"), node_port(site, "site"))
    addresses = (address(site, "web"), address(site, "site", OTHER_IP))
    publish_(site, *addresses, rendered=("waits",))
    before = (versions(site), events(site))
    done = publish_(site, *addresses, rendered=("waits",))
    assert done == dict.fromkeys(("web", "waits", "site"), "unchanged")
    assert (versions(site), events(site)) == before


def test_the_spec_is_never_written(site: Site) -> None:
    """Whatever is published, the Service asks for what it asked for."""
    site.apply(site.service("web"))
    before = site.get("web")["spec"]
    publish_(site, address(site, "web"))
    assert site.get("web")["spec"] == before


def test_a_held_service_says_why_and_keeps_its_address(site: Site) -> None:
    """The condition stays when the Event is long gone."""
    site.apply(site.service("web"))
    publish_(site, address(site, "web"))
    problem = model.Problem(model.ServiceKey(site.name, "web"), "port", "0", "1 to 65535")
    publish_(site, address(site, "web"), problems=(problem,))
    conditions = {each["type"]: each for each in site.get("web")["status"]["conditions"]}
    assert conditions["tfgen.io/Held"]["status"] == "True"
    assert conditions["tfgen.io/Held"]["message"] == str(problem)
    assert site.external_ip("web") == IP
    assert ("web", "SyncLoadBalancerFailed") in events(site)


def test_when_a_claim_ends_what_we_wrote_goes(site: Site) -> None:
    """Also where the Service became another type meanwhile."""
    site.apply(site.service("web"), site.service("turned"), node_port(site, "site"))
    before = {name: site.get(name)["status"] for name in ("web", "turned", "site")}
    publish_(site, *(address(site, name) for name in before))
    site.apply(cluster_ip(site, "turned"))
    assert publish_(site) == dict.fromkeys(before, "written")
    for name, status_before in before.items():
        found = site.get(name)
        assert found["status"] == status_before
        ours = {key for key in found["metadata"]["annotations"] if key.startswith("tfgen.io/")}
        assert ours <= {"tfgen.io/expose"}
    assert ("web", "DeletedLoadBalancer") in events(site)
    assert publish_(site) == {}


def cluster_ip(site: Site, name: str) -> dict[str, Any]:
    """Give the manifest of a Service that asks for no load balancer any more."""
    made = site.service(name, type="ClusterIP")
    del made["spec"]["loadBalancerClass"]
    return made


def test_a_change_between_listing_and_writing_is_respected(site: Site) -> None:
    """The real server refuses the stale version; the fresh Service is judged, and written."""
    site.apply(site.service("web"))
    cluster = admin(site)
    asked = question(site, cluster.listing(), address(site, "web"))
    site.kubectl("annotate", "service", "web", "-n", site.name, "example.com/theirs=x")
    (result,) = publish.publish(cluster, asked).results
    assert result.outcome is write.Outcome.WRITTEN
    annotations = site.get("web")["metadata"]["annotations"]
    assert annotations["example.com/theirs"] == "x"
    assert annotations["tfgen.io/external-ip"] == IP


def test_a_service_that_became_a_cluster_ip_meanwhile_is_left_alone(site: Site) -> None:
    """It asks for no address any more."""
    site.apply(site.service("web"))
    cluster = admin(site)
    asked = question(site, cluster.listing(), address(site, "web"))
    site.apply(cluster_ip(site, "web"))
    (result,) = publish.publish(cluster, asked).results
    assert result.outcome is write.Outcome.UNCHANGED
    assert "tfgen.io/external-ip" not in site.get("web")["metadata"].get("annotations", {})


def test_a_service_deleted_meanwhile_is_no_failure(site: Site) -> None:
    """It is reported as gone, and the others are written."""
    site.apply(site.service("web"), site.service("other"))
    cluster = admin(site)
    asked = question(site, cluster.listing(), address(site, "web"), address(site, "other"))
    site.kubectl("delete", "service", "web", "-n", site.name)
    report = publish.publish(cluster, asked)
    done = {result.service.name: result.outcome.value for result in report.results}
    assert done == {"web": "gone", "other": "written"}
    assert report.code == 0
