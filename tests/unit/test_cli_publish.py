"""tfgen publish: addresses of states or of Octavia, confirmed, back to the Services."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import world as fake
from tests.fakes.world import World
from tfgen import manifest, model

# The client library warns of calls between its own modules.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")

WEB_LB = "00000001-aaaa-4aaa-8aaa-aaaaaaaaaaaa"


@pytest.fixture
def world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[World]:
    """Give a world in which shop/web is rendered and deployed, and has no address yet."""
    with fake.running(tmp_path, monkeypatch, capsys) as made:
        made.service("web")
        made.rendered()
        made.deployed("web")
        yield made


def state(world: World, *services: dict[str, str]) -> None:
    """Write the local state of stack shop, with the outputs of these Services."""
    outputs = {
        f"lb_shop_{each['name']}": {"value": {"namespace": "shop", **each}} for each in services
    }
    document = {"version": 4, "lineage": "l", "serial": 1, "outputs": outputs, "resources": []}
    path = world.folder / "infra/stacks/shop/terraform.tfstate"
    path.write_text(json.dumps(document))


def output(**other: str) -> dict[str, str]:
    """Give the output of shop/web as its file declares it."""
    known = {"name": "web", "id": WEB_LB, "vip_address": "10.0.3.1", "address": "172.24.0.1"}
    return known | other


def revision(world: World) -> str:
    """Give the revision of shop/web that is rendered."""
    known = manifest.loads((world.folder / "infra" / manifest.FILE).read_text())
    return known.services[model.ServiceKey("shop", "web")].revision


def ingress(world: World, name: str = "web") -> list[Any]:
    """Give the load balancer status of a Service."""
    found: list[Any] = world.stored(name)["status"]["loadBalancer"].get("ingress", [])
    return found


def test_addresses_come_from_the_states(world: World) -> None:
    """By default, and only what the cloud confirms."""
    state(world, output(revision=revision(world)))
    said = world.run("publish")
    assert said.code == 0, said.err
    assert said.out == ("SERVICE   ADDRESS     CLUSTER  REMARK\nshop/web  172.24.0.1  written  -\n")
    assert ingress(world) == [{"ip": "172.24.0.1", "ipMode": "VIP"}]
    annotations = world.stored("web")["metadata"]["annotations"]
    assert annotations["tfgen.io/stack"] == "shop"
    assert annotations["tfgen.io/load-balancer-id"] == WEB_LB
    assert annotations["tfgen.io/digest"] == revision(world)


def test_the_cloud_leaves_what_the_states_said(world: World) -> None:
    """Both know the same address; which revision is applied the states alone know."""
    state(world, output(revision=revision(world)))
    assert world.run("publish").code == 0
    said = world.run("publish", "--source", "cloud")
    assert (said.code, said.err) == (0, "published: 1 unchanged\n")


def test_the_states_add_what_the_cloud_cannot_say(world: World) -> None:
    """The address is as Octavia had it, and the revision stands beside it from then on."""
    state(world, output(revision=revision(world)))
    assert world.run("publish", "--source", "cloud").code == 0
    annotations = world.stored("web")["metadata"]["annotations"]
    assert annotations["tfgen.io/external-ip"] == "172.24.0.1"
    assert "tfgen.io/digest" not in annotations
    assert world.run("publish").code == 0
    annotations = world.stored("web")["metadata"]["annotations"]
    assert annotations["tfgen.io/digest"] == revision(world)


def test_what_was_never_applied_is_not_claimed(world: World) -> None:
    """The address of an older revision is published as that, and the newer one awaits review."""
    state(world, output(revision="0123456789abcdef"))
    said = world.run("publish")
    assert said.code == 0, said.err
    assert "revision 0123456789abcdef of its file" in said.out
    [applied] = [
        each
        for each in world.stored("web")["status"]["conditions"]
        if each["type"] == "tfgen.io/Applied"
    ]
    assert (applied["status"], applied["reason"]) == ("False", "AwaitingReview")
    annotations = world.stored("web")["metadata"]["annotations"]
    assert annotations["tfgen.io/digest"] == "0123456789abcdef"
    assert ingress(world)


def test_what_is_published_is_no_problem_at_the_next_rendering(world: World) -> None:
    """Our own annotations are outputs: the tree stays as it is."""
    state(world, output())
    world.run("publish")
    assert world.run("render", "--check").code == 0


def test_an_address_that_the_cloud_does_not_have_is_not_written(world: World) -> None:
    """The state says one thing, Neutron another: the Service hears that it is not confirmed."""
    state(world, output(address="172.24.0.99"))
    said = world.run("publish")
    assert said.code == 0
    assert "floating IP 172.24.0.99 is not in the cloud with our tags" in said.out
    assert ingress(world) == []
    applied = world.stored("web")["status"]["conditions"][0]
    assert (applied["status"], applied["reason"]) == ("Unknown", "AddressNotConfirmed")


def test_an_unreadable_state_keeps_what_stands(world: World) -> None:
    """It fails its own Services, and takes no address away."""
    state(world, output())
    world.run("publish")
    path = world.folder / "infra/stacks/shop/terraform.tfstate"
    path.write_text("<<<<<<< HEAD")
    said = world.run("publish")
    assert said.code == 1
    assert "failed: Service shop/web: the state of stack shop cannot be read" in said.err
    assert ingress(world) == [{"ip": "172.24.0.1", "ipMode": "VIP"}]


def test_what_hits_many_services_is_said_once(world: World) -> None:
    """One unreadable state is one line and one remedy, with the Services that wait for it."""
    world.service("api")
    world.rendered()
    world.deployed("api")
    (world.folder / "infra/stacks/shop/terraform.tfstate").write_text("not JSON")
    said = world.run("publish").err
    assert said.count("the state of stack shop cannot be read") == 1
    assert "failed: 2 Services (shop/api, shop/web): the state of stack shop" in said


def test_a_state_that_has_nothing_yet_means_waiting(world: World) -> None:
    """Rendered and not applied: the Service says so."""
    world.cloud.load_balancers.clear()
    said = world.run("publish")
    assert said.code == 0
    assert "its plan is not applied yet" in said.out
    assert world.cluster.events[0]["reason"] == "AwaitingReview"


def test_a_load_balancer_in_the_making_is_no_address(world: World) -> None:
    """Octavia lists it with its VIP before anything answers there."""
    world.cloud.load_balancers[0]["provisioning_status"] = "PENDING_CREATE"
    said = world.run("publish", "--source", "cloud")
    assert said.code == 0
    assert f"Load balancer {WEB_LB} is being created." in said.out
    assert ingress(world) == []


def test_a_cloud_that_is_away_ends_the_command(world: World) -> None:
    """Nothing is written, and nothing is taken away."""
    world.run("publish", "--source", "cloud")
    written = len(world.cluster.writes)
    world.cloud.failing = {"/load-balancer": 503}
    said = world.run("publish", "--source", "cloud")
    assert (said.code, len(world.cluster.writes)) == (1, written)
    assert ingress(world) == [{"ip": "172.24.0.1", "ipMode": "VIP"}]


def test_another_cluster_is_refused(world: World) -> None:
    """A wrong context must not get the addresses of this one."""
    world.cluster.uid = "99999999-2222-4333-8444-555555555555"
    said = world.run("publish", "--source", "cloud")
    assert said.code == 3
    assert "is another cluster" in said.err
    assert "tfgen render --accept-cluster 99999999-" in said.err
    assert world.cluster.writes == []


def test_a_tree_of_another_name_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings and tree must belong together."""
    monkeypatch.setenv("TFGEN_CLUSTER", "other")
    said = world.run("publish", "--source", "cloud")
    assert said.code == 3
    assert "setting cluster is 'other'" in said.err


