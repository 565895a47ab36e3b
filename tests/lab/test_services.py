import re

from lab import graph, ports, start
from lab.services import table
from lab.settings import Settings


def test_names_are_unique(settings: Settings) -> None:
    """A second service of the same name would hide the first."""
    assert len(table.services(settings)) == len(table.FACTORIES)


def test_every_dependency_exists(settings: Settings) -> None:
    """A misspelled name in `after` would be taken for something that is done."""
    tasks = {task.name: task for task in start.tasks(settings, ["occm"])}
    missing = {name for task in tasks.values() for name in task.after} - tasks.keys()
    assert missing == set()


def test_nothing_waits_for_itself(settings: Settings) -> None:
    """Every task can be done some time."""
    waiting = {task.name: task for task in start.tasks(settings, ["occm"])}
    while waiting:
        ready = graph.startable(waiting, {})
        assert ready, f"these wait for one another: {sorted(waiting)}"
        for task in ready:
            del waiting[task.name]


def test_ports_are_of_the_block(settings: Settings) -> None:
    """Every port in a command or address is one of the table's."""
    known = {str(ports.number(settings.port, port)) for port in ports.Port}
    for service in table.services(settings).values():
        text = " ".join([service.address, *service.command, *service.environment.values()])
        assert set(re.findall(r"\b17\d{3}\b", text)) <= known, service.name


def test_the_worker_is_asked_when_the_broker_was_started(settings: Settings) -> None:
    """Its queue went with RabbitMQ, and it connects anew in its own time; else it is not asked."""
    worker = table.services(settings)["octavia-worker"]
    others = table.services(settings).keys() - {"rabbitmq"}
    assert start.must_ask(worker, others)
    assert not start.must_ask(worker, {*others, "rabbitmq"})
    assert start.must_ask(table.services(settings)["keystone"], others)


def test_only_the_rival_is_optional(settings: Settings) -> None:
    """`up` starts everything but OCCM."""
    found = table.services(settings).values()
    assert [service.name for service in found if service.optional] == ["occm"]
