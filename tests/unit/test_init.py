"""`tfgen init`: what it writes, what it asks, and what it refuses; cloud and cluster are fakes."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import cluster as fake_cluster
from tests.fakes import objects
from tests.fakes import openstack as fake
from tfgen import cli, config, manifest

NET, PUBLIC, OTHER = "a1" * 16, "b1" * 16, "b2" * 16
DEMO, SECOND, OUTER = "51" * 16, "52" * 16, "53" * 16
Capture = pytest.CaptureFixture[str]


class Terminal(io.StringIO):
    """A terminal where somebody types."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.fixture
def openstack(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[fake.FakeCloud]:
    """Run a cloud with one subnet and one external network; clouds.yaml lies here."""
    content = fake.FakeCloud(
        networks=[
            {"id": NET, "name": "demo-net", "router:external": False},
            {"id": PUBLIC, "name": "public", "router:external": True},
        ],
        subnets=[
            subnet(DEMO, "demo-subnet", "10.0.0.0/16"),
            subnet(OUTER, "public-subnet", "172.24.0.0/16", PUBLIC),
        ],
    )
    with fake.running(content):
        (folder / "clouds.yaml").write_text(content.clouds_yaml())
        monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(folder / "clouds.yaml"))
        yield content


def subnet(identity: str, name: str, cidr: str, network: str = NET) -> fake.Object:
    """Make a subnet."""
    return {"id": identity, "name": name, "cidr": cidr, "network_id": network}


def run(*arguments: str) -> int:
    """Run `tfgen init --cluster demo`."""
    return cli.app.run(["init", "--cluster", "demo", *arguments])


def loaded() -> config.Settings:
    """Load what was written."""
    return config.load(None, environ={}).settings


def written() -> str:
    """Read what was written."""
    return Path("tfgen.yaml").read_text("utf-8")


def test_a_cloud_with_one_of_each(openstack: fake.FakeCloud) -> None:
    """Where there is nothing to choose, nothing is asked, and all that was found is recorded."""
    assert run() == 0
    made = loaded()
    assert made.openstack == config.OpenStack(
        cloud="demo",
        region="RegionOne",
        project_id=openstack.project_id,
        auth_url=f"{openstack.url}/identity/v3",
    )
    assert made.network == config.Network(
        subnet_id=DEMO, floating_networks=[config.FloatingNetwork(id=PUBLIC, name="public")]
    )
    assert made.octavia == config.Octavia(provider="amphora", api_version="2.27")
    assert made.defaults == config.Defaults()
    config.require_complete(config.load(None, environ={}))


@pytest.mark.usefixtures("openstack")
def test_each_tree_has_an_id_of_its_own() -> None:
    """Two runs never make the same tree."""
    assert run() == 0
    first = loaded().tree
    Path("tfgen.yaml").unlink()
    assert run() == 0
    assert loaded().tree != first
    assert len(first) == 16


def test_no_credential_is_written_or_printed(openstack: fake.FakeCloud, capsys: Capture) -> None:
    """The password stays where it lies."""
    assert run() == 0
    printed = capsys.readouterr()
    assert openstack.password not in written() + printed.out + printed.err


@pytest.mark.usefixtures("openstack")
def test_what_was_found_is_said(capsys: Capture) -> None:
    """The result names project, subnet, floating network and Octavia, and the next steps."""
    assert run() == 0
    said = capsys.readouterr()
    assert "VIPs in subnet demo-subnet (10.0.0.0/16 in network demo-net)" in said.out
    assert "floating IPs from public" in said.out
    assert "Octavia 2.27, provider amphora" in said.out
    assert "loadBalancerClass: tfgen.io/octavia" in said.err


@pytest.mark.usefixtures("openstack")
def test_the_result_as_json(capsys: Capture) -> None:
    """With --format json the settings are one document on stdout."""
    assert run("--format", "json", "--config", "other.yaml", "--out", "tree") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "tfgen.init"
    assert document["settings"]["network"]["subnet_id"] == DEMO
    assert document["settings"]["out"] == "tree"
    assert document["file"] == str(Path("other.yaml").absolute())


