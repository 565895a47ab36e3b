"""Database and message broker, from Debian."""

from lab import ports, probe
from lab.ports import Port
from lab.services.record import Service, debian
from lab.settings import Settings


def mariadb(settings: Settings) -> Service:
    """MariaDB: no port, one socket; safe against kill -9, fast rather than against power cuts."""
    socket = settings.run / "mariadb.sock"
    return Service(
        name="mariadb",
        version=debian("mariadb-server-core"),
        address=str(socket),
        command=(
            "/usr/sbin/mariadbd",
            "--no-defaults",
            "--user=root",
            f"--datadir={settings.state}/mysql",
            f"--socket={socket}",
            f"--pid-file={settings.run}/mariadb.pid",
            "--skip-networking",
            "--innodb-flush-log-at-trx-commit=2",
            "--innodb-doublewrite=0",
            "--innodb-log-file-size=16M",
            "--innodb-buffer-pool-size=128M",
            "--max-connections=500",
            "--character-set-server=utf8mb3",
            "--collation-server=utf8mb3_general_ci",
            "--performance-schema=off",
        ),
        ready=lambda: probe.unix(socket),
        after=("database files",),
    )


def erlang(settings: Settings) -> dict[str, str]:
    """How Erlang's port mapper and those who ask it find each other."""
    return {
        "ERL_EPMD_PORT": str(ports.number(settings.port, Port.EPMD)),
        "ERL_EPMD_ADDRESS": ports.HOST,
    }


def epmd(settings: Settings) -> Service:
    """Erlang's port mapper, one a laboratory."""
    port = ports.number(settings.port, Port.EPMD)
    return Service(
        name="epmd",
        version=debian("erlang-base"),
        address=ports.address(settings.port, Port.EPMD),
        command=("epmd", "-port", str(port), "-address", ports.HOST, "-relaxed_command_check"),
        environment=erlang(settings),
        ready=lambda: probe.tcp(port),
    )


def rabbitmq(settings: Settings) -> Service:
    """RabbitMQ, on one core and without plugins."""
    home = settings.state / "rabbitmq"
    loopback = "-kernel inet_dist_use_interface {127,0,0,1} +S 1:1 +sbwt none"
    return Service(
        name="rabbitmq",
        version=debian("rabbitmq-server"),
        address=ports.address(settings.port, Port.RABBITMQ),
        command=("/usr/lib/rabbitmq/bin/rabbitmq-server",),
        environment={
            **erlang(settings),
            "HOME": str(home),
            "RABBITMQ_NODENAME": f"{settings.prefix}@localhost",
            "RABBITMQ_DIST_PORT": str(ports.number(settings.port, Port.RABBITMQ_DISTRIBUTION)),
            "RABBITMQ_CONFIG_FILE": str(settings.etc / "rabbitmq"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(settings.etc / "rabbitmq-plugins"),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_MNESIA_BASE": str(home / "mnesia"),
            "RABBITMQ_LOG_BASE": str(settings.log),
            "RABBITMQ_PID_FILE": str(home / "pid"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": loopback,
        },
        reads=(settings.etc / "rabbitmq.conf",),
        ready=lambda: probe.tcp(ports.number(settings.port, Port.RABBITMQ)),
        after=("epmd", "rabbitmq files"),
    )
