"""tfgen status: one table from tree, cluster and cloud, also where one of them is away."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import terraform
from tests.fakes import world as fake
from tests.fakes.world import World

# The client library warns of calls between its own modules.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")


@pytest.fixture
def world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[World]:
    """Give a world in which Service shop/web is in sync on all sides."""
    with fake.running(tmp_path, monkeypatch, capsys) as made:
        made.service("web")
        made.rendered()
        made.deployed("web")
        made.published("web")
        yield made


def test_in_sync(world: World) -> None:
    """Where all sides agree the table says so, in plain columns, and the exit code is 0."""
    said = world.run("status")
    assert said.code == 0
    assert said.out == (
        "SERVICE   ADDRESS     PORTS   SOURCES    OCTAVIA        STACK  STATE\n"
        "shop/web  172.24.0.1  80/TCP  0.0.0.0/0  ACTIVE/ONLINE  shop   in sync\n"
    )
    assert "1 Service: 1 in sync" in said.err


def test_two_list_calls_whatever_the_number(world: World) -> None:
    """The cloud is asked for load balancers once and for floating IPs once."""
    for number in range(5):
        world.service(f"web-{number}")
        world.deployed(f"web-{number}")
    world.cloud.calls.clear()
    assert "web-4" in world.run("status").out
    lists = [call for call in world.cloud.calls if "lbaas" in call or "floatingips" in call]
    assert len(lists) == 2


def test_nothing_is_changed(world: World) -> None:
    """Neither tree nor cluster is written to."""
    world.service("new")
    world.cluster.requests.clear()
    before = sorted((world.folder / "infra").rglob("*"))
    world.run("status")
    assert world.cluster.writes == []
    assert sorted((world.folder / "infra").rglob("*")) == before


def test_held(world: World) -> None:
    """A held Service ends with 4, says why and what to type; --allow-held makes it 0."""
    world.service("bad", annotations={"loadbalancer.openstack.org/connection-limit": "many"})
    said = world.run("status")
    assert said.code == 4
    assert (
        'shop/bad held: annotation loadbalancer.openstack.org/connection-limit is "many"; '
        "expected -1 (no limit), or a whole number" in said.out
    )
    assert "-> Correct it, or remove it\n" in said.out
    assert world.run("status", "--allow-held").code == 0


def test_problems_alone(world: World) -> None:
    """--problems leaves out what is in sync, and counts it all the same."""
    world.service("new")
    said = world.run("status", "--problems")
    assert said.code == 0
    assert "shop/new" in said.out
    assert "shop/web" not in said.out
    assert "2 Services" in said.err


def test_no_problems_no_table(world: World) -> None:
    """Nothing that needs someone is nothing on standard output."""
    assert world.run("status", "--problems").out == ""


def test_one_namespace(world: World) -> None:
    """--namespace narrows the table."""
    assert "shop/web" in world.run("status", "-n", "shop").out
    assert world.run("status", "-n", "blog").out == ""


def test_a_deleted_service_keeps_its_row(world: World) -> None:
    """What stands in the manifest though its Service is gone is shown."""
    world.service("other")
    world.rendered()
    world.cluster.services.clear()
    world.service("other")
    said = world.run("status")
    assert "shop/web gone: its Service asks for no load balancer any more" in said.out


def test_half_of_it_applied(world: World) -> None:
    """Ports that the cloud does not have yet are counted from the one listing."""
    world.cloud.load_balancers[0]["listeners"] = []
    assert "shop/web not applied: the cloud has 0 of its ports, the tree 1" in (
        world.run("status").out
    )


def test_a_floating_ip_that_is_bound_no_more(world: World) -> None:
    """An address that clients know and that leads nowhere is graver than one not there yet."""
    world.cloud.floating_ips[0]["port_id"] = ""
    said = world.run("status")
    assert "shop/web  172.24.0.1  80/TCP" in said.out
    assert (
        "shop/web vanished: 172.24.0.1 is published, and no floating IP leads to its load balancer"
    ) in said.out


def test_each_service_is_counted_once(world: World) -> None:
    """The last line counts Services by the gravest of what is said of each."""
    annotations = {"loadbalancer.openstack.org/connection-limit": "many"}
    kept = world.stored("web")["metadata"]["annotations"]
    world.service("web", annotations={**kept, **annotations})
    said = world.run("status")
    assert "held, not published" in said.out
    assert said.err.endswith("1 Service: 1 held\n")


def test_a_file_that_was_not_applied_since(world: World) -> None:
    """A file that has changed since its address was published is not applied, and only that."""
    world.service("web", loadBalancerSourceRanges=["192.0.2.0/24"])
    world.published("web")
    world.rendered()
    row = world.run("status", "--format", "json").document["services"][0]
    assert row["state"] == "not applied"
    assert "changed since it was last applied" in row["differences"][0]["text"]


def test_a_refused_rendering_is_said(world: World) -> None:
    """Where all Services vanished, the guard's words stand below the table."""
    world.service("other")
    world.rendered()
    world.cluster.services.clear()
    said = world.run("status")
    assert said.code == 0
    assert "tfgen render would stop: 2 of 2 Services are gone" in said.err
    assert "--allow-removals 2" in said.err
    assert said.out.count(" gone: ") == 2


