"""A second laboratory beside the first: from nothing, through a crash, to nothing."""

import dataclasses
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from lab import Lab, LabError, orphans
from lab.machines import namespaces
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
    third.down(wipe=True)
    assert Supervisor(second.settings).pid() is not None
    assert namespaces.exists(f"{second.settings.prefix}-cloud")
