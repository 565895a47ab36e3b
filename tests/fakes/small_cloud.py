"""A small cloud on loopback, and the real client library connected to it."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import openstack as fake
from tfgen import cloud, config, errors

TAGS = ["tfgen", "tfgen_cluster=demo", "tfgen_tree=3f9c1a2b4d5e6f70"]
NET, PUBLIC = "b" * 32, "c" * 32


def balancer(name: str, identity: str, address: str, status: str = "ACTIVE") -> fake.Object:
    """Make a load balancer of Service shop/<name>."""
    return {
        "id": identity,
        "name": f"demo_shop_{name}",
        "tags": [*TAGS, f"tfgen_service=shop_{name}"],
        "provisioning_status": status,
        "operating_status": "ONLINE",
        "vip_address": address,
        "vip_port_id": f"port-{identity}",
        "project_id": "a" * 32,
    }


def connect(
    tmp_path: Path, content: fake.FakeCloud, name: str = "demo", **openstack: str
) -> cloud.Cloud:
    """Connect by a clouds.yaml that names the fake as `demo`."""
    file = tmp_path / "clouds.yaml"
    if not file.exists():
        file.write_text(content.clouds_yaml())
    return cloud.connect(settings(cloud=name, **openstack), {"OS_CLIENT_CONFIG_FILE": str(file)})


def settings(**openstack: str) -> config.Settings:
    """Make settings with this openstack section."""
    section = config.OpenStack(**openstack)
    return config.Settings(cluster="demo", tree="3f9c1a2b4d5e6f70", openstack=section)


def failure(live: cloud.Cloud) -> errors.CloudError:
    """Ask for subnets, which fails."""
    with live, pytest.raises(errors.CloudError) as raised:
        live.subnets()
    return raised.value


@contextlib.contextmanager
def running() -> Iterator[fake.FakeCloud]:
    """Run a cloud with one network, one external network and two load balancers of ours."""
    content = fake.FakeCloud(
        networks=[
            {"id": NET, "name": "demo-net", "router:external": False},
            {"id": PUBLIC, "name": "public", "router:external": True},
        ],
        subnets=[
            {"id": "s1", "name": "demo-subnet", "cidr": "10.0.0.0/16", "network_id": NET},
            {"id": "s2", "name": "public-subnet", "cidr": "172.24.0.0/16", "network_id": PUBLIC},
        ],
        load_balancers=[
            balancer("web", "lb-1", "10.0.0.100"),
            balancer("internal", "lb-2", "10.0.0.101"),
            {**balancer("web", "lb-3", "10.0.0.102"), "tags": ["tfgen", "tfgen_cluster=other"]},
        ],
        floating_ips=[
            {
                "id": "fip-1",
                "floating_ip_address": "172.24.0.5",
                "port_id": "port-lb-1",
                "tags": TAGS,
            }
        ],
    )
    with fake.running(content):
        yield content