def test_nodes_that_moved_are_said_by_stack(world: World) -> None:
    """A node that joined is a matter of the stack, not of each of its Services."""
    world.nodes("node-1", "node-2", "node-3")
    said = world.run("status")
    assert "in sync" in said.out
    assert "stack shop: nodes join node-3 (tfgen sync)" in said.err


def test_nodes_that_left_or_moved_are_said(world: World) -> None:
    """Of many nodes the first are named and the others counted."""
    names = [f"node-{number}" for number in range(1, 10)]
    world.nodes(*names)
    world.rendered()
    world.nodes(*names[:8])
    world.cluster.nodes[0]["status"]["addresses"][0]["address"] = "10.0.9.9"
    said = world.run("status").err
    assert "stack shop: nodes leave node-9; nodes move node-1 (tfgen sync)" in said
    world.cluster.nodes += [fake.node(f"new-{number}", 100 + number) for number in range(7)]
    assert "nodes join new-0, new-1, new-2, new-3, new-4 and 2 more;" in world.run("status").err


def test_shared_files_that_differ_are_counted(world: World) -> None:
    """A file that all Services share is a matter of the next rendering."""
    (world.folder / "infra/stacks/shop/versions.tf").unlink()
    said = world.run("status").err
    assert "1 file that Services share would change (tfgen render)" in said


def test_node_ports_that_changed_are_said(world: World) -> None:
    """A reinstalled Service has other node ports: a matter of facts."""
    port = {"port": 80, "protocol": "TCP", "nodePort": 31111}
    world.service("web", ports=[port])
    world.published("web")
    said = world.run("status")
    assert "stack shop: node ports change of shop/web (tfgen sync)" in said.err


def test_a_new_port_is_no_matter_of_facts(world: World) -> None:
    """A port that the tree does not have yet is rendered, not synced."""
    ports = [{"port": 80, "nodePort": 30080}, {"port": 443, "nodePort": 30443}]
    world.service("web", ports=ports)
    world.published("web")
    said = world.run("status")
    assert "port tcp-443 is new" in said.out
    assert "tfgen sync" not in said.err


def test_cluster_away(world: World) -> None:
    """Without the cluster, tree and cloud are compared, and nothing is called in sync."""
    world.cluster.status = 503
    said = world.run("status")
    assert said.code == 0
    assert "172.24.0.1" in said.out
    assert "cluster not asked" in said.out
    assert "cluster away: cluster http://127.0.0.1" in said.err


def test_cloud_away(world: World) -> None:
    """Without the cloud, tree and cluster are compared; the published address is shown."""
    world.cloud.failing["/load-balancer"] = 503
    said = world.run("status")
    assert said.code == 0
    assert "cloud not asked" in said.out
    assert "172.24.0.1" in said.out
    assert "cloud away: Octavia at" in said.err


def test_both_away(world: World) -> None:
    """Where nothing could be compared the tree is shown, and the exit code is 1."""
    world.cluster.status = 503
    world.cloud.failing["/identity"] = 503
    said = world.run("status")
    assert said.code == 1
    assert "shop/web" in said.out
    assert "cloud and cluster not asked" in said.out


def test_another_cluster_is_not_compared(world: World) -> None:
    """A kubeconfig of another cluster would show every Service as gone: it is refused as away."""
    world.cluster.uid = "99999999-2222-4333-8444-555555555555"
    said = world.run("status")
    assert "is another cluster" in said.err
    assert " gone" not in said.out


