"""tfgen explain: from any end of a load balancer to all others."""

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from tests.fakes import world as fake
from tests.fakes.world import World

# The client library warns of calls between its own modules.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")

LB = "00000001-aaaa-4aaa-8aaa-aaaaaaaaaaaa"
POOL = "11111111-bbbb-4bbb-8bbb-bbbbbbbbbbbb"
LISTENER = "22222222-cccc-4ccc-8ccc-cccccccccccc"
MONITOR = "33333333-dddd-4ddd-8ddd-dddddddddddd"


def tree(*members: str, port: int = 30080, operating: str = "ONLINE") -> dict[str, object]:
    """Make Octavia's status tree of shop/web with these nodes behind port 80."""
    return {
        "id": LB,
        "listeners": [
            {
                "id": LISTENER,
                "name": "demo_shop_web_tcp-80",
                "operating_status": "ONLINE",
                "pools": [
                    {
                        "id": POOL,
                        "health_monitor": {"id": MONITOR},
                        "members": [
                            {
                                "id": f"member-{name}",
                                "name": name,
                                "address": f"10.0.0.1{name[-1]}",
                                "protocol_port": port,
                                "operating_status": operating,
                            }
                            for name in members
                        ],
                    }
                ],
            }
        ],
    }


@pytest.fixture
def world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[World]:
    """Give a world in which Service shop/web is in sync on all sides."""
    with fake.running(tmp_path, monkeypatch, capsys) as made:
        method = {"loadbalancer.openstack.org/lb-method": "LEAST_CONNECTIONS"}
        made.service("web", annotations=method, loadBalancerSourceRanges=["192.0.2.0/24"])
        made.rendered()
        made.deployed("web")
        made.cloud.trees[LB] = tree("node-1", "node-2")
        made.published("web")
        yield made


def state(world: World, **ids: str) -> None:
    """Write a state of stack shop with the listener of shop/web, and what else is named."""
    known = {
        "openstack_lb_loadbalancer_v2.lb_shop_web": LB,
        "module.lb_shop_web_tcp-80.openstack_lb_listener_v2.this": LISTENER,
        **{f"module.lb_shop_web_{key}.openstack_lb_listener_v2.this": ids[key] for key in ids},
    }
    resources = []
    for address, identity in known.items():
        *module, kind, name = address.split(".")
        instance = {"attributes": {"id": identity}}
        resources.append(
            {
                "mode": "managed",
                "module": ".".join(module) or None,
                "type": kind,
                "name": name,
                "instances": [instance],
            }
        )
    document = {"lineage": "x", "serial": 1, "outputs": {}, "resources": resources}
    path = world.folder / "infra/stacks/shop/terraform.tfstate"
    path.write_bytes(orjson.dumps(document))


def test_the_way_of_a_packet(world: World) -> None:
    """The picture leads from the client through addresses, listener and pool to the pods."""
    said = world.run("explain", "shop/web")
    assert said.code == 0
    assert said.out.split("\n\n")[1].splitlines() == [
        "Port tcp-80, from the client to the pod",
        "  client in 192.0.2.0/24; all others are dropped",
        "    |",
        "  172.24.0.1:80/TCP               floating IP of network public",
        "    |",
        f"  10.0.3.1:80/TCP                 VIP of the load balancer, {LB} (ACTIVE/ONLINE)",
        f"    |                             listener {LISTENER}, TCP",
        "    |",
        f"  pool {POOL}: LEAST_CONNECTIONS, probed by TCP every 5 s",
        "    +- node-1 10.0.0.11:30080     ONLINE",
        "    +- node-2 10.0.0.12:30080     ONLINE",
        "    |",
        "  kube-proxy of that node",
        "    |",
        "  port 8080 of a pod with app=web, on any node",
    ]


def test_a_provider_that_limits_nothing_is_named_in_the_picture(world: World) -> None:
    """Who reads the way of a packet sees that everyone may walk it."""
    file = world.folder / "infra/stacks/shop/lb_shop_web.tf"
    text = file.read_text("utf-8")
    sources = text[text.index("  allowed_cidrs = [") : text.index("  timeouts = {")]
    file.write_text(text.replace(sources, "  allowed_cidrs = null\n"), "utf-8")
    assert (
        "client: anyone (Octavia, or its provider, cannot" in world.run("explain", "shop/web").out
    )


