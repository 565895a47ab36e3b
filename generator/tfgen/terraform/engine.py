"""Which engine: Terraform or OpenTofu, where it is and which version it has."""

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TypeAlias

from tfgen import errors
from tfgen.terraform import answer, commands, interruption, process

Version: TypeAlias = tuple[int, int, int]

_ASKING = 30.0
"""Seconds in which an engine must say its version."""
_NUMBERS = re.compile(r"(\d+)\.(\d+)\.(\d+)")


class Product(StrEnum):
    """The two engines; one tree is driven by one of them (their lock entries differ)."""

    TERRAFORM = "terraform"
    OPENTOFU = "opentofu"


_NAMES = {Product.TERRAFORM: "Terraform", Product.OPENTOFU: "OpenTofu"}
_FLOORS: Mapping[Product, Version] = {Product.TERRAFORM: (1, 7, 0), Product.OPENTOFU: (1, 10, 0)}
_INIT_JSON: Mapping[Product, Version] = {Product.TERRAFORM: (1, 9, 0), Product.OPENTOFU: (1, 7, 0)}


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine binary."""

    path: str
    product: Product
    version: str
    """As it says itself, `1.11.4` or `1.16.0-rc2`."""

    def __str__(self) -> str:
        return f"{self.product} {self.version}"

    @property
    def numbers(self) -> Version:
        """Its version, to compare."""
        return _numbers(self.version)

    @property
    def init_speaks_json(self) -> bool:
        """Whether `init` takes `-json`."""
        return self.numbers >= _INIT_JSON[self.product]

    @property
    def excludes(self) -> bool:
        """Whether `plan` takes `-exclude`."""
        return self.product is Product.OPENTOFU


_ASKED_WITH = ("PATH", "HOME", "TMPDIR", "TF_CLI_CONFIG_FILE")
"""What an engine is given of our environment to say its version: nothing that is secret."""


def find(choice: str | None, environ: Mapping[str, str]) -> Engine:
    """Find the engine: a name or path, else terraform, else tofu, from PATH.

    Raises EngineError where there is none, or where it is older than we can use.
    """
    path = _path(choice, environ)
    engine = _asked(path, environ)
    if engine.numbers < _FLOORS[engine.product]:
        raise errors.EngineError(
            f"{path} is {_NAMES[engine.product]} {engine.version}; expected at least "
            f"{_dotted(_FLOORS[engine.product])}",
            remedy="Install a newer one, or name another with --engine.",
        )
    return engine


def _path(choice: str | None, environ: Mapping[str, str]) -> str:
    search = environ.get("PATH", "")
    wanted = (choice,) if choice else ("terraform", "tofu")
    for name in wanted:
        if found := shutil.which(name, path=search):
            return str(Path(found).absolute())
    raise errors.EngineError(
        f"no engine: {choice} is not an executable file"
        if choice
        else "no engine: neither terraform nor tofu is on PATH",
        remedy="Install Terraform (1.7 or newer) or OpenTofu (1.10 or newer), or name one with "
        "--engine terraform|tofu|PATH.",
    )


def _asked(path: str, environ: Mapping[str, str]) -> Engine:
    """Ask a binary what it is. Only Terraform's answer says whether a newer one is out."""
    signals = interruption.current()
    finished = commands.Short(path, partial(_ask, environ, signals)).version()
    if signals:
        raise errors.Interrupted(f"{path} was being asked for its version; nothing else was done")
    try:
        said = answer.document(finished.stdout)
        version = said["terraform_version"]
        _numbers(version)
    except (ValueError, KeyError, TypeError) as error:
        raise errors.EngineError(
            f"{path} does not tell its version: exit code {finished.code}, "
            f"{(finished.stdout + finished.stderr).strip()[:500] or 'no output'}",
            remedy="Name another engine with --engine terraform|tofu|PATH.",
        ) from error
    product = Product.TERRAFORM if "terraform_outdated" in said else Product.OPENTOFU
    return Engine(path, product, version)


def _ask(
    environ: Mapping[str, str], signals: interruption.Interruption, arguments: commands.Arguments
) -> process.Finished:
    """Run it anywhere, with no look for newer versions (it would wait for the network)."""
    kept = {name: environ[name] for name in _ASKED_WITH if name in environ}
    environment = {**kept, "CHECKPOINT_DISABLE": "1"}
    return process.run(
        process.Invocation(
            arguments=arguments,
            directory=Path("/"),
            environment=environment,
            timeout=_ASKING,
            interruption=signals,
        )
    )


def _numbers(version: str) -> Version:
    found = _NUMBERS.match(version)
    if not found:
        raise ValueError(f"{version!r} is no version")
    major, minor, patch = map(int, found.groups())
    return major, minor, patch


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))
