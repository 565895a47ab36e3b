"""Whether a stack's `.terraform` is still right, so that `init`, its slow part, can be left out."""

import hashlib
from pathlib import Path

from tfgen.terraform import content, writing
from tfgen.terraform.engine import Engine

_STAMP = "tfgen-init"
"""In `.terraform`: what the last successful init was made for."""


def stamped(directory: Path, engine: Engine) -> bool:
    """Whether nothing that init looks at has changed since, and its providers are still there."""
    stamp = _stamp(directory)
    try:
        return stamp.read_text() == _wanted(directory, engine) and _whole(directory)
    except (OSError, ValueError, LookupError, TypeError):
        return False  # no stamp, a module's folder that is gone, a list of modules that was cut


def stamp(directory: Path, engine: Engine) -> None:
    """Record that init was done for what the folder holds now."""
    path = _stamp(directory)
    path.parent.mkdir(exist_ok=True)  # without provider and module, init makes none
    writing.whole(path, _wanted(directory, engine).encode())


def forget(directory: Path) -> None:
    """Have the next run init again."""
    _stamp(directory).unlink(missing_ok=True)


def _stamp(directory: Path) -> Path:
    return directory / content.DATA / _STAMP


def _wanted(directory: Path, engine: Engine) -> str:
    """Digest engine, files, modules and lock. Facts are left out: init does not look at them."""
    parts = (
        engine.path,
        engine.version,
        content.configuration(directory),
        content.modules(directory),
        content.lock(directory),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _whole(directory: Path) -> bool:
    """Whether every provider is there; a mirror's are links that may lead nowhere by now."""
    return all(path.exists() for path in (directory / content.DATA / "providers").rglob("*"))