def test_without_a_tree_there_is_nothing_to_publish(world: World) -> None:
    """The message says which command makes one."""
    said = world.run("publish", "-o", "elsewhere")
    assert said.code == 1
    assert "run `tfgen render` first" in said.err


def test_a_missing_right_is_named(world: World) -> None:
    """Which Service, which right, and how to check it."""
    world.cluster.forbidden = {"patch services/status"}
    said = world.run("publish", "--source", "cloud")
    assert said.code == 1
    assert "failed: Service shop/web: cluster http" in said.err
    assert "may not patch services/status: 403 Forbidden" in said.err
    assert "kubectl auth can-i patch services --subresource=status" in said.err
    assert "see above" in said.out


def test_a_pass_can_be_narrowed(world: World) -> None:
    """To one Service or one stack; what the tree does not have is refused."""
    world.service("api")
    world.rendered()
    world.deployed("api")
    said = world.run("publish", "--source", "cloud", "--service", "shop/api")
    assert (said.code, ingress(world)) == (0, [])
    assert ingress(world, "api") == [{"ip": "172.24.0.2", "ipMode": "VIP"}]
    assert world.run("publish", "--source", "cloud", "--stack", "shop").code == 0
    assert ingress(world) == [{"ip": "172.24.0.1", "ipMode": "VIP"}]
    assert world.run("publish", "--source", "cloud", "--stack", "shp").code == 1


def test_events_can_be_switched_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """publish.events: false needs no right to write them."""
    monkeypatch.setenv("TFGEN_PUBLISH__EVENTS", "false")
    world.cluster.forbidden = {"create events"}
    said = world.run("publish", "--source", "cloud")
    assert (said.code, said.err) == (0, "published: 1 written\n")
    assert world.cluster.events == []


def test_the_report_as_json(world: World) -> None:
    """For pipelines: schema, outcome, phase and address of each Service."""
    document = world.run("publish", "--source", "cloud", "--format", "json").document
    assert document == {
        "schema": "tfgen.publish",
        "schema_version": 1,
        "services": [
            {
                "service": "shop/web",
                "outcome": "written",
                "phase": "applied",
                "address": "172.24.0.1",
                "second_address": "",
                "text": "",
                "remedy": "",
            }
        ],
        "notices": [],
    }


def test_a_service_that_was_let_go_loses_its_address_with_its_load_balancer(world: World) -> None:
    """First the tree lets go of it, then the cloud; the address goes with the cloud."""
    world.service("api")
    world.rendered()
    world.deployed("api")
    world.run("publish", "--source", "cloud")
    service = world.stored("web")
    world.cluster.put(service | {"spec": {"type": "NodePort"}})
    said = world.run("publish", "--source", "cloud")
    assert "asks no more, and the tree still has it" in said.out
    world.rendered()
    said = world.run("publish", "--source", "cloud")
    assert "its load balancer stands until its removal is applied" in said.out
    del world.cloud.load_balancers[0], world.cloud.floating_ips[0]
    said = world.run("publish", "--source", "cloud")
    assert said.err == "published: 1 written, 1 unchanged\n"
    assert "its load balancer is gone, and so is what was written here" in said.out
    assert world.stored("web")["metadata"]["annotations"] == {}
    assert "DeletedLoadBalancer" in [event["reason"] for event in world.cluster.events]
