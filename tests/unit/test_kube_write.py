"""Writing to Services through the real client, against an API server in memory."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.cluster import FakeCluster
from tfgen import model, status
from tfgen.kube import live, write

WEB = model.ServiceKey("shop", "web")
PATCH = "PATCH /api/v1/namespaces/shop/services/web/status?fieldManager=tfgen"


@pytest.fixture
def fake() -> Iterator[FakeCluster]:
    """An API server that listens, with one Service."""
    with FakeCluster() as cluster:
        cluster.put(
            {"metadata": {"name": "web", "namespace": "shop"}, "spec": {"type": "LoadBalancer"}}
        )
        yield cluster


@pytest.fixture
def cluster(fake: FakeCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> live.Cluster:
    """A connection to it."""
    monkeypatch.delenv("HTTP_PROXY", raising=False)
    return live.Cluster(fake.kubeconfig(tmp_path))


def marked(service: write.Service) -> dict[str, Any] | None:
    """Want the annotation a=b, as `status.patch` wants: bound to a version, None where it is."""
    metadata = service["metadata"]
    if metadata.get("annotations", {}).get("a") == "b":
        return None
    version = metadata["resourceVersion"]
    return {"metadata": {"annotations": {"a": "b"}, "resourceVersion": version}}


def test_a_patch_goes_to_the_status_subresource(fake: FakeCluster, cluster: live.Cluster) -> None:
    """As a merge patch, under our own field manager."""
    written = write.apply(cluster, fake.services[WEB], marked)
    assert written == write.Written(write.Outcome.WRITTEN)
    assert fake.writes == [PATCH]
    assert fake.headers[-1]["content-type"] == "application/merge-patch+json"
    assert fake.services[WEB]["metadata"]["annotations"] == {"a": "b"}


def test_what_wants_nothing_is_not_written(fake: FakeCluster, cluster: live.Cluster) -> None:
    """No request at all."""
    assert write.apply(cluster, fake.services[WEB], lambda _: None).outcome == "unchanged"
    assert fake.requests == []


def change(fake: FakeCluster, **annotations: str) -> None:
    """Change the Service as someone else would."""
    stored = fake.services[WEB]
    fake.put(stored | {"metadata": stored["metadata"] | {"annotations": annotations}})


def test_a_conflict_is_tried_once_more_on_the_fresh_object(
    fake: FakeCluster, cluster: live.Cluster
) -> None:
    """What someone else wrote meanwhile stays."""
    listed = fake.services[WEB]
    fake.before_patch = lambda: change(fake, theirs="x")
    assert write.apply(cluster, listed, marked).outcome is write.Outcome.WRITTEN
    assert fake.services[WEB]["metadata"]["annotations"] == {"theirs": "x", "a": "b"}
    assert fake.requests == [
        PATCH,
        "GET /api/v1/namespaces/shop/services?fieldSelector=metadata.name%3Dweb",
        PATCH,
    ]


def test_a_conflict_with_one_who_did_the_same_writes_nothing(
    fake: FakeCluster, cluster: live.Cluster
) -> None:
    """The fresh object is judged anew."""
    listed = fake.services[WEB]
    fake.before_patch = lambda: change(fake, a="b")
    assert write.apply(cluster, listed, marked).outcome is write.Outcome.UNCHANGED
    assert fake.writes == [PATCH]


def test_a_second_conflict_is_a_failure(fake: FakeCluster, cluster: live.Cluster) -> None:
    """The next pass tries again; this one does not fight."""
    listed = fake.services[WEB]

    def again() -> None:
        change(fake, theirs="x")
        fake.before_patch = lambda: change(fake, theirs="y")

    fake.before_patch = again
    written = write.apply(cluster, listed, marked)
    assert written.outcome is write.Outcome.FAILED
    assert "patch services/status failed: 409 Conflict" in str(written.error)
    assert len(fake.writes) == 2


def test_a_service_deleted_meanwhile_is_gone(fake: FakeCluster, cluster: live.Cluster) -> None:
    """That is no failure."""
    listed = fake.services.pop(WEB)
    assert write.apply(cluster, listed, marked) == write.Written(write.Outcome.GONE)


def test_a_service_deleted_after_a_conflict_is_gone(
    fake: FakeCluster, cluster: live.Cluster
) -> None:
    """Also between the conflict and the second look."""
    listed = dict(fake.services[WEB])
    listed["metadata"] = {**listed["metadata"], "resourceVersion": "1"}
    fake.after_conflict = lambda: fake.services.pop(WEB)
    assert write.apply(cluster, listed, marked) == write.Written(write.Outcome.GONE)


def test_a_missing_right_is_a_failure_of_this_service(
    fake: FakeCluster, cluster: live.Cluster
) -> None:
    """The error names the right, with the subresource."""
    fake.forbidden = {"patch services/status"}
    written = write.apply(cluster, fake.services[WEB], marked)
    assert written.outcome is write.Outcome.FAILED
    assert written.error is not None
    assert "may not patch services/status: 403 Forbidden" in written.error.what
    assert "kubectl auth can-i patch services --subresource=status" in written.error.remedy


def test_a_cluster_that_went_away_is_a_failure_of_this_service(tmp_path: Path) -> None:
    """Each Service that was not written is reported."""
    with FakeCluster() as fake:
        listed = fake.put({"metadata": {"name": "web", "namespace": "shop"}})
        cluster = live.Cluster(fake.kubeconfig(tmp_path))
    written = write.apply(cluster, listed, marked)
    assert written.outcome is write.Outcome.FAILED
    assert "cannot be reached" in str(written.error)


def test_an_event_is_about_its_service(fake: FakeCluster, cluster: live.Cluster) -> None:
    """In the Service's namespace, with its uid, so that kubectl describe shows it."""
    told = status.Event("Warning", "SyncLoadBalancerFailed", "Bad port.")
    write.event(cluster, fake.services[WEB], told)
    (event,) = fake.events
    stored = fake.services[WEB]["metadata"]
    assert event["regarding"] == {
        "apiVersion": "v1",
        "kind": "Service",
        "namespace": "shop",
        "name": "web",
        "uid": stored["uid"],
        "resourceVersion": stored["resourceVersion"],
    }
    said = {name: event[name] for name in ("type", "reason", "note", "reportingController")}
    assert said == {
        "type": "Warning",
        "reason": "SyncLoadBalancerFailed",
        "note": "Bad port.",
        "reportingController": "tfgen",
    }
    assert event["metadata"]["namespace"] == "shop"
    assert re.fullmatch(r"web\.[0-9a-f]{16}", event["metadata"]["name"])
