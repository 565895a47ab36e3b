"""The laboratory's settings: where it lives, which ports it takes, how fast machines boot in it.

A setting is taken from the environment, else from what this folder was last started with, else
from its default. What is started is remembered, so that only the first `up` needs the variables.
"""

import dataclasses
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from lab import errors, ports

CHECKOUT = Path(__file__).resolve().parent.parent
# A unix socket's address has 108 bytes; the longest name in a home is run/supervisor.sock.
LONGEST_HOME = 80
# Settings that a folder remembers, with their defaults; the variable is LAB_ and the name.
REMEMBERED = {"port": ports.DEFAULT_BASE, "flows": 4, "occm_workers": 1}
LAST_PORT = 65535 - ports.BLOCK
SECONDS = re.compile(r"[0-9]{1,6}(\.[0-9]{1,3})?")


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """One laboratory."""

    home: Path
    port: int = REMEMBERED["port"]
    # How many of Octavia's flows run at once.
    flows: int = REMEMBERED["flows"]
    # How many Services the rival works on at once.
    occm_workers: int = REMEMBERED["occm_workers"]
    # How long amphorae boot; None: as long as before. `lab fault build-seconds` changes it, too.
    build_seconds: float | None = None
    checkout: Path = CHECKOUT

    @property
    def etc(self) -> Path:
        """Rendered configuration, kubeconfig, clouds.yaml, terraformrc."""
        return self.home / "etc"

    @property
    def log(self) -> Path:
        """One log a service, and access logs."""
        return self.home / "log"

    @property
    def run(self) -> Path:
        """Sockets and locks of the running laboratory."""
        return self.home / "run"

    @property
    def state(self) -> Path:
        """Databases, keys, amphorae."""
        return self.home / "state"

    @property
    def prefix(self) -> str:
        """What the names of this laboratory's network namespaces begin with."""
        return f"lab{self.port}"

    @property
    def build_seconds_file(self) -> Path:
        """How long an amphora boots, in seconds; read at each look, so it may change any time."""
        return self.state / "build-seconds"

    def apply_build_seconds(self) -> None:
        """Let amphorae boot as long as the settings say, if these say it."""
        if self.build_seconds is not None:
            self.state.mkdir(parents=True, exist_ok=True)
            self.build_seconds_file.write_text(f"{self.build_seconds}\n")

    def url(self, port: ports.Port, *, scheme: str = "http") -> str:
        """Give the root URL of a service."""
        return ports.url(self.port, port, scheme=scheme)

    def save(self) -> None:
        """Remember for the next command in this folder."""
        self.home.mkdir(parents=True, exist_ok=True)
        record: dict[str, int | str] = {name: getattr(self, name) for name in REMEMBERED}
        record["checkout"] = str(self.checkout)
        saved_file(self.home).write_text(json.dumps(record, indent=1) + "\n")

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ, checkout: Path = CHECKOUT) -> Self:
        """Give the settings of the laboratory that the environment and the checkout mean.

        Raises LabError where a variable is not a number, or too large a one, or the folder's name
        is too long.
        """
        home = Path(environment.get("LAB_HOME") or checkout / ".lab").absolute()
        if len(os.fsencode(home)) > LONGEST_HOME:
            raise errors.LabError(
                f"the laboratory's folder {home} has {len(os.fsencode(home))} characters, too many "
                f"for a unix socket; choose one of at most {LONGEST_HOME} by LAB_HOME"
            )
        saved = read_saved(home)
        numbers = {
            name: whole_number(environment, f"LAB_{name.upper()}", saved.get(name, default))
            for name, default in REMEMBERED.items()
        }
        if numbers["port"] > LAST_PORT:
            raise errors.LabError(
                f"LAB_PORT is {numbers['port']}; write {LAST_PORT} at most: the laboratory takes "
                f"{ports.BLOCK} ports from there on."
            )
        build_seconds = seconds(environment, "LAB_BUILD_SECONDS")
        return cls(home=home, checkout=checkout, build_seconds=build_seconds, **numbers)


def saved_file(home: Path) -> Path:
    """Where a laboratory's folder says what it was started with."""
    return home / "lab.json"


def read_saved(home: Path) -> dict[str, int]:
    """Give what the folder was last started with; nothing if never, or if the file is damaged."""
    try:
        saved = json.loads(saved_file(home).read_text())
    except (OSError, ValueError):
        return {}
    return {key: saved[key] for key in REMEMBERED if isinstance(saved.get(key), int)}


def whole_number(environment: Mapping[str, str], name: str, default: int) -> int:
    """Give a variable as a whole number above 0; LabError names it if it is anything else."""
    text = environment.get(name, "")
    if not text:
        return default
    if not text.isdecimal() or int(text) == 0:
        raise errors.LabError(f"{name} is {text!r}; write a whole number, or unset it.")
    return int(text)


def seconds(environment: Mapping[str, str], name: str) -> float | None:
    """Give a variable as seconds, None if it is not set; LabError names it if it is no number."""
    text = environment.get(name, "")
    if not text:
        return None
    if not SECONDS.fullmatch(text):
        raise errors.LabError(f"{name} is {text!r}; write seconds, as 20 or 0.5, or unset it.")
    return float(text)
