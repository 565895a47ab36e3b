"""`tfgen repair` on a real Octavia: what was in ERROR or half made is whole afterwards."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lab.seed import connect
from tests.e2e import running
from tests.e2e.sites import Site

pytestmark = pytest.mark.lab

Begin = Callable[..., running.Running]
_OURS = "tfgen.io/"
_OCCM = "loadbalancer.openstack.org/"


@pytest.fixture
def applied(served: Site) -> Site:
    """A site whose Service `web` is applied and published."""
    served.tfgen("run", "--yes")
    return served


def target(site: Site) -> str:
    """Give what the Service is called."""
    return f"{site.name}/web"


def broken(site: Site) -> str:
    """Let its load balancer be in ERROR, and give its id."""
    [balancer] = site.load_balancers()
    site.lab.faults.load_balancer(balancer.id, "ERROR")
    return str(balancer.id)


@contextlib.contextmanager
def operator(site: Site) -> Iterator[None]:
    """Let the site's user be an operator of Octavia's meanwhile."""
    identity = connect.identity(site.lab.openstack("admin"))
    project = identity.find_project("demo", ignore_missing=False).id
    user = identity.find_user("demo", ignore_missing=False).id
    role = identity.find_role("admin", ignore_missing=False).id
    identity.assign_project_role_to_user(project, user, role)
    try:
        yield
    finally:
        identity.unassign_project_role_from_user(project, user, role)


def test_a_failover(applied: Site) -> None:
    """Octavia keeps it from users, and says so; an operator's failover keeps id and addresses."""
    before, address = broken(applied), applied.external_ip("web")

    told = applied.tfgen("repair", target(applied), "--yes", code=1)
    assert f"does not let this user fail over load balancer {before}" in told.stderr
    assert f"tfgen repair {target(applied)} --rebuild" in told.stderr

    with operator(applied):
        done = applied.tfgen("repair", target(applied), "--yes")

    assert f"failed over: load balancer {before} answers on {address} (as before)" in done.stdout
    assert [each.id for each in applied.load_balancers()] == [before]
    running.check_whole(applied)


def test_a_rebuilding_keeps_the_address(applied: Site) -> None:
    """One in ERROR is deleted with all below it and made anew: another id, the same address."""
    before, address = broken(applied), applied.external_ip("web")

    told = applied.tfgen("repair", target(applied), "--dry-run")
    assert "is in ERROR since 20" in told.stdout
    assert [each.id for each in applied.load_balancers()] == [before]

    done = applied.tfgen("repair", target(applied), "--rebuild", "--yes")

    assert f"answers on {address} (as before)" in done.stdout
    assert "To write that back to the cluster: tfgen publish" in done.stderr
    [balancer] = applied.load_balancers()
    assert balancer.id != before
    running.check_whole(applied)
    applied.tfgen("publish")
    annotations = applied.get("web")["metadata"]["annotations"]
    assert annotations["tfgen.io/load-balancer-id"] == balancer.id
    assert "there is nothing to repair" in applied.tfgen("repair", target(applied), "--yes").stdout


def test_a_rebuilding_that_is_killed(applied: Site, begin: Begin) -> None:
    """Killed (-9), tfgen and its engine, in the middle of the new one: the next ends it, once."""
    before, address = broken(applied), applied.external_ip("web")
    run = begin(applied, "repair", target(applied), "--rebuild", "--yes")
    run.wait_for(lambda: "creating load balancer ... done" in run.said)
    run.kill_engines()
    run.process.kill()
    run.process.wait()

    applied.tfgen("repair", target(applied), "--yes")

    [balancer] = applied.load_balancers()
    assert balancer.id != before
    assert applied.external_ip("web") == address
    running.check_whole(applied)
    assert "there is nothing to repair" in applied.tfgen("repair", target(applied), "--yes").stdout


def test_one_that_is_pending_for_long(applied: Site) -> None:
    """Nothing is deleted, and it is said who can end it."""
    [balancer] = applied.load_balancers()
    applied.lab.faults.load_balancer(balancer.id, "PENDING_UPDATE")

    told = applied.tfgen("repair", target(applied), "--rebuild", "--yes", "--timeout", "1", code=3)

    assert balancer.id in told.stderr
    assert "nly an operator of Octavia can end" in told.stderr
    applied.lab.faults.load_balancer(balancer.id, "ACTIVE")
    running.check_whole(applied)


def test_a_surplus_one(applied: Site) -> None:
    """Of two with a Service's tags the one that no state has goes, where it is named."""
    [mine] = applied.load_balancers()
    octavia = applied.openstack.load_balancer
    other = octavia.create_load_balancer(
        name="surplus", vip_subnet_id=mine.vip_subnet_id, tags=list(mine.tags)
    )
    octavia.wait_for_load_balancer(other.id, interval=1)

    told = applied.tfgen("repair", target(applied), "--yes")
    assert f"tfgen repair {target(applied)} --discard {other.id}" in told.stdout
    applied.tfgen("repair", target(applied), "--discard", mine.id, "--yes", code=3)
    done = applied.tfgen("repair", target(applied), "--discard", other.id, "--yes")

    assert f"load balancer {other.id} is gone" in done.stdout
    assert [each.id for each in applied.load_balancers()] == [mine.id]
    running.check_whole(applied)