ENDS = [
    "shop/web",
    "SHOP/WEB",
    "shop_web",
    "172.24.0.1",
    "10.0.3.1",
    LB,
    "fip-1",
    "demo_shop_web",
    "lb_shop_web.tf",
    "stacks/shop/lb_shop_web.tf",
    "openstack_lb_loadbalancer_v2.lb_shop_web",
    "module.lb_shop_web_tcp-80.openstack_lb_pool_v2.this",
    LISTENER,
]


def test_every_end_leads_to_the_service(world: World) -> None:
    """A name, an address, an id, a file or an address in the state: all lead to one Service."""
    state(world)
    for end in ENDS:
        said = world.run("explain", end)
        assert said.out.startswith("Service shop/web: in sync\n"), end


def test_an_address_that_is_only_published(world: World) -> None:
    """Without the cloud, what the Service carries leads to it."""
    world.cloud.failing["/identity"] = 503
    said = world.run("explain", "172.24.0.1")
    assert said.out.startswith("Service shop/web: cloud not asked\n")
    assert "cloud away: Keystone at" in said.err
    assert "\n  Its own log says why; try again later.\n" in said.err
    assert said.code == 0


def test_an_unknown_end(world: World) -> None:
    """What is nothing of ours is an error that offers the nearest."""
    said = world.run("explain", "shop/webb")
    assert said.code == 1
    assert "nothing of" in said.err
    assert "is called 'shop/webb'" in said.err
    assert "Nearest: shop/web" in said.err
    assert "shop/web)" in world.run("explain", "172.24.0.2").err


def test_an_unknown_end_where_the_cloud_is_away(world: World) -> None:
    """An address that only the cloud can know is not said to be nobody's: why is told, and what."""
    world.cloud.password = "another"
    said = world.run("explain", "172.24.0.77")
    assert said.code == 1
    assert "cloud away: Keystone at" in said.err
    assert "refused the credentials: status 401" in said.err
    assert "Correct user, password and project" in said.err
    assert "Nearest: 172.24.0.1 (shop/web)" in said.err


def test_an_unknown_service_where_the_cluster_is_away(world: World) -> None:
    """A Service that only the cluster can know is not explained away, in either form."""
    world.cluster.status = 503
    said = world.run("explain", "shop/unheard", "--format", "json")
    assert said.code == 1
    error = said.document["error"]
    assert "\ncluster away: cluster http" in error["what"]
    assert "try again" in error["remedy"]


def test_both_sides_away(world: World) -> None:
    """What the tree alone says of a Service is shown, with who is away and what to do; it is 1."""
    world.cluster.status = 503
    world.cloud.password = "another"
    said = world.run("explain", "shop/web")
    assert said.code == 1
    assert said.out.startswith("Service shop/web: cloud and cluster not asked\n")
    assert "  The API server is busy or starting; try again." in said.err
    assert "\n  Correct user, password and project" in said.err


def test_a_floating_ip_of_no_service(world: World) -> None:
    """What a deleted Service left behind is not said to be of a type that nobody knows."""
    tags = [*fake.TAGS, "tfgen_service=shop_gone"]
    world.cloud.floating_ips.append(
        {"id": "left", "floating_ip_address": "172.24.0.99", "port_id": "", "tags": tags}
    )
    said = world.run("explain", "left")
    assert said.code == 0
    assert said.out == (
        "Service shop/gone is none of ours: tree and cluster have it no more; what tfgen plan "
        "does not remove is left over\n"
    )
    world.cluster.status = 503
    said = world.run("explain", "left")
    assert said.code == 1
    assert "the tree does not have it, and the cluster did not answer" in said.out


def test_nothing_near(world: World) -> None:
    """Where nothing looks like it, status is pointed to."""
    assert "`tfgen status` lists" in world.run("explain", "zzzzzzzzzzzz").err


def test_no_target(world: World) -> None:
    """Without a target, and without --annotations, it is wrong usage."""
    assert world.run("explain").code == 64


NOT_OURS = [
    ({"type": "ClusterIP"}, "it is of type ClusterIP, which asks for no load balancer"),
    ({"type": "NodePort"}, "without the annotation tfgen.io/expose"),
    ({"loadBalancerClass": "other/class"}, "its class is other/class, and ours are tfgen.io"),
    ({"loadBalancerClass": None}, "it has no spec.loadBalancerClass, and claim.classless"),
]


