"""Programs built from the Go modules in `tools/`, each pinned by its go.mod and go.sum."""

import dataclasses
import os
import platform
import re
from collections.abc import Callable
from pathlib import Path

from lab import commands, errors
from lab.settings import CHECKOUT
from lab.software import cache

PROVIDER = "github.com/terraform-provider-openstack/terraform-provider-openstack/v3"
OPENTOFU = "github.com/opentofu/opentofu"
OCCM_PROGRAM = "openstack-cloud-controller-manager"
REGISTRIES = ("registry.terraform.io", "registry.opentofu.org")
KUBERNETES_VERSION = "k8s.io/component-base/version"
BUILD = ("go", "build", "-trimpath", "-buildvcs=false")


@dataclasses.dataclass(frozen=True, slots=True)
class Kit:
    """What is built of a folder of `tools/`, and the module whose version it is known by."""

    name: str
    module: str
    # Go's package of each program, and what we call it.
    programs: tuple[tuple[str, str], ...]
    # The folder of go.mod and go.sum, where it has not the kit's name.
    folder_name: str = ""
    # The package that holds gitVersion, gitMajor and gitMinor, or nothing.
    version_package: str = ""
    # What is left to do in the folder when the programs are there.
    finish: Callable[[Path], None] | None = None

    @property
    def version(self) -> str:
        """The module's version, without its "v"."""
        return module_version((self.source / "go.mod").read_text(), self.module)

    @property
    def go(self) -> str:
        """The version of Go that it asks for."""
        found = re.search(r"^go (\S+)$", (self.source / "go.mod").read_text(), re.MULTILINE)
        return found[1] if found else "1.21"

    @property
    def source(self) -> Path:
        """The folder of go.mod and go.sum."""
        return CHECKOUT / "tools" / (self.folder_name or self.name)

    @property
    def folder(self) -> Path:
        """Where the built programs lie."""
        files = [(self.source / name).read_bytes() for name in ("go.mod", "go.sum")]
        identity = cache.key(*files, self.ldflags, platform.machine(), repr(self.programs))
        return cache.root() / f"{self.name}-{identity}"

    @property
    def ldflags(self) -> str:
        """The linker's flags: no symbols, and the version, where the program asks for it."""
        if not self.version_package:
            return "-s -w"
        major, minor, _ = self.version.split(".", 2)
        values = {"gitVersion": f"v{self.version}", "gitMajor": major, "gitMinor": minor}
        flags = [f"-X {self.version_package}.{key}={value}" for key, value in values.items()]
        return " ".join(["-s -w", *flags])

    def program(self, name: str) -> Path:
        """Give the path of a built program."""
        return self.folder / name

    def is_built(self) -> bool:
        """Whether nothing is left to do."""
        return cache.is_complete(self.folder)

    def build(self, log: Path) -> str:
        """Build what is missing; what to say of it."""

        def fill(folder: Path) -> None:
            for package, name in self.programs:
                commands.run_logged(
                    [*BUILD, "-ldflags", self.ldflags, "-o", folder / name, package],
                    log,
                    environment={"GOFLAGS": "-mod=readonly", "CGO_ENABLED": "0"},
                    folder=self.source,
                )
            if self.finish:
                self.finish(folder)

        return f"built {self.name} {self.version}" if cache.ensure(self.folder, fill) else ""


def module_version(go_mod: str, module: str) -> str:
    """Give the version that a go.mod requires of a module, without its "v"; LabError if none."""
    found = re.search(rf"^(?:require )?\s*{re.escape(module)} v(\S+)", go_mod, re.MULTILINE)
    if found is None:
        raise errors.LabError(f"no {module} in go.mod")
    return found[1]


def go_platform() -> str:
    """Give this machine in Go's words, as `linux_amd64`."""
    machine = platform.machine()
    return "linux_" + {"x86_64": "amd64", "aarch64": "arm64"}.get(machine, machine)


def mirror() -> Path:
    """Give the provider, as a file system mirror of both engines' registries."""
    return PROVIDER_KIT.folder / "mirror"


def lay_mirror(folder: Path) -> None:
    """Lay out a built provider as Terraform and OpenTofu look for it: a tree a registry."""
    program = folder / "provider"
    version = PROVIDER_KIT.version
    for registry in REGISTRIES:
        place = folder / "mirror" / registry / "terraform-provider-openstack/openstack" / version
        (place / go_platform()).mkdir(parents=True)
        os.link(program, place / go_platform() / f"terraform-provider-openstack_v{version}")
    program.unlink()


KUBERNETES = Kit(
    "kubernetes",
    "k8s.io/kubernetes",
    (
        ("go.etcd.io/etcd/server/v3", "etcd"),
        ("k8s.io/kubernetes/cmd/kube-apiserver", "kube-apiserver"),
    ),
    version_package=KUBERNETES_VERSION,
)
KUBECTL = Kit(
    "kubectl",
    "k8s.io/kubernetes",
    (("k8s.io/kubernetes/cmd/kubectl", "kubectl"),),
    folder_name="kubernetes",
    version_package=KUBERNETES_VERSION,
)
OCCM = Kit(
    "occm",
    "k8s.io/cloud-provider-openstack",
    ((f"k8s.io/cloud-provider-openstack/cmd/{OCCM_PROGRAM}", OCCM_PROGRAM),),
    version_package=KUBERNETES_VERSION,
)
TOFU = Kit("tofu", OPENTOFU, ((f"{OPENTOFU}/cmd/tofu", "tofu"),))
PROVIDER_KIT = Kit("provider", PROVIDER, ((PROVIDER, "provider"),), finish=lay_mirror)
KITS = {kit.name: kit for kit in (KUBERNETES, KUBECTL, PROVIDER_KIT, OCCM, TOFU)}
