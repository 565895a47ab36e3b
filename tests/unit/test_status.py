"""What a Service should carry, and what is said when that changes."""

from dataclasses import replace
from typing import Any

import pytest

from tests.fakes.cluster import merge
from tfgen import annotations, manifest, model, status
from tfgen.status import Phase, Standing

NOW, LATER = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"
TREE, OTHER_TREE = "3f9c1a2b4d5e6f70", "0000000000000000"
WEB = model.ServiceKey("shop", "web")
IP, VIP = "203.0.113.7", "10.0.0.7"


def service(kind: str = "LoadBalancer", **metadata: object) -> dict[str, Any]:
    """Make a Service as the API server lists it, before anyone wrote to it."""
    own = {"name": WEB.name, "namespace": WEB.namespace, "resourceVersion": "7"}
    return {"metadata": own | metadata, "spec": {"type": kind}, "status": {"loadBalancer": {}}}


def address(
    ip: str = IP, *, stack: str = "shop", provenance: dict[str, str] | None = None
) -> model.Address:
    """Make a confirmed address."""
    return model.Address(WEB, "lb-id", VIP, ip, stack, provenance or {})


def applied(confirmed: model.Address | None = None, *, problems: tuple[str, ...] = ()) -> Standing:
    """Make the standing of a Service whose load balancer answers."""
    return Standing(Phase.APPLIED, TREE, confirmed or address(), problems=problems)


def written(to: dict[str, Any], standing: Standing, now: str = NOW) -> dict[str, Any]:
    """Give the Service after its patch, as an API server would store it."""
    patch = status.patch(to, standing, now=now)
    assert patch is not None
    return dict(merge(to, patch))


def condition(of: dict[str, Any], kind: str) -> dict[str, Any]:
    """Give one condition of a Service."""
    (found,) = [each for each in of["status"]["conditions"] if each["type"] == kind]
    return dict(found)


def test_an_address_is_written_with_one_patch() -> None:
    """Status, annotations and conditions go together, bound to the version they were made from."""
    assert status.patch(service(), applied(), now=NOW) == {
        "metadata": {
            "resourceVersion": "7",
            "annotations": {
                "loadbalancer.openstack.org/load-balancer-address": IP,
                "tfgen.io/external-ip": IP,
                "tfgen.io/load-balancer-id": "lb-id",
                "tfgen.io/stack": "shop",
                "tfgen.io/tree": TREE,
            },
        },
        "status": {
            "loadBalancer": {"ingress": [{"ip": IP}]},
            "conditions": [
                {
                    "type": "tfgen.io/Applied",
                    "status": "True",
                    "reason": "Applied",
                    "message": f"Load balancer lb-id answers on {IP}.",
                    "lastTransitionTime": NOW,
                },
                {
                    "type": "tfgen.io/Held",
                    "status": "False",
                    "reason": "NoProblem",
                    "message": "",
                    "lastTransitionTime": NOW,
                },
            ],
        },
    }


@pytest.mark.parametrize("kind", ["LoadBalancer", "NodePort"])
@pytest.mark.parametrize(
    "standing",
    [
        applied(),
        applied(problems=("bad port",)),
        Standing(Phase.AWAITING, TREE, why="Rendered."),
        Standing(Phase.UNCONFIRMED, TREE, why="Not there."),
        Standing(Phase.UNKNOWN, TREE),
    ],
)
def test_what_was_written_is_not_written_again(standing: Standing, kind: str) -> None:
    """A second pass has no patch and no event, whatever time it is."""
    after = written(service(kind), standing)
    assert status.patch(after, standing, now=LATER) is None
    assert status.events(after, standing) == ()


def test_the_default_that_a_newer_server_fills_in_is_no_difference() -> None:
    """kube-apiserver sets ipMode VIP by itself; an older one has no such field."""
    after = written(service(), applied())
    after["status"]["loadBalancer"]["ingress"][0]["ipMode"] = "VIP"
    assert status.patch(after, applied(), now=LATER) is None


