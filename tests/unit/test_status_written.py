"""What is written to a Service: one patch, only differences, and the events that go with it."""

import pytest

from tests.fakes import standings as plain
from tfgen import annotations, status
from tfgen.status import Phase, Standing


def test_an_address_is_written_with_one_patch() -> None:
    """Status, annotations and conditions go together, bound to the version they were made from."""
    assert status.patch(plain.service(), plain.applied(), now=plain.NOW) == {
        "metadata": {
            "resourceVersion": "7",
            "annotations": {
                "loadbalancer.openstack.org/load-balancer-address": plain.IP,
                "tfgen.io/external-ip": plain.IP,
                "tfgen.io/load-balancer-id": "lb-id",
                "tfgen.io/stack": "shop",
                "tfgen.io/tree": plain.TREE,
            },
        },
        "status": {
            "loadBalancer": {"ingress": [{"ip": plain.IP}]},
            "conditions": [
                {
                    "type": "tfgen.io/Applied",
                    "status": "True",
                    "reason": "Applied",
                    "message": f"Load balancer lb-id answers on {plain.IP}.",
                    "lastTransitionTime": plain.NOW,
                },
                {
                    "type": "tfgen.io/Held",
                    "status": "False",
                    "reason": "NoProblem",
                    "message": "",
                    "lastTransitionTime": plain.NOW,
                },
            ],
        },
    }


@pytest.mark.parametrize("kind", ["LoadBalancer", "NodePort"])
@pytest.mark.parametrize(
    "standing",
    [
        plain.applied(),
        plain.applied(problems=("bad port",)),
        Standing(Phase.AWAITING, plain.TREE, why="Rendered."),
        Standing(Phase.UNCONFIRMED, plain.TREE, why="Not there."),
        Standing(Phase.UNKNOWN, plain.TREE),
    ],
)
def test_what_was_written_is_not_written_again(standing: Standing, kind: str) -> None:
    """A second pass has no patch and no event, whatever time it is."""
    after = plain.written(plain.service(kind), standing)
    assert status.patch(after, standing, now=plain.LATER) is None
    assert status.events(after, standing) == ()


def test_the_default_that_a_newer_server_fills_in_is_no_difference() -> None:
    """kube-apiserver sets ipMode VIP by itself; an older one has no such field."""
    after = plain.written(plain.service(), plain.applied())
    after["status"]["loadBalancer"]["ingress"][0]["ipMode"] = "VIP"
    assert status.patch(after, plain.applied(), now=plain.LATER) is None


def test_an_ip_mode_of_someone_else_is_a_difference() -> None:
    """A Service taken over from another controller may have been behind a proxy."""
    before = plain.service()
    before["status"]["loadBalancer"] = {"ingress": [{"ip": plain.IP, "ipMode": "Proxy"}]}
    assert plain.written(before, plain.applied())["status"]["loadBalancer"] == {
        "ingress": [{"ip": plain.IP}]
    }


def test_a_node_port_service_has_no_load_balancer_status() -> None:
    """The API server refuses one there; annotations and conditions it takes."""
    after = plain.written(plain.service("NodePort"), plain.applied())
    assert after["status"]["loadBalancer"] == {}
    assert after["metadata"]["annotations"]["tfgen.io/external-ip"] == plain.IP
    assert plain.condition(after, status.APPLIED)["status"] == "True"


def test_only_differences_are_written() -> None:
    """A new address changes what holds it, and nothing else."""
    after = plain.written(plain.service(), plain.applied())
    assert status.patch(after, plain.applied(plain.address("203.0.113.8")), now=plain.LATER) == {
        "metadata": {
            "resourceVersion": "7",
            "annotations": {
                "loadbalancer.openstack.org/load-balancer-address": "203.0.113.8",
                "tfgen.io/external-ip": "203.0.113.8",
            },
        },
        "status": {
            "loadBalancer": {"ingress": [{"ip": "203.0.113.8"}]},
            "conditions": [
                plain.condition(after, status.APPLIED)
                | {"message": "Load balancer lb-id answers on 203.0.113.8."},
                plain.condition(after, status.HELD),
            ],
        },
    }


