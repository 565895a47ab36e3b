"""OpenStack's databases in one laboratory."""

import base64
import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pymysql
import pymysql.cursors

from lab import commands, errors, probe, topology
from lab.ports import Port
from lab.services import cloud
from lab.settings import Settings
from lab.software import openstack

NAMES = ("keystone", "neutron", "octavia", "barbican")


@contextlib.contextmanager
def cursor(settings: Settings, name: str = "") -> Iterator[pymysql.cursors.DictCursor]:
    """Give a cursor whose statements take effect at once; rows are dicts.

    Raises DownError if MariaDB does not answer.
    """
    door = settings.run / "mariadb.sock"
    if not probe.unix(door):
        raise errors.DownError("MariaDB")
    connection = pymysql.connect(
        unix_socket=str(door),
        user="root",
        database=name or None,
        autocommit=True,
        cursorclass=pymysql.cursors.DictCursor,
    )
    with contextlib.closing(connection), connection.cursor() as found:
        yield found


def lay(settings: Settings, template: Path) -> str:
    """Begin with a copy of the empty databases (lab.software.schemas), the first time.

    Raises LabError if the laboratory began with those of another lock, or of another series of
    MariaDB: a release of Debian's that mends MariaDB changes nothing.
    """
    data, done = settings.state / "mysql", settings.state / "mysql.done"
    if not done.exists():
        shutil.rmtree(data, ignore_errors=True)
        commands.run("cp", "-a", template / "mysql", data)
        done.write_text(template.name)
    if done.read_text() != template.name:
        raise errors.LabError(
            f"the data in {settings.home} were made by other versions of OpenStack or MariaDB; "
            "wipe them: python -m lab down --wipe"
        )
    return ""


def bootstrap(settings: Settings) -> str:
    """Make Keystone's keys and first user, the first time."""
    done = settings.state / "bootstrap.done"
    if done.exists():
        return ""
    for repository in ("fernet-keys", "credential-keys"):
        make_keys(settings.state / repository)
    url = f"{settings.url(Port.KEYSTONE)}/v3"
    conf = f"--config-file={settings.etc}/keystone.conf"
    arguments = ["--bootstrap-password=admin-secret", f"--bootstrap-region-id={topology.REGION}"]
    urls = [f"--bootstrap-{interface}-url={url}" for interface in ("admin", "internal", "public")]
    commands.run_logged(
        [openstack.program("keystone-manage"), conf, "bootstrap", *arguments, *urls],
        settings.log / "bootstrap.log",
        environment=cloud.environment(settings),
    )
    done.touch()
    return "keystone is bootstrapped"


def make_keys(repository: Path) -> None:
    """Make a repository as `keystone-manage fernet_setup` does: key 1 encrypts, key 0 is next.

    https://docs.openstack.org/keystone/latest/admin/fernet-token-faq.html
    """
    repository.mkdir(parents=True, exist_ok=True)
    repository.chmod(0o700)
    for name in ("0", "1"):
        key = repository / name
        if not key.exists():
            key.write_bytes(base64.urlsafe_b64encode(os.urandom(32)))
            key.chmod(0o600)
