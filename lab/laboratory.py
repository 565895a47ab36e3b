"""The laboratory as tests and benchmarks see it."""

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self, TypeVar

from openstack import exceptions
from openstack.config import loader
from openstack.connection import Connection
from openstack.load_balancer.v2.load_balancer import LoadBalancer

from lab import calls, choices, commands, errors, faults, preflight, say, start, stop
from lab.cluster import fleet
from lab.machines.site import Site
from lab.settings import Settings
from lab.software import go
from lab.traffic import client

T = TypeVar("T")


class Lab:
    """One laboratory. Nothing is started by making this; `up` does that."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.nodes = fleet.Fleet(settings)
        self.faults = faults.Faults(settings)

    @classmethod
    def here(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Give the laboratory of this checkout, or the one that LAB_HOME and LAB_PORT name."""
        return cls(Settings.read(environment))

    # Where things are.

    @property
    def kubeconfig(self) -> Path:
        """The cluster's administrator."""
        return self.settings.etc / "kubeconfig"

    @property
    def clouds_yaml(self) -> Path:
        """The clouds admin, demo, other (passwords) and demo-app (an application credential)."""
        return self.settings.etc / "clouds.yaml"

    @property
    def terraformrc(self) -> Path:
        """The engines' configuration: the provider comes from a mirror on this machine."""
        return self.settings.etc / "terraformrc"

    @property
    def terraform(self) -> Path | None:
        """Terraform, if this machine has it."""
        found = shutil.which("terraform")
        return Path(found) if found else None

    @property
    def tofu(self) -> Path | None:
        """OpenTofu, this machine's or the one that was built for the laboratory."""
        if found := shutil.which("tofu"):
            return Path(found)
        return go.TOFU.program("tofu") if go.TOFU.is_built() else None

    @property
    def tools(self) -> list[Path]:
        """Folders of programs that this machine has not, and that were built for the laboratory."""
        return [kit.folder for kit in preflight.tools() if kit.is_built()]

    def environment(self) -> dict[str, str]:
        """Give the variables by which tfgen, the engines and kubectl find the laboratory.

        PATH is among them only where the machine has no kubectl or no engine of its own. Others,
        LAB_FLAVOR and the like, are ids and names for who tries something by hand.
        """
        path = os.pathsep.join([os.environ.get("PATH", os.defpath), *map(str, self.tools)])
        return {
            **({"PATH": path} if self.tools else {}),
            "KUBECONFIG": str(self.kubeconfig),
            "OS_CLIENT_CONFIG_FILE": str(self.clouds_yaml),
            "OS_CLOUD": "demo",
            "TF_CLI_CONFIG_FILE": str(self.terraformrc),
            **(self.choices.variables() if choices.file(self.settings).exists() else {}),
        }

    @property
    def choices(self) -> choices.Choices:
        """What the cloud offers besides: flavors, zones, further subnets; LabError before `up`."""
        return choices.Choices.read(self.settings)

    # Up and down.

    def up(self) -> None:
        """Bring it up, or what is missing of it."""
        start.up(self.settings, say.Reporter())

    def down(self, *, wipe: bool = False) -> None:
        """Stop it; with `wipe`, forget everything."""
        stop.down(self.settings, say.Reporter(), wipe=wipe)

    # What a test does with it.

    def openstack(self, cloud: str = "demo") -> Connection:
        """Give a connection of openstacksdk, as one of the clouds of clouds.yaml."""
        config = loader.OpenStackConfig(config_files=[str(self.clouds_yaml)], load_envvars=False)
        return Connection(config=config.get_one(cloud))

    def count_calls(self) -> contextlib.AbstractContextManager[calls.Calls]:
        """Count API calls: `with lab.count_calls() as made: ...`, then `made["octavia"]`."""
        return calls.count(self.settings)

    def get(
        self, url: str, source: str | None = None, timeout: float = 2, options: tuple[str, ...] = ()
    ) -> client.Answer:
        """Get a URL as a client on the internet; raises NoAnswer. `options` are curl's."""
        return client.get(self._site, url, *options, source=source, timeout=timeout)

    def curl(self, *arguments: str, source: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run curl as a client on the internet."""
        words = client.command(self._site, *arguments, source=source)
        return subprocess.run(words, capture_output=True, text=True, check=False)

    def run_in(self, place: str, *command: str) -> str:
        """Run a program in the namespace `internet` or `cloud`; what it printed. CommandError."""
        return commands.run(*self._inside(place), *command)

    def start_in(self, place: str, *command: str) -> subprocess.Popen[str]:
        """Start a program there, with its output to be read."""
        words = [*self._inside(place), *command]
        return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)

    def _inside(self, place: str) -> list[str]:
        return [
            "ip",
            "netns",
            "exec",
            {"internet": self._site.internet, "cloud": self._site.cloud}[place],
        ]

    def kubectl(self, *arguments: str, stdin: str = "") -> str:
        """Run kubectl; what it printed. Raises CommandError."""
        environment = self.environment()
        return commands.run("kubectl", *arguments, stdin=stdin, environment=environment)

    # Waiting.

    def until(self, condition: Callable[[], T], seconds: float = 30, what: str = "") -> T:
        """Wait until a condition holds; what it gave. Raises LabError after so many seconds."""
        end = time.monotonic() + seconds
        while True:
            if found := condition():
                return found
            if time.monotonic() > end:
                raise errors.LabError(f"not in {seconds} s: {what or condition}")
            time.sleep(0.05)

    def wait_active(self, load_balancer: str, seconds: float = 120) -> LoadBalancer:
        """Wait until a load balancer (by id) is ACTIVE; LabError if it is in ERROR or too slow."""
        api = self.openstack("admin").load_balancer
        end = time.monotonic() + seconds
        while True:
            found = api.get_load_balancer(load_balancer)
            if found.provisioning_status == "ACTIVE":
                return found
            if found.provisioning_status == "ERROR" or time.monotonic() > end:
                raise errors.LabError(f"{load_balancer} is {found.provisioning_status}")
            time.sleep(0.05)

    def wait_gone(self, load_balancer: str, seconds: float = 120) -> None:
        """Wait until a load balancer is deleted."""
        api = self.openstack("admin").load_balancer

        def is_gone() -> bool:
            try:
                found = api.get_load_balancer(load_balancer)
            except exceptions.NotFoundException:
                return True
            return bool(found.provisioning_status == "DELETED")

        self.until(is_gone, seconds, f"{load_balancer} gone")

    @property
    def _site(self) -> Site:
        return Site(self.settings.home, self.settings.prefix)
