"""The laboratory stays up, and comes up again."""

import pytest

from lab import Lab, LabError, ports, probe, status

pytestmark = [pytest.mark.lab, pytest.mark.disruptive]


def pids(lab: Lab) -> dict[str, int]:
    """The services that run."""
    return {row.service: row.pid for row in status.rows(lab.settings) if row.state == "up"}


def test_everything_is_up(lab: Lab) -> None:
    """Every service has a version, an address and a log."""
    for row in status.rows(lab.settings):
        assert row.state in {"up", "off"}, row
        assert row.version != "?", row


def test_a_second_up_changes_nothing(lab: Lab) -> None:
    """On a running laboratory `up` starts nothing."""
    lab.up()
    before = pids(lab)
    lab.up()
    assert pids(lab) == before


@pytest.mark.parametrize("victims", [("octavia-worker",), ("nodes", "agent"), ("epmd", "rabbitmq")])
def test_up_after_kill(lab: Lab, victims: tuple[str, ...]) -> None:
    """After kill -9 a service stays down until `up`, which starts it and nothing else."""
    before = pids(lab)
    for victim in victims:
        lab.faults.kill(victim)
    assert before.keys() - pids(lab).keys() == set(victims)
    lab.up()
    after = pids(lab)
    assert after.keys() == before.keys()
    assert {name for name in after if after[name] != before[name]} == set(victims)


def test_stop_and_start(lab: Lab) -> None:
    """A service that is stopped answers no more, and does again."""
    port = ports.number(lab.settings.port, ports.Port.BARBICAN)
    assert probe.tcp(port)
    lab.faults.stop("barbican")
    assert "barbican" not in pids(lab)
    assert not probe.tcp(port)
    lab.faults.start("barbican")
    assert probe.tcp(port)
    list(lab.openstack().key_manager.secrets())  # raises, unless Barbican answers


def test_calls_are_counted(lab: Lab) -> None:
    """Each call of a client is counted once, by service and method."""
    cloud = lab.openstack()
    cloud.authorize()
    list(cloud.load_balancer.load_balancers())
    with lab.count_calls() as made:
        list(cloud.load_balancer.load_balancers())
        list(cloud.load_balancer.load_balancers())
    assert made.by_method("octavia") == {"GET": 2}


def test_clouds(lab: Lab) -> None:
    """Each cloud of clouds.yaml opens its own project, and only that."""
    projects = {}
    for cloud in ("admin", "demo", "demo-app", "other"):
        session = lab.openstack(cloud).session
        projects[cloud] = session.get_project_id()
    assert projects["demo"] == projects["demo-app"]
    assert len(set(projects.values())) == 3


def test_a_service_that_is_none(lab: Lab) -> None:
    """A misspelled service is an error that lists the others."""
    with pytest.raises(LabError, match="no service octavia-api; there are: mariadb"):
        lab.faults.kill("octavia-api")
