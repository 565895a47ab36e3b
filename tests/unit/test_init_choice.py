"""`tfgen init`: what is chosen by flags, at a terminal, or without a cloud."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import cluster as fake_cluster
from tests.fakes import fresh, objects
from tests.fakes import openstack as fake
from tfgen import cli, config


@pytest.fixture
def openstack(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[fake.FakeCloud]:
    """Run a cloud with one subnet and one external network; clouds.yaml lies here."""
    with fresh.running(folder, monkeypatch) as content:
        yield content


def test_several_candidates_and_nobody_to_ask(
    openstack: fake.FakeCloud, capsys: fresh.Capture
) -> None:
    """Without a terminal the candidates are listed with the flag that chooses, and nothing more."""
    openstack.subnets.append(fresh.subnet(fresh.SECOND, "second", "10.1.0.0/16"))
    assert fresh.run() == 1
    said = capsys.readouterr().err
    assert f"{fresh.DEMO}  demo-subnet (10.0.0.0/16 in network demo-net)" in said
    assert f"{fresh.SECOND}  second" in said
    assert "public-subnet" not in said
    assert "Choose one with --subnet ID." in said
    assert not Path("tfgen.yaml").exists()
    openstack.networks.append({"id": fresh.OTHER, "name": "other", "router:external": True})
    assert fresh.run("--subnet", "second") == 1
    assert "Choose one with --floating-network ID." in capsys.readouterr().err
    assert fresh.run("--subnet", "second", "--floating-network", "other") == 0
    assert fresh.loaded().network.subnet_id == fresh.SECOND
    assert [network.name for network in fresh.loaded().network.floating_networks] == ["other"]


def test_a_subnet_of_ipv6_beside_one_of_ipv4(openstack: fake.FakeCloud) -> None:
    """The VIPs' subnet is that of IPv4, unasked; the other is taken by name, or if it is alone."""
    openstack.subnets.insert(0, fresh.subnet(fresh.SECOND, "a-sixth", "fd00:10::/64"))
    assert fresh.run("--cluster", "a") == 0
    assert fresh.loaded().network.subnet_id == fresh.DEMO
    Path("tfgen.yaml").unlink()
    assert fresh.run("--subnet", "a-sixth") == 0
    assert fresh.loaded().network.subnet_id == fresh.SECOND
    Path("tfgen.yaml").unlink()
    openstack.subnets.pop(1)
    assert fresh.run() == 0
    assert fresh.loaded().network.subnet_id == fresh.SECOND


def test_flags_choose_by_id_or_name(openstack: fake.FakeCloud) -> None:
    """Each object is found by id or by name; several floating networks keep their order."""
    openstack.subnets.append(fresh.subnet(fresh.SECOND, "second", "10.1.0.0/16"))
    openstack.networks.append({"id": fresh.OTHER, "name": "other", "router:external": True})
    openstack.providers = ["amphora", "ovn"]
    flags = ["--subnet", fresh.DEMO, "--member-subnet", "second", "--provider", "ovn"]
    networks = ["--floating-network", f"{fresh.OTHER}=other", "--floating-network", "public"]
    assert fresh.run(*flags, *networks) == 0
    made = fresh.loaded()
    assert (made.network.subnet_id, made.network.member_subnet_id) == (fresh.DEMO, fresh.SECOND)
    assert [each.name for each in made.network.floating_networks] == ["other", "public"]
    assert made.octavia.provider == "ovn"


@pytest.mark.usefixtures("openstack")
@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--subnet", "none"], "--subnet none is no subnet that this project sees"),
        (["--floating-network", "none"], "is no external network that this project sees"),
        (["--provider", "ovn"], "Octavia has no provider 'ovn'; it has amphora, octavia"),
        (["--cloud", "dmo"], "Did you mean 'demo'?"),
        (["--cluster", "Demo_1"], "a DNS label"),
        (["--from-cloud-conf", "none.conf"], "none.conf does not exist"),
        (["--offline", "--subnet", "web"], "--subnet web is no id"),
        (["--config", "no/such/folder.yaml", "--offline"], "cannot be written"),
    ],
)
def test_wishes_that_cannot_be(flags: list[str], said: str, capsys: fresh.Capture) -> None:
    """A wrong flag names what there is instead, and nothing is written."""
    assert fresh.run(*flags) in {1, 64}
    assert said in capsys.readouterr().err
    assert not Path("tfgen.yaml").exists()


def test_a_name_that_two_have(openstack: fake.FakeCloud, capsys: fresh.Capture) -> None:
    """A subnet's name that is not unique asks for the id; an external network's cannot be used."""
    openstack.subnets.append(fresh.subnet(fresh.SECOND, "demo-subnet", "10.1.0.0/16"))
    assert fresh.run("--subnet", "demo-subnet") == 1
    assert f"names 2 subnets; there are: demo-subnet ({fresh.DEMO})" in capsys.readouterr().err
    openstack.networks.append({"id": fresh.OTHER, "name": "public", "router:external": True})
    assert fresh.run("--subnet", fresh.DEMO, "--floating-network", fresh.OTHER) == 1
    assert "the engine finds them by name" in capsys.readouterr().err