def test_several_candidates_and_nobody_to_ask(openstack: fake.FakeCloud, capsys: Capture) -> None:
    """Without a terminal the candidates are listed with the flag that chooses, and nothing more."""
    openstack.subnets.append(subnet(SECOND, "second", "10.1.0.0/16"))
    assert run() == 1
    said = capsys.readouterr().err
    assert f"{DEMO}  demo-subnet (10.0.0.0/16 in network demo-net)" in said
    assert f"{SECOND}  second" in said
    assert "public-subnet" not in said
    assert "Choose one with --subnet ID." in said
    assert not Path("tfgen.yaml").exists()
    openstack.networks.append({"id": OTHER, "name": "other", "router:external": True})
    assert run("--subnet", "second") == 1
    assert "Choose one with --floating-network ID." in capsys.readouterr().err
    assert run("--subnet", "second", "--floating-network", "other") == 0
    assert loaded().network.subnet_id == SECOND
    assert [network.name for network in loaded().network.floating_networks] == ["other"]


def test_a_subnet_of_ipv6_beside_one_of_ipv4(openstack: fake.FakeCloud) -> None:
    """The VIPs' subnet is that of IPv4, unasked; the other is taken by name, or if it is alone."""
    openstack.subnets.insert(0, subnet(SECOND, "a-sixth", "fd00:10::/64"))
    assert run("--cluster", "a") == 0
    assert loaded().network.subnet_id == DEMO
    Path("tfgen.yaml").unlink()
    assert run("--subnet", "a-sixth") == 0
    assert loaded().network.subnet_id == SECOND
    Path("tfgen.yaml").unlink()
    openstack.subnets.pop(1)
    assert run() == 0
    assert loaded().network.subnet_id == SECOND


def test_flags_choose_by_id_or_name(openstack: fake.FakeCloud) -> None:
    """Each object is found by id or by name; several floating networks keep their order."""
    openstack.subnets.append(subnet(SECOND, "second", "10.1.0.0/16"))
    openstack.networks.append({"id": OTHER, "name": "other", "router:external": True})
    openstack.providers = ["amphora", "ovn"]
    flags = ["--subnet", DEMO, "--member-subnet", "second", "--provider", "ovn"]
    networks = ["--floating-network", f"{OTHER}=other", "--floating-network", "public"]
    assert run(*flags, *networks) == 0
    made = loaded()
    assert (made.network.subnet_id, made.network.member_subnet_id) == (DEMO, SECOND)
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
def test_wishes_that_cannot_be(flags: list[str], said: str, capsys: Capture) -> None:
    """A wrong flag names what there is instead, and nothing is written."""
    assert run(*flags) in {1, 64}
    assert said in capsys.readouterr().err
    assert not Path("tfgen.yaml").exists()


def test_a_name_that_two_have(openstack: fake.FakeCloud, capsys: Capture) -> None:
    """A subnet's name that is not unique asks for the id; an external network's cannot be used."""
    openstack.subnets.append(subnet(SECOND, "demo-subnet", "10.1.0.0/16"))
    assert run("--subnet", "demo-subnet") == 1
    assert f"names 2 subnets; there are: demo-subnet ({DEMO})" in capsys.readouterr().err
    openstack.networks.append({"id": OTHER, "name": "public", "router:external": True})
    assert run("--subnet", DEMO, "--floating-network", OTHER) == 1
    assert "the engine finds them by name" in capsys.readouterr().err


def test_a_project_without_networks(openstack: fake.FakeCloud, capsys: Capture) -> None:
    """No subnet is an error; no external network leaves internal load balancers."""
    openstack.networks.pop()
    openstack.subnets.pop()
    assert run() == 0
    assert loaded().network.floating_networks == []
    Path("tfgen.yaml").unlink()
    openstack.subnets.clear()
    assert run() == 1
    assert "the project sees no subnet" in capsys.readouterr().err


def test_an_internal_cluster_needs_no_floating_network(openstack: fake.FakeCloud) -> None:
    """With --internal no external network is chosen."""
    openstack.networks.append({"id": OTHER, "name": "other", "router:external": True})
    assert run("--internal") == 0
    assert loaded().defaults.internal
    assert loaded().network.floating_networks == []


def test_a_cloud_with_another_provider_only(openstack: fake.FakeCloud, capsys: Capture) -> None:
    """The only provider is taken; of several without amphora somebody chooses."""
    openstack.providers = ["ovn"]
    assert run() == 0
    assert loaded().octavia.provider == "ovn"
    assert loaded().defaults.lb_method == "SOURCE_IP_PORT"
    assert "# Not ROUND_ROBIN: Octavia provider ovn does not do it." in written()
    assert "algorithm SOURCE_IP_PORT, for provider ovn has no" in capsys.readouterr().out
    Path("tfgen.yaml").unlink()
    openstack.providers = ["ovn", "f5"]
    assert run() == 1
    assert "Choose one with --provider NAME." in capsys.readouterr().err


