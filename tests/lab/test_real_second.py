"""A second laboratory beside the first: from nothing, through a crash, to nothing."""

import contextlib
import dataclasses
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from openstack import exceptions
from openstack.connection import Connection

from lab import Lab, LabError, commands, orphans, status
from lab.machines import namespaces
from lab.services import table
from lab.settings import Settings
from lab.supervision import Supervisor
from tests.lab.balancers import PLAIN, balancer, members, part

pytestmark = [pytest.mark.lab, pytest.mark.disruptive]


@pytest.fixture(scope="module")
def second(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A laboratory that begins with nothing and ends so."""
    home = tmp_path_factory.mktemp("second")
    made = Lab(Settings(home=home, port=orphans.free_base(lab.settings.port)))
    made.up()
    yield made
    made.down(wipe=True)
    assert sorted(path.name for path in home.iterdir()) == ["lab.lock"]
    assert namespaces.named(f"{made.settings.prefix}-") == []
    assert [process for process in orphans.every() if process.home == home] == []


def test_two_at_once(lab: Lab, second: Lab) -> None:
    """Both answer, and neither knows the other's load balancers."""
    for one in (lab, second):
        assert one.openstack().network.find_network("public") is not None
    listener = part("web", "HTTP", 80, {"protocol": "HTTP", "members": members(PLAIN)})
    with balancer(second, "lab-second", [listener]) as made:
        assert lab.openstack("admin").load_balancer.find_load_balancer("lab-second") is None
        second.nodes.open(PLAIN)
        made.answers(80)
        crash(second)
        second.up()
        made.answers(80)
    second.nodes.close(PLAIN)


def crash(lab: Lab) -> None:
    """Kill -9 supervisord and the haproxies, and leave the rest behind."""
    supervisor = Supervisor(lab.settings).pid()
    assert supervisor is not None
    os.kill(supervisor, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(supervisor)] if psutil.pid_exists(supervisor) else [], 5)
    left = [process for process in orphans.every() if process.home == lab.settings.home]
    for process in left:
        if process.name == orphans.AMPHORA_PROGRAM:
            os.kill(process.pid, signal.SIGKILL)
    assert len(left) > 10


GROUPS = (
    {"mariadb", "kube-apiserver", "nodes"},
    {"etcd", "keystone", "rabbitmq", "agent"},
    {"epmd", "neutron", "barbican", "octavia", "octavia-worker", "node-ports"},
)


def test_kill_of_anything(second: Lab) -> None:
    """Whatever is killed is up again after `up`, and nothing else was touched."""
    services = table.services(second.settings).values()
    assert set().union(*GROUPS) == {service.name for service in services if not service.optional}
    for victims in GROUPS:
        before = pids(second)
        for victim in victims:
            second.faults.kill(victim)
        second.up()
        after = pids(second)
        assert after.keys() == before.keys()
        assert {name for name in after if after[name] != before[name]} == victims
        cloud = second.openstack()
        second.until(lambda: works(cloud), what="OpenStack's answers")  # noqa: B023 - called here
        assert "node-1" in second.kubectl("get", "nodes")


def pids(lab: Lab) -> dict[str, int]:
    """The services that run."""
    return {row.service: row.pid for row in status.rows(lab.settings) if row.state == "up"}


def works(cloud: Connection) -> bool:
    """Whether networks, load balancers and secrets are listed."""
    try:
        list(cloud.load_balancer.load_balancers())
        list(cloud.key_manager.secrets())
        return bool(list(cloud.network.networks()))
    except exceptions.SDKException:
        return False


def test_a_restart_of_the_machine(second: Lab) -> None:
    """All processes and namespaces are gone, files of all kinds are left: `up` brings all back."""
    listener = part("web", "HTTP", 80, {"protocol": "HTTP", "members": members(PLAIN)})
    second.nodes.open(PLAIN)
    with balancer(second, "lab-restart", [listener]) as made:
        made.answers(80)
        vanish(second)
        second.up()
        made.answers(80)
    second.nodes.close(PLAIN)


def vanish(lab: Lab) -> None:
    """Kill -9 every process, and leave of each namespace an empty file, as a restart does."""
    left = [process for process in orphans.every() if process.home == lab.settings.home]
    for process in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(p.pid) for p in left if psutil.pid_exists(p.pid)], 10)
    for netns in namespaces.named(f"{lab.settings.prefix}-"):
        commands.run("umount", namespaces.PLACE / netns)
        assert not namespaces.exists(netns)
    assert (lab.settings.run / "mariadb.sock").exists()


def test_a_data_plane_that_was_not_finished(second: Lab) -> None:
    """Namespaces alone are no data plane: one that lacks its last step is made anew."""
    listing = ("nft", "list", "map", "ip", "lab", "floating")
    second.run_in("cloud", "nft", "delete", "table", "ip", "lab")
    with pytest.raises(commands.CommandError, match="No such file"):
        second.run_in("cloud", *listing)
    second.up()
    assert "ipv4_addr : ipv4_addr" in second.run_in("cloud", *listing)


def test_a_third_with_the_same_ports(second: Lab, tmp_path: Path) -> None:
    """It is refused, by the folder of the one that has them, and a way out."""
    third = Lab(dataclasses.replace(second.settings, home=tmp_path))
    with pytest.raises(LabError, match=f"{second.settings.home}, which is running"):
        third.up()
    with pytest.raises(LabError, match="was made with LAB_PORT"):
        Lab(dataclasses.replace(second.settings, port=31000)).up()


def test_down_of_another_folder(second: Lab, tmp_path: Path) -> None:
    """Stopping a laboratory that is not up leaves one with the same ports alone."""
    third = Lab(dataclasses.replace(second.settings, home=tmp_path))
    third.settings.save()
    third.down(wipe=True)
    assert Supervisor(second.settings).pid() is not None
    assert namespaces.exists(f"{second.settings.prefix}-cloud")


def test_a_checkout_that_was_thrown_away(second: Lab, tmp_path: Path) -> None:
    """Its processes and namespaces are nobody's: who wants the ports next ends them and comes up.

    The last test of `second`, for it is gone then.
    """
    home = second.settings.home
    shutil.rmtree(home)
    heir = Lab(dataclasses.replace(second.settings, home=tmp_path))
    try:
        heir.up()
        assert [process for process in orphans.every() if process.home == home] == []
        assert heir.openstack().network.find_network("public") is not None
        assert "node-1" in heir.nodes.show()["nodes"]
    finally:
        heir.down(wipe=True)
        home.mkdir()
