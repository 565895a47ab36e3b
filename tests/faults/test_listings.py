"""What the cluster says of itself."""

from collections.abc import Iterator
from http import HTTPStatus

import orjson
import pytest

from lab import topology
from tests.faults import whole
from tests.faults.fault import Fault
from tests.faults.gate import Answer, Call, Rule
from tests.faults.ground import Ground

pytestmark = pytest.mark.faults

SERVICES, NODES = r"^/api/v1/services\?", r"^/api/v1/nodes\?"


def status(code: HTTPStatus, reason: str, message: str) -> Answer:
    """Give a refusal as the API server words it."""
    told = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code}
    return Answer(code, orjson.dumps({**told, "reason": reason, "message": message}))


def without(answer: Answer, keep: int) -> Answer:
    """Give a listing with its first few items alone; it says that it is whole."""
    document = orjson.loads(answer.body)
    document["items"] = document["items"][:keep]
    return Answer(answer.status, orjson.dumps(document), answer.headers)


def refused(ground: Ground, fault: Fault, rule: Rule, code: int, *fragments: str) -> None:
    """Run over a listing that is not what it should be; nothing may move by it."""
    before, files = whole.traces(ground), ground.git("status", "--porcelain")
    with ground.gate.rule(rule):
        done = ground.tfgen("run", "--yes", code=code)
    assert rule.seen
    fault.told(done, *fragments)
    assert whole.traces(ground) == before
    assert ground.git("status", "--porcelain") == files
    fault.mended()
    ground.tfgen("run", "--yes")
    fault.whole()


@pytest.mark.quick
def test_a_listing_that_is_cut(ground: Ground, fault: Fault) -> None:
    """The connection breaks in the middle of the list of Services."""

    def cut(_: Call, answer: Answer) -> Answer:
        return Answer(answer.status, answer.body, answer.headers, cut=True)

    fault.does("half of the list is sent, then the connection is closed")
    rule = Rule("kube-apiserver", path=SERVICES, answered=cut)
    refused(ground, fault, rule, 1, "the connection broke before the answer was whole")


@pytest.mark.quick
def test_a_listing_that_expires(ground: Ground, fault: Fault) -> None:
    """The list of Services expires between two of its pages."""
    gone = status(HTTPStatus.GONE, "Expired", "The provided continue parameter is too old")

    def second(call: Call) -> Answer | None:
        return gone if "continue=" in call.path else None

    fault.does("pages of one Service each, and 410 Expired for every page but the first")
    rule = Rule(
        "kube-apiserver",
        path=SERVICES,
        path_instead=lambda path: path.replace("limit=500", "limit=1"),
        instead=second,
    )
    refused(ground, fault, rule, 1, "list services", "410")
    assert len(rule.seen) > 1


@pytest.mark.quick
def test_one_kind_that_is_forbidden(ground: Ground, fault: Fault) -> None:
    """The right to list Nodes was taken away."""
    said = 'nodes is forbidden: User "tfgen" cannot list resource "nodes"'
    answer = status(HTTPStatus.FORBIDDEN, "Forbidden", said)
    fault.does("403 for the list of Nodes, Services are listed")
    rule = Rule("kube-apiserver", path=NODES, instead=lambda _: answer)
    refused(ground, fault, rule, 1, "tfgen may not list nodes: 403", "kubectl auth can-i list")


@pytest.mark.quick
def test_no_nodes(ground: Ground, fault: Fault) -> None:
    """The list of Nodes is empty."""
    fault.does("200 with no Node in it")
    rule = Rule("kube-apiserver", path=NODES, answered=lambda _, answer: without(answer, 0))
    refused(ground, fault, rule, 3, "has no Node", "--intent-only")


@pytest.mark.quick
def test_few_services(ground: Ground, fault: Fault) -> None:
    """The list of Services is suspiciously short."""

    def one(_: Call, answer: Answer) -> Answer:
        document = orjson.loads(answer.body)
        kept = [
            each
            for each in document["items"]
            if each["metadata"]["namespace"] != ground.name or each["metadata"]["name"] == "db"
        ]
        return Answer(answer.status, orjson.dumps({**document, "items": kept}), answer.headers)

    fault.does("one of three Services is listed")
    rule = Rule("kube-apiserver", path=SERVICES, answered=one)
    refused(ground, fault, rule, 3, "Services are gone from the input", "--allow-removals 2")


@pytest.fixture
def _no_nodes_lost(ground: Ground) -> Iterator[None]:
    yield
    ground.lab.nodes.reset()


@pytest.mark.usefixtures("_no_nodes_lost")
def test_half_of_the_nodes(ground: Ground, fault: Fault) -> None:
    """Two of three Nodes are excluded from load balancers, and stand."""
    before = whole.traces(ground)
    label = "node.kubernetes.io/exclude-from-external-load-balancers"
    lost = sorted(topology.NODES)[:2]
    fault.does(f"the label {label} on two Nodes")
    for name in lost:
        ground.lab.nodes.label(name, {label: "true"})

    done = ground.tfgen("run", "--yes", code=3)

    fault.told(done, "nodes do not count any more", "--allow-removals")
    assert whole.traces(ground) == before
    whole.serving(ground)
    for name in lost:
        ground.lab.nodes.label(name, {label: None})
    fault.mended()
    ground.tfgen("run", "--yes")
    fault.whole()


@pytest.mark.quick
def test_another_cluster(ground: Ground, fault: Fault) -> None:
    """The kubeconfig's context is another cluster, with other Services and Nodes."""

    def other(_: Call, answer: Answer) -> Answer:
        document = orjson.loads(answer.body)
        document["metadata"]["uid"] = "00000000-1111-4222-8333-444444444444"
        return Answer(answer.status, orjson.dumps(document), answer.headers)

    fault.does("kube-system has another UID")
    rule = Rule("kube-apiserver", path="^/api/v1/namespaces/kube-system", answered=other)
    refused(ground, fault, rule, 3, "is another cluster", "--accept-cluster")


def test_a_cluster_that_is_down(ground: Ground, fault: Fault) -> None:
    """The API server of the cluster is down."""
    before = whole.traces(ground)
    fault.does("kube-apiserver is stopped, and nobody listens at its address")
    ground.lab.faults.stop("kube-apiserver")
    try:
        with ground.gate.shut("kube-apiserver"):
            done = ground.tfgen("run", "--yes", code=1)
    finally:
        ground.lab.faults.start("kube-apiserver")
    fault.told(done, "cannot be reached", "kubectl config get-contexts")
    assert whole.traces(ground) == before
    fault.mended()
    ground.tfgen("run", "--yes")
    fault.whole()