@pytest.mark.parametrize(("spec", "why"), NOT_OURS)
def test_why_a_service_is_none_of_ours(world: World, spec: dict[str, object], why: str) -> None:
    """A Service that is not claimed is explained too: why it gets no load balancer."""
    world.service("other", **spec)
    said = world.run("explain", "shop/other")
    assert said.code == 0
    assert said.out.startswith("Service shop/other is none of ours: ")
    assert why in said.out


def test_a_namespace_that_is_left_out(world: World) -> None:
    """The setting that leaves a Service out is named."""
    world.service("other")
    (world.folder / "tfgen.yaml").write_text(f"{fake.SETTINGS}claim: {{selector: 'team=x'}}\n")
    assert "claim.selector (team=x) leaves shop/other out" in world.run("explain", "shop/other").out


def values(world: World) -> dict[str, tuple[str, str]]:
    """Give value and origin by name."""
    said = world.run("explain", "shop/web", "--format", "json")
    return {each["name"]: (each["value"], each["origin"]) for each in said.document["values"]}


def test_where_each_value_comes_from(world: World) -> None:
    """Annotation, field, setting with its line, default: each value names who said it."""
    text = f"{fake.SETTINGS}defaults:\n  monitor: {{delay: 9}}\n"
    (world.folder / "tfgen.yaml").write_text(text)
    found = values(world)
    annotation = "annotation loadbalancer.openstack.org/lb-method"
    assert found["lb_method"] == ("LEAST_CONNECTIONS", annotation)
    assert found["allowed_cidrs"] == ("192.0.2.0/24", "spec.loadBalancerSourceRanges")
    assert found["monitor.delay"] == ("9", "tfgen.yaml:8 (setting defaults.monitor.delay)")
    assert found["connection_limit"] == ("-1", "default (setting defaults.connection_limit)")
    assert found["port tcp-80"] == ("node port 30080", "spec.ports[0]")
    assert found["protect"] == ("false", "default")
    assert found["vip_subnet_id"] == (fake.SUBNET, "kept since it was first rendered")


def test_where_the_words_of_ports_come_from(world: World) -> None:
    """What one port says, and what an annotation alone can say, names its annotation."""
    prefix = "tfgen.io/"
    tags, own = "loadbalancer.openstack.org/pool-tags", f"{prefix}port.80.proxy-protocol"
    redirect = f"{prefix}redirect-http"
    annotations = {tags: "a", own: "v2", redirect: "https://shop.example"}
    world.service("web", annotations=annotations)
    found = values(world)
    assert found["pool-tags"] == ("a", f"annotation {tags}")
    assert found["redirect-http"] == ("https://shop.example", f"annotation {redirect}")
    assert found["port 80 proxy-protocol"] == ("v2", f"annotation {own}")
    assert found["proxy_protocol"] == ("off", "default (setting defaults.proxy_protocol)")
    assert "listener-tags" not in found


def test_what_a_port_speaks_is_in_the_picture(world: World) -> None:
    """The redirect stands at the listener, and what members are spoken to in at the pool."""
    said = {
        "tfgen.io/port.80.redirect-http": "https://shop.example",
        "loadbalancer.openstack.org/proxy-protocol": "v2",
    }
    world.service("web", annotations=said)
    world.run("render")
    told = world.run("explain", "shop/web").out
    assert f"listener {LISTENER}, HTTP, redirects to https://shop.example\n" in told
    assert f"pool {POOL}: ROUND_ROBIN, by PROXYV2, probed by TCP every 5 s" in told


def test_a_frozen_value_tells_what_the_settings_say_now(world: World) -> None:
    """What holds since the first rendering says so where the settings differ by now."""
    other = "44444444-4444-4444-4444-444444444444"
    (world.folder / "tfgen.yaml").write_text(fake.SETTINGS.replace(fake.SUBNET, other))
    said = f"tfgen.yaml:5 (setting network.subnet_id) says {other} for new ones"
    assert values(world)["vip_subnet_id"] == (
        fake.SUBNET,
        f"kept since it was first rendered; {said}",
    )


def test_a_frozen_value_tells_what_an_annotation_says_now(world: World) -> None:
    """An annotation counts before the setting, for new ones too."""
    other = "44444444-4444-4444-4444-444444444444"
    key = "loadbalancer.openstack.org/subnet-id"
    world.service("web", annotations={key: other, "loadbalancer.openstack.org/flavor-id": other})
    assert values(world)["vip_subnet_id"] == (
        fake.SUBNET,
        f"kept since it was first rendered; annotation {key} says {other} for new ones",
    )