def test_the_time_of_a_condition_moves_with_its_status_alone() -> None:
    """LastTransitionTime says since when, not since which wording."""
    after = plain.written(plain.service(), Standing(Phase.AWAITING, plain.TREE, why="One."))
    reworded = plain.written(after, Standing(Phase.AWAITING, plain.TREE, why="Two."), plain.LATER)
    assert plain.condition(reworded, status.APPLIED)["lastTransitionTime"] == plain.NOW
    turned = plain.written(reworded, plain.applied(), plain.LATER)
    assert plain.condition(turned, status.APPLIED)["lastTransitionTime"] == plain.LATER
    assert plain.condition(turned, status.HELD)["lastTransitionTime"] == plain.NOW


def test_a_generation_is_recorded_where_the_server_keeps_one() -> None:
    """ObservedGeneration tells a reader whether a condition is about the spec as it stands."""
    assert "observedGeneration" not in plain.condition(
        plain.written(plain.service(), plain.applied()), status.APPLIED
    )
    after = plain.written(plain.service(generation=3), plain.applied())
    assert plain.condition(after, status.APPLIED)["observedGeneration"] == 3


def test_a_held_service_says_why_and_keeps_its_address() -> None:
    """Held is about the next change; what stands goes on to answer."""
    after = plain.written(plain.service(), plain.applied(problems=("First.", "Second.")))
    assert plain.condition(after, status.HELD)["message"] == "First. Second."
    assert plain.condition(after, status.HELD)["status"] == "True"
    assert after["status"]["loadBalancer"]["ingress"] == [{"ip": plain.IP}]


def test_a_long_message_is_cut() -> None:
    """An Event takes 1024 bytes."""
    after = plain.written(plain.service(), plain.applied(problems=("x" * 5000,)))
    assert len(plain.condition(after, status.HELD)["message"]) == 1000


def test_every_annotation_that_is_written_is_known_as_an_output() -> None:
    """Otherwise what we publish would be a problem at the next rendering."""
    provenance = {"tfgen.io/digest": "d", "tfgen.io/stranger": "x"}
    standing = plain.applied(plain.address(provenance=provenance))
    keys = plain.written(plain.service(), standing)["metadata"]["annotations"]
    kinds = {annotations.TABLE[key].kind for key in keys}
    assert kinds == {annotations.Kind.OUTPUT}
    assert "tfgen.io/digest" in keys


def test_events_are_told_when_something_turns() -> None:
    """Awaiting, held, ensured, gone: each once, at its turn."""
    before = plain.service()
    awaiting = Standing(Phase.AWAITING, plain.TREE, why="Rendered in stack shop.")
    held = Standing(
        Phase.AWAITING, plain.TREE, why="Rendered in stack shop.", problems=("Bad port.",)
    )
    unsure = Standing(Phase.UNCONFIRMED, plain.TREE, why="Not in the cloud.")
    told: list[status.Event] = []
    for standing in (awaiting, held, awaiting, plain.applied(), unsure, plain.applied()):
        told += status.events(before, standing)
        before = plain.written(before, standing)
    told += status.events(before, Standing(Phase.RELEASED, plain.TREE))
    assert [(event.type, event.reason, event.note) for event in told] == [
        ("Normal", "AwaitingReview", "Rendered in stack shop."),
        ("Warning", "SyncLoadBalancerFailed", "Bad port."),
        ("Normal", "EnsuredLoadBalancer", f"Load balancer lb-id answers on {plain.IP}."),
        ("Warning", "SyncLoadBalancerFailed", "Not in the cloud."),
        ("Normal", "EnsuredLoadBalancer", f"Load balancer lb-id answers on {plain.IP}."),
        (
            "Normal",
            "DeletedLoadBalancer",
            f"The load balancer is gone, and with it the address {plain.IP}.",
        ),
    ]


def test_nothing_is_told_of_what_never_had_an_address() -> None:
    """A Service that was held and then let go was never ensured."""
    held = plain.written(plain.service(), Standing(Phase.AWAITING, plain.TREE, problems=("x",)))
    assert status.events(held, Standing(Phase.RELEASED, plain.TREE)) == ()
