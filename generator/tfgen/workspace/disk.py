"""The output tree on disk: read whole, written atomically, only where it differs."""

import contextlib
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from tfgen import errors, manifest, model, policy, resolved, tree
from tfgen.render import facts, header
from tfgen.workspace import lock, safely

_TOP = (".gitignore", tree.LOCK_FILE, manifest.FILE, resolved.FILE)
_IN_STACK = (facts.FILE, tree.LOCK_FILE)
_ENGINES = (
    *("*.tfplan", "*.tfplan.json", "*.tfstate", "*.tfstate.*", ".terraform.tfstate.lock.info"),
    *("*.tfgen-new", "crash.log", "recovery.tf"),
)
"""Files that engines leave in a stack's folder, and a writer that was killed."""
_NEW = ".tfgen-new"
"""Ending of a file that is being written; one that stayed behind is written over, or removed."""
_FEW = 64
"""Up to this many files at once are fsynced, the manifest always. Beyond, a power failure may tear
a file: its digest shows that, as it shows an edit."""

Batch = Mapping[str, str | None]
"""Texts by path in the tree; None: the file goes."""


class Tree:
    """One output tree and the files that a rendering may touch in it."""

    def __init__(self, root: Path, patience: lock.Patience | None = None) -> None:
        self.root = root
        self._patience = patience or lock.Patience()

    def stack(self, name: str) -> Path:
        """Give the folder of a stack."""
        return self.root / "stacks" / name

    def stacks(self) -> tuple[str, ...]:
        """Give the names of the stacks that have a folder, sorted. Raises TreeError."""
        with _telling(self.root, "read"):
            return tuple(_folders(self.root / "stacks"))

    def manifest(self) -> manifest.Manifest | None:
        """Read the manifest alone, None where there is none. Raises Refused or TreeError."""
        text = self._manifest_text()
        return None if text is None else manifest.loads(text, self._manifest_path)

    def consents(self) -> tuple[policy.Consent, ...]:
        """Read what people agreed to in the tree. Raises InputError or TreeError."""
        path = self.root / policy.CONSENT_FILE
        _refuse_link(path)
        with _telling(self.root, "read"):
            if not path.exists():
                return ()
            return policy.load_consents(_text(str(path)), str(path))

    def resolved(self) -> resolved.Resolved:
        """Read what was resolved for the tree. Raises TreeError."""
        path = self.root / resolved.FILE
        _refuse_link(path)
        with _telling(self.root, "read"):
            return resolved.loads(_text(str(path)) if path.exists() else None, str(path))

    @property
    def _manifest_path(self) -> str:
        return str(self.root / manifest.FILE)

    def _manifest_text(self) -> str | None:
        self._check_folder()
        try:
            _refuse_link(self.root / manifest.FILE)
            return (self.root / manifest.FILE).read_text("utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise manifest.unreadable(self._manifest_path, str(error)) from error

    def _check_folder(self) -> None:
        """See that it is a folder, or can become one. Raises TreeError."""
        with _telling(self.root, "read", "Choose another folder with -o."):
            for place in (self.root, *self.root.parents):
                if place.exists() and not place.is_dir():
                    raise errors.TreeError(
                        f"{place} is not a folder", remedy="Choose another with -o."
                    )

    def snapshot(self) -> tree.Snapshot:
        """Read everything that may be ours. Raises Refused or TreeError."""
        known, text = None, self._manifest_text()
        if text is not None:
            known = manifest.loads(text, self._manifest_path)
        with _telling(self.root, "read"):
            stacks = _folders(self.root / "stacks")
            texts = dict(self._texts(stacks))
        return tree.Snapshot(known, texts, frozenset(stacks))

    def texts(self, paths: Iterable[str]) -> dict[str, str]:
        """Read those of some files that are there, by path in the tree. Raises TreeError."""
        with _telling(self.root, "read"):
            for place in {self.root / path for path in {os.path.dirname(each) for each in paths}}:  # noqa: PTH120  thousands
                _refuse_link(place)
            return {path: text for path in paths if (text := self._text(path)) is not None}

    def _text(self, path: str) -> str | None:
        place = f"{self.root}/{path}"
        try:
            handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        except OSError:
            _refuse_link(Path(place))
            raise
        os.close(handle)
        return _text(place)

    def _texts(self, stacks: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for name in _TOP:
            _refuse_link(self.root / name)
            if (self.root / name).is_file():
                yield name, _text(str(self.root / name))
        for folder, place in _folders(self.root / "modules").items():
            yield from _ours(place, f"modules/{folder}", ())
        for folder, place in stacks.items():
            yield from _ours(place, f"stacks/{folder}", _IN_STACK)

    def write(self, *batches: Batch, seen: str | None = None) -> None:
        """Hold the tree and `put` batch after batch.

        `seen` is the text of the manifest that the changes were decided on, "" where there was
        none. Raises TreeError where another tfgen is writing, or has written meanwhile.
        """
        with self.locked():
            self._check_unchanged(seen)
            self.put(*batches)

    def put(self, *batches: Batch) -> None:
        """Write batch after batch to a tree that is held, each file atomically.

        Whatever moment it is killed at, each file is the old or the new one, and a later batch has
        not begun. Raises TreeError.
        """
        with _telling(self.root, "written"):
            self._clean()
            for batch in batches:
                self._replace({path: text for path, text in batch.items() if text is not None})
                self._remove([path for path, text in batch.items() if text is None])

    def _check_unchanged(self, seen: str | None) -> None:
        if seen is not None and seen != (self._manifest_text() or ""):
            raise errors.TreeError(
                f"another tfgen has written to {self.root} meanwhile", remedy="Run again."
            )

    def _clean(self) -> None:
        """Remove what a killed writer left behind."""
        for folder in (".", "modules/*", "stacks/*"):
            for left in self.root.glob(f"{folder}/.*{_NEW}"):
                left.unlink()

    def _replace(self, texts: Mapping[str, str]) -> None:
        folders = {os.path.dirname(path) for path in texts}  # noqa: PTH120  thousands  ten times as fast
        for folder in sorted(folders):
            self._make(folder)
        few = len(texts) <= _FEW
        names = {path: self._names(path) for path in texts}
        try:
            for path, text in texts.items():
                safely.fill(*names[path], text.encode(), sync=few)
            for temporary, target in names.values():
                os.replace(temporary, target)  # noqa: PTH105  ten thousand of them
        except OSError as error:
            error.filename = error.filename2 or error.filename  # a file's own name, not its first
            self._clean()  # a full disk gets back what was not finished
            raise
        for folder in folders if few else ():
            safely.sync(self.root / folder)

    def _remove(self, paths: list[str]) -> None:
        for path in paths:
            (self.root / path).unlink(missing_ok=True)
        for folder in {(self.root / path).parent for path in paths}:
            safely.sync(folder)

    def _make(self, folder: str) -> None:
        """Make a folder of the tree; nothing is written through a link out of it."""
        place = self.root
        for part in Path(folder).parts:
            place /= part
            _refuse_link(place)
        place.mkdir(parents=True, exist_ok=True)

    def _names(self, path: str) -> tuple[str, str]:
        """Give the names of a file while it is written, and after."""
        folder, _, name = f"{self.root}/{path}".rpartition("/")
        return f"{folder}/.{name}{_NEW}", f"{folder}/{name}"

    def remove_stack(self, name: str) -> None:
        """Remove a stack and its place in the manifest: only where its state is empty.

        Files that we did not write stay, and their folder with them. A stack that got a Service
        meanwhile stays whole. Raises TreeError.
        """
        with self.alone(name), self.locked(), _telling(self.root, "removed"):
            known = self.manifest()
            if known and known.of_stack(name):
                return
            if self.stack(name).is_dir():
                _dismantle(self.stack(name))
            if known:
                self._replace({manifest.FILE: manifest.dumps(manifest.applied(known, name, None))})

    def forget_gone(self, stack: str, left: Collection[model.ServiceKey]) -> None:
        """Forget in the manifest what went from a stack, but for those that its state has still."""
        with self.locked(), _telling(self.root, "written"):
            if known := self.manifest():
                self._replace({manifest.FILE: manifest.dumps(manifest.applied(known, stack, left))})

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the tree alone, to read it, decide, and write.

        Raises Held where another tfgen holds it all the time that it is waited for.
        """
        self._check_folder()
        with _telling(self.root, "written"):
            self.root.mkdir(parents=True, exist_ok=True)
            _refuse_link(self.root / lock.FOLDER)
        with lock.hold(self.root, str(self.root), self._patience):
            yield

    @contextlib.contextmanager
    def alone(self, stack: str) -> Iterator[tuple[int, ...]]:
        """Be the only one at work on a stack; an engine that is given what this gives is, too.

        A stack that has no folder has nothing to hold. Whoever holds a tree asks for no stack any
        more. Raises Held, Interrupted.
        """
        if not self.stack(stack).is_dir():
            yield ()
            return
        with lock.hold(self.stack(stack), f"stack {stack}", self._patience) as handle:
            yield (handle,)


def _folders(parent: Path) -> dict[str, str]:
    """Give the folders in a folder, path by name, sorted. Raises TreeError for a link."""
    try:
        with os.scandir(parent) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except FileNotFoundError:
        return {}
    _refuse_link(parent)
    for entry in entries:
        _refuse_link(Path(entry.path))
    return {entry.name: entry.path for entry in entries if entry.is_dir()}


def _refuse_link(path: Path) -> None:
    if path.is_symlink():
        raise errors.TreeError(
            f"{path} is a symbolic link; expected a file or folder of the tree itself",
            remedy="Replace it by what it points to: tfgen reads and writes nothing outside its "
            "tree.",
        )


def _ours(place: str, prefix: str, further: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Give the files of a folder that may be ours, by path in the tree."""
    with os.scandir(place) as found:
        entries = [each for each in found if each.name.endswith(".tf") or each.name in further]
    for entry in entries:
        if entry.is_symlink():
            _refuse_link(Path(entry.path))
        if entry.is_file():
            yield f"{prefix}/{entry.name}", _text(entry.path)


def _dismantle(folder: Path) -> None:
    """Remove what we and engines put into a stack's folder; the folder too where that was all."""
    for place in filter(_is_disposable, list(folder.iterdir())):
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink()
    if not any(folder.iterdir()):
        folder.rmdir()


def _is_disposable(place: Path) -> bool:
    if place.is_symlink():
        return False
    if place.is_dir():
        return place.name == ".terraform"
    if place.name in _IN_STACK or any(map(place.match, _ENGINES)):
        return True
    return place.suffix == ".tf" and header.is_ours(_text(str(place)))


def _text(path: str) -> str:
    """Read a file, line ends as we write them; what is not UTF-8 shows as an edit."""
    text = _bytes(path).decode(errors="replace")
    return text.replace("\r\n", "\n") if "\r" in text else text


_MOST = 1 << 20
"""Bytes that are read at once: most files are read by one call."""


def _bytes(path: str) -> bytes:
    """Read a file whole by the system's own calls: there are ten thousand of them."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        whole = os.read(handle, _MOST)
        while len(whole) % _MOST == 0 and (more := os.read(handle, _MOST)):
            whole += more
    finally:
        os.close(handle)
    return whole


_OWN = "See that you own the output tree and that the disk has room; then run again."


@contextlib.contextmanager
def _telling(root: Path, what: str, remedy: str = _OWN) -> Iterator[None]:
    """Say an error of the file system in words."""
    try:
        yield
    except OSError as error:
        raise errors.TreeError(
            f"{error.filename or root} cannot be {what}: {error.strerror}", remedy=remedy
        ) from error
