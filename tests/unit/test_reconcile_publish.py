"""The publishing pass, against an API server in memory."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.cluster import FakeCluster
from tfgen import errors, manifest, model, status
from tfgen.kube import live, write
from tfgen.reconcile import publish

TREE = "3f9c1a2b4d5e6f70"
WEB, API = model.ServiceKey("shop", "web"), model.ServiceKey("shop", "api")
NODE_PORT = model.ServiceKey("blog", "site")


def service(key: model.ServiceKey, kind: str = "LoadBalancer") -> dict[str, Any]:
    """Make a Service as it is applied."""
    return {"metadata": {"name": key.name, "namespace": key.namespace}, "spec": {"type": kind}}


@pytest.fixture
def fake() -> Iterator[FakeCluster]:
    """An API server with two LoadBalancer Services, one NodePort Service and a foreign one."""
    with FakeCluster() as cluster:
        cluster.put(service(WEB))
        cluster.put(service(API))
        cluster.put(service(NODE_PORT, "NodePort"))
        cluster.put(service(model.ServiceKey("shop", "database"), "ClusterIP"))
        yield cluster


@pytest.fixture
def cluster(fake: FakeCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> live.Cluster:
    """A connection to it."""
    monkeypatch.delenv("HTTP_PROXY", raising=False)
    return live.Cluster(fake.kubeconfig(tmp_path))


def entry(key: model.ServiceKey) -> manifest.Entry:
    """Make a Service's entry in the manifest."""
    return manifest.Entry(
        service=key,
        stack=key.namespace,
        digest="d",
        ports=("tcp-80",),
        node_group="default",
        internal=False,
        protect=False,
        frozen=model.Frozen(),
    )


def address(key: model.ServiceKey, ip: str = "203.0.113.7") -> model.Address:
    """Make a confirmed address."""
    return model.Address(key, f"id-of-{key.name}", "10.0.0.7", ip, key.namespace)


def question(
    cluster: live.Cluster, found: status.Found, *rendered: model.ServiceKey
) -> status.Question:
    """Ask about everything in the cluster, with these Services in the tree and in the claim."""
    entries = {key: entry(key) for key in rendered}
    tree = manifest.Manifest("demo", TREE, "namespace", stacks=("blog", "shop"), services=entries)
    claimed = model.Translation(held=frozenset(rendered))
    return status.Question(cluster.listing(), claimed, tree, found)


def publish_(
    cluster: live.Cluster, *addresses: model.Address, rendered: tuple[model.ServiceKey, ...] = ()
) -> publish.Report:
    """Publish addresses; the tree has their Services and those of `rendered`."""
    keys = rendered or tuple(each.service for each in addresses)
    return publish.publish(cluster, question(cluster, status.Found(addresses), *keys))


def outcomes(report: publish.Report) -> dict[str, str]:
    """Give what became of each Service."""
    return {str(result.service): result.outcome.value for result in report.results}


def reasons(fake: FakeCluster) -> list[tuple[str, str]]:
    """Give the Events as (Service, reason), sorted."""
    return sorted((event["regarding"]["name"], event["reason"]) for event in fake.events)


def test_addresses_arrive_at_their_services(fake: FakeCluster, cluster: live.Cluster) -> None:
    """LoadBalancer Services get an EXTERNAL-IP, NodePort Services an annotation."""
    report = publish_(cluster, address(WEB), address(NODE_PORT, "203.0.113.8"))
    assert outcomes(report) == {"blog/site": "written", "shop/web": "written"}
    assert [result.address for result in report.results] == ["203.0.113.8", "203.0.113.7"]
    web, site = fake.services[WEB], fake.services[NODE_PORT]
    assert web["status"]["loadBalancer"] == {"ingress": [{"ip": "203.0.113.7", "ipMode": "VIP"}]}
    assert site["status"]["loadBalancer"] == {}
    assert site["metadata"]["annotations"]["tfgen.io/external-ip"] == "203.0.113.8"
    assert reasons(fake) == [("site", "EnsuredLoadBalancer"), ("web", "EnsuredLoadBalancer")]
    assert report.code is errors.ExitCode.DONE


def test_a_second_pass_writes_nothing(fake: FakeCluster, cluster: live.Cluster) -> None:
    """No patch, no event."""
    publish_(cluster, address(WEB), address(NODE_PORT, "203.0.113.8"))
    fake.requests.clear()
    report = publish_(cluster, address(WEB), address(NODE_PORT, "203.0.113.8"))
    assert outcomes(report) == {"blog/site": "unchanged", "shop/web": "unchanged"}
    assert fake.writes == []


def test_one_failing_service_stops_no_other(fake: FakeCluster, cluster: live.Cluster) -> None:
    """It is reported, and the exit code is that of a partial success."""
    theirs = fake.services[API]
    theirs["metadata"]["annotations"] = {"tfgen.io/tree": "0000000000000000"}
    report = publish_(cluster, address(WEB), address(API, "203.0.113.8"))
    assert outcomes(report) == {"shop/api": "failed", "shop/web": "written"}
    assert report.code is errors.ExitCode.PARTIAL
    (failed,) = report.of(write.Outcome.FAILED)
    assert "kubectl annotate service -n shop api tfgen.io/tree-" in failed.remedy