def test_ranges_by_annotation_and_by_default(world: World) -> None:
    """Who may connect comes from the field, the annotation, or nobody."""
    ranges = {"service.beta.kubernetes.io/load-balancer-source-ranges": "10.0.0.0/8"}
    world.service("web", annotations=ranges)
    assert values(world)["allowed_cidrs"][1].startswith("annotation service.beta.kubernetes.io/")
    world.service("web")
    assert values(world)["allowed_cidrs"][1].startswith("default: neither spec.load")


def nodes(world: World) -> dict[str, tuple[bool, str]]:
    """Give by name whether a node is a member of port 80, and why it is not."""
    said = world.run("explain", "shop/web", "--format", "json")
    [port] = said.document["ports"]
    return {each["name"]: (each["member"], each["why"]) for each in port["nodes"]}


def test_why_a_node_is_no_member(world: World) -> None:
    """Excluded, new, gone, not applied: each node that is not as it should be says why."""
    label = {"node.kubernetes.io/exclude-from-external-load-balancers": ""}
    world.nodes("node-1", "node-2", "node-3")
    world.cluster.nodes[2]["metadata"]["labels"] = label
    world.cluster.nodes.append(fake.node("node-4", 14))
    world.cloud.trees[LB] = tree("node-1", "node-9")
    found = nodes(world)
    assert found["node-1"] == (True, "")
    assert found["node-2"] == (False, "the tree has it, and it is not applied yet")
    assert found["node-3"] == (False, f"it has the label {next(iter(label))}")
    assert found["node-4"] == (False, "the tree does not have it yet: tfgen sync")
    assert found["node-9"] == (
        True,
        "the cluster has no such node; still a member: that it goes is not applied yet",
    )
    text = world.run("explain", "shop/web").out
    assert "\nNodes that are no members\n" in text
    assert "  node-2  the tree has it" in text


def test_an_excluded_node_that_is_a_member_still(world: World) -> None:
    """It says why it should be none, and which command takes it out."""
    label = {"node.kubernetes.io/exclude-from-external-load-balancers": ""}
    world.cluster.nodes[1]["metadata"]["labels"] = label
    why = f"it has the label {next(iter(label))}; the tree still has it: tfgen sync"
    assert nodes(world)["node-2"] == (True, why)


def test_a_floating_ip_that_is_bound_no_more(world: World) -> None:
    """The address that clients know leads nowhere: that is said at its place in the picture."""
    world.cloud.floating_ips[0]["port_id"] = ""
    said = world.run("explain", "172.24.0.1")
    assert said.out.startswith("Service shop/web: vanished\n  address        172.24.0.1\n")
    assert (
        "172.24.0.1:80/TCP               floating IP of network public, bound no more" in said.out
    )


def test_why_a_member_gets_no_traffic(world: World) -> None:
    """A member that does not answer, or waits for another node port, says so."""
    world.cloud.trees[LB] = tree("node-1", "node-2", operating="ERROR")
    assert nodes(world)["node-1"] == (True, "no answer on 10.0.0.11:30080")
    world.cloud.trees[LB] = tree("node-1", "node-2", port=31000)
    assert nodes(world)["node-1"] == (True, "its node port is 31000, and 30080 is not applied yet")


def test_members_without_the_cloud(world: World) -> None:
    """Without the cloud the tree says who is a member."""
    world.cloud.failing["/load-balancer"] = 503
    assert nodes(world) == {"node-1": (True, ""), "node-2": (True, "")}


def test_a_status_tree_that_cannot_be_read(world: World) -> None:
    """Where Octavia does not tell what hangs on it, the rest is explained."""
    del world.cloud.trees[LB]
    said = world.run("explain", "shop/web")
    assert said.code == 0
    assert "Octavia away: Octavia at" in said.err
    assert "+- node-1 10.0.0.11:30080" in said.out


def test_awaited_node_ports(world: World) -> None:
    """A port without a node port goes nowhere, and says what it waits for."""
    (world.folder / "infra/stacks/shop/facts.auto.tfvars.json").write_text(
        '{"node_groups": {"default": {"node-1": {"address": "10.0.0.11"}}}, "node_ports": {}}'
    )
    world.cloud.trees[LB] = tree()
    said = world.run("explain", "shop/web")
    assert "+- no members: it goes nowhere" in said.out
    assert "node-1  the node port is not known yet: tfgen sync" in said.out


