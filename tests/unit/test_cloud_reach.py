"""Security groups of node ports, with the real client library against a small cloud."""

from pathlib import Path

from tests.fakes import openstack as fake
from tfgen import cloud, config
from tfgen.cloud import reach

TAGS = ["tfgen", "tfgen_cluster=demo", "tfgen_tree=3f9c1a2b"]
NAME = "demo_shop_nodes"
SETTINGS = config.Settings(
    cluster="demo", tree="3f9c1a2b", openstack=config.OpenStack(cloud="demo")
)


def group(identity: str, tags: list[str]) -> fake.Object:
    """Make a group of the stack's name."""
    return {"id": identity, "name": NAME, "tags": tags, "project_id": "a" * 32}


def rule(identity: str, group_id: str = "sg-1", **more: object) -> fake.Object:
    """Make a rule that opens one node port."""
    port = {"protocol": "tcp", "port_range_min": 30080, "port_range_max": 30080}
    return {"id": identity, "security_group_id": group_id, "direction": "ingress", **port, **more}


def ask(tmp_path: Path, content: fake.FakeCloud) -> tuple[str, dict[str, str]]:
    """Give the stack's group, and what sg-1 opens."""
    file = tmp_path / "clouds.yaml"
    with fake.running(content):
        file.write_text(content.clouds_yaml())
        with cloud.connect(SETTINGS, {"OS_CLIENT_CONFIG_FILE": str(file)}) as sky:
            return reach.group(sky, "demo", "3f9c1a2b", NAME), dict(reach.openings(sky, "sg-1"))


def test_the_group_of_a_stack(tmp_path: Path) -> None:
    """It is known by its tags and its name; what it opens, by protocol and port."""
    content = fake.FakeCloud(
        groups=[group("sg-1", TAGS), group("sg-2", ["tfgen_cluster=demo", "tfgen_tree=other"])],
        rules=[
            rule("r-1"),
            rule("r-2", protocol="udp", port_range_min=30053, port_range_max=30053),
            rule("r-3", port_range_max=30090),
            rule("r-4", direction="egress"),
            rule("r-5", port_range_min=None, port_range_max=None),
            rule("r-6", "sg-2"),
        ],
    )
    assert ask(tmp_path, content) == ("sg-1", {"tcp-30080": "r-1", "udp-30053": "r-2"})


def test_two_groups_of_one_stack(tmp_path: Path) -> None:
    """Of two nobody knows which is meant: neither is taken."""
    content = fake.FakeCloud(groups=[group("sg-1", TAGS), group("sg-2", TAGS)])
    assert ask(tmp_path, content) == ("", {})
