"""The OpenStack services, in their own virtual environment."""

from pathlib import Path

from lab import commands, ports, probe
from lab.ports import Port
from lab.services.record import Service, sources
from lab.settings import CHECKOUT, Settings
from lab.software import openstack

CONSUMER_SECONDS = 60


def environment(settings: Settings) -> dict[str, str]:
    """Give what every program of OpenStack's environment needs."""
    return {
        "PYTHONPATH": f"{CHECKOUT / 'lab' / 'ext'}:{CHECKOUT}",
        "PYTHONWARNINGS": "ignore",
        "HOME": str(settings.state / "home"),
        # setproctitle must leave the environment readable: by it orphans are told (lab.orphans).
        "SPT_NOENV": "1",
    }


def gunicorn_file(settings: Settings, name: str) -> Path:
    """Give the configuration of a service's web server."""
    return settings.etc / f"gunicorn-{name}.py"


def api(
    settings: Settings, port: Port, path: str = "/", *, after: tuple[str, ...], **more: str
) -> Service:
    """Give an API server under gunicorn; `more` are environment variables of its own."""
    name = port.name.lower()
    web = gunicorn_file(settings, name)
    return Service(
        name=name,
        version=openstack.version(name),
        address=settings.url(port),
        command=(str(openstack.program("gunicorn")), "-c", str(web)),
        environment={**environment(settings), **more},
        reads=(web, settings.etc / f"{name}.conf", *sources("ext/lab_wsgi.py")),
        ready=lambda: probe.http_get(ports.number(settings.port, port), path),
        after=after,
        # At TERM gunicorn waits for clients that keep their connections.
        stop_signal="QUIT",
    )


def keystone(settings: Settings) -> Service:
    """Keystone."""
    conf = str(settings.etc / "keystone.conf")
    return api(settings, Port.KEYSTONE, "/v3", after=("bootstrap",), OS_KEYSTONE_CONFIG_FILES=conf)


def neutron(settings: Settings) -> Service:
    """Neutron's server; there are no agents."""
    return api(
        settings,
        Port.NEUTRON,
        after=("mariadb",),
        OS_NEUTRON_CONFIG_DIR=str(settings.etc),
        OS_NEUTRON_CONFIG_FILES="neutron.conf",
    )


def barbican(settings: Settings) -> Service:
    """Barbican, for certificates of TERMINATED_HTTPS listeners."""
    paste = openstack.folder() / "etc" / "barbican" / "barbican-api-paste.ini"
    return api(
        settings,
        Port.BARBICAN,
        after=("mariadb",),
        HOME=str(settings.etc / "barbican-home"),
        BARBICAN_PASTE=str(paste),
    )


def octavia(settings: Settings) -> Service:
    """Octavia's API."""
    return api(settings, Port.OCTAVIA, after=("mariadb", "certificates"))


def octavia_worker(settings: Settings) -> Service:
    """Octavia's worker, with the laboratory's drivers."""
    confs = (settings.etc / "octavia.conf", settings.etc / "octavia-worker.conf")
    files = [word for conf in confs for word in ("--config-file", str(conf))]
    python = str(openstack.program("python"))
    return Service(
        name="octavia-worker",
        version=openstack.version("octavia"),
        address="queue octavia_provisioning_v2",
        command=(python, "-m", "lab_worker", *files),
        environment=environment(settings),
        reads=(*confs, *sources("ext/lab_octavia.py", "ext/lab_worker.py", "machines/*.py")),
        ready=lambda: consumes(settings),
        ask_again=False,  # it takes half a second, and was asked when it was started
        ask_after=("rabbitmq",),  # the worker connects anew when it notices, not at once
        after=("mariadb", "data plane", "certificates"),
    )


def consumes(settings: Settings) -> bool:
    """Wait until the worker listens to its queue; what comes before, RabbitMQ drops for ever."""
    if not probe.tcp(ports.number(settings.port, Port.RABBITMQ)):
        return False
    url = f"amqp://guest:guest@{ports.address(settings.port, Port.RABBITMQ)}//"
    command = (openstack.program("python"), "-m", "lab_wait", url, "octavia_provisioning_v2")
    commands.run(*command, str(CONSUMER_SECONDS), environment=environment(settings))
    return True
