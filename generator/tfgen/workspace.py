"""The output tree on disk: read whole, written atomically, only where it differs."""

import contextlib
import fcntl
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from tfgen import errors, manifest, tree
from tfgen.render import facts

_PATTERNS = ("modules/*/*.tf", "stacks/*/*.tf", f"stacks/*/{facts.FILE}")
_FEW = 64
"""Up to this many files each is fsynced; beyond, one sync of all is faster."""


class Tree:
    """One output tree and the files that a rendering may touch in it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def stack(self, name: str) -> Path:
        """Give the folder of a stack."""
        return self.root / "stacks" / name

    def manifest(self) -> manifest.Manifest | None:
        """Read the manifest alone, None where there is none. Raises TreeError."""
        text = _text(self.root / manifest.FILE)
        return None if text is None else manifest.loads(text, str(self.root / manifest.FILE))

    def snapshot(self) -> tree.Snapshot:
        """Read everything that may be ours. Raises TreeError."""
        if self.root.exists() and not self.root.is_dir():
            raise errors.TreeError(f"{self.root} is not a folder", remedy="Choose another with -o.")
        texts = {str(path.relative_to(self.root)): path.read_text() for path in self._ours()}
        stacks = self.root / "stacks"
        present = (path.name for path in stacks.iterdir()) if stacks.is_dir() else ()
        return tree.Snapshot(self.manifest(), texts, frozenset(present))

    def _ours(self) -> Iterator[Path]:
        for pattern in _PATTERNS:
            yield from self.root.glob(pattern)
        extra = (".gitignore", tree.LOCK_FILE, manifest.FILE)
        yield from (self.root / name for name in extra if (self.root / name).is_file())
        yield from self.root.glob(f"stacks/*/{tree.LOCK_FILE}")

    def write(self, changes: Mapping[str, str | None]) -> None:
        """Write files (None: remove), each atomically, the manifest last.

        Whatever moment it is killed at, each file is the old or the new one, and the next
        rendering completes the job.
        """
        last = {path: text for path, text in changes.items() if path == manifest.FILE}
        first = {path: text for path, text in changes.items() if path != manifest.FILE}
        with self.locked():
            for batch in (first, last):
                self._replace({path: text for path, text in batch.items() if text is not None})
                for path in (path for path, text in batch.items() if text is None):
                    (self.root / path).unlink(missing_ok=True)

    def _replace(self, texts: Mapping[str, str]) -> None:
        sync_each = len(texts) <= _FEW
        fresh = [
            (self._temporary(path, text, sync=sync_each), path) for path, text in texts.items()
        ]
        if not sync_each:
            os.sync()
        for temporary, path in fresh:
            temporary.replace(self.root / path)
        for folder in {(self.root / path).parent for path in texts}:
            _sync(folder)

    def _temporary(self, path: str, text: str, *, sync: bool) -> Path:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_name(f".{target.name}.tfgen-new")
        temporary.write_text(text, newline="\n")
        if sync:
            _sync(temporary)
        return temporary

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the tree alone. Raises TreeError where another tfgen holds it."""
        self.root.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.root, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise errors.TreeError(
                f"another tfgen is writing to {self.root}", remedy="Wait for it, and run again."
            ) from error
        finally:
            os.close(handle)


def _text(path: Path) -> str | None:
    try:
        return path.read_text()
    except FileNotFoundError:
        return None


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
