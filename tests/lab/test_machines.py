import json
import os
from pathlib import Path
from typing import Any

import pytest

from lab.machines import amphora, firewall, haproxy, namespaces
from lab.machines.site import Site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A data plane that was never made."""
    return Site(tmp_path, "lab17000")


def test_the_site_of_a_process() -> None:
    """A process knows its laboratory by two variables."""
    found = Site.here({"TFGEN_LAB_HOME": "/a/.lab", "TFGEN_LAB_PORT": "17000"})
    assert found == Site(Path("/a/.lab"), "lab17000")
    assert (found.cloud, found.internet) == ("lab17000-cloud", "lab17000-internet")


def test_build_seconds_change_at_any_time(site: Site) -> None:
    """The file is read at each look; none, or nonsense in it, is no delay."""
    assert site.build_seconds == 0
    file = site.home / "state" / "build-seconds"
    file.parent.mkdir()
    file.write_text("2.5\n")
    assert site.build_seconds == 2.5
    file.write_text("soon")
    assert site.build_seconds == 0


def test_addresses_of_an_amphora(site: Site) -> None:
    """Its own address and all VIPs; none while nothing is plugged."""
    machine = amphora.Amphora(site, "83c30af1-c198-4d3c-9a6f-0a4b6e2a4f10")
    assert machine.addresses() == set()
    assert machine.netns == "lab17000-amp-83c30af1-c198"
    net = {"vrrp_ip": "10.0.0.5", "additional_vips": [{"ip_address": "10.1.0.6"}]}
    machine.write("vip.json", json.dumps({"vip": "10.0.0.6", "net": net}))
    assert machine.addresses() == {"10.0.0.5", "10.0.0.6", "10.1.0.6"}


def test_a_file_of_an_amphora_is_whole(site: Site) -> None:
    """It replaces the old one, with its mode, and leaves no rest."""
    machine = amphora.Amphora(site, "83c30af1")
    machine.write("certs/lb-1/a.pem", b"old and longer", 0o600)
    machine.write("certs/lb-1/a.pem", b"new", 0o640)
    (file,) = (machine.folder / "certs" / "lb-1").iterdir()
    assert (file.name, file.read_bytes()) == ("a.pem", b"new")
    assert file.stat().st_mode & 0o777 == 0o640


def test_load_balancers_of_an_amphora(site: Site) -> None:
    """A load balancer is there when it has a configuration; an amphora may vanish meanwhile."""
    machine = amphora.Amphora(site, "83c30af1")
    assert machine.load_balancers() == []
    machine.write("lb-1/haproxy.cfg", "global\n")
    machine.write("lb-2/haproxy.cfg.new", "global\n")
    assert machine.load_balancers() == ["lb-1"]
    assert [found.id for found in amphora.every(site)] == ["83c30af1"]


@pytest.mark.parametrize("pid", ["", "none", "999999999", "ours"])
def test_a_dead_haproxy(tmp_path: Path, pid: str) -> None:
    """A pid that is nobody's, or somebody else's by now, is no haproxy."""
    (tmp_path / "lb-1").mkdir()
    (tmp_path / "lb-1" / "pid").write_text(pid.replace("ours", str(os.getpid())))
    assert haproxy.master(tmp_path, "lb-1") is None
    assert haproxy.master(tmp_path, "lb-2") is None


def test_gateways() -> None:
    """A subnet without a gateway gives the router none."""
    nets: list[dict[str, Any]] = [
        {"gateway": "10.0.0.1", "subnet_cidr": "10.0.0.0/16"},
        {"gateway": None, "subnet_cidr": "10.1.0.0/24"},
    ]
    assert amphora.gateways(nets) == ["10.0.0.1/16"]


def test_addresses_of_an_interface() -> None:
    """A VIP stands alone, one of IPv6 without being looked for elsewhere first."""
    assert amphora.added("10.0.0.5") == "addr add 10.0.0.5/32 dev eth1"
    assert amphora.added("10.0.0.5", 16) == "addr add 10.0.0.5/16 dev eth1"
    assert amphora.added("fd00:10::5") == "addr add fd00:10::5/128 dev eth1 nodad"
    assert amphora.added("fd00:10::5", 64) == "addr add fd00:10::5/64 dev eth1 nodad"


def test_a_dead_namespace_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A restart of the machine leaves an empty file of the namespace's name."""
    monkeypatch.setattr(namespaces, "PLACE", tmp_path)
    (tmp_path / "lab17000-cloud").touch()
    assert namespaces.named("lab17000-") == ["lab17000-cloud"]
    assert not namespaces.exists("lab17000-cloud")
    assert not namespaces.exists("lab17000-internet")


def test_a_path_too_long_for_a_socket(tmp_path: Path) -> None:
    """The same file is reached by a short name."""
    deep = tmp_path / ("x" * 100) / "file"
    deep.parent.mkdir()
    deep.write_text("here")
    with namespaces.short(deep) as path:
        assert len(path) < 60
        assert Path(path).read_text() == "here"


@pytest.mark.parametrize(
    ("rules", "elements"),
    [
        ([("tcp", 80, 80, None)], ["tcp . 80-80 . 0.0.0.0/0"]),
        (
            [("tcp", 80, 80, "198.51.100.0/25"), ("tcp", 80, 80, "198.51.100.128/25")],
            ["tcp . 80-80 . 198.51.100.0/24"],
        ),
        (
            [("tcp", 80, 80, "203.0.113.9/32"), ("tcp", 1, 90, "198.51.100.0/24")],
            [
                "tcp . 1-79 . 198.51.100.0/24",
                "tcp . 80-80 . 198.51.100.0/24",
                "tcp . 80-80 . 203.0.113.9/32",
                "tcp . 81-90 . 198.51.100.0/24",
            ],
        ),
        ([(None, None, None, None)], ["tcp . 0-65535 . 0.0.0.0/0", "udp . 0-65535 . 0.0.0.0/0"]),
        ([("icmp", None, None, None)], []),
    ],
    ids=["one", "joined", "cut", "any", "neither"],
)
def test_rules_without_overlaps(
    rules: list[tuple[str | None, int | None, int | None, str | None]], elements: list[str]
) -> None:
    """Ports are cut where rules begin and end, and sources joined: nftables takes no overlap."""
    found = firewall.allowed(firewall.Rule("10.0.0.5", *rule) for rule in rules)
    assert found == [f"10.0.0.5 . {element}" for element in elements]


def test_an_empty_set() -> None:
    """Elements are replaced by none where there are none."""
    assert firewall.replace("set guarded", []) == "flush set ip lab guarded\n"
    text = firewall.replace("set guarded", ["10.0.0.5", "10.0.0.6"])
    assert text.endswith("add element ip lab guarded { 10.0.0.5, 10.0.0.6 }\n")
