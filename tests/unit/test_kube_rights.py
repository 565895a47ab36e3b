"""Rights are asked of the API server, never guessed from roles."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.cluster import FakeCluster
from tfgen import errors
from tfgen.kube import live, rights

PATCH_STATUS = rights.Right("patch", "services", subresource="status")


@pytest.fixture
def fake() -> Iterator[FakeCluster]:
    """An API server that listens."""
    with FakeCluster() as cluster:
        yield cluster


def test_a_right_that_is_given(fake: FakeCluster, tmp_path: Path) -> None:
    """The review is created, and its status believed."""
    cluster = live.Cluster(fake.kubeconfig(tmp_path))
    assert rights.allowed(cluster, PATCH_STATUS)
    assert fake.requests == ["POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews"]


def test_a_right_that_is_not(fake: FakeCluster, tmp_path: Path) -> None:
    """A subresource has rights of its own."""
    fake.forbidden.add("patch services/status")
    cluster = live.Cluster(fake.kubeconfig(tmp_path))
    assert not rights.allowed(cluster, PATCH_STATUS)
    assert rights.allowed(cluster, rights.Right("patch", "services"))


def test_an_answer_of_another_form(fake: FakeCluster, tmp_path: Path) -> None:
    """What is no review is an error, not a right."""
    fake.raw = b"{}"
    with pytest.raises(errors.ClusterError, match=r"status\.allowed"):
        rights.allowed(live.Cluster(fake.kubeconfig(tmp_path)), PATCH_STATUS)


def test_rights_read_as_in_rbac() -> None:
    """Words are those of roles: verb, resource with its group, name."""
    assert str(PATCH_STATUS) == "patch services/status"
    events = rights.Right("create", "events", group="events.k8s.io")
    assert str(events) == "create events.events.k8s.io"
    assert str(rights.Right("get", "namespaces", name="kube-system")) == (
        "get namespaces kube-system"
    )


def test_version_and_identity(fake: FakeCluster, tmp_path: Path) -> None:
    """A cluster tells its version, and what no other cluster has."""
    cluster = live.Cluster(fake.kubeconfig(tmp_path))
    assert (cluster.version(), cluster.identity()) == ("v1.35.4", fake.uid)
