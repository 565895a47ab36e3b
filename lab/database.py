"""OpenStack's databases: made, migrated, and asked."""

import contextlib
import shutil
from collections.abc import Iterator

import pymysql
import pymysql.cursors

from lab import commands, topology
from lab.ports import Port
from lab.services import cloud
from lab.settings import Settings
from lab.software import cache, openstack

NAMES = ("keystone", "neutron", "octavia", "barbican")


@contextlib.contextmanager
def cursor(settings: Settings, name: str = "") -> Iterator[pymysql.cursors.DictCursor]:
    """Give a cursor whose statements take effect at once; rows are dicts."""
    connection = pymysql.connect(
        unix_socket=str(settings.run / "mariadb.sock"),
        user="root",
        database=name or None,
        autocommit=True,
        cursorclass=pymysql.cursors.DictCursor,
    )
    with contextlib.closing(connection), connection.cursor() as found:
        yield found


def install(settings: Settings) -> str:
    """Make MariaDB's own files, if there are none; those of a broken attempt are replaced."""
    data = settings.state / "mysql"
    done = settings.state / "mysql.done"
    if not done.exists():
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir(parents=True)
        commands.run_logged(
            [
                "mariadb-install-db",
                "--no-defaults",
                "--user=root",
                f"--datadir={data}",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                "--innodb-log-file-size=16M",
            ],
            settings.log / "mariadb-install.log",
        )
        done.touch()
    return ""


def schema_version() -> str:
    """Give what the schemas depend on: the lock of OpenStack's environment."""
    return cache.key(openstack.REQUIREMENTS.read_bytes())


def migrate(settings: Settings, name: str) -> str:
    """Bring one database to the schema of its service; what to say of it.

    A migration that was cut short cannot go on (MariaDB has no transactions for tables), so until
    the first one is done the database is made anew.
    """
    done = settings.state / f"schema-{name}.done"
    if done.exists() and done.read_text() == schema_version():
        return ""
    if not done.exists():
        with cursor(settings) as sql:
            sql.execute(f"create or replace database {name} character set utf8mb3")
    for command, variables in migrations(settings)[name]:
        program = openstack.program(command[0])
        environment = {**cloud.environment(settings), **variables}
        log = settings.log / f"schema-{name}.log"
        commands.run_logged([program, *command[1:]], log, environment=environment)
    done.write_text(schema_version())
    return f"schema of {name} is there"


def migrations(settings: Settings) -> dict[str, list[tuple[list[str], dict[str, str]]]]:
    """Give the commands that make each schema, with the variables they need."""
    etc = settings.etc
    keystone = ["keystone-manage", "--config-file", f"{etc}/keystone.conf"]
    root = ["--keystone-user", "root", "--keystone-group", "root"]
    url = f"{settings.url(Port.KEYSTONE)}/v3"
    bootstrap = ["bootstrap", "--bootstrap-password", "admin-secret"]
    bootstrap += ["--bootstrap-region-id", topology.REGION]
    for interface in ("admin", "internal", "public"):
        bootstrap += [f"--bootstrap-{interface}-url", url]
    neutron = ["neutron-db-manage", "--config-file", f"{etc}/neutron.conf", "upgrade", "heads"]
    octavia = ["octavia-db-manage", "--config-file", f"{etc}/octavia.conf", "upgrade", "head"]
    return {
        "keystone": [
            ([*keystone, "db_sync"], {}),
            ([*keystone, "fernet_setup", *root], {}),
            ([*keystone, "credential_setup", *root], {}),
            ([*keystone, *bootstrap], {}),
        ],
        "neutron": [(neutron, {})],
        "octavia": [(octavia, {})],
        "barbican": [(["barbican-manage", "db", "upgrade"], {"HOME": f"{etc}/barbican-home"})],
    }
