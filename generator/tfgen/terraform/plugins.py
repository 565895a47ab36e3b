"""One plugin cache is never written by several engines at once: Terraform does not lock it.

OpenTofu locks its cache since 1.10. A filesystem mirror needs no cache and no lock.
"""

import fcntl
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tfgen.terraform.engine import Engine, Product

_SETTING = re.compile(r'^\s*plugin_cache_dir\s*=\s*"([^"]+)"', re.MULTILINE)
_LOCK = ".tfgen.lock"


@contextmanager
def alone(engine: Engine, environment: Mapping[str, str]) -> Iterator[None]:
    """Hold the plugin cache for one init, where one is in use and needs it."""
    cache = _cache(environment) if engine.product is Product.TERRAFORM else None
    if cache is None:
        yield
        return
    cache.mkdir(parents=True, exist_ok=True)
    handle = os.open(cache / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _cache(environment: Mapping[str, str]) -> Path | None:
    """Find the cache's folder: the variable, else the CLI configuration."""
    if named := environment.get("TF_PLUGIN_CACHE_DIR"):
        return Path(named)
    home = environment.get("HOME", "")
    configuration = Path(environment.get("TF_CLI_CONFIG_FILE") or f"{home}/.terraformrc")
    if not configuration.is_file():
        return None
    found = _SETTING.search(configuration.read_text())
    return Path(found[1].replace("$HOME", home)).expanduser() if found else None