def test_an_ip_mode_of_someone_else_is_a_difference() -> None:
    """A Service taken over from another controller may have been behind a proxy."""
    before = service()
    before["status"]["loadBalancer"] = {"ingress": [{"ip": IP, "ipMode": "Proxy"}]}
    assert written(before, applied())["status"]["loadBalancer"] == {"ingress": [{"ip": IP}]}


def test_a_node_port_service_has_no_load_balancer_status() -> None:
    """The API server refuses one there; annotations and conditions it takes."""
    after = written(service("NodePort"), applied())
    assert after["status"]["loadBalancer"] == {}
    assert after["metadata"]["annotations"]["tfgen.io/external-ip"] == IP
    assert condition(after, status.APPLIED)["status"] == "True"


def test_only_differences_are_written() -> None:
    """A new address changes what holds it, and nothing else."""
    after = written(service(), applied())
    assert status.patch(after, applied(address("203.0.113.8")), now=LATER) == {
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
                condition(after, status.APPLIED)
                | {"message": "Load balancer lb-id answers on 203.0.113.8."},
                condition(after, status.HELD),
            ],
        },
    }


def test_the_time_of_a_condition_moves_with_its_status_alone() -> None:
    """LastTransitionTime says since when, not since which wording."""
    after = written(service(), Standing(Phase.AWAITING, TREE, why="One."))
    reworded = written(after, Standing(Phase.AWAITING, TREE, why="Two."), LATER)
    assert condition(reworded, status.APPLIED)["lastTransitionTime"] == NOW
    turned = written(reworded, applied(), LATER)
    assert condition(turned, status.APPLIED)["lastTransitionTime"] == LATER
    assert condition(turned, status.HELD)["lastTransitionTime"] == NOW


def test_conditions_and_annotations_of_others_stay() -> None:
    """A merge patch replaces the whole list, so the list is given whole."""
    foreign = {"type": "example.com/Ready", "status": "True"}
    before = service(annotations={"example.com/a": "b"})
    before["status"]["conditions"] = [foreign]
    after = written(before, applied())
    assert after["status"]["conditions"][0] == foreign
    assert after["metadata"]["annotations"]["example.com/a"] == "b"
    released = written(after, Standing(Phase.RELEASED, TREE))
    assert released["status"] == {"loadBalancer": {}, "conditions": [foreign]}
    assert released["metadata"]["annotations"] == {"example.com/a": "b"}


def test_a_generation_is_recorded_where_the_server_keeps_one() -> None:
    """ObservedGeneration tells a reader whether a condition is about the spec as it stands."""
    assert "observedGeneration" not in condition(written(service(), applied()), status.APPLIED)
    after = written(service(generation=3), applied())
    assert condition(after, status.APPLIED)["observedGeneration"] == 3


def test_a_held_service_says_why_and_keeps_its_address() -> None:
    """Held is about the next change; what stands goes on to answer."""
    after = written(service(), applied(problems=("First.", "Second.")))
    assert condition(after, status.HELD)["message"] == "First. Second."
    assert condition(after, status.HELD)["status"] == "True"
    assert after["status"]["loadBalancer"]["ingress"] == [{"ip": IP}]


def test_a_long_message_is_cut() -> None:
    """An Event takes 1024 bytes."""
    after = written(service(), applied(problems=("x" * 5000,)))
    assert len(condition(after, status.HELD)["message"]) == 1000


@pytest.mark.parametrize("phase", [Phase.AWAITING, Phase.UNCONFIRMED, Phase.UNKNOWN])
def test_an_address_is_never_taken_from_a_service_that_asks(phase: Phase) -> None:
    """A source that is silent or wrong must not take anyone's EXTERNAL-IP away."""
    before = written(service(), applied())
    after = written(before, Standing(phase, TREE, why="x", problems=("held",)), LATER)
    assert after["status"]["loadBalancer"] == before["status"]["loadBalancer"]
    assert after["metadata"]["annotations"] == before["metadata"]["annotations"]


