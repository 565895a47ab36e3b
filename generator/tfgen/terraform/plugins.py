"""One plugin cache is never written by several engines at once: Terraform does not lock it.

OpenTofu locks its cache since 1.10. A filesystem mirror needs no cache and no lock.
"""

import fcntl
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tfgen import errors
from tfgen.terraform.engine import Engine, Product
from tfgen.terraform.interruption import Interruption, current

_SETTING = re.compile(r'^\s*plugin_cache_dir\s*=\s*"([^"]+)"', re.MULTILINE)
_LOCK = ".tfgen.lock"
_POLL = 0.05
"""Seconds between two tries to take a cache that another init holds."""


@contextmanager
def alone(
    engine: Engine, environment: Mapping[str, str], interruption: Interruption | None = None
) -> Iterator[None]:
    """Hold the plugin cache for one init, where one is in use and needs it.

    Raises EngineError where it cannot be used, Interrupted while it is waited for.
    """
    cache = _cache(environment) if engine.product is Product.TERRAFORM else None
    if cache is None:
        yield
        return
    handle = _opened(cache)
    try:
        _take(handle, cache, interruption or current())
        yield
    finally:
        os.close(handle)


def _opened(cache: Path) -> int:
    try:
        cache.mkdir(parents=True, exist_ok=True)
        return os.open(cache / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise errors.EngineError(
            f"the plugin cache {cache} cannot be written to: {error.strerror}",
            remedy="Give this user the right to, or name another one by TF_PLUGIN_CACHE_DIR.",
        ) from error


def _take(handle: int, cache: Path, interruption: Interruption) -> None:
    while not _taken(handle):
        if interruption:
            raise errors.Interrupted(f"the plugin cache {cache} was waited for; nothing was done")
        time.sleep(_POLL)


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _cache(environment: Mapping[str, str]) -> Path | None:
    """Find the cache's folder: the variable, else the CLI configuration."""
    if named := environment.get("TF_PLUGIN_CACHE_DIR"):
        return Path(named)
    home = environment.get("HOME", "")
    configuration = Path(environment.get("TF_CLI_CONFIG_FILE") or f"{home}/.terraformrc")
    try:
        found = _SETTING.search(configuration.read_text(errors="replace"))
    except OSError:
        return None  # the engine reads it too, and says what is wrong with it
    return Path(found[1].replace("$HOME", home)).expanduser() if found else None
