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

GO_AT_LEAST = (1, 21)  # from there on, Go fetches the toolchain that a go.mod asks for


def check(lab: Settings) -> None:
    """Raise LabError that names everything this machine lacks and that we may not install."""
    lacks = [*rights(), *programs(), *builders()]
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
    except (commands.CommandError, FileNotFoundError):
        return False
    return True


def programs() -> Iterator[str]:
    """Programs that are not there and that we may not install, with their Debian packages."""
    if not debian.can_install():
        for program in debian.missing():
            yield f"{program.name}, for {program.purpose} (Debian: {program.package})"


def builders() -> Iterator[str]:
    """Name what is needed to build what is not in the cache."""
    unbuilt = [kit.name for kit in kits() if not kit.is_built()]
    if unbuilt and (complaint := go_complaint()):
        yield f"Go 1.21 or later, to build {', '.join(unbuilt)} ({complaint}; https://go.dev/dl/)"
    if not openstack.is_built() and importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        yield f"Python's ensurepip, to install OpenStack (Debian: python{version}-venv)"


def kits() -> list[go.Kit]:
    """Give what every laboratory has built; OpenTofu only where there is no Terraform."""
    found = [go.PROVIDER_KIT, go.KUBERNETES]
    return found if shutil.which("terraform") else [*found, go.TOFU]


def go_complaint() -> str:
    """Say what is wrong with this machine's Go, or nothing."""
    if shutil.which("go") is None:
        return "there is none on PATH; Debian's golang-go is too old"
    version = commands.run("go", "env", "GOVERSION").strip()
    found = re.match(r"go(\d+)\.(\d+)", version)
    if found and (int(found[1]), int(found[2])) >= GO_AT_LEAST:
        return ""
    return f"this is {version}"
