"""Programs of the machine, and the Debian packages that have them."""

import contextlib
import dataclasses
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from lab import commands

# Where Debian puts servers; not every user's PATH has it.
PLACES = "/usr/sbin:/sbin:/usr/local/sbin"
# Somebody else's apt may be at work: wait for it, 300 seconds at most.
APT = ("apt-get", "-o", "DPkg::Lock::Timeout=300")
POLICY = Path("/usr/sbin/policy-rc.d")


@dataclasses.dataclass(frozen=True, slots=True)
class Program:
    """A program by name or absolute path, its package, and what it is for."""

    name: str
    package: str
    purpose: str

    def path(self) -> Path | None:
        """Where it is, if it is there."""
        found = shutil.which(self.name, path=f"{os.environ.get('PATH', '')}:{PLACES}")
        return Path(found) if found else None


PROGRAMS = (
    Program("/usr/sbin/mariadbd", "mariadb-server-core", "OpenStack's database"),
    Program("mariadb-install-db", "mariadb-server-core", "OpenStack's database"),
    Program("my_print_defaults", "mariadb-client-core", "OpenStack's database"),
    Program("/usr/lib/rabbitmq/bin/rabbitmq-server", "rabbitmq-server", "OpenStack's messages"),
    Program("epmd", "erlang-base", "OpenStack's messages"),
    Program("haproxy", "haproxy", "the load balancers"),
    Program("nft", "nftables", "floating IPs and security groups"),
    Program("ip", "iproute2", "network namespaces"),
    Program("sysctl", "procps", "network namespaces"),
    Program("ping", "iputils-ping", "PING health monitors"),
    Program("curl", "curl", "the clients"),
    Program("openssl", "openssl", "certificates"),
)


def missing() -> list[Program]:
    """Give the programs that this machine has not."""
    return [program for program in PROGRAMS if program.path() is None]


def packages(programs: Sequence[Program]) -> list[str]:
    """Give the packages that have these programs, each once."""
    return sorted({program.package for program in programs})


def can_install() -> bool:
    """Whether this is a Debian (or kin) that we may install packages on."""
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def install(names: Sequence[str], log: Path) -> str:
    """Install packages without a question asked and without a service started."""
    quiet = {"DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_SUSPEND": "1"}
    with no_services():
        commands.run_logged([*APT, "update", "-q"], log, environment=quiet)
        commands.run_logged(
            [*APT, "install", "-qy", "--no-install-recommends", *names],
            log,
            environment=quiet,
        )
    return f"installed Debian's {', '.join(names)}"


@contextlib.contextmanager
def no_services() -> Iterator[None]:
    """Have package scripts start no service meanwhile.

    Debian's way to say so is a program of this name that ends with 101; see
    https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt
    """
    previous = POLICY.read_bytes() if POLICY.exists() else None
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        if previous is None:
            POLICY.unlink()
        else:
            POLICY.write_bytes(previous)
