"""Reading a live cluster through the real client, against an API server in memory."""

import json
import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.fakes.cluster import USER, FakeCluster
from tfgen import errors, model
from tfgen.kube import call, live


@pytest.fixture
def fake() -> Iterator[FakeCluster]:
    """An API server that listens."""
    with FakeCluster() as cluster:
        yield cluster


@pytest.fixture(autouse=True)
def _nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No kubeconfig and no pod but what a test makes."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("KUBECONFIG", "KUBERNETES_SERVICE_HOST", "HTTPS_PROXY", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)


def service(name: str, namespace: str = "shop") -> dict[str, Any]:
    """Make a Service as it is applied."""
    return {"metadata": {"name": name, "namespace": namespace}, "spec": {"type": "LoadBalancer"}}


def fill(fake: FakeCluster, services: int, nodes: int) -> None:
    """Put Services and Nodes into a cluster."""
    for number in range(services):
        fake.put(service(f"web-{number:05}"))
    fake.nodes = [{"metadata": {"name": f"node-{number:05}"}} for number in range(nodes)]


def failing(fake: FakeCluster, tmp_path: Path) -> errors.ClusterError:
    """List what cannot be listed, and give the failure."""
    cluster = live.Cluster(fake.kubeconfig(tmp_path))
    with pytest.raises(errors.ClusterError) as caught:
        cluster.listing()
    return caught.value


def test_all_pages_are_read(fake: FakeCluster, tmp_path: Path) -> None:
    """A listing has every Service and Node, and the UID of kube-system."""
    fill(fake, services=1201, nodes=501)
    listing = live.Cluster(fake.kubeconfig(tmp_path)).listing()
    assert listing.services == tuple(fake.services.values())
    assert listing.nodes == tuple(fake.nodes)
    assert (listing.cluster_uid, listing.live) == (fake.uid, True)
    assert listing.source == f"cluster {fake.url}"


def test_services_are_read_before_nodes_and_nothing_is_written(
    fake: FakeCluster, tmp_path: Path
) -> None:
    """A node that joins meanwhile is then in the listing, not its Service without it."""
    fill(fake, services=501, nodes=1)
    live.Cluster(fake.kubeconfig(tmp_path)).listing()
    assert fake.requests == [
        "GET /api/v1/services?limit=500",
        "GET /api/v1/services?limit=500&continue=500",
        "GET /api/v1/nodes?limit=500",
        "GET /api/v1/namespaces/kube-system",
    ]
    assert {headers["authorization"] for headers in fake.headers} == {"Bearer a-token"}


def test_making_a_connection_asks_nothing(fake: FakeCluster, tmp_path: Path) -> None:
    """The address is known before the first request."""
    assert live.Cluster(fake.kubeconfig(tmp_path), "fake").server == fake.url
    assert fake.requests == []


def test_an_expired_listing_is_begun_anew(fake: FakeCluster, tmp_path: Path) -> None:
    """410 between two pages means that the pages no longer belong together."""
    fill(fake, services=700, nodes=1)
    fake.expiring = live.ATTEMPTS - 1
    listing = live.Cluster(fake.kubeconfig(tmp_path)).listing()
    assert listing.services == tuple(fake.services.values())


def test_a_listing_that_expires_again_and_again_is_an_error(
    fake: FakeCluster, tmp_path: Path
) -> None:
    """It is not tried for ever, and half of it is not the desired state."""
    fill(fake, services=700, nodes=1)
    fake.expiring = 1000
    error = failing(fake, tmp_path)
    assert "the listing expired between two pages 3 times (410 Gone)" in error.what
    assert len(fake.requests) == 2 * live.ATTEMPTS


@pytest.mark.parametrize("call_", ["list services", "list nodes", "get namespaces"])
def test_a_missing_right_is_named_with_who_lacks_it(
    fake: FakeCluster, tmp_path: Path, call_: str
) -> None:
    """403 says who may not do what, which roles are meant, and how to check."""
    fake.forbidden = {call_}
    error = failing(fake, tmp_path)
    assert error.what.startswith(f"cluster {fake.url}: {USER} may not {call_}: 403 Forbidden: ")
    assert error.remedy == (
        f"Give {USER} the roles of docs/rbac.yaml, then check with: "
        f"kubectl auth can-i {call_} --all-namespaces"
    )


def test_wrong_credentials_are_said(fake: FakeCluster, tmp_path: Path) -> None:
    """401 names the kubeconfig that they come from."""
    fake.status, fake.raw = 401, b'{"message": "Unauthorized"}'
    error = failing(fake, tmp_path)
    assert error.what == f"cluster {fake.url} does not know us: list services: 401 Unauthorized"
    assert f"The credentials of kubeconfig {tmp_path}/kubeconfig are" in error.remedy