def test_an_internal_cluster_needs_no_floating_network(openstack: fake.FakeCloud) -> None:
    """With --internal no external network is chosen."""
    openstack.networks.append({"id": fresh.OTHER, "name": "other", "router:external": True})
    assert fresh.run("--internal") == 0
    assert fresh.loaded().defaults.internal
    assert fresh.loaded().network.floating_networks == []


@pytest.mark.usefixtures("folder")
def test_offline_with_ids() -> None:
    """With --offline nothing is asked: ids and names are taken as given."""
    flags = ["--offline", "--subnet", fresh.DEMO, "--floating-network", f"{fresh.PUBLIC}=public"]
    assert (
        fresh.run(*flags, "--member-subnet", fresh.SECOND, "--provider", "ovn", "--cloud", "demo")
        == 0
    )
    made = fresh.loaded()
    assert made.network == config.Network(
        subnet_id=fresh.DEMO,
        member_subnet_id=fresh.SECOND,
        floating_networks=[config.FloatingNetwork(id=fresh.PUBLIC, name="public")],
    )
    assert (made.octavia.provider, made.openstack.cloud) == ("ovn", "demo")
    config.require_complete(config.load(None, environ={}))


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("network", "opened"),
    [(fresh.PUBLIC, ["subnet_id", "floating_networks"]), ("public", ["subnet_id"])],
)
def test_offline_leaves_open_what_is_missing(
    network: str, opened: list[str], capsys: fresh.Capture
) -> None:
    """What only the cloud knows is left to fill in, with a comment and a step."""
    assert fresh.run("--offline", "--floating-network", network) == 0
    said = capsys.readouterr().err
    assert fresh.written().count("# Fill ") == len(opened)
    assert [f"fill in network.{name}" in said for name in opened] == [True] * len(opened)
    assert fresh.loaded().network.subnet_id == ""


def test_somebody_at_a_terminal_chooses(
    openstack: fake.FakeCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Questions are numbered; Enter takes the default, and a wrong number is asked again."""
    openstack.subnets.append(fresh.subnet(fresh.SECOND, "second", "10.1.0.0/16"))
    openstack.networks.append({"id": fresh.OTHER, "name": "other", "router:external": True})
    screen = fresh.Terminal()
    monkeypatch.setattr("sys.stdin", fresh.Terminal("demo\n3\n2\n\n"))
    monkeypatch.setattr("sys.stderr", screen)
    assert cli.app.run(["init"]) == 0
    made = fresh.loaded()
    assert made.cluster == "demo"
    assert made.network.subnet_id == fresh.SECOND
    assert [network.name for network in made.network.floating_networks] == ["other"]
    assert "The subnet of the VIPs (--subnet ID):" in screen.getvalue()
    assert "  2  second (10.1.0.0/16 in network demo-net)" in screen.getvalue()
    assert "Expected a number from 1 to 2." in screen.getvalue()


def test_a_name_is_asked_of_somebody_only(openstack: fake.FakeCloud, capsys: fresh.Capture) -> None:
    """Without a terminal a missing --cluster is an error that names the flag."""
    assert cli.app.run(["init"]) == 1
    assert "--cluster NAME" in capsys.readouterr().err
    assert openstack.calls == []


def test_the_nodes_say_which_subnet_is_likeliest(
    openstack: fake.FakeCloud, folder: Path, capsys: fresh.Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With several subnets the one that holds all nodes is named, and is the default."""
    openstack.subnets.insert(0, fresh.subnet(fresh.SECOND, "a-first", "10.1.0.0/16"))
    with fake_cluster.FakeCluster(nodes=objects.nodes(2)) as kubernetes:
        kubeconfig = ["--kubeconfig", str(kubernetes.kubeconfig(folder))]
        assert fresh.run(*kubeconfig) == 1
        assert f"The nodes are in: {fresh.DEMO}." in capsys.readouterr().err
        monkeypatch.setattr("sys.stdin", fresh.Terminal("\n"))
        monkeypatch.setattr("sys.stderr", fresh.Terminal())
        assert fresh.run(*kubeconfig) == 0
    assert fresh.loaded().network.subnet_id == fresh.DEMO


def test_odd_nodes_are_no_hint(
    openstack: fake.FakeCloud, folder: Path, capsys: fresh.Capture
) -> None:
    """Nodes without an IPv4 address, and nodes in no subnet, make no subnet likelier."""
    openstack.subnets.append(fresh.subnet(fresh.SECOND, "second", "10.1.0.0/16"))
    addresses: list[Any] = [{"type": "InternalIP", "address": "odd"}, {"type": "Hostname"}]
    odd = [objects.node(1, addresses=addresses), {"metadata": {"name": "bare"}}]
    for nodes in (odd, [objects.node(1), {**objects.node(2), "status": out_of_the_way()}]):
        with fake_cluster.FakeCluster(nodes=nodes) as kubernetes:
            assert fresh.run("--kubeconfig", str(kubernetes.kubeconfig(folder))) == 1
        assert "The nodes are in" not in capsys.readouterr().err


def out_of_the_way() -> dict[str, Any]:
    """Make the status of a node in no subnet."""
    return {"addresses": [{"type": "InternalIP", "address": "192.0.2.1"}]}