def test_without_the_right_to_write_all_fail(fake: FakeCluster, cluster: live.Cluster) -> None:
    """Then it is an error, with the right that is missing."""
    fake.forbidden = {"patch services/status"}
    report = publish_(cluster, address(WEB), address(API))
    assert outcomes(report) == {"shop/api": "failed", "shop/web": "failed"}
    assert report.code is errors.ExitCode.ERROR
    assert all("may not patch services/status" in result.text for result in report.results)
    assert fake.events == []


def test_events_that_cannot_be_written_hold_nothing_back(
    fake: FakeCluster, cluster: live.Cluster
) -> None:
    """It is said once, however many Services it concerns."""
    fake.forbidden = {"create events"}
    report = publish_(cluster, address(WEB), address(API))
    assert outcomes(report) == {"shop/api": "written", "shop/web": "written"}
    assert report.code is errors.ExitCode.DONE
    (notice,) = report.notices
    assert "may not create events" in notice


def test_events_can_be_left_out(fake: FakeCluster, cluster: live.Cluster) -> None:
    """publish.events: false writes none."""
    asked = question(cluster, status.Found((address(WEB),)), WEB)
    publish.publish(cluster, asked, events=False)
    assert len(fake.writes) == 1


def test_a_service_that_waits_or_is_held_says_so(fake: FakeCluster, cluster: live.Cluster) -> None:
    """Its developer sees it in the conditions, long after the Event is gone."""
    report = publish_(cluster, address(WEB), rendered=(WEB, API))
    assert outcomes(report) == {"shop/api": "written", "shop/web": "written"}
    result = report.results[0]
    assert (result.phase, result.address) == ("awaiting review", "")
    assert result.text == "Rendered in stack shop; its plan is not applied yet."
    conditions = fake.services[API]["status"]["conditions"]
    assert [each["reason"] for each in conditions] == ["AwaitingReview", "NoProblem"]
    assert ("api", "AwaitingReview") in reasons(fake)


def test_a_silent_stack_fails_its_services_and_no_others(
    fake: FakeCluster, cluster: live.Cluster
) -> None:
    """Their addresses stay; the report says why nothing was learned."""
    publish_(cluster, address(WEB), address(NODE_PORT, "203.0.113.8"))
    found = status.Found(
        (address(NODE_PORT, "203.0.113.8"),), answered=frozenset({"blog"}), silent={"shop": "down"}
    )
    report = publish.publish(cluster, question(cluster, found, WEB, NODE_PORT))
    assert outcomes(report) == {"blog/site": "unchanged", "shop/web": "failed"}
    assert report.of(write.Outcome.FAILED)[0].text == "down"
    assert fake.services[WEB]["status"]["loadBalancer"]["ingress"][0]["ip"] == "203.0.113.7"


def test_when_a_claim_ends_what_we_wrote_goes(fake: FakeCluster, cluster: live.Cluster) -> None:
    """And an Event says which address went."""
    before = {key: dict(each["status"]) for key, each in fake.services.items()}
    publish_(cluster, address(WEB), address(API, "203.0.113.8"))
    report = publish_(cluster, address(API, "203.0.113.8"))
    assert outcomes(report) == {"shop/api": "unchanged", "shop/web": "written"}
    web = fake.services[WEB]
    assert web["metadata"]["annotations"] == {}
    assert web["status"] == before[WEB]
    assert ("web", "DeletedLoadBalancer") in reasons(fake)
    fake.requests.clear()
    assert outcomes(publish_(cluster, address(API, "203.0.113.8"))) == {"shop/api": "unchanged"}
    assert fake.writes == []


def test_a_service_deleted_meanwhile_is_reported_as_gone(
    fake: FakeCluster, cluster: live.Cluster
) -> None:
    """That is no failure, and no Event is written about it."""
    asked = question(cluster, status.Found((address(WEB),)), WEB)
    fake.services.pop(WEB)
    report = publish.publish(cluster, asked)
    assert (outcomes(report), report.code) == ({"shop/web": "gone"}, errors.ExitCode.DONE)
    assert fake.events == []


def test_an_apply_is_announced(fake: FakeCluster, cluster: live.Cluster) -> None:
    """EnsuringLoadBalancer, for the Services whose plan is about to be applied."""
    assert publish.announce(cluster, cluster.listing(), [WEB]) == ()
    assert reasons(fake) == [("web", "EnsuringLoadBalancer")]
    fake.forbidden = {"create events"}
    (notice,) = publish.announce(cluster, cluster.listing(), [WEB, API])
    assert "may not create events" in notice


def test_a_cluster_that_went_away_is_not_told_again(
    fake: FakeCluster, cluster: live.Cluster
) -> None:
    """Once there is no way to the API server, no further Event is tried: an apply waits for it."""
    keys = [model.ServiceKey("shop", f"web-{number:03}") for number in range(100)]
    for key in keys:
        fake.put(service(key))
    listing = cluster.listing()
    fake.requests.clear()
    fake.cut = True
    assert publish.announce(cluster, listing, keys)
    assert len(fake.requests) < 50


def test_many_services_are_written_in_one_pass(fake: FakeCluster, cluster: live.Cluster) -> None:
    """Several requests are on their way at once, and the report is sorted."""
    keys = [model.ServiceKey("shop", f"web-{number:03}") for number in range(100)]
    for key in keys:
        fake.put(service(key))
    report = publish_(cluster, *(address(key) for key in keys))
    assert [result.service for result in report.results] == keys
    assert {result.outcome for result in report.results} == {write.Outcome.WRITTEN}