def test_a_cluster_without_kube_system_is_refused(fake: FakeCluster, tmp_path: Path) -> None:
    """Without its UID a wrong context could swap everyone's members."""
    fake.namespaces.remove("kube-system")
    error = failing(fake, tmp_path)
    assert error.what.endswith(
        "the UID of namespace kube-system cannot be read: there is no such namespace"
    )
    assert "tells clusters apart" in error.remedy


def test_an_empty_uid_is_refused(fake: FakeCluster, tmp_path: Path) -> None:
    """Empty would be equal to the next empty one."""
    fake.uid = ""
    assert failing(fake, tmp_path).what.endswith("kube-system cannot be read: it has none")


@pytest.mark.parametrize("raw", [b"<html>Log in</html>", b'{"items": [{"metadata"', b"[]", b""])
def test_an_answer_that_is_no_object_is_an_error(
    fake: FakeCluster, tmp_path: Path, raw: bytes
) -> None:
    """A login page, a cut answer or nothing at all is never an empty cluster."""
    fake.raw = raw
    assert "the answer is no JSON object, or a cut one" in failing(fake, tmp_path).what


@pytest.mark.parametrize("raw", [b'{"kind": "Status"}', b'{"items": null}', b'{"items": [1]}'])
def test_an_answer_without_items_is_an_error(fake: FakeCluster, tmp_path: Path, raw: bytes) -> None:
    """What is no list is not an empty one."""
    fake.raw = raw
    assert "where a list was expected" in failing(fake, tmp_path).what


def test_a_busy_server_is_asked_again_and_then_said(fake: FakeCluster, tmp_path: Path) -> None:
    """500 carries the server's own words, and the advice to try again."""
    fake.status, fake.raw = 500, b'{"message": "etcdserver:  request\\n timed out"}'
    error = failing(fake, tmp_path)
    assert error.what == (
        f"cluster {fake.url}: list services failed: 500 Internal Server Error: "
        "etcdserver: request timed out"
    )
    assert "try again" in error.remedy


