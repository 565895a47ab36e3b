"""The laboratory's configuration files, rendered from `lab/templates`."""

import dataclasses
import functools
import os
from pathlib import Path
from typing import Any

import jinja2

from lab import ports, topology
from lab.settings import CHECKOUT, Settings
from lab.software import go, openstack

TEMPLATES = CHECKOUT / "lab" / "templates"
# What is rendered whenever the laboratory starts, under its own name without ".j2".
PLAIN = (
    "keystone.conf",
    "neutron.conf",
    "octavia.conf",
    "octavia-worker.conf",
    "barbican.conf",
    "rabbitmq.conf",
    "rabbitmq-plugins",
    "kubeconfig",
    "terraformrc",
)


@dataclasses.dataclass(frozen=True, slots=True)
class Web:
    """How gunicorn runs an OpenStack service. `argv` is what oslo.config inside it reads."""

    app: str
    port: ports.Port
    threads: int
    workers: int = 1
    argv: tuple[str, ...] = ()


def webs(settings: Settings) -> dict[str, Web]:
    """Give the web servers, by service."""
    octavia = ("--config-file", f"{settings.etc}/octavia.conf")
    octavia_log = ("--log-file", f"{settings.log}/octavia.log")
    neutron = ("--config-file", f"{settings.etc}/neutron.conf")
    port = ports.Port
    return {
        "keystone": Web("keystone.wsgi.api:application", port.KEYSTONE, 8),
        "neutron": Web("neutron.wsgi.api:application", port.NEUTRON, 4, 2, neutron),
        "octavia": Web("octavia.wsgi.api:application", port.OCTAVIA, 8, 1, octavia + octavia_log),
        "barbican": Web("lab_wsgi:barbican()", port.BARBICAN, 4),
    }


@functools.cache
def engine() -> jinja2.Environment:
    """Give the template engine: what is not defined is an error."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - configuration files, not HTML
    )


def database_url(settings: Settings, name: str) -> str:
    """Give the URL of a database, in SQLAlchemy's form."""
    socket = settings.run / "mariadb.sock"
    return f"mysql+pymysql://root@localhost/{name}?unix_socket={socket}&charset=utf8mb3"


def values(settings: Settings) -> dict[str, Any]:
    """Give what every template may name."""
    return {
        "home": settings.home,
        "etc": settings.etc,
        "run": settings.run,
        "log": settings.log,
        "state": settings.state,
        "flows": settings.flows,
        "prefix": settings.prefix,
        "host": ports.HOST,
        "region": topology.REGION,
        "venv": openstack.folder(),
        "mirror": str(go.mirror()),
        "kubernetes": settings.url(ports.Port.KUBERNETES, scheme="https"),
        "url": {port.name: settings.url(port) for port in ports.Port},
        "address": {port.name: ports.address(settings.port, port) for port in ports.Port},
        "port": {port.name: ports.number(settings.port, port) for port in ports.Port},
        "database": lambda name: database_url(settings, name),
    }


def render(settings: Settings, template: str, **more: object) -> str:
    """Give the text of one template (its name without ".j2"); `more` are values of its own."""
    return engine().get_template(f"{template}.j2").render(**values(settings), **more)


def write(path: Path, text: str) -> bool:
    """Write a file, atomically and only if it changes; whether it did."""
    if path.exists() and path.read_text() == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_text(text)
    os.replace(new, path)  # noqa: PTH105 - says that it replaces
    return True


def write_all(settings: Settings) -> None:
    """Render everything that needs no more than the settings."""
    for name in PLAIN:
        write(settings.etc / name, render(settings, name))
    for name, web in webs(settings).items():
        bind = ports.address(settings.port, web.port)
        text = render(settings, "gunicorn.py", service=name, bind=bind, web=web)
        write(settings.etc / f"gunicorn-{name}.py", text)
    # Barbican has no other way to be told its file's name than a home.
    link = settings.etc / "barbican-home" / ".barbican" / "barbican.conf"
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.is_symlink():
        link.symlink_to(settings.etc / "barbican.conf")