def test_what_is_unknown_says_nothing_new_of_the_address() -> None:
    """The condition of before stays, with its time."""
    before = written(service(), applied())
    after = written(before, Standing(Phase.UNKNOWN, TREE, problems=("held",)), LATER)
    assert condition(after, status.APPLIED) == condition(before, status.APPLIED)
    assert condition(after, status.HELD)["lastTransitionTime"] == LATER


def test_when_a_claim_ends_everything_of_ours_goes() -> None:
    """The Service is as it was before the first pass."""
    after = written(written(service(), applied(problems=("x",))), Standing(Phase.RELEASED, TREE))
    assert after == service(annotations={}) | {"status": {"loadBalancer": {}}}


def test_an_address_that_someone_else_wrote_stays_when_a_claim_ends() -> None:
    """Another controller may have taken the Service over meanwhile."""
    taken = written(service(), applied())
    taken["status"]["loadBalancer"] = {"ingress": [{"ip": "192.0.2.9", "ipMode": "VIP"}]}
    occm = "loadbalancer.openstack.org/load-balancer-address"
    taken["metadata"]["annotations"][occm] = "192.0.2.9"
    after = written(taken, Standing(Phase.RELEASED, TREE))
    assert after["status"]["loadBalancer"] == {"ingress": [{"ip": "192.0.2.9", "ipMode": "VIP"}]}
    assert after["metadata"]["annotations"] == {occm: "192.0.2.9"}


def test_a_service_that_became_a_cluster_ip_is_cleared_of_annotations_and_conditions() -> None:
    """Its load balancer status the API server has cleared by itself."""
    before = written(service(), applied())
    before["spec"]["type"] = "ClusterIP"
    before["status"]["loadBalancer"] = {}
    after = written(before, Standing(Phase.RELEASED, TREE))
    assert after["status"] == {"loadBalancer": {}}
    assert after["metadata"]["annotations"] == {}


@pytest.mark.parametrize(
    "found",
    [
        service(deletionTimestamp=NOW),
        service("ClusterIP"),
        service(annotations={"tfgen.io/tree": OTHER_TREE}),
    ],
)
def test_what_cannot_take_the_address_any_more_is_left_alone(found: dict[str, Any]) -> None:
    """A Service may change between listing and writing: then its new shape decides."""
    assert status.patch(found, applied(), now=NOW) is None


def test_marks_of_another_tree_are_not_cleared() -> None:
    """Two trees in one cluster do not undo each other."""
    theirs = written(service(), applied())
    assert status.patch(theirs, Standing(Phase.RELEASED, OTHER_TREE), now=NOW) is None


def test_a_service_of_any_shape_is_survived() -> None:
    """Broken objects carry nothing."""
    broken: dict[str, Any] = {"metadata": None, "status": {"conditions": [1], "loadBalancer": 5}}
    assert status.patch(broken, applied(), now=NOW) is None
    assert status.published(broken) == ""


def test_every_annotation_that_is_written_is_known_as_an_output() -> None:
    """Otherwise what we publish would be a problem at the next rendering."""
    provenance = {"tfgen.io/digest": "d", "tfgen.io/stranger": "x"}
    standing = applied(address(provenance=provenance))
    keys = written(service(), standing)["metadata"]["annotations"]
    kinds = {annotations.TABLE[key].kind for key in keys}
    assert kinds == {annotations.Kind.OUTPUT}
    assert "tfgen.io/digest" in keys


