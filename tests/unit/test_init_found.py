"""`tfgen init`: what it finds in a cloud, writes and says, and what it leaves alone."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import fresh
from tests.fakes import openstack as fake
from tfgen import config, manifest


@pytest.fixture
def openstack(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[fake.FakeCloud]:
    """Run a cloud with one subnet and one external network; clouds.yaml lies here."""
    with fresh.running(folder, monkeypatch) as content:
        yield content


def test_a_cloud_with_one_of_each(openstack: fake.FakeCloud) -> None:
    """Where there is nothing to choose, nothing is asked, and all that was found is recorded."""
    assert fresh.run() == 0
    made = fresh.loaded()
    assert made.openstack == config.OpenStack(
        cloud="demo",
        region="RegionOne",
        project_id=openstack.project_id,
        auth_url=f"{openstack.url}/identity/v3",
    )
    assert made.network == config.Network(
        subnet_id=fresh.DEMO,
        floating_networks=[config.FloatingNetwork(id=fresh.PUBLIC, name="public")],
    )
    assert made.octavia == config.Octavia(provider="amphora", api_version="2.27")
    assert made.defaults == config.Defaults()
    config.require_complete(config.load(None, environ={}))


@pytest.mark.usefixtures("openstack")
def test_each_tree_has_an_id_of_its_own() -> None:
    """Two runs never make the same tree."""
    assert fresh.run() == 0
    first = fresh.loaded().tree
    Path("tfgen.yaml").unlink()
    assert fresh.run() == 0
    assert fresh.loaded().tree != first
    assert len(first) == 16


def test_no_credential_is_written_or_printed(
    openstack: fake.FakeCloud, capsys: fresh.Capture
) -> None:
    """The password stays where it lies."""
    assert fresh.run() == 0
    printed = capsys.readouterr()
    assert openstack.password not in fresh.written() + printed.out + printed.err


@pytest.mark.usefixtures("openstack")
def test_what_was_found_is_said(capsys: fresh.Capture) -> None:
    """The result names project, subnet, floating network and Octavia, and the next steps."""
    assert fresh.run() == 0
    said = capsys.readouterr()
    assert "VIPs in subnet demo-subnet (10.0.0.0/16 in network demo-net)" in said.out
    assert "floating IPs from public" in said.out
    assert "Octavia 2.27, provider amphora" in said.out
    assert "loadBalancerClass: tfgen.io/octavia" in said.err


@pytest.mark.usefixtures("openstack")
def test_the_result_as_json(capsys: fresh.Capture) -> None:
    """With --format json the settings are one document on stdout."""
    assert fresh.run("--format", "json", "--config", "other.yaml", "--out", "tree") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "tfgen.init"
    assert document["settings"]["network"]["subnet_id"] == fresh.DEMO
    assert document["settings"]["out"] == "tree"
    assert document["file"] == str(Path("other.yaml").absolute())


def test_a_project_without_networks(openstack: fake.FakeCloud, capsys: fresh.Capture) -> None:
    """No subnet is an error; no external network leaves internal load balancers."""
    openstack.networks.pop()
    openstack.subnets.pop()
    assert fresh.run() == 0
    assert fresh.loaded().network.floating_networks == []
    Path("tfgen.yaml").unlink()
    openstack.subnets.clear()
    assert fresh.run() == 1
    assert "the project sees no subnet" in capsys.readouterr().err


def test_a_cloud_with_another_provider_only(
    openstack: fake.FakeCloud, capsys: fresh.Capture
) -> None:
    """The only provider is taken; of several without amphora somebody chooses."""
    openstack.providers = ["ovn"]
    assert fresh.run() == 0
    assert fresh.loaded().octavia.provider == "ovn"
    assert fresh.loaded().defaults.lb_method == "SOURCE_IP_PORT"
    assert "# Not ROUND_ROBIN: Octavia provider ovn does not do it." in fresh.written()
    assert "algorithm SOURCE_IP_PORT, for provider ovn has no" in capsys.readouterr().out
    Path("tfgen.yaml").unlink()
    openstack.providers = ["ovn", "f5"]
    assert fresh.run() == 1
    assert "Choose one with --provider NAME." in capsys.readouterr().err


def test_several_clouds(openstack: fake.FakeCloud, folder: Path, capsys: fresh.Capture) -> None:
    """Several entries of clouds.yaml are candidates, unless the environment names one."""
    whole = json.loads(openstack.clouds_yaml())
    whole["clouds"]["other"] = whole["clouds"]["demo"]
    (folder / "clouds.yaml").write_text(json.dumps(whole))
    assert fresh.run() == 1
    assert "Choose one with --cloud NAME." in capsys.readouterr().err
    assert fresh.run("--cloud", "other") == 0
    assert fresh.loaded().openstack.cloud == "other"


def test_the_environment_names_the_cloud(
    openstack: fake.FakeCloud, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OS_CLOUD is recorded; a cloud of OS_* variables has no name to record."""
    monkeypatch.setenv("OS_CLOUD", "demo")
    assert fresh.run() == 0
    assert fresh.loaded().openstack.cloud == "demo"
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
    assert fresh.run() == 0
    assert fresh.loaded().openstack.cloud == ""
    assert fresh.loaded().openstack.project_id == openstack.project_id


def test_an_existing_file_is_left_alone(openstack: fake.FakeCloud, capsys: fresh.Capture) -> None:
    """A second run is refused before anything is asked, and says what to do instead."""
    Path("tfgen.yaml").write_text("mine\n")
    assert fresh.run() == 3
    assert fresh.written() == "mine\n"
    assert "exists, and is left as it is" in capsys.readouterr().err
    assert openstack.calls == []


@pytest.mark.usefixtures("openstack")
def test_a_tree_that_was_rendered_keeps_its_id(capsys: fresh.Capture) -> None:
    """A lost tfgen.yaml is made anew with the tree's own id; another cluster's tree is refused."""
    known = manifest.Manifest(cluster="demo", tree="0123456789abcdef", stacks_by="namespace")
    Path("infra").mkdir()
    Path("infra/tfgen-manifest.json").write_text(manifest.dumps(known))
    assert fresh.run() == 0
    assert fresh.loaded().tree == known.tree
    Path("tfgen.yaml").unlink()
    assert fresh.run("--cluster", "other") == 3
    assert "that of cluster demo, not of other" in capsys.readouterr().err


@pytest.mark.usefixtures("openstack")
def test_a_wrong_password(openstack: fake.FakeCloud, folder: Path, capsys: fresh.Capture) -> None:
    """A cloud that refuses the credentials ends init with nothing written."""
    (folder / "clouds.yaml").write_text(openstack.clouds_yaml(password="falsch"))
    assert fresh.run() == 1
    assert "refused the credentials: status 401" in capsys.readouterr().err
    assert not Path("tfgen.yaml").exists()
