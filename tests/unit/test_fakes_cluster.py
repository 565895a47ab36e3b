"""The fake API server behaves as the real one was seen to."""

from typing import Any

import pytest

from tests.fakes.cluster import FakeCluster, RefusalError, merge
from tfgen import model

EVENTS = "/apis/events.k8s.io/v1/namespaces/shop/events"
STATUS = "/api/v1/namespaces/shop/services/web/status"


@pytest.fixture
def fake() -> FakeCluster:
    """A cluster that does not listen, with one Service."""
    cluster = FakeCluster()
    cluster.put({"metadata": {"name": "web", "namespace": "shop"}, "spec": {"type": "NodePort"}})
    return cluster


def refused(fake: FakeCluster, method: str, path: str, body: dict[str, Any] | None = None) -> int:
    """Give the status of an answer that is no success."""
    with pytest.raises(RefusalError) as caught:
        fake.answer(method, path, body)
    assert caught.value.body["code"] == caught.value.status
    return caught.value.status


def test_pages_hold_everything_once(fake: FakeCluster) -> None:
    """`continue` leads on until there is no more."""
    fake.nodes = [{"metadata": {"name": f"n{number}"}} for number in range(5)]
    seen, more = [], ""
    while True:
        page = fake.answer("GET", f"/api/v1/nodes?limit=2&continue={more or 0}", None)
        seen += page["items"]
        more = page["metadata"].get("continue", "")
        if not more:
            break
    assert seen == fake.nodes


def test_a_status_patch_drops_the_spec_and_takes_the_metadata(fake: FakeCluster) -> None:
    """As kube-apiserver 1.35 does."""
    patch = {
        "metadata": {"annotations": {"a": "b"}},
        "spec": {"type": "LoadBalancer"},
        "status": {"conditions": [{"type": "x"}]},
    }
    after = fake.answer("PATCH", STATUS, patch)
    assert after["spec"] == {"type": "NodePort"}
    assert after["metadata"]["annotations"] == {"a": "b"}
    assert after["status"] == {"loadBalancer": {}, "conditions": [{"type": "x"}]}


def test_a_patch_that_changes_nothing_makes_no_version(fake: FakeCluster) -> None:
    """The resourceVersion moves with the content."""
    patch = {"metadata": {"annotations": {"a": "b"}}}
    first = fake.answer("PATCH", STATUS, patch)["metadata"]["resourceVersion"]
    assert fake.answer("PATCH", STATUS, patch)["metadata"]["resourceVersion"] == first


def test_refusals_have_their_status(fake: FakeCluster) -> None:
    """404, 409, 422 and 403, each where the real one gives it."""
    required = ("eventTime", "reportingController", "reportingInstance", "action", "reason", "type")
    event: dict[str, Any] = dict.fromkeys(required, "x")
    ingress = {"status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}}}
    assert refused(fake, "PATCH", STATUS, ingress) == 422
    assert refused(fake, "PATCH", STATUS, {"metadata": {"resourceVersion": "1"}}) == 409
    assert refused(fake, "PATCH", STATUS.replace("web", "none"), {}) == 404
    assert refused(fake, "GET", "/api/v1/pods") == 404
    assert refused(fake, "GET", "/api/v1/namespaces/none") == 404
    assert refused(fake, "POST", EVENTS, {}) == 422
    assert refused(fake, "POST", EVENTS, event | {"metadata": {"generateName": "web."}}) == 422
    fake.forbidden = {"list services"}
    assert refused(fake, "GET", "/api/v1/services") == 403


def test_an_ingress_of_a_load_balancer_gets_its_mode() -> None:
    """Newer servers fill in ipMode."""
    fake = FakeCluster()
    fake.put({"metadata": {"name": "web", "namespace": "shop"}, "spec": {"type": "LoadBalancer"}})
    ingress = {"status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}}}
    after = fake.answer("PATCH", STATUS, ingress)
    assert after["status"]["loadBalancer"]["ingress"] == [{"ip": "192.0.2.1", "ipMode": "VIP"}]
    assert fake.services[model.ServiceKey("shop", "web")] == after


def test_another_type_loses_the_load_balancer_status(fake: FakeCluster) -> None:
    """The API server clears it; conditions stay."""
    status = {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}, "conditions": [{"type": "x"}]}
    service = {"metadata": {"name": "web", "namespace": "shop"}, "status": status}
    assert fake.put(service | {"spec": {"type": "LoadBalancer"}})["status"] == status
    cleared = {"loadBalancer": {}, "conditions": [{"type": "x"}]}
    assert fake.put(service | {"spec": {"type": "NodePort"}})["status"] == cleared


@pytest.mark.parametrize(
    ("old", "patch", "new"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": "foo"}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ],
)
def test_merge_patches_follow_the_standard(old: Any, patch: Any, new: Any) -> None:  # noqa: ANN401  JSON
    """Cases of RFC 7396, appendix A."""
    assert merge(old, patch) == new
