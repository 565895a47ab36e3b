"""What lies in a stack's folder, as digests: what people review, what the cluster says, modules."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson

FACTS = "facts.auto.tfvars.json"
LOCK = ".terraform.lock.hcl"
DATA = ".terraform"
RECOVERY = "recovery.tf"
"""Import blocks between a plan and its apply."""

_MADE_BY_ENGINES = ("*.tfplan", "*.tfplan.json", "*.tfstate", "*.tfstate.*", ".terraform.tfstate*")
_MADE_BY_OTHERS = ("crash.log", "crash.*.log", ".*.tfgen-new", "*~", ".*.swp")


def intent(directory: Path) -> str:
    """Digest all that a person reviews in a stack: every file but facts, lock and leavings."""
    apart = {FACTS, LOCK}
    return digest(path for path in _files(directory) if path.name not in apart)


def configuration(directory: Path) -> str:
    """Digest what `init` looks at in a stack's own folder."""
    apart = {FACTS, LOCK, RECOVERY}
    return digest(path for path in _files(directory) if path.name not in apart)


def facts(directory: Path) -> str:
    """Digest a stack's facts; empty where it awaits them."""
    path = directory / FACTS
    return digest([path]) if path.is_file() else ""


def lock(directory: Path) -> str:
    """Digest a stack's provider lock; empty where it has none."""
    path = directory / LOCK
    return digest([path]) if path.is_file() else ""


def modules(directory: Path) -> str:
    """Digest the modules that `init` found in use, wherever they lie."""
    folders = {directory / entry["Dir"] for entry in module_calls(directory) if entry["Key"]}
    resolved = sorted({folder.resolve() for folder in folders})
    total = hashlib.sha256()
    for folder in resolved:
        total.update(digest(_files(folder)).encode())
    return total.hexdigest()


def module_calls(directory: Path) -> list[dict[str, str]]:
    """Give the module calls that `init` recorded: Key, Source, Dir; none before an init."""
    path = directory / DATA / "modules" / "modules.json"
    if not path.is_file():
        return []
    return list(orjson.loads(path.read_bytes())["Modules"])


def digest(paths: Iterable[Path]) -> str:
    """Digest files by name and content, in the order of their names."""
    total = hashlib.sha256()
    for path in sorted(paths):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.name}\0{content}\n".encode())
    return total.hexdigest()


def _files(directory: Path) -> Iterator[Path]:
    leavings = (*_MADE_BY_ENGINES, *_MADE_BY_OTHERS)
    for path in directory.iterdir():
        if path.is_file() and not any(path.match(pattern) for pattern in leavings):
            yield path