def test_events_are_told_when_something_turns() -> None:
    """Awaiting, held, ensured, gone: each once, at its turn."""
    before = service()
    awaiting = Standing(Phase.AWAITING, TREE, why="Rendered in stack shop.")
    held = Standing(Phase.AWAITING, TREE, why="Rendered in stack shop.", problems=("Bad port.",))
    unsure = Standing(Phase.UNCONFIRMED, TREE, why="Not in the cloud.")
    told: list[status.Event] = []
    for standing in (awaiting, held, awaiting, applied(), unsure, applied()):
        told += status.events(before, standing)
        before = written(before, standing)
    told += status.events(before, Standing(Phase.RELEASED, TREE))
    assert [(event.type, event.reason, event.note) for event in told] == [
        ("Normal", "AwaitingReview", "Rendered in stack shop."),
        ("Warning", "SyncLoadBalancerFailed", "Bad port."),
        ("Normal", "EnsuredLoadBalancer", f"Load balancer lb-id answers on {IP}."),
        ("Warning", "SyncLoadBalancerFailed", "Not in the cloud."),
        ("Normal", "EnsuredLoadBalancer", f"Load balancer lb-id answers on {IP}."),
        (
            "Normal",
            "DeletedLoadBalancer",
            f"The load balancer is gone, and with it the address {IP}.",
        ),
    ]


def test_nothing_is_told_of_what_never_had_an_address() -> None:
    """A Service that was held and then let go was never ensured."""
    held = written(service(), Standing(Phase.AWAITING, TREE, problems=("x",)))
    assert status.events(held, Standing(Phase.RELEASED, TREE)) == ()


# --- judging -----------------------------------------------------------------------------------


def entry(*, problems: tuple[str, ...] = (), internal: bool = False) -> manifest.Entry:
    """Make the manifest's entry of shop/web."""
    return manifest.Entry(
        service=WEB,
        stack="shop",
        digest="d",
        ports=("tcp-80",),
        node_group="default",
        internal=internal,
        protect=False,
        frozen=model.Frozen(),
        state=manifest.State.HELD if problems else manifest.State.RENDERED,
        problems=problems,
    )


ASKS = model.Translation(held=frozenset({WEB}))
ASKS_NOT = model.Translation()


def question(
    found: dict[str, Any],
    known: manifest.Entry | None,
    translation: model.Translation = ASKS,
    told: status.Found | None = None,
) -> status.Question:
    """Ask about one Service."""
    tree = manifest.Manifest(
        "demo", TREE, "namespace", stacks=("shop",), services={WEB: known} if known else {}
    )
    listing = model.Listing((found,), (), "uid", "cluster")
    return status.Question(listing, translation, tree, told or status.Found())


def judged(asked: status.Question) -> status.Judgement:
    """Judge one Service of ours."""
    (judgement,) = status.judge(asked)
    return judgement


def standing(asked: status.Question) -> Standing:
    """Judge one Service that has a standing."""
    found = judged(asked).standing
    assert found is not None
    return found


def test_a_confirmed_address_is_applied() -> None:
    """Stack and digest come from the manifest where the source cannot tell them (Octavia)."""
    told = status.Found((address(stack=""),))
    whole = address(provenance={"tfgen.io/digest": "d"})
    assert standing(question(service(), entry(), told=told)) == applied(whole)


def revised(applied_now: str | None, published: str = "") -> Standing:
    """Judge shop/web, rendered as revision `new`, by what is applied and was published."""
    found = service(annotations={"tfgen.io/digest": published} if published else {})
    told = status.Found((replace(address(), revision=applied_now),))
    return standing(question(found, replace(entry(), revision="new"), told=told))


def test_a_revision_that_is_applied_is_published() -> None:
    """What the state notes is what the tree has."""
    found = revised("new")
    assert found.phase is Phase.APPLIED
    assert found.address
    assert found.address.provenance == {"tfgen.io/digest": "new"}


def test_a_revision_that_is_not_applied_awaits_its_review() -> None:
    """The address stays, with the digest of what is applied, and the reason is said."""
    found = revised("old")
    assert found.phase is Phase.AWAITING
    assert found.why == (
        "It answers as revision old of its file has it; revision new, rendered in stack shop, is "
        "not applied yet."
    )
    carried = written(service(), found)
    assert carried["metadata"]["annotations"]["tfgen.io/digest"] == "old"
    assert carried["metadata"]["annotations"]["tfgen.io/external-ip"] == address().address
    assert [each.reason for each in status.events(service(), found)] == ["AwaitingReview"]