def resources(world: World) -> dict[str, tuple[str, str]]:
    """Give id and note by address."""
    said = world.run("explain", "shop/web", "--format", "json")
    return {each["address"]: (each["id"], each["note"]) for each in said.document["resources"]}


def test_resources_and_their_ids(world: World) -> None:
    """Each address in the state has its id in the cloud; what the state lacks is said."""
    state(world, **{"tcp-443": "old-listener"})
    found = resources(world)
    port = "module.lb_shop_web_tcp-80"
    assert found["openstack_lb_loadbalancer_v2.lb_shop_web"] == (LB, "")
    assert found["openstack_networking_floatingip_v2.lb_shop_web"] == ("fip-1", "not in the state")
    assert found[f"{port}.openstack_lb_listener_v2.this"] == (LISTENER, "")
    assert found[f"{port}.openstack_lb_pool_v2.this"] == (POOL, "not in the state")
    assert found[f"{port}.openstack_lb_monitor_v2.this[0]"] == (MONITOR, "not in the state")
    gone = found["module.lb_shop_web_tcp-443.openstack_lb_listener_v2.this"]
    assert gone == ("old-listener", "goes with the next apply")


def test_a_state_that_means_another_object(world: World) -> None:
    """An id that differs between state and cloud is shown with both."""
    state(world)
    path = world.folder / "infra/stacks/shop/terraform.tfstate"
    path.write_text(path.read_text().replace(LISTENER, "another"))
    found = resources(world)["module.lb_shop_web_tcp-80.openstack_lb_listener_v2.this"]
    assert found == (LISTENER, "the state has another")


def test_an_internal_one(world: World) -> None:
    """An internal load balancer has no floating IP on the way."""
    internal = {"service.beta.kubernetes.io/openstack-internal-load-balancer": "true"}
    world.service("inside", annotations=internal)
    world.rendered()
    said = world.run("explain", "shop/inside")
    assert "(internal)" in said.out
    assert "floating IP" not in said.out
    assert "not known yet:80/TCP" in said.out
    assert "+- no members yet: it goes nowhere" in said.out
    assert "Nodes that are no members" not in said.out


def test_a_held_service(world: World) -> None:
    """A Service that is held says why at the top."""
    world.service("web", annotations={"loadbalancer.openstack.org/connection-limit": "many"})
    said = world.run("explain", "shop/web")
    assert said.out.startswith("Service shop/web: held")
    assert '  held: annotation loadbalancer.openstack.org/connection-limit is "many"' in said.out


def test_the_cluster_is_away(world: World) -> None:
    """Without the cluster nobody knows where values come from; the rest is explained."""
    world.cluster.status = 503
    said = world.run("explain", "shop/web")
    assert said.code == 0
    assert "cluster away" in said.err
    assert "where they come from" not in said.out
    assert "+- node-1 10.0.0.11:30080     ONLINE" in said.out


def test_json(world: World) -> None:
    """With --format json all of it is one document, the picture included."""
    document = world.run("explain", LB, "--format", "json").document
    assert document["schema"] == "tfgen.explain"
    assert document["away"] == {}
    assert (document["service"], document["address"]) == ("shop/web", "172.24.0.1")
    assert document["load_balancer"]["id"] == LB
    [port] = document["ports"]
    assert (port["listener_id"], port["pool_id"], port["monitor_id"]) == (LISTENER, POOL, MONITOR)
    assert port["path"][0] == "client in 192.0.2.0/24; all others are dropped"


def test_json_where_a_side_is_away(world: World) -> None:
    """The document says who did not answer, why, and what to do."""
    world.cloud.failing["/identity"] = 503
    away = world.run("explain", "shop/web", "--format", "json").document["away"]
    assert set(away) == {"cloud"}
    assert "status 503" in away["cloud"]["error"]
    assert away["cloud"]["remedy"] == "Its own log says why; try again later."


def test_the_vocabulary(world: World) -> None:
    """--annotations lists every annotation; it needs neither settings nor cluster nor cloud."""
    (world.folder / "tfgen.yaml").unlink()
    said = world.run("explain", "--annotations")
    assert said.code == 0
    lines = [line for line in said.out.splitlines() if "/lb-method " in line]
    assert "defaults.lb_method" in lines[0]
    document = world.run("explain", "--annotations", "--format", "json").document
    assert document["schema"] == "tfgen.annotations"
    kinds = {each["key"]: each["kind"] for each in document["annotations"]}
    assert kinds["tfgen.io/external-ip"] == "output"
