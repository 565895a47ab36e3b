"""`tfgen init --from-cloud-conf`: what OCCM's file becomes, and what does not fit."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import fresh
from tests.fakes import openstack as fake
from tfgen import config


@pytest.fixture
def openstack(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[fake.FakeCloud]:
    """Run a cloud with one subnet and one external network; clouds.yaml lies here."""
    with fresh.running(folder, monkeypatch) as content:
        yield content


def cloud_conf(folder: Path, text: str) -> list[str]:
    """Write a cloud.conf, and give the flag that names it."""
    (folder / "cloud.conf").write_text(text)
    return ["--from-cloud-conf", "cloud.conf"]


def test_a_cloud_conf_is_carried_over(
    openstack: fake.FakeCloud, folder: Path, capsys: fresh.Capture
) -> None:
    """Ids of the file are taken and named, its choices hold, and each option is listed."""
    openstack.subnets.append(fresh.subnet(fresh.SECOND, "second", "10.1.0.0/16"))
    text = f"""\
[Global]
tenant-id = {openstack.project_id}
password = geheim
[LoadBalancer]
subnet-id = {fresh.SECOND}
floating-network-id = {fresh.PUBLIC}
lb-method = LEAST_CONNECTIONS
flavor-id = {fresh.OTHER}
max-shared-lb = 4
[LoadBalancerClass "gold"]
floating-network-id = {fresh.PUBLIC}
"""
    assert fresh.run(*cloud_conf(folder, text)) == 0
    made, said = fresh.loaded(), capsys.readouterr().err
    assert made.network.subnet_id == fresh.SECOND
    assert made.network.floating_networks == [
        config.FloatingNetwork(id=fresh.PUBLIC, name="public")
    ]
    assert made.defaults.lb_method == "LEAST_CONNECTIONS"
    assert not made.defaults.monitor.enabled
    assert f"[LoadBalancer] subnet-id = {fresh.SECOND} -> network.subnet_id" in said
    assert made.octavia.flavor_id == fresh.OTHER
    assert made.classes["gold"].floating_networks == made.network.floating_networks
    assert "[LoadBalancer] max-shared-lb = 4: there is no limit" in said
    assert "geheim" not in said + fresh.written()


def test_an_algorithm_that_the_provider_lacks_is_not_carried_over(
    folder: Path, capsys: fresh.Capture
) -> None:
    """OCCM sends it, and ovn refuses it: the provider's own is taken, and the row says so."""
    text = "[LoadBalancer]\nlb-provider = ovn\nlb-method = LEAST_CONNECTIONS\n"
    assert fresh.run("--offline", *cloud_conf(folder, text)) == 0
    assert fresh.loaded().defaults.lb_method == "SOURCE_IP_PORT"
    told = "[LoadBalancer] lb-method = LEAST_CONNECTIONS: defaults.lb_method is SOURCE_IP_PORT"
    assert told in capsys.readouterr().err


@pytest.mark.usefixtures("openstack")
def test_from_where_nodes_are_reached_is_found(folder: Path, capsys: fresh.Capture) -> None:
    """Where OCCM managed security groups, the CIDR of the members' subnet is filled in."""
    text = "[LoadBalancer]\nmanage-security-groups = true\n"
    assert fresh.run(*cloud_conf(folder, text)) == 0
    assert fresh.loaded().node_access == config.settings.NodeAccess(
        enabled=True, member_cidr="10.0.0.0/16"
    )
    assert "node ports open to 10.0.0.0/16, the members' subnet" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "whose"), [("", "the members' subnet"), ("lb-provider = ovn\n", "the clients")]
)
def test_from_where_nodes_are_reached_is_left_open(folder: Path, more: str, whose: str) -> None:
    """Without a cloud nobody knows, and with ovn clients' own addresses reach the nodes."""
    text = f"[LoadBalancer]\nmanage-security-groups = true\n{more}"
    assert fresh.run("--offline", *cloud_conf(folder, text)) == 0
    assert fresh.loaded().node_access == config.settings.NodeAccess(enabled=True)
    assert f"# Fill it in before rendering: the CIDR of {whose}." in fresh.written()


def test_a_flag_over_the_cloud_conf_is_told(folder: Path, capsys: fresh.Capture) -> None:
    """The list of options says what holds, not what the file would have given."""
    text = "[LoadBalancer]\nlb-provider = ovn\n"
    assert fresh.run("--offline", "--provider", "amphora", *cloud_conf(folder, text)) == 0
    said = capsys.readouterr().err
    assert "[LoadBalancer] lb-provider = ovn: octavia.provider is amphora instead" in said


def test_a_cloud_conf_as_json(folder: Path, capsys: fresh.Capture) -> None:
    """With --format json what became of each option is part of the document."""
    assert (
        fresh.run("--offline", "--format=json", *cloud_conf(folder, "[LoadBalancer]\nx = 1\n")) == 0
    )
    rows = json.loads(capsys.readouterr().out)["cloud_conf"]
    assert rows[0]["option"] == "[LoadBalancer] x"
    assert rows[0]["setting"] == ""
    assert "unknown to OCCM" in rows[0]["note"]


@pytest.mark.usefixtures("openstack")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f"[Global]\ntenant-id = {fresh.OTHER}",
            f"the cloud.conf has project_id {fresh.OTHER}, and the cloud",
        ),
        ("[Global]\nauth-url = https://other/v3", "has auth_url https://other/v3"),
        (
            f"[LoadBalancer]\nsubnet-id = {fresh.OTHER}",
            f"subnet {fresh.OTHER} of the cloud.conf is none",
        ),
        (f"[LoadBalancer]\nfloating-network-id = {fresh.OTHER}", "of the cloud.conf is none"),
        ("nonsense (", "cloud.conf:1: no section and no option"),
    ],
)
def test_a_cloud_conf_of_another_cloud(
    text: str, said: str, folder: Path, capsys: fresh.Capture
) -> None:
    """A file that does not fit the cloud that answered is refused with both named."""
    assert fresh.run(*cloud_conf(folder, text)) == 1
    assert said in capsys.readouterr().err
    assert not Path("tfgen.yaml").exists()


def test_a_network_instead_of_a_subnet(openstack: fake.FakeCloud, folder: Path) -> None:
    """A cloud.conf with network-id keeps it; --subnet would win over it."""
    openstack.subnets.append(fresh.subnet(fresh.SECOND, "second", "10.1.0.0/16"))
    assert fresh.run(*cloud_conf(folder, f"[LoadBalancer]\nnetwork-id = {fresh.NET}\n")) == 0
    assert (fresh.loaded().network.network_id, fresh.loaded().network.subnet_id) == (fresh.NET, "")
