import configparser
import re
from pathlib import Path

import pytest
import yaml

from lab import config
from lab.ports import Port
from lab.services import table
from lab.settings import Settings
from lab.supervision import configuration

PORT = re.compile(r"127\.0\.0\.1[:\"]+(\d+)")


@pytest.fixture
def etc(settings: Settings) -> Path:
    """Everything rendered."""
    settings.log.mkdir(parents=True)
    config.write_all(settings)
    return settings.etc


def test_every_template_is_rendered(settings: Settings, etc: Path) -> None:
    """No template is left over, and none names a value that is not there."""
    rendered = {path.name for path in etc.iterdir()}
    services = table.services(settings).values()
    (etc / "supervisord.conf").write_text(configuration(settings, services))
    clouds = config.render(settings, "clouds.yaml", application_credential="1")
    cloud_conf = config.render(settings, "cloud.conf", subnet="1", floating_network="2")
    assert set(yaml.safe_load(clouds)["clouds"]) == {"admin", "demo", "other", "demo-app"}
    assert "subnet-id = 1" in cloud_conf
    rest = {"clouds.yaml", "cloud.conf", "supervisord.conf", "gunicorn.py", "service_user"}
    elsewhere = {"shop.html"}
    templates = {path.name.removesuffix(".j2") for path in config.TEMPLATES.iterdir()}
    assert templates == {*config.PLAIN, *rest, *elsewhere}
    assert rendered >= {*config.PLAIN, "gunicorn-keystone.py", "gunicorn-octavia.py"}


def test_every_port_is_of_the_block(etc: Path) -> None:
    """No template has a port of its own."""
    found = {int(port) for path in etc.glob("*.*") for port in PORT.findall(path.read_text())}
    assert found <= {17000 + port for port in Port}
    assert {17000, 17072, 17096} <= found


@pytest.mark.parametrize("name", ["keystone", "neutron", "octavia", "octavia-worker", "barbican"])
def test_openstack_reads_it(etc: Path, name: str) -> None:
    """The files are of the form that oslo.config reads, with each key once a section."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(etc / f"{name}.conf")
    assert parser.defaults() or parser.sections()


def test_kubeconfig_is_yaml(etc: Path) -> None:
    """Kubectl finds the API server and the administrator's keys."""
    found = yaml.safe_load((etc / "kubeconfig").read_text())
    assert found["clusters"][0]["cluster"]["server"] == "https://127.0.0.1:17043"
    assert found["current-context"] == "lab"


def test_gunicorn_reads_it(etc: Path) -> None:
    """The web servers' files are programs; each is one that Python understands."""
    files = sorted(etc.glob("gunicorn-*.py"))
    assert len(files) == 4
    for file in files:
        compile(file.read_text(), str(file), "exec")


def test_writing_twice_changes_nothing(tmp_path: Path) -> None:
    """A file that is as it should be is not touched, so nothing is started anew for it."""
    path = tmp_path / "deep" / "file"
    assert config.write(path, "text")
    before = path.stat().st_mtime_ns
    assert not config.write(path, "text")
    assert path.stat().st_mtime_ns == before
    assert config.write(path, "other")
    assert [entry.name for entry in path.parent.iterdir()] == ["file"]