def test_another_project_is_not_compared(world: World) -> None:
    """A cloud of another project would show every load balancer as missing."""
    settings = fake.SETTINGS.replace("{cloud: demo}", f"{{cloud: demo, project_id: {'b' * 32}}}")
    (world.folder / "tfgen.yaml").write_text(settings)
    said = world.run("status")
    assert "cloud away: openstack.project_id of tfgen.yaml" in said.err
    assert "not applied" not in said.out


def test_json(world: World) -> None:
    """With --format json all of it is one document."""
    world.service("new")
    said = world.run("status", "--format", "json")
    document = said.document
    assert document["schema"] == "tfgen.status"
    fine = {"answered": True, "error": "", "remedy": ""}
    assert document["sides"] == {"cluster": fine, "cloud": fine}
    new, web = document["services"]
    assert (new["service"], new["state"], new["load_balancer"]) == (
        "shop/new",
        "not rendered",
        None,
    )
    assert new["differences"][0]["remedy"] == "tfgen render"
    assert web["load_balancer"]["operating_status"] == "ONLINE"
    assert web["ports"] == ["tcp-80"]


def test_files_instead_of_the_cluster(world: World) -> None:
    """--from compares manifests in Git: nothing is said of what was published."""
    manifest = world.folder / "web.yaml"
    manifest.write_text(
        "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n"
        "spec:\n  type: LoadBalancer\n  loadBalancerClass: tfgen.io/octavia\n"
        "  loadBalancerSourceRanges: [192.0.2.0/24]\n  ports: [{port: 80}]\n"
    )
    said = world.run("status", "--from", str(manifest))
    assert "shop/web not rendered: tcp-80 allowed_cidrs: 0.0.0.0/0 -> 192.0.2.0/24\n" in said.out


def test_states_are_read_where_asked(world: World) -> None:
    """--state says of a rendered port that the state does not have it."""
    said = world.run("status", "--state")
    assert "tcp-80 is not in the state" in said.out


def test_states_elsewhere_are_read_by_the_engine(world: World) -> None:
    """A backend that is no folder is asked by the engine, each stack in its own folder."""
    engine = terraform.install(world.folder / "bin")
    remote = "backend: {type: http, config: {address: 'http://127.0.0.1:1/{stack}'}}\n"
    (world.folder / "tfgen.yaml").write_text(fake.SETTINGS + remote)
    world.rendered()
    said = world.run("status", "--state", "--engine", str(engine.path))
    assert "tcp-80 is not in the state" in said.out
    assert engine.commands() == ["version", "init", "state"]
    engine.behave(terraform.Behaviour(product="opentofu", version="1.5.0"))
    said = world.run("status", "--state", "--engine", str(engine.path))
    assert "states away: " in said.err
    assert "expected at least 1.10.0" in said.err


def test_an_unreadable_state_is_said(world: World) -> None:
    """A state that is none is named with its path, and the table is shown all the same."""
    (world.folder / "infra/stacks/shop/terraform.tfstate").write_text("{")
    said = world.run("status", "--state")
    assert "states away: the state of stack shop cannot be read" in said.err
    assert "in sync" in said.out


def test_json_says_who_is_away(world: World) -> None:
    """Each side that was asked is there, the states too, with why it is away and what to do."""
    (world.folder / "infra/stacks/shop/terraform.tfstate").write_text("{")
    world.cluster.status = 503
    sides = world.run("status", "--state", "--format", "json").document["sides"]
    assert set(sides) == {"cluster", "cloud", "states"}
    assert sides["cluster"]["remedy"] == "The API server is busy or starting; try again."
    assert sides["cloud"]["answered"]
    assert "the state of stack shop cannot be read" in sides["states"]["error"]
    assert "Restore it from the backup" in sides["states"]["remedy"]


def test_a_login_page_in_the_place_of_octavia(world: World) -> None:
    """An answer that is none of Octavia's is a cloud that is away, not a bug."""
    world.cloud.raw["/load-balancer/v2"] = "<html>Log in</html>"
    said = world.run("status")
    assert said.code == 0
    assert "gave an answer that is none of its API's" in said.err
    assert "cloud not asked" in said.out


def test_a_tree_of_another_name_is_refused(world: World) -> None:
    """Settings and tree that do not belong together are no table."""
    text = fake.SETTINGS.replace("cluster: demo", "cluster: prod")
    (world.folder / "tfgen.yaml").write_text(text)
    said = world.run("status")
    assert (said.code, said.out) == (3, "")
    assert "'prod'" in said.err
