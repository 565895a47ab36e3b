"""The main line on a real cloud and a real cluster: what stands there, not what was printed."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from lab.traffic.client import NoAnswer
from tests.e2e.sites import Site

pytestmark = pytest.mark.lab


def _children(site: Site) -> dict[str, set[Any]]:
    """Give what stands below this site's load balancers, by kind."""
    octavia = site.lab.openstack().load_balancer
    ours = [balancer.id for balancer in site.load_balancers()]
    listeners = [each for one in ours for each in octavia.listeners(load_balancer_id=one)]
    pools = [each for one in ours for each in octavia.pools(loadbalancer_id=one)]
    return {
        "listeners": {(each.protocol, each.protocol_port) for each in listeners},
        "pools": {each.id for each in pools},
        "members": {
            (pool.id, member.address, member.protocol_port)
            for pool in pools
            for member in octavia.members(pool.id)
        },
        "monitors": {pool.health_monitor_id for pool in pools if pool.health_monitor_id},
    }


def test_a_service_gets_an_address_that_answers(site: Site) -> None:
    """`run` gives a Service a real floating IP with its page behind it; others are left alone."""
    site.init()
    untouched = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "carts", "namespace": site.name},
        "spec": {"type": "ClusterIP", "ports": [{"port": 80}]},
    }
    site.apply(site.service("front-end", loadBalancerSourceRanges=["198.51.100.0/24"]), untouched)
    before = site.get("carts")

    site.tfgen("run", "--yes")

    address = site.external_ip("front-end")
    [floating] = site.floating_ips()
    [balancer] = site.load_balancers()
    assert address == floating.floating_ip_address
    assert floating.port_id == balancer.vip_port_id
    assert balancer.provisioning_status == "ACTIVE"
    assert _children(site)["listeners"] == {("TCP", 80)}
    assert site.lab.get(f"http://{address}/").node
    with pytest.raises(NoAnswer, match="no answer in time"):
        site.lab.get(f"http://{address}/", source="203.0.113.9")
    assert site.get("carts") == before


def test_a_second_run_changes_nothing(site: Site) -> None:
    """A second `run` writes nothing to the cluster and leaves every object of the cloud alone."""
    site.init()
    site.apply(site.service("web", ports=[{"name": "a", "port": 80}, {"name": "b", "port": 81}]))
    site.tfgen("run", "--yes")
    version = site.get("web")["metadata"]["resourceVersion"]
    updated = [(each.id, each.updated_at) for each in site.load_balancers()]
    files = _files(site)

    site.tfgen("run", "--yes")

    assert site.get("web")["metadata"]["resourceVersion"] == version
    assert [(each.id, each.updated_at) for each in site.load_balancers()] == updated
    assert _files(site) == files


def _files(site: Site) -> dict[Path, bytes]:
    """Read the whole output tree, but for what engines keep for themselves."""
    paths = (path for path in site.tree.rglob("*") if path.is_file())
    return {path: path.read_bytes() for path in paths if ".terraform" not in path.parts}


def test_a_deleted_service_goes_and_the_other_stays(site: Site) -> None:
    """Deleting one Service and running again removes all of it, and nothing of its neighbour."""
    site.init()
    site.apply(site.service("going"), site.service("staying"))
    site.tfgen("run", "--yes")
    kept = site.external_ip("staying")
    lost = site.external_ip("going")
    assert kept
    assert lost
    site.kubectl("delete", "service", "going", "-n", site.name)

    site.tfgen("run", "--yes")

    assert [each.name for each in site.load_balancers()] == [f"{site.name}_{site.name}_staying"]
    assert [each.floating_ip_address for each in site.floating_ips()] == [kept]
    children = _children(site)
    assert len(children["listeners"]) == len(children["pools"]) == len(children["monitors"]) == 1
    assert not list(site.tree.rglob("*going*"))
    assert site.external_ip("staying") == kept


