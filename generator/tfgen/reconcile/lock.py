"""One provider lock for the whole tree: the same version and hashes in every stack."""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tfgen import config, errors, render, terraform, tree, workspace

PLATFORMS = ("linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64")
"""Where people and pipelines run an engine; hashes for all of them, unless asked otherwise."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a person asks for."""

    platforms: tuple[str, ...] = ()
    """None: all the usual ones, or this one alone where the registry cannot be reached."""
    mirror: str | None = None
    """A folder to take hashes from, instead of the registry."""
    upgrade: bool = False
    """Take the newest version allowed, not the one that is locked."""


@dataclass(frozen=True, slots=True)
class Locked:
    """What was written."""

    stacks: tuple[str, ...]
    changed: bool
    registry: bool = True
    """Whether it could be reached; if not, there are hashes of this platform only."""


def lock(
    loaded: config.Loaded,
    engine: terraform.Engine,
    environment: Mapping[str, str],
    options: Options,
) -> Locked:
    """Make the lock in a folder of its own and write it to the tree. Raises EngineError."""
    place = workspace.Tree(loaded.out)
    before = place.snapshot()
    names = before.manifest.stacks if before.manifest else ()
    paths = [tree.LOCK_FILE, *(f"stacks/{name}/{tree.LOCK_FILE}" for name in names)]
    old = next((before.texts[path] for path in paths if path in before.texts), "")
    with tempfile.TemporaryDirectory(prefix="tfgen-lock-") as folder:
        stack = terraform.Stack(Path(folder), engine, environment)
        _prepare(stack, loaded.settings, "" if options.upgrade else old)
        registry = _fill(stack, options)
        text = (stack.directory / tree.LOCK_FILE).read_text()
        shutil.rmtree(stack.directory / ".terraform", ignore_errors=True)
    changes = {path: text for path in paths if before.texts.get(path) != text}
    if changes:
        place.write(changes)
    return Locked(names, bool(changes), registry)


def _prepare(stack: terraform.Stack, settings: config.Settings, old: str) -> None:
    """Write what the engine must know: which providers, and what was locked so far."""
    documents = render.stack_documents(stack.name, settings)
    versions = documents[f"stacks/{stack.name}/versions.tf"]
    (stack.directory / "versions.tf").write_text(versions)
    if old:
        (stack.directory / tree.LOCK_FILE).write_text(old)


def _fill(stack: terraform.Stack, options: Options) -> bool:
    """Have the engine record hashes; without a registry, those of this platform from `init`."""
    try:
        stack.providers_lock(options.platforms or PLATFORMS, options.mirror)
    except terraform.CommandFailed as failure:
        if options.platforms or options.mirror:
            raise errors.EngineError(
                f"no hashes for all of {', '.join(options.platforms or PLATFORMS)}: "
                + "; ".join(found.summary for found in failure.diagnostics),
                remedy="Name a folder that holds the provider for them (--mirror DIR), fewer "
                "platforms, or run it where the registry can be reached.",
            ) from failure
        stack.init()
        return False
    return True