def test_what_an_older_tfgen_applied_is_published() -> None:
    """A state without a revision gives the address, and no digest is claimed."""
    found = revised("")
    assert (found.phase, found.why.partition(" has it")[0]) == (
        Phase.AWAITING,
        "It answers as an older tfgen",
    )
    assert found.address
    assert found.address.provenance == {}


@pytest.mark.parametrize(
    ("published", "phase"), [("", Phase.APPLIED), ("new", Phase.APPLIED), ("old", Phase.UNKNOWN)]
)
def test_octavia_cannot_tell_the_revision(published: str, phase: Phase) -> None:
    """Where another revision was published, what was said of it stays; the address is written."""
    found = revised(None, published)
    assert found.phase is phase
    assert found.address
    assert found.address.provenance == {}


def test_the_problems_of_the_input_hold() -> None:
    """They are newer than what the manifest remembers."""
    problem = model.Problem(WEB, "port", "0", "1 to 65535")
    translation = model.Translation(held=frozenset({WEB}), problems=(problem,))
    found = standing(question(service(), entry(problems=("old",)), translation))
    assert found.problems == ("Service shop/web: port is 0; expected 1 to 65535.",)


def test_what_the_last_rendering_held_is_said() -> None:
    """A hand-edited file holds a Service whose manifest is fine."""
    known = entry(problems=("Edited by hand.",))
    assert standing(question(service(), known)).problems == ("Edited by hand.",)


def test_a_service_that_nobody_rendered_awaits_it() -> None:
    """Its developer sees that it was noticed."""
    found = standing(question(service(), None))
    assert (found.phase, found.why) == (
        Phase.AWAITING,
        "Not in the reviewed tree yet; the next rendering adds it.",
    )


def test_a_rendered_service_awaits_its_apply() -> None:
    """The message names the stack."""
    found = standing(question(service(), entry()))
    assert (found.phase, found.why) == (
        Phase.AWAITING,
        "Rendered in stack shop; its plan is not applied yet.",
    )


def test_an_unclaimed_service_of_the_tree_keeps_its_address() -> None:
    """It is held, and its load balancer stands."""
    told = status.Found((address(),))
    known = entry(problems=("Unclaimed.",))
    found = standing(
        question(service(), known, model.Translation(unclaimed=frozenset({WEB})), told=told)
    )
    assert (found.phase, found.problems) == (Phase.APPLIED, ("Unclaimed.",))


def test_an_address_that_vanished_from_its_source_is_unconfirmed() -> None:
    """A wrong backend or cloud shows up here; the address stays."""
    before = written(service(), applied())
    assert standing(question(before, entry())).phase is Phase.UNCONFIRMED


def test_a_doubt_is_passed_on() -> None:
    """What is claimed and not confirmed is said with its reason."""
    told = status.Found(doubts={WEB: "Load balancer is in ERROR."})
    found = standing(question(service(), entry(), told=told))
    assert (found.phase, found.why) == (Phase.UNCONFIRMED, "Load balancer is in ERROR.")


def test_a_vip_is_no_address_of_an_external_service() -> None:
    """Octavia alone lists a load balancer before it has its floating IP."""
    told = status.Found((address(VIP),))
    found = standing(question(service(), entry(), told=told))
    assert (found.phase, found.why) == (
        Phase.UNCONFIRMED,
        "Load balancer lb-id has no floating IP.",
    )
    assert standing(question(service(), entry(internal=True), told=told)).phase is Phase.APPLIED


def test_two_load_balancers_of_one_service_are_a_doubt() -> None:
    """Which of them answers is not guessed."""
    told = status.Found((address(), address("203.0.113.8")))
    found = standing(question(service(), entry(), told=told))
    assert found.why == "Several load balancers are tagged with this Service: lb-id, lb-id."