@pytest.mark.disruptive
def test_a_node_that_joins_is_a_matter_of_facts_alone(site: Site) -> None:
    """`tfgen sync` brings a new node into the pools and changes one file, no intent."""
    site.init()
    site.apply(site.service("web"))
    site.tfgen("run", "--yes")
    address = site.external_ip("web")
    intent = {path: path.read_bytes() for path in site.tree.rglob("*.tf")}
    before = {member[1] for member in _children(site)["members"]}
    site.lab.nodes.add("node-9", "10.0.0.19")
    try:
        site.tfgen("sync")

        assert {member[1] for member in _children(site)["members"]} == {*before, "10.0.0.19"}
        assert {path: path.read_bytes() for path in intent} == intent
        assert site.external_ip("web") == address
    finally:
        site.lab.nodes.remove("node-9")
    site.tfgen("sync")
    assert {member[1] for member in _children(site)["members"]} == before


def test_saved_plans_run_as_they_were_read(site: Site) -> None:
    """`plan`, then `apply`: what was planned is made; a tree that changed meanwhile is refused."""
    site.init()
    site.apply(site.service("web"))
    site.tfgen("render")
    site.tfgen("plan")
    file = next(site.tree.glob("stacks/*/lb_*.tf"))
    whole = file.read_text()
    file.write_text(whole.replace("port             = 80", "port             = 81"))
    refused = site.tfgen("apply", "--yes", code=3)
    assert "plan" in refused.stderr
    assert not site.load_balancers()
    file.write_text(whole)

    site.tfgen("apply", "--yes")

    assert _children(site)["listeners"] == {("TCP", 80)}
    assert not site.external_ip("web")
    site.tfgen("publish", "--source", "cloud")
    assert site.external_ip("web") == site.floating_ips()[0].floating_ip_address


def test_a_hand_edit_that_would_move_an_address_is_kept_out(site: Site) -> None:
    """A plan of a file edited since its rendering leaves its Service as it stands: exit code 4."""
    site.init()
    site.apply(site.service("web"))
    site.tfgen("run", "--yes")
    [before] = site.load_balancers()
    address = site.external_ip("web")
    file = next(site.tree.glob("stacks/*/lb_*.tf"))
    text = file.read_text()
    file.write_text(
        text.replace('loadbalancer_provider = "amphora"', 'loadbalancer_provider = "octavia"')
    )

    planned = site.tfgen("plan", "--format", "json", code=4)

    key, document = f"{site.name}/web", orjson.loads(planned.stdout)
    assert document["held"] == [key]
    assert "replaces load balancer" in document["left_out"][key]
    assert "is edited by hand" in document["left_out"][key]
    site.tfgen("apply", "--yes", code=None)
    assert [each.id for each in site.load_balancers()] == [before.id]
    assert [each.floating_ip_address for each in site.floating_ips()] == [address]
    assert site.external_ip("web") == address


def test_a_pipeline_with_plain_terraform_gets_the_same_address(site: Site) -> None:
    """Rendered files work with the engine alone, `tfgen guard` judges its plan, publish follows."""
    site.init()
    site.apply(
        site.service("web", annotations={"loadbalancer.openstack.org/lb-method": "SOURCE_IP"})
    )
    site.tfgen("render")
    [stack] = (site.tree / "stacks").iterdir()
    chdir = f"-chdir={stack}"
    site.run("terraform", chdir, "init", "-input=false")
    site.run("terraform", chdir, "plan", "-input=false", "-out=x.tfplan")
    plan = site.run("terraform", chdir, "show", "-json", "x.tfplan").stdout
    (site.folder / "plan.json").write_text(plan)
    site.tfgen("guard", "--plan", "plan.json")
    site.run("terraform", chdir, "apply", "x.tfplan")

    site.tfgen("publish")

    assert site.external_ip("web") == site.floating_ips()[0].floating_ip_address
    site.tfgen("plan", "--exit-code", code=0)


def test_an_internal_service_has_no_floating_ip(site: Site) -> None:
    """An internal Service is published with its VIP, and takes no floating IP."""
    site.init()
    internal = "service.beta.kubernetes.io/openstack-internal-load-balancer"
    site.apply(site.service("db", annotations={internal: "true"}))
    site.tfgen("run", "--yes")
    [balancer] = site.load_balancers()
    assert site.external_ip("db") == balancer.vip_address
    assert not site.floating_ips()


