"""What is changed past the engine, with the real client library against a small cloud."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import openstack as fake
from tfgen import cloud, config, errors

BALANCER = {
    "id": "lb-1",
    "name": "demo_shop_web",
    "tags": ["tfgen_tree=3f9c1a2b", "tfgen_cluster=demo", "tfgen_service=shop_web"],
    "provisioning_status": "ERROR",
    "operating_status": "OFFLINE",
    "vip_address": "10.0.0.9",
    "vip_port_id": "port-1",
    "project_id": "a" * 32,
    "created_at": "2026-01-01T00:00:00",
    "updated_at": "2026-01-02T00:00:00",
    "listeners": [],
}
PATH = "/load-balancer/v2/lbaas/loadbalancers/lb-1"


@pytest.fixture
def openstack() -> Iterator[fake.FakeCloud]:
    """Run a cloud with one load balancer in ERROR."""
    with fake.running(fake.FakeCloud(load_balancers=[dict(BALANCER)])) as content:
        yield content


@pytest.fixture
def mender(tmp_path: Path, openstack: fake.FakeCloud) -> Iterator[cloud.Mender]:
    """Be connected to it."""
    file = tmp_path / "clouds.yaml"
    file.write_text(openstack.clouds_yaml())
    settings = config.Settings(
        cluster="demo", tree="3f9c1a2b", openstack=config.OpenStack(cloud="demo")
    )
    with cloud.connect(settings, {"OS_CLIENT_CONFIG_FILE": str(file)}) as sky:
        yield cloud.Mender(sky)


def test_a_look(mender: cloud.Mender, openstack: fake.FakeCloud) -> None:
    """One by its id, with tags, since when it is so, and what hangs on it; None where none is."""
    openstack.load_balancers[0] |= {"listeners": [{"id": "li-1"}], "pools": [{"id": "po-1"}]}
    found = mender.look("lb-1")
    assert found
    assert (found.provisioning_status, found.since) == ("ERROR", "2026-01-02T00:00:00")
    assert found.tags == tuple(sorted(BALANCER["tags"]))
    assert (found.listeners, found.children) == (1, frozenset({"li-1", "po-1"}))
    assert mender.look("lb-2") is None


def test_a_failover(mender: cloud.Mender, openstack: fake.FakeCloud) -> None:
    """It is asked for by id, in one call."""
    mender.fail_over("lb-1")
    assert openstack.calls[-1] == f"PUT {PATH}/failover"
    assert openstack.load_balancers[0]["provisioning_status"] == "ACTIVE"


def test_a_deletion(mender: cloud.Mender, openstack: fake.FakeCloud) -> None:
    """It takes all that hangs on it along; a second one finds nothing, and is content."""
    mender.delete("lb-1")
    assert openstack.load_balancers == []
    mender.delete("lb-1")
    assert openstack.calls.count(f"DELETE {PATH}") == 2


def test_what_is_kept_for_operators(mender: cloud.Mender, openstack: fake.FakeCloud) -> None:
    """A 403 says what is not allowed, and to whom it is."""
    openstack.failing[f"{PATH}/failover"] = 403
    with pytest.raises(cloud.NotAllowedError) as refused:
        mender.fail_over("lb-1")
    assert refused.value.what == (
        "Octavia does not let this user fail over load balancer lb-1: status 403"
    )
    assert "load-balancer_admin" in refused.value.remedy


@pytest.mark.parametrize(
    ("status", "words"),
    [(409, "Octavia does not delete load balancer lb-1 now"), (500, "failed: status 500")],
)
def test_what_octavia_does_not_do(
    mender: cloud.Mender, openstack: fake.FakeCloud, status: int, words: str
) -> None:
    """It is at work on it, or it fails: nothing is taken for done."""
    openstack.failing[PATH] = status
    with pytest.raises(errors.CloudError, match=words):
        mender.delete("lb-1")


def test_what_listens_on_it(mender: cloud.Mender, openstack: fake.FakeCloud) -> None:
    """Listeners of the project's own load balancer, with their tags; one of another is not read."""
    openstack.listeners.append(
        {"id": "li-1", "name": "a_tcp-80", "protocol": "TCP", "protocol_port": 80, "tags": ["x"]}
    )
    openstack.load_balancers[0]["listeners"] = [{"id": "li-1"}]
    [found] = mender.listeners("lb-1")
    assert (found.id, found.key, found.tags) == ("li-1", "tcp-80", ("x",))
    openstack.load_balancers[0]["project_id"] = "b" * 32
    assert mender.listeners("lb-1") == ()
    assert mender.listeners("lb-2") == ()


@pytest.mark.parametrize("kind", ["listeners", "pools"])
def test_a_deletion_below_it(mender: cloud.Mender, openstack: fake.FakeCloud, kind: str) -> None:
    """One object by its id; that it is gone already is no failure, a 409 is one."""
    listed = {"listeners": openstack.listeners, "pools": openstack.pools}[kind]
    listed += [{"id": "x-1"}, {"id": "x-2"}]
    mender.delete_below("lb-1", kind, "x-1")
    assert listed == [{"id": "x-2"}]
    mender.delete_below("lb-1", kind, "x-1")
    path = f"/load-balancer/v2/lbaas/{kind}/x-1"
    assert openstack.calls[-1] == f"DELETE {path}"
    openstack.failing[path] = 409
    with pytest.raises(errors.CloudError, match="does not change load balancer lb-1 now"):
        mender.delete_below("lb-1", kind, "x-1")


def test_a_port(mender: cloud.Mender, openstack: fake.FakeCloud) -> None:
    """Whether the port of a VIP is still there."""
    assert mender.has_port("port-1")
    openstack.gone_ports.add("port-1")
    assert not mender.has_port("port-1")