def test_several_clouds(openstack: fake.FakeCloud, folder: Path, capsys: Capture) -> None:
    """Several entries of clouds.yaml are candidates, unless the environment names one."""
    whole = json.loads(openstack.clouds_yaml())
    whole["clouds"]["other"] = whole["clouds"]["demo"]
    (folder / "clouds.yaml").write_text(json.dumps(whole))
    assert run() == 1
    assert "Choose one with --cloud NAME." in capsys.readouterr().err
    assert run("--cloud", "other") == 0
    assert loaded().openstack.cloud == "other"


def test_the_environment_names_the_cloud(
    openstack: fake.FakeCloud, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OS_CLOUD is recorded; a cloud of OS_* variables has no name to record."""
    monkeypatch.setenv("OS_CLOUD", "demo")
    assert run() == 0
    assert loaded().openstack.cloud == "demo"
    (folder / "tfgen.yaml").unlink()
    monkeypatch.delenv("OS_CLOUD")
    for name, value in (
        ("AUTH_URL", f"{openstack.url}/identity/v3"),
        ("USERNAME", "me"),
        ("PASSWORD", openstack.password),
        ("PROJECT_ID", openstack.project_id),
        ("USER_DOMAIN_NAME", "Default"),
        ("REGION_NAME", "RegionOne"),
    ):
        monkeypatch.setenv(f"OS_{name}", value)
    assert run() == 0
    assert loaded().openstack.cloud == ""
    assert loaded().openstack.project_id == openstack.project_id


def test_an_existing_file_is_left_alone(openstack: fake.FakeCloud, capsys: Capture) -> None:
    """A second run is refused before anything is asked, and says what to do instead."""
    Path("tfgen.yaml").write_text("mine\n")
    assert run() == 3
    assert written() == "mine\n"
    assert "exists, and is left as it is" in capsys.readouterr().err
    assert openstack.calls == []


@pytest.mark.usefixtures("openstack")
def test_a_tree_that_was_rendered_keeps_its_id(capsys: Capture) -> None:
    """A lost tfgen.yaml is made anew with the tree's own id; another cluster's tree is refused."""
    known = manifest.Manifest(cluster="demo", tree="0123456789abcdef", stacks_by="namespace")
    Path("infra").mkdir()
    Path("infra/tfgen-manifest.json").write_text(manifest.dumps(known))
    assert run() == 0
    assert loaded().tree == known.tree
    Path("tfgen.yaml").unlink()
    assert run("--cluster", "other") == 3
    assert "that of cluster demo, not of other" in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
def test_offline_with_ids() -> None:
    """With --offline nothing is asked: ids and names are taken as given."""
    flags = ["--offline", "--subnet", DEMO, "--floating-network", f"{PUBLIC}=public"]
    assert run(*flags, "--member-subnet", SECOND, "--provider", "ovn", "--cloud", "demo") == 0
    made = loaded()
    assert made.network == config.Network(
        subnet_id=DEMO,
        member_subnet_id=SECOND,
        floating_networks=[config.FloatingNetwork(id=PUBLIC, name="public")],
    )
    assert (made.octavia.provider, made.openstack.cloud) == ("ovn", "demo")
    config.require_complete(config.load(None, environ={}))


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("network", "opened"),
    [(PUBLIC, ["subnet_id", "floating_networks"]), ("public", ["subnet_id"])],
)
def test_offline_leaves_open_what_is_missing(
    network: str, opened: list[str], capsys: Capture
) -> None:
    """What only the cloud knows is left to fill in, with a comment and a step."""
    assert run("--offline", "--floating-network", network) == 0
    said = capsys.readouterr().err
    assert written().count("# Fill ") == len(opened)
    assert [f"fill in network.{name}" in said for name in opened] == [True] * len(opened)
    assert loaded().network.subnet_id == ""


def test_somebody_at_a_terminal_chooses(
    openstack: fake.FakeCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Questions are numbered; Enter takes the default, and a wrong number is asked again."""
    openstack.subnets.append(subnet(SECOND, "second", "10.1.0.0/16"))
    openstack.networks.append({"id": OTHER, "name": "other", "router:external": True})
    screen = Terminal()
    monkeypatch.setattr("sys.stdin", Terminal("demo\n3\n2\n\n"))
    monkeypatch.setattr("sys.stderr", screen)
    assert cli.app.run(["init"]) == 0
    made = loaded()
    assert made.cluster == "demo"
    assert made.network.subnet_id == SECOND
    assert [network.name for network in made.network.floating_networks] == ["other"]
    assert "The subnet of the VIPs (--subnet ID):" in screen.getvalue()
    assert "  2  second (10.1.0.0/16 in network demo-net)" in screen.getvalue()
    assert "Expected a number from 1 to 2." in screen.getvalue()


def test_a_name_is_asked_of_somebody_only(openstack: fake.FakeCloud, capsys: Capture) -> None:
    """Without a terminal a missing --cluster is an error that names the flag."""
    assert cli.app.run(["init"]) == 1
    assert "--cluster NAME" in capsys.readouterr().err
    assert openstack.calls == []


def test_the_nodes_say_which_subnet_is_likeliest(
    openstack: fake.FakeCloud, folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With several subnets the one that holds all nodes is named, and is the default."""
    openstack.subnets.insert(0, subnet(SECOND, "a-first", "10.1.0.0/16"))
    with fake_cluster.FakeCluster(nodes=objects.nodes(2)) as kubernetes:
        kubeconfig = ["--kubeconfig", str(kubernetes.kubeconfig(folder))]
        assert run(*kubeconfig) == 1
        assert f"The nodes are in: {DEMO}." in capsys.readouterr().err
        monkeypatch.setattr("sys.stdin", Terminal("\n"))
        monkeypatch.setattr("sys.stderr", Terminal())
        assert run(*kubeconfig) == 0
    assert loaded().network.subnet_id == DEMO


def test_odd_nodes_are_no_hint(openstack: fake.FakeCloud, folder: Path, capsys: Capture) -> None:
    """Nodes without an IPv4 address, and nodes in no subnet, make no subnet likelier."""
    openstack.subnets.append(subnet(SECOND, "second", "10.1.0.0/16"))
    addresses: list[Any] = [{"type": "InternalIP", "address": "odd"}, {"type": "Hostname"}]
    odd = [objects.node(1, addresses=addresses), {"metadata": {"name": "bare"}}]
    for nodes in (odd, [objects.node(1), {**objects.node(2), "status": out_of_the_way()}]):
        with fake_cluster.FakeCluster(nodes=nodes) as kubernetes:
            assert run("--kubeconfig", str(kubernetes.kubeconfig(folder))) == 1
        assert "The nodes are in" not in capsys.readouterr().err


def out_of_the_way() -> dict[str, Any]:
    """Make the status of a node in no subnet."""
    return {"addresses": [{"type": "InternalIP", "address": "192.0.2.1"}]}


def cloud_conf(folder: Path, text: str) -> list[str]:
    """Write a cloud.conf, and give the flag that names it."""
    (folder / "cloud.conf").write_text(text)
    return ["--from-cloud-conf", "cloud.conf"]


def test_a_cloud_conf_is_carried_over(
    openstack: fake.FakeCloud, folder: Path, capsys: Capture
) -> None:
    """Ids of the file are taken and named, its choices hold, and each option is listed."""
    openstack.subnets.append(subnet(SECOND, "second", "10.1.0.0/16"))
    text = f"""\
[Global]
tenant-id = {openstack.project_id}
password = geheim
[LoadBalancer]
subnet-id = {SECOND}
floating-network-id = {PUBLIC}
lb-method = LEAST_CONNECTIONS
flavor-id = {OTHER}
max-shared-lb = 4
[LoadBalancerClass "gold"]
floating-network-id = {PUBLIC}
"""
    assert run(*cloud_conf(folder, text)) == 0
    made, said = loaded(), capsys.readouterr().err
    assert made.network.subnet_id == SECOND
    assert made.network.floating_networks == [config.FloatingNetwork(id=PUBLIC, name="public")]
    assert made.defaults.lb_method == "LEAST_CONNECTIONS"
    assert not made.defaults.monitor.enabled
    assert f"[LoadBalancer] subnet-id = {SECOND} -> network.subnet_id" in said
    assert made.octavia.flavor_id == OTHER
    assert made.classes["gold"].floating_networks == made.network.floating_networks
    assert "[LoadBalancer] max-shared-lb = 4: there is no limit" in said
    assert "geheim" not in said + written()


def test_an_algorithm_that_the_provider_lacks_is_not_carried_over(
    folder: Path, capsys: Capture
) -> None:
    """OCCM sends it, and ovn refuses it: the provider's own is taken, and the row says so."""
    text = "[LoadBalancer]\nlb-provider = ovn\nlb-method = LEAST_CONNECTIONS\n"
    assert run("--offline", *cloud_conf(folder, text)) == 0
    assert loaded().defaults.lb_method == "SOURCE_IP_PORT"
    told = "[LoadBalancer] lb-method = LEAST_CONNECTIONS: defaults.lb_method is SOURCE_IP_PORT"
    assert told in capsys.readouterr().err


@pytest.mark.usefixtures("openstack")
def test_from_where_nodes_are_reached_is_found(folder: Path, capsys: Capture) -> None:
    """Where OCCM managed security groups, the CIDR of the members' subnet is filled in."""
    text = "[LoadBalancer]\nmanage-security-groups = true\n"
    assert run(*cloud_conf(folder, text)) == 0
    assert loaded().node_access == config.settings.NodeAccess(
        enabled=True, member_cidr="10.0.0.0/16"
    )
    assert "node ports open to 10.0.0.0/16, the members' subnet" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "whose"), [("", "the members' subnet"), ("lb-provider = ovn\n", "the clients")]
)
def test_from_where_nodes_are_reached_is_left_open(folder: Path, more: str, whose: str) -> None:
    """Without a cloud nobody knows, and with ovn clients' own addresses reach the nodes."""
    text = f"[LoadBalancer]\nmanage-security-groups = true\n{more}"
    assert run("--offline", *cloud_conf(folder, text)) == 0
    assert loaded().node_access == config.settings.NodeAccess(enabled=True)
    assert f"# Fill it in before rendering: the CIDR of {whose}." in written()