def test_no_cluster_behind_the_address(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """A refused connection is one message; the client prints nothing of its own."""
    with FakeCluster() as gone:
        path = gone.kubeconfig(tmp_path)
    cluster = live.Cluster(path)
    with pytest.raises(errors.ClusterError, match="Connection refused") as caught:
        cluster.listing()
    assert caught.value.what.startswith(f"cluster {cluster.server} cannot be reached (list ")
    assert f"It comes from kubeconfig {path}" in caught.value.remedy
    assert capfd.readouterr() == ("", "")
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_connection_that_breaks_is_tried_again_and_then_said(
    fake: FakeCluster, tmp_path: Path
) -> None:
    """Half an answer is no listing."""
    fill(fake, services=3, nodes=1)
    fake.cut = True
    error = failing(fake, tmp_path)
    assert error.what.endswith("the connection broke before the answer was whole")
    assert fake.requests == ["GET /api/v1/services?limit=500"] * 2


def test_one_service_is_read_by_name(fake: FakeCluster, tmp_path: Path) -> None:
    """A write that met a conflict looks at the fresh object; one that is gone is None."""
    stored = fake.put(service("web"))
    fake.forbidden = {"get services"}
    cluster = live.Cluster(fake.kubeconfig(tmp_path))
    assert cluster.service(model.ServiceKey("shop", "web")) == stored
    assert cluster.service(model.ServiceKey("shop", "other")) is None


def test_an_error_of_the_api_has_its_status(fake: FakeCluster, tmp_path: Path) -> None:
    """Those who write tell a conflict from a refusal by it."""
    cluster = live.Cluster(fake.kubeconfig(tmp_path))
    with pytest.raises(call.ApiError) as caught:
        cluster.send(call.Call("get", "pods", "/api/v1/pods"))
    assert (caught.value.status, caught.value.code) == (404, errors.ExitCode.ERROR)


def kubeconfig(tmp_path: Path, text: str | dict[str, Any]) -> Path:
    """Write a kubeconfig."""
    path = tmp_path / "broken"
    path.write_text(text if isinstance(text, str) else yaml.safe_dump(text))
    return path


def document(user: dict[str, Any] | None = None, server: str = "https://h:6443") -> dict[str, Any]:
    """Make a kubeconfig of two contexts."""
    context = {"cluster": "c", "user": "u"}
    return {
        "current-context": "prod",
        "clusters": [{"name": "c", "cluster": {"server": server}}],
        "users": [{"name": "u", "user": user or {"token": "t"}}],
        "contexts": [{"name": name, "context": context} for name in ("staging", "prod")],
    }


def plugin(program: str) -> dict[str, Any]:
    """Make a user whose login plugin is a program of Python."""
    return {"exec": {"command": sys.executable, "args": ["-c", program], "apiVersion": "v1"}}


def unusable(path: Path | None, context: str | None = None) -> errors.ClusterError:
    """Connect where that is impossible, and give the failure."""
    with pytest.raises(errors.ClusterError) as caught:
        live.Cluster(path, context)
    return caught.value


def test_an_unknown_context_is_refused_with_the_nearest(tmp_path: Path) -> None:
    """A typing error costs one look."""
    path = kubeconfig(tmp_path, document())
    error = unusable(path, "prd")
    assert error.what == f"context 'prd' is not in kubeconfig {path}"
    assert error.remedy == "Did you mean 'prod'? Known contexts: prod, staging."


def test_a_kubeconfig_without_current_context_asks_for_one(tmp_path: Path) -> None:
    """Guessing which cluster is meant would be dangerous."""
    path = kubeconfig(tmp_path, document() | {"current-context": ""})
    error = unusable(path)
    assert error.what == f"kubeconfig {path} names no current-context"
    assert error.remedy == "Choose one with --context NAME: prod, staging."


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a: [", "cannot be used: while parsing"),
        ("", "cannot be used: Invalid kube-config"),
        ("[]", "cannot be used: "),
        ("just text", "cannot be used: "),
        (document() | {"clusters": []}, "Expected object with name c in"),
        (document({"client-certificate": "/no/file"}, "https://h"), "File does not exist: /no/"),
        (document(server="h:6443"), "server is 'h:6443'; expected https://HOST:PORT"),
        (
            document(plugin("raise SystemExit(1)")),
            "its login plugin failed: exec: process returned 1",
        ),
    ],
)
def test_a_broken_kubeconfig_is_named(
    tmp_path: Path, text: str | dict[str, Any], what: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whatever is wrong with it, the message says which file, and nothing else is printed."""
    path = kubeconfig(tmp_path, text)
    error = unusable(path)
    assert error.what.startswith(f"kubeconfig {path}")
    assert what in error.what
    assert error.remedy
    assert capfd.readouterr() == ("", "")


def test_what_other_threads_log_is_not_the_login_plugins(tmp_path: Path) -> None:
    """While the plugin runs the cloud may log an error: that is no failed login."""
    said, over = tmp_path / "said", threading.Event()
    wait = (
        f"import pathlib, time\nwhile not pathlib.Path({str(said)!r}).exists(): time.sleep(0.01)\n"
    )
    version = "client.authentication.k8s.io/v1"
    token = {"kind": "ExecCredential", "apiVersion": version, "status": {"token": "t"}}
    user = plugin(f"{wait}print({json.dumps(token)!r})")
    user["exec"]["apiVersion"] = version

    def others() -> None:
        while not over.wait(0.01):
            logging.getLogger("cloud").error("not ours")
            said.touch()

    thread = threading.Thread(target=others)
    thread.start()
    try:
        assert live.Cluster(kubeconfig(tmp_path, document(user))).server == "https://h:6443"
    finally:
        over.set()
        thread.join()


def test_a_missing_kubeconfig_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says which of flag and variable to correct."""
    assert unusable(tmp_path / "none").remedy == "Correct --kubeconfig."
    monkeypatch.setenv("KUBECONFIG", f"{tmp_path}/a:{tmp_path}/b")
    error = unusable(None)
    assert error.what == f"kubeconfig {tmp_path}/a, {tmp_path}/b does not exist"
    assert error.remedy == "Correct KUBECONFIG."


def test_no_cluster_at_all_is_said_with_both_ways_out() -> None:
    """On a machine without a kubeconfig, files can still be read."""
    error = unusable(None)
    assert error.what.startswith("no cluster is configured")
    assert "--kubeconfig FILE" in error.remedy
    assert "--from PATH" in error.remedy


def test_the_kubeconfig_of_the_environment_is_used(
    fake: FakeCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """KUBECONFIG may name several files; those that exist count."""
    monkeypatch.setenv("KUBECONFIG", f"{tmp_path}/none:{fake.kubeconfig(tmp_path)}")
    assert live.Cluster().server == fake.url


def test_the_kubeconfig_of_the_home_directory_is_used(
    fake: FakeCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As kubectl does it."""
    (tmp_path / ".kube").mkdir()
    fake.kubeconfig(tmp_path).rename(tmp_path / ".kube" / "config")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert live.Cluster().server == fake.url


def test_a_pod_has_no_contexts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside a pod without a kubeconfig, --context is a mistake."""
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.96.0.1")
    assert unusable(None, "prod").what.startswith("context 'prod' cannot be chosen")


def test_a_pod_without_a_token_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """automountServiceAccountToken: false leaves a pod without credentials."""
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.96.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", "443")
    assert unusable(None).what == (
        "the pod's service account cannot be used: Service token file does not exist."
    )