def test_a_held_service_keeps_its_address_and_others_go_on(site: Site) -> None:
    """A bad annotation holds its Service (exit 4): its objects stay, its neighbour moves."""
    site.init()
    site.apply(site.service("good"), site.service("bad"))
    site.tfgen("run", "--yes")
    address = site.external_ip("bad")
    limit = "loadbalancer.openstack.org/connection-limit"
    site.kubectl("annotate", "service", "bad", "-n", site.name, f"{limit}=many")
    site.kubectl("annotate", "service", "good", "-n", site.name, f"{limit}=77")

    held = site.tfgen("run", "--yes", code=4)

    assert limit in held.stderr
    assert site.external_ip("bad") == address
    octavia = site.lab.openstack().load_balancer
    ours = [each.id for each in site.load_balancers()]
    listeners = (each for one in ours for each in octavia.listeners(load_balancer_id=one))
    limits = {each.name: each.connection_limit for each in listeners}
    assert limits == {
        f"{site.name}_{site.name}_bad_tcp-80": -1,
        f"{site.name}_{site.name}_good_tcp-80": 77,
    }


def test_a_node_port_service_is_annotated(site: Site) -> None:
    """A NodePort Service that is exposed gets a load balancer, its address by annotation."""
    site.init()
    exposed = site.service("shop", annotations={"tfgen.io/expose": "true"}, type="NodePort")
    del exposed["spec"]["loadBalancerClass"]
    site.apply(exposed)
    site.tfgen("run", "--yes")
    address = site.floating_ips()[0].floating_ip_address
    assert site.get("shop")["metadata"]["annotations"]["tfgen.io/external-ip"] == address
    assert site.lab.get(f"http://{address}/").node


def test_another_template_renames_in_place(site: Site) -> None:
    """A changed `names.load_balancer` renames all of a Service; ids and address stay."""
    site.init()
    site.apply(site.service("web"))
    site.tfgen("run", "--yes")
    address, before = site.external_ip("web"), _named(site)
    assert set(before.values()) == {
        f"{site.name}_{site.name}_web",
        f"{site.name}_{site.name}_web_tcp-80",
    }
    settings = site.folder / "tfgen.yaml"
    template = "{name}.{namespace} in {cluster}"
    settings.write_text(settings.read_text() + f'\nnames: {{load_balancer: "{template}"}}\n')

    site.tfgen("run", "--yes")

    after, whole = _named(site), f"web.{site.name} in {site.name}"
    assert after.keys() == before.keys()
    assert set(after.values()) == {whole, f"{whole}_tcp-80"}
    assert site.external_ip("web") == address


def _named(site: Site) -> dict[str, str]:
    """Give the names of load balancer, listener, pool and monitor by id."""
    octavia = site.lab.openstack().load_balancer
    [balancer] = site.load_balancers()
    [listener] = octavia.listeners(load_balancer_id=balancer.id)
    [pool] = octavia.pools(loadbalancer_id=balancer.id)
    [monitor] = [each for each in octavia.health_monitors() if each.id == pool.health_monitor_id]
    return {each.id: each.name for each in (balancer, listener, pool, monitor)}


def test_a_change_of_address_is_agreed_to_until_it_is_applied(site: Site) -> None:
    """Further renderings keep what was accepted; once it is published, it is locked again."""
    site.init()
    site.apply(site.service("web"))
    site.tfgen("run", "--yes")
    [before] = site.load_balancers()
    settings, flag = site.folder / "tfgen.yaml", ("--allow-address-change", f"{site.name}/web")
    settings.write_text(settings.read_text().replace("provider: amphora", "provider: octavia"))
    site.tfgen("render", *flag)
    assert "its address may change, as was agreed to" in site.tfgen("render").stderr
    file = next(site.tree.glob("stacks/*/lb_*.tf"))
    assert "prevent_destroy = true" not in file.read_text()

    site.tfgen("plan", *flag)
    site.tfgen("apply", "--yes", *flag)
    site.tfgen("publish")
    site.tfgen("render")

    assert "prevent_destroy = false" not in file.read_text()
    [after] = site.load_balancers()
    assert (after.provider, after.id == before.id) == ("octavia", False)
    assert site.external_ip("web") == site.floating_ips()[0].floating_ip_address
    site.tfgen("run", "--yes")
    assert [each.id for each in site.load_balancers()] == [after.id]
    assert not site.tfgen("plan", "--exit-code").stdout.strip()
