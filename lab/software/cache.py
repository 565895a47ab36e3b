"""The user's cache folder: what was built once is there for every clone on this machine."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import filelock

COMPLETE = ".complete"


def root() -> Path:
    """Give the folder of all kits."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "tfgen-lab"


def key(*inputs: str | bytes) -> str:
    """Give a short name for exactly these inputs, in this order."""
    digest = hashlib.sha256()
    for value in inputs:
        data = value.encode() if isinstance(value, str) else value
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:16]


def is_complete(folder: Path) -> bool:
    """Whether a kit was built to its end."""
    return (folder / COMPLETE).exists()


def ensure(folder: Path, build: Callable[[Path], None], *, movable: bool = True) -> bool:
    """Have a kit built, once for all who ask at the same time; whether it was built just now.

    `build` gets the folder to fill. What can be moved is filled beside its place and renamed; what
    cannot (a virtual environment has its own path inside) is filled in place, and only its mark
    says that it is whole.
    """
    if is_complete(folder):
        return False
    folder.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(folder.parent / f"{folder.name}.lock"):
        if is_complete(folder):
            return False
        shutil.rmtree(folder, ignore_errors=True)
        if movable:
            build_aside(folder, build)
        else:
            folder.mkdir()
            build(folder)
            (folder / COMPLETE).touch()
    return True


def build_aside(folder: Path, build: Callable[[Path], None]) -> None:
    """Fill a temporary folder, then give it its name."""
    aside = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
    try:
        aside.chmod(0o755)
        build(aside)
        (aside / COMPLETE).touch()
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