def test_one_that_no_state_has(served: Site, begin: Begin) -> None:
    """Its creation was killed before the state knew it, and failed: it is let go, by its id."""
    run = begin(served)
    run.wait_for(lambda: bool(served.load_balancers()))
    run.kill_engines()
    run.process.kill()
    run.process.wait()
    [left] = served.load_balancers()
    octavia = served.openstack.load_balancer
    octavia.wait_for_load_balancer(left.id, interval=1)
    served.lab.faults.load_balancer(left.id, "ERROR")

    told = served.tfgen("repair", target(served), "--yes", code=3)
    assert f"has no state, and load balancers of Service {target(served)} stand" in told.stderr
    served.tfgen("repair", target(served), "--discard", left.id, "--yes")
    assert served.load_balancers() == []

    served.tfgen("run", "--yes")
    running.check_whole(served)


def test_a_listener_that_is_left_over(applied: Site) -> None:
    """A killed apply left it, and nothing asks for it: every plan says so, a repair ends it."""
    [balancer] = applied.load_balancers()
    octavia = applied.openstack.load_balancer
    [one, _] = octavia.listeners(load_balancer_id=balancer.id)
    left = [
        octavia.create_listener(
            name=f"{balancer.name}_tcp-{port}",
            load_balancer_id=balancer.id,
            protocol="TCP",
            protocol_port=port,
            tags=tags,
        )
        for port, tags in ((443, list(one.tags)), (444, []))
        if octavia.wait_for_load_balancer(balancer.id, interval=1)
    ]
    octavia.wait_for_load_balancer(balancer.id, interval=1)
    pools = [
        octavia.create_pool(
            name=f"{balancer.name}_tcp-443",
            protocol="TCP",
            lb_algorithm="ROUND_ROBIN",
            tags=list(one.tags),
            **where,
        )
        for where in ({"listener_id": left[0].id}, {"loadbalancer_id": balancer.id})
        if octavia.wait_for_load_balancer(balancer.id, interval=1)
    ]
    octavia.wait_for_load_balancer(balancer.id, interval=1)

    told = applied.tfgen("plan")
    assert f"has listener tcp-443 ({left[0].id}), which neither" in told.stderr
    assert f"has pool tcp-443 ({pools[0].id}), which neither" in told.stderr
    assert f"has a pool ({pools[1].id}), which neither" in told.stderr
    assert f"Run: tfgen repair {target(applied)} (asks" in told.stderr
    done = applied.tfgen("repair", target(applied), "--yes")

    assert "pruned: load balancer" in done.stdout
    there = {each.id for each in octavia.listeners(load_balancer_id=balancer.id)}
    assert (left[0].id in there, left[1].id in there) == (False, True)
    assert len(list(octavia.pools(loadbalancer_id=balancer.id))) == 2
    assert "nothing to repair" in applied.tfgen("repair", target(applied), "--yes").stdout
    octavia.delete_listener(left[1])
    octavia.wait_for_load_balancer(balancer.id, interval=1)
    running.check_whole(applied)


def test_a_vip_port_that_is_gone(applied: Site) -> None:
    """Nothing reaches it any more: it is made anew, with the floating IP that it had."""
    [before], address = applied.load_balancers(), applied.external_ip("web")
    applied.lab.openstack("admin").network.delete_port(before.vip_port_id)

    told = applied.tfgen("repair", target(applied), "--dry-run")
    assert f"the port of its VIP, {before.vip_port_id}, is gone" in told.stdout
    done = applied.tfgen("repair", target(applied), "--yes")

    assert f"answers on {address} (as before)" in done.stdout
    assert [each.id for each in applied.load_balancers()] != [before.id]
    running.check_whole(applied)


def forgotten(site: Site, kinds: tuple[str, ...]) -> list[str]:
    """Let the state forget all of some kinds, as a killed apply does; gives the addresses."""
    name = str(site.lab.terraform or site.lab.tofu)
    place = f"-chdir=infra/stacks/{site.name}"
    listed = site.run(name, place, "state", "list").stdout.split()
    found = [each for each in listed if any(f".{kind}." in f".{each}" for kind in kinds)]
    site.run(name, place, "state", "rm", *found)
    return found


