"""What a Service keeps, and what goes when a claim ends: nothing of others is touched."""

from typing import Any

import pytest

from tests.fakes import standings as plain
from tfgen import status
from tfgen.status import Phase, Standing


def test_conditions_and_annotations_of_others_stay() -> None:
    """A merge patch replaces the whole list, so the list is given whole."""
    foreign = {"type": "example.com/Ready", "status": "True"}
    before = plain.service(annotations={"example.com/a": "b"})
    before["status"]["conditions"] = [foreign]
    after = plain.written(before, plain.applied())
    assert after["status"]["conditions"][0] == foreign
    assert after["metadata"]["annotations"]["example.com/a"] == "b"
    released = plain.written(after, Standing(Phase.RELEASED, plain.TREE))
    assert released["status"] == {"loadBalancer": {}, "conditions": [foreign]}
    assert released["metadata"]["annotations"] == {"example.com/a": "b"}


@pytest.mark.parametrize("phase", [Phase.AWAITING, Phase.UNCONFIRMED, Phase.UNKNOWN])
def test_an_address_is_never_taken_from_a_service_that_asks(phase: Phase) -> None:
    """A source that is silent or wrong must not take anyone's EXTERNAL-IP away."""
    before = plain.written(plain.service(), plain.applied())
    after = plain.written(
        before, Standing(phase, plain.TREE, why="x", problems=("held",)), plain.LATER
    )
    assert after["status"]["loadBalancer"] == before["status"]["loadBalancer"]
    assert after["metadata"]["annotations"] == before["metadata"]["annotations"]


def test_what_is_unknown_says_nothing_new_of_the_address() -> None:
    """The condition of before stays, with its time."""
    before = plain.written(plain.service(), plain.applied())
    after = plain.written(
        before, Standing(Phase.UNKNOWN, plain.TREE, problems=("held",)), plain.LATER
    )
    assert plain.condition(after, status.APPLIED) == plain.condition(before, status.APPLIED)
    assert plain.condition(after, status.HELD)["lastTransitionTime"] == plain.LATER


def test_when_a_claim_ends_everything_of_ours_goes() -> None:
    """The Service is as it was before the first pass."""
    after = plain.written(
        plain.written(plain.service(), plain.applied(problems=("x",))),
        Standing(Phase.RELEASED, plain.TREE),
    )
    assert after == plain.service(annotations={}) | {"status": {"loadBalancer": {}}}


def test_an_address_that_someone_else_wrote_stays_when_a_claim_ends() -> None:
    """Another controller may have taken the Service over meanwhile."""
    taken = plain.written(plain.service(), plain.applied())
    taken["status"]["loadBalancer"] = {"ingress": [{"ip": "192.0.2.9", "ipMode": "VIP"}]}
    occm = "loadbalancer.openstack.org/load-balancer-address"
    taken["metadata"]["annotations"][occm] = "192.0.2.9"
    after = plain.written(taken, Standing(Phase.RELEASED, plain.TREE))
    assert after["status"]["loadBalancer"] == {"ingress": [{"ip": "192.0.2.9", "ipMode": "VIP"}]}
    assert after["metadata"]["annotations"] == {occm: "192.0.2.9"}


def test_a_service_that_became_a_cluster_ip_is_cleared_of_annotations_and_conditions() -> None:
    """Its load balancer status the API server has cleared by itself."""
    before = plain.written(plain.service(), plain.applied())
    before["spec"]["type"] = "ClusterIP"
    before["status"]["loadBalancer"] = {}
    after = plain.written(before, Standing(Phase.RELEASED, plain.TREE))
    assert after["status"] == {"loadBalancer": {}}
    assert after["metadata"]["annotations"] == {}


@pytest.mark.parametrize(
    "found",
    [
        plain.service(deletionTimestamp=plain.NOW),
        plain.service("ClusterIP"),
        plain.service(annotations={"tfgen.io/tree": plain.OTHER_TREE}),
    ],
)
def test_what_cannot_take_the_address_any_more_is_left_alone(found: dict[str, Any]) -> None:
    """A Service may change between listing and writing: then its new shape decides."""
    assert status.patch(found, plain.applied(), now=plain.NOW) is None


def test_marks_of_another_tree_are_not_cleared() -> None:
    """Two trees in one cluster do not undo each other."""
    theirs = plain.written(plain.service(), plain.applied())
    assert status.patch(theirs, Standing(Phase.RELEASED, plain.OTHER_TREE), now=plain.NOW) is None


def test_a_service_of_any_shape_is_survived() -> None:
    """Broken objects carry nothing."""
    broken: dict[str, Any] = {"metadata": None, "status": {"conditions": [1], "loadBalancer": 5}}
    assert status.patch(broken, plain.applied(), now=plain.NOW) is None
    assert status.published(broken) == ""
