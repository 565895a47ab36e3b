"""What a cloud has, as the real client library reads it from a small one on loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import openstack as fake
from tests.fakes import small_cloud as small
from tfgen import cloud, errors, model


@pytest.fixture
def openstack() -> Iterator[fake.FakeCloud]:
    """Run a cloud with one network, one external network and two load balancers of ours."""
    with small.running() as content:
        yield content


def address(name: str, identity: str, vip: str, public: str = "") -> model.Address:
    """Make an address as a state would claim it."""
    return model.Address(model.ServiceKey("shop", name), identity, vip, public or vip)


WEB = address("web", "lb-1", "10.0.0.100", "172.24.0.5")
INTERNAL = address("internal", "lb-2", "10.0.0.101")


def test_who_we_are(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """The identity is the project of the token, and where it came from."""
    with small.connect(tmp_path, openstack) as live:
        assert live.identity() == cloud.Identity(
            "a" * 32, f"{openstack.url}/identity/v3", "RegionOne"
        )


def test_what_the_cloud_offers(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """Subnets know their network and whether it is external; Octavia tells version, providers."""
    with small.connect(tmp_path, openstack) as live:
        assert live.subnets() == (
            cloud.Subnet("demo-subnet", "s1", "10.0.0.0/16", "demo-net", small.NET, external=False),
            cloud.Subnet(
                "public-subnet", "s2", "172.24.0.0/16", "public", small.PUBLIC, external=True
            ),
        )
        assert live.external_networks() == (cloud.ExternalNetwork("public", small.PUBLIC),)
        assert live.octavia_api_version() == "2.27"
        assert live.providers() == ("amphora", "octavia")


def test_versions_are_compared_as_numbers(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """2.9 is older than 2.10."""
    openstack.octavia_versions = ["v2.10", "v2.9", "v2.0"]
    with small.connect(tmp_path, openstack) as live:
        assert live.octavia_api_version() == "2.10"


def test_addresses_of_one_tree(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """Load balancers with our tags are joined with the floating IPs at their VIP ports."""
    with small.connect(tmp_path, openstack) as live:
        assert live.addresses("demo", "3f9c1a2b4d5e6f70") == (INTERNAL, WEB)
        assert live.addresses("demo", "0" * 16) == ()


def test_one_list_call_each(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """However many load balancers there are, each list is asked once; pages are followed."""
    with small.connect(tmp_path, openstack) as live:
        live.addresses("demo", "3f9c1a2b4d5e6f70")
        openstack.calls.clear()
        live.addresses("demo", "3f9c1a2b4d5e6f70")
        assert openstack.calls == [
            "GET /load-balancer/v2/lbaas/loadbalancers",
            "GET /network/v2.0/floatingips",
        ]
        openstack.page = 1
        assert live.addresses("demo", "3f9c1a2b4d5e6f70") == (INTERNAL, WEB)


def test_load_balancers_that_are_not_settled(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """ERROR and PENDING_* are told with the Service they belong to, ACTIVE is not."""
    openstack.load_balancers += [
        small.balancer("broken", "lb-8", "10.0.0.8", "ERROR"),
        small.balancer("busy", "lb-9", "10.0.0.9", "PENDING_UPDATE"),
    ]
    with small.connect(tmp_path, openstack) as live:
        found = live.unsettled("demo", "3f9c1a2b4d5e6f70")
    assert [(str(each.service), each.failed, each.pending) for each in found] == [
        ("shop/broken", True, False),
        ("shop/busy", False, True),
    ]


def test_confirmed_addresses(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """A floating IP at the VIP port, and an internal VIP, are confirmed as they stand."""
    with small.connect(tmp_path, openstack) as live:
        told = live.confirm([WEB, INTERNAL])
    assert told == cloud.Confirmation((WEB, INTERNAL), ())


def test_all_trees_of_a_cluster(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """One list has the load balancers of every tree of the cluster, and of no other cluster."""
    tags = ["tfgen", "tfgen_cluster=demo", "tfgen_tree=ffffffff", "tfgen_service=shop_web"]
    openstack.load_balancers.append({**small.balancer("web", "lb-4", "10.0.0.103"), "tags": tags})
    with small.connect(tmp_path, openstack) as live:
        found = {each.id: each.trees for each in live.load_balancers_of("demo")}
        ours = [each.id for each in live.load_balancers("demo", "3f9c1a2b4d5e6f70")]
    mine = frozenset({"3f9c1a2b4d5e6f70"})
    assert found == {"lb-1": mine, "lb-2": mine, "lb-4": frozenset({"ffffffff"})}
    assert "lb-4" not in ours


def test_quotas_are_counted(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """What the project has is counted against its limits, and what of it is the tree's."""
    openstack.limits = {"load_balancer": 10, "member": 50, "floatingip": 5}
    openstack.pools = [
        {
            "id": "p1",
            "tags": small.TAGS,
            "members": [{"id": "m1"}, {"id": "m2"}],
            "healthmonitor_id": "h",
        },
        {"id": "p2", "tags": [], "members": [{"id": "c"}], "healthmonitor_id": None},
    ]
    with small.connect(tmp_path, openstack) as live:
        quotas = {each.name: each for each in live.quotas("demo", "3f9c1a2b4d5e6f70")}
    assert quotas["load balancers"] == cloud.Quota("load balancers", 10, used=3, ours=2)
    assert quotas["members"] == cloud.Quota("members", 50, used=3, ours=2)
    assert quotas["members"].left == 47
    assert quotas["health monitors"] == cloud.Quota("health monitors", -1, used=1, ours=1)
    assert quotas["pools"].left is None
    assert quotas["floating IPs"] == cloud.Quota("floating IPs", 5, used=1, ours=1)
    assert quotas["ports"] == cloud.Quota("ports", -1, used=3, ours=2)


def test_redirects(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """L7 policies are given by the listener that they hang on, with their first rule."""
    mine = {"project_id": openstack.project_id}
    openstack.redirects = [
        {"id": "l7-1", "listener_id": "li-1", "rules": [{"id": "rule-1"}], **mine},
        {"id": "l7-2", "listener_id": "li-2", "rules": [], **mine},
        {"id": "l7-3", "listener_id": "li-3", "rules": [], "project_id": "b" * 32},
    ]
    with small.connect(tmp_path, openstack) as live:
        assert live.redirects() == {"li-1": ("l7-1", "rule-1"), "li-2": ("l7-2", "")}


def test_status_tree(tmp_path: Path, openstack: fake.FakeCloud) -> None:
    """What hangs on a load balancer is given as Octavia says it; an unknown one is an error."""
    openstack.trees["lb-1"] = {"id": "lb-1", "listeners": []}
    with small.connect(tmp_path, openstack) as live:
        assert live.status_tree("lb-1") == {"statuses": {"loadbalancer": openstack.trees["lb-1"]}}
        with pytest.raises(errors.CloudError, match="status 404"):
            live.status_tree("lb-9")