def test_a_silent_stack_leaves_its_services_as_they_are() -> None:
    """A state that cannot be read is a failure, and no reason to say anything of addresses."""
    told = status.Found(answered=frozenset(), silent={"shop": "backend is down"})
    found = judged(question(service(), entry(), told=told))
    assert (found.failure, found.standing) == (
        "backend is down",
        Standing(Phase.UNKNOWN, TREE),
    )


def test_a_stack_that_was_not_asked_is_no_failure() -> None:
    """A pass over some stacks says nothing of the others."""
    told = status.Found(answered=frozenset())
    found = judged(question(service(), entry(), told=told))
    assert (found.failure, found.standing) == ("", Standing(Phase.UNKNOWN, TREE))


def test_a_service_that_asks_no_more_is_left_until_the_tree_follows() -> None:
    """Its load balancer still stands; the next rendering and apply take it away."""
    before = written(service("NodePort"), applied())
    found = judged(question(before, entry(), ASKS_NOT))
    assert (found.standing, found.failure) == (None, "")
    assert "tfgen render" in found.text


def test_an_address_goes_when_the_load_balancer_is_gone() -> None:
    """Not in the tree, not in the answer of its stack: what we wrote is cleared."""
    before = written(service("NodePort"), applied())
    assert standing(question(before, None, ASKS_NOT)) == Standing(Phase.RELEASED, TREE)


def test_an_address_stays_while_its_removal_is_under_review() -> None:
    """The tree has let go of it, the state has not."""
    before = written(service("NodePort"), applied())
    found = judged(question(before, None, ASKS_NOT, told=status.Found((address(),))))
    assert (found.standing, found.failure) == (None, "")
    assert found.text == "its load balancer stands until its removal is applied"


def test_an_address_stays_while_its_stack_is_silent() -> None:
    """Gone is what was looked for and not found."""
    before = written(service("NodePort"), applied())
    told = status.Found(answered=frozenset(), silent={"shop": "locked"})
    found = judged(question(before, None, ASKS_NOT, told=told))
    assert (found.standing, found.failure) == (None, "locked")


def test_a_pruned_stack_needs_no_answer() -> None:
    """It was empty when it went."""
    before = written(service("NodePort"), applied(address(stack="shop_01")))
    told = status.Found(answered=frozenset())
    assert standing(question(before, None, ASKS_NOT, told=told)).phase is Phase.RELEASED


def test_a_service_of_another_tree_is_refused_with_the_way_out() -> None:
    """Two trees that claim one Service would write over each other for ever."""
    theirs = service(annotations={"tfgen.io/tree": OTHER_TREE})
    found = judged(question(theirs, entry()))
    assert (found.standing, found.failure) == (None, f"tree {OTHER_TREE} publishes it")
    assert "kubectl annotate service -n shop web tfgen.io/tree-" in found.remedy


@pytest.mark.parametrize(
    ("found", "known"),
    [
        (service("ClusterIP"), None),
        (service(annotations={"tfgen.io/tree": OTHER_TREE}), None),
        (service(deletionTimestamp=NOW, annotations={"tfgen.io/tree": TREE}), entry()),
    ],
)
def test_what_is_none_of_ours_is_not_mentioned(
    found: dict[str, Any], known: manifest.Entry | None
) -> None:
    """Neither Services never claimed, nor those of others, nor those that go."""
    assert list(status.judge(question(found, known, ASKS_NOT))) == []


def test_a_pass_can_be_narrowed() -> None:
    """To stacks and to Services, also for those that only carry our marks."""
    other = model.ServiceKey("shop", "other")
    before = written(service(), applied())
    for known in (entry(), None):
        asked = question(before, known, ASKS_NOT)
        narrowed = (
            replace(asked, stacks=frozenset({"shop"})),
            replace(asked, stacks=frozenset({"blog"})),
            replace(asked, services=frozenset({WEB})),
            replace(asked, services=frozenset({other})),
        )
        assert [len(list(status.judge(each))) for each in narrowed] == [1, 0, 1, 0]