def below(site: Site) -> dict[str, set[Any]]:
    """Give the ids of what hangs on the site's load balancer, and of what opens its node ports."""
    [balancer] = site.load_balancers()
    octavia, network = site.openstack.load_balancer, site.openstack.network
    listeners = {each.id for each in octavia.listeners(load_balancer_id=balancer.id)}
    policies = [each for each in octavia.l7_policies() if each.listener_id in listeners]
    groups = list(network.security_groups(tags=f"tfgen_cluster={site.name}"))
    return {
        "listeners": listeners,
        "pools": {each.id for each in octavia.pools(loadbalancer_id=balancer.id)},
        "policies": {each.id for each in policies},
        "rules": {rule["id"] for each in policies for rule in each.rules},
        "groups": {each.id for each in groups},
        "openings": {rule["id"] for each in groups for rule in each.security_group_rules},
        "floating": {each.id for each in site.floating_ips()},
    }


def test_all_that_a_state_forgot_is_taken_in(site: Site) -> None:
    """Children of all kinds, redirects and node ports among them: nothing is made twice."""
    site.init()
    subnet = site.openstack.network.find_subnet("demo-subnet", ignore_missing=False)
    with (site.folder / "tfgen.yaml").open("a") as settings:
        settings.write(f"\nnode_access: {{enabled: true, member_cidr: {subnet.cidr}}}\n")
    headers = {
        f"{_OCCM}x-forwarded-for": "true",
        f"{_OURS}redirect-http": "https://shop.example",
    }
    ports = [{"name": "http", "port": 80}]
    site.apply(site.service("web", ports=ports, annotations=headers))
    site.tfgen("run", "--yes")
    before = below(site)

    gone = forgotten(
        site,
        (
            *("openstack_lb_listener_v2", "openstack_lb_pool_v2", "openstack_lb_members_v2"),
            *("openstack_lb_monitor_v2", "openstack_lb_l7policy_v2", "openstack_lb_l7rule_v2"),
            *("openstack_networking_floatingip_v2", "openstack_networking_secgroup_rule_v2"),
            "openstack_networking_secgroup_v2",
        ),
    )
    assert len(gone) >= 6, gone
    told = site.tfgen("run", "--yes")

    assert "takes listener tcp-80 into the state" in told.stderr
    assert below(site) == before
    site.tfgen("plan", "--exit-code", code=0)
    for group in site.openstack.network.security_groups(tags=f"tfgen_cluster={site.name}"):
        site.openstack.network.delete_security_group(group)


def test_a_group_and_an_internal_one(site: Site) -> None:
    """One load balancer is made anew for all who share it; another VIP is asked for first."""
    site.init()
    shared = {"tfgen.io/group": "front"}
    inner = {"service.beta.kubernetes.io/openstack-internal-load-balancer": "true"}
    site.apply(
        site.service("one", ports=[{"name": "a", "port": 80}], annotations=shared),
        site.service("two", ports=[{"name": "b", "port": 81}], annotations=shared),
        site.service("inner", annotations=inner),
    )
    site.tfgen("run", "--yes")
    address = site.external_ip("one")
    before = {each.name: each.id for each in site.load_balancers()}
    for identity in before.values():
        site.lab.faults.load_balancer(identity, "ERROR")

    done = site.tfgen("repair", f"{site.name}/two", "--rebuild", "--yes")
    assert f"shares the load balancer of group {site.name}/front" in done.stderr
    assert f"Group {site.name}/front: made anew" in done.stdout
    assert f"answers on {address} (as before)" in done.stdout
    told = site.tfgen("repair", f"{site.name}/inner", "--rebuild", "--yes", code=3)
    assert f"--allow-address-change {site.name}/inner" in told.stderr
    consent = ("--allow-address-change", f"{site.name}/inner")
    site.tfgen("repair", f"{site.name}/inner", "--rebuild", "--yes", *consent)

    after = {each.name: each.id for each in site.load_balancers()}
    assert after.keys() == before.keys()
    assert set(after.values()).isdisjoint(before.values())
    for port in (80, 81):
        assert site.lab.get(f"http://{address}:{port}/").node
    site.tfgen("plan", "--exit-code", code=0)


def test_a_floating_ip_of_somebody_else(site: Site) -> None:
    """One that exists without tfgen is bound to the new load balancer as it was to the old one."""
    site.init()
    network = site.openstack.network
    public = network.find_network("public", ignore_missing=False)
    given = network.create_ip(floating_network_id=public.id)
    try:
        with (site.folder / "tfgen.yaml").open("a") as settings:
            settings.write("\nattach: any\n")
        site.apply(site.service("web", loadBalancerIP=given.floating_ip_address))
        site.tfgen("run", "--yes")
        broken(site)

        done = site.tfgen("repair", target(site), "--rebuild", "--yes")

        assert f"answers on {given.floating_ip_address} (as before)" in done.stdout
        assert site.lab.get(f"http://{given.floating_ip_address}/").node
        site.tfgen("plan", "--exit-code", code=0)
    finally:
        network.delete_ip(given)
