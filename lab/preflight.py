"""What the laboratory needs of a machine, said by name before anything is started."""

import importlib.util
import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator

from lab import commands, errors, settings
from lab.settings import Settings
from lab.software import debian, go, openstack


def check(lab: Settings) -> None:
    """Raise LabError that names everything this machine lacks and that we may not install."""
    lacks = [*rights(), *programs(), *python(), *builders()]
    if lacks:
        listed = "\n".join(f"  - {lack}" for lack in lacks)
        raise errors.LabError(f"this machine lacks, for the laboratory:\n{listed}")
    check_ports(lab)


def check_ports(lab: Settings) -> None:
    """Raise LabError if the folder's data were made for other ports."""
    made = settings.read_saved(lab.home).get("port", lab.port)
    if made != lab.port and (lab.state / "identity.done").exists():
        raise errors.LabError(
            f"the laboratory in {lab.home} was made with LAB_PORT={made}, and its catalog says "
            f"so; wipe it (python -m lab down --wipe), or give the other one a folder by LAB_HOME"
        )


def rights() -> Iterator[str]:
    """Name what we must be allowed, and on what."""
    if platform.system() != "Linux":
        yield f"Linux (this is {platform.system()}): network namespaces, nftables"
        return
    if os.geteuid() != 0:
        yield "root: the data plane makes network namespaces (take root, or a machine of your own)"
    elif shutil.which("ip") and not may_make_namespaces():
        yield "the right to make namespaces (`unshare --net --mount` is refused: no CAP_SYS_ADMIN?)"


def may_make_namespaces() -> bool:
    """Whether a namespace can be made and entered as `ip netns exec` does, and thrown away."""
    try:
        commands.run("unshare", "--net", "--mount", "--propagation", "slave", "true")
    except commands.CommandError:
        return False
    return True


def programs() -> Iterator[str]:
    """Programs that are not there and that we may not install, with their Debian packages."""
    if not debian.can_install():
        for program in debian.missing():
            yield f"{program.name}, for {program.purpose} (Debian: {program.package})"


def python() -> Iterator[str]:
    """Name the Python that OpenStack's lock was resolved for, if this is another."""
    wanted = ".".join(map(str, openstack.PYTHON))
    if sys.version_info[:2] != openstack.PYTHON:
        yield (
            f"Python {wanted}, for which OpenStack's versions are locked (this is "
            f"{platform.python_version()}; `rm -rf .venv && make install PYTHON=python{wanted}`)"
        )


def builders() -> Iterator[str]:
    """Name what is needed to build what is not in the cache."""
    for kit in kits():
        if not kit.is_built() and (complaint := go_complaint(kit)):
            yield f"Go {kit.go} or later, to build {kit.name} ({complaint}; https://go.dev/dl/)"
    if not openstack.is_built() and importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        yield f"Python's ensurepip, to install OpenStack (Debian: python{version}-venv)"


def kits() -> list[go.Kit]:
    """Give what this machine has to have built."""
    return [go.PROVIDER_KIT, go.KUBERNETES, *tools()]


def tools() -> list[go.Kit]:
    """Give the tools of which this machine has none: kubectl; OpenTofu, if there is no engine."""
    lacking = {
        go.KUBECTL: ("kubectl",),
        go.TOFU: ("terraform", "tofu"),
    }
    return [kit for kit, names in lacking.items() if not any(map(shutil.which, names))]


def go_complaint(kit: go.Kit) -> str:
    """Say why this machine's Go cannot build a kit, or nothing.

    Go 1.21 and later take another version of Go, if the kit's go.mod asks for it and GOTOOLCHAIN
    does not forbid it; which it is, Go says in the folder of that go.mod.
    """
    if shutil.which("go") is None:
        return "there is none on PATH"
    try:
        version = commands.run("go", "env", "GOVERSION", folder=kit.source).strip()
    except commands.CommandError as error:
        return str(error)
    return "" if numbers(version) >= numbers(kit.go) else f"this is {version}"


def numbers(version: str) -> tuple[int, ...]:
    """Give `go1.26.8`, or the same without `go`, in a form that can be compared."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])
