"""OpenStack's empty databases, made once: MariaDB's files after all migrations.

Migrations are most of what a fresh laboratory would wait for, and always the same; so every
laboratory begins with a copy of these files.
"""

import contextlib
import functools
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from lab import commands, config, database, errors, probe, say
from lab.graph import Task
from lab.graph import run as run_tasks
from lab.machines.site import HOME_VARIABLE, PORT_VARIABLE
from lab.services import basis, cloud
from lab.settings import Settings
from lab.software import cache, openstack

START_SECONDS = 60


def folder() -> Path:
    """Give the kit's folder: another lock or another series of MariaDB has another."""
    series = mariadb_series(commands.run("/usr/sbin/mariadbd", "--version"))
    identity = cache.key(openstack.REQUIREMENTS.read_bytes(), series)
    return cache.root() / f"schemas-{identity}"


def mariadb_series(text: str) -> str:
    """Give major and minor version: within these, MariaDB reads the files of any release."""
    found = re.search(r"Ver (\d+\.\d+)\.", text)
    return found[1] if found else text


def build(asker: Settings) -> str:
    """Make the databases if they were never made; what to say of it."""
    log = asker.log / "build-schemas.log"

    def fill(place: Path) -> None:
        with tempfile.TemporaryDirectory(prefix="tfgen-lab-") as home:
            settings = Settings(home=Path(home))
            config.write_all(settings)
            install(settings, log)
            with mariadb(settings, log, asker.home):
                migrations = [
                    Task(name, functools.partial(migrate, settings, name, log))
                    for name in database.NAMES
                ]
                run_tasks(migrations, say.Reporter())
            shutil.move(settings.state / "mysql", place / "mysql")

    return "made OpenStack's empty databases" if cache.ensure(folder(), fill) else ""


def install(settings: Settings, log: Path) -> None:
    """Make MariaDB's own files."""
    data = settings.state / "mysql"
    for place in (settings.run, settings.log, data):
        place.mkdir(parents=True)
    commands.run_logged(
        [
            "mariadb-install-db",
            "--no-defaults",
            "--force",  # also where the machine's own name leads to no address
            "--user=root",
            f"--datadir={data}",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            "--innodb-log-file-size=16M",
        ],
        log,
    )


@contextlib.contextmanager
def mariadb(settings: Settings, log: Path, asker: Path) -> Iterator[None]:
    """Have a MariaDB of our own meanwhile. Raises LabError if it does not come up.

    If we are killed, the next `up` in `asker`, the folder that this is for, ends it; no other
    laboratory does, whatever its ports (see lab.orphans).
    """
    service = basis.mariadb(settings)
    environment = {**os.environ, HOME_VARIABLE: str(asker), PORT_VARIABLE: "0"}
    with log.open("ab") as out:
        process = subprocess.Popen(service.command, stdout=out, stderr=out, env=environment)
    try:
        end = time.monotonic() + START_SECONDS
        while not probe.unix(settings.run / "mariadb.sock"):
            if process.poll() is not None or time.monotonic() > end:
                raise errors.LabError(f"MariaDB does not come up; see {log}")
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()


def migrate(settings: Settings, name: str, log: Path) -> str:
    """Make one database and its tables."""
    with database.cursor(settings) as sql:
        sql.execute(f"create database {name} character set utf8mb3")
    command, *arguments = migration(settings, name)
    environment = cloud.environment(settings)
    if name == "barbican":
        environment["HOME"] = f"{settings.etc}/barbican-home"
    program = openstack.program(command)
    commands.run_logged(
        [program, *arguments], log.with_suffix(f".{name}.log"), environment=environment
    )
    return ""


def migration(settings: Settings, name: str) -> list[str]:
    """Give the command that makes a service's tables."""
    conf = f"--config-file={settings.etc}/{name}.conf"
    return {
        "keystone": ["keystone-manage", conf, "db_sync"],
        "neutron": ["neutron-db-manage", conf, "upgrade", "heads"],
        "octavia": ["octavia-db-manage", conf, "upgrade", "head"],
        "barbican": ["barbican-manage", "db", "upgrade"],
    }[name]