def test_a_flag_over_the_cloud_conf_is_told(folder: Path, capsys: Capture) -> None:
    """The list of options says what holds, not what the file would have given."""
    text = "[LoadBalancer]\nlb-provider = ovn\n"
    assert run("--offline", "--provider", "amphora", *cloud_conf(folder, text)) == 0
    said = capsys.readouterr().err
    assert "[LoadBalancer] lb-provider = ovn: octavia.provider is amphora instead" in said


def test_a_cloud_conf_as_json(folder: Path, capsys: Capture) -> None:
    """With --format json what became of each option is part of the document."""
    assert run("--offline", "--format=json", *cloud_conf(folder, "[LoadBalancer]\nx = 1\n")) == 0
    rows = json.loads(capsys.readouterr().out)["cloud_conf"]
    assert rows[0]["option"] == "[LoadBalancer] x"
    assert rows[0]["setting"] == ""
    assert "unknown to OCCM" in rows[0]["note"]


@pytest.mark.usefixtures("openstack")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"[Global]\ntenant-id = {OTHER}", f"the cloud.conf has project_id {OTHER}, and the cloud"),
        ("[Global]\nauth-url = https://other/v3", "has auth_url https://other/v3"),
        (f"[LoadBalancer]\nsubnet-id = {OTHER}", f"subnet {OTHER} of the cloud.conf is none"),
        (f"[LoadBalancer]\nfloating-network-id = {OTHER}", "of the cloud.conf is none"),
        ("nonsense (", "cloud.conf:1: no section and no option"),
    ],
)
def test_a_cloud_conf_of_another_cloud(text: str, said: str, folder: Path, capsys: Capture) -> None:
    """A file that does not fit the cloud that answered is refused with both named."""
    assert run(*cloud_conf(folder, text)) == 1
    assert said in capsys.readouterr().err
    assert not Path("tfgen.yaml").exists()


def test_a_network_instead_of_a_subnet(openstack: fake.FakeCloud, folder: Path) -> None:
    """A cloud.conf with network-id keeps it; --subnet would win over it."""
    openstack.subnets.append(subnet(SECOND, "second", "10.1.0.0/16"))
    assert run(*cloud_conf(folder, f"[LoadBalancer]\nnetwork-id = {NET}\n")) == 0
    assert (loaded().network.network_id, loaded().network.subnet_id) == (NET, "")


@pytest.mark.usefixtures("openstack")
def test_a_wrong_password(openstack: fake.FakeCloud, folder: Path, capsys: Capture) -> None:
    """A cloud that refuses the credentials ends init with nothing written."""
    (folder / "clouds.yaml").write_text(openstack.clouds_yaml(password="falsch"))
    assert run() == 1
    assert "refused the credentials: status 401" in capsys.readouterr().err
    assert not Path("tfgen.yaml").exists()
