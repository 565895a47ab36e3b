"""The output tree as Git has it: its manifest as it stood before, who changed a file. Only read."""

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tfgen import errors, manifest

_REMEDY = (
    "Give the last commit that was applied, or the manifest as it stood then. In a pipeline, fetch "
    "the history (fetch-depth: 0, GIT_DEPTH: 0)."
)

_IN_TIME = 20
"""Seconds that git may take; a long history that is on a slow disk takes some."""
_GRAFTED = "grafted"
"""How git names a commit whose parents a shallow clone lacks: it seems to have made all files."""
_LOG = (
    "log",
    "-z",
    "--relative",
    "--no-renames",
    "--no-ext-diff",
    "--name-status",
    "--format=%x01%H%x02%D",
    "--",
    ".",
)

_QUIET = (
    *("--no-optional-locks", "-c", "log.showSignature=false"),
    *("-c", "core.fsmonitor=false", "-c", "core.quotePath=false"),
)
"""Nothing is written, and no program that a repository names is started."""
_STATUS = (
    *("status", "--porcelain=v2", "--branch", "-z"),
    *("--untracked-files=normal", "--no-renames"),
)
_FIELDS = {"1": 7, "u": 9, "?": 0}
"""Kinds of entries in porcelain v2, and how many fields stand before the path."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a working copy stands beside its repository."""

    uncommitted: tuple[str, ...] = ()
    """Paths from the top of the repository, sorted; a folder where all in it is new."""
    upstream: str = ""
    """The branch that is followed, as `origin/main`; empty where there is none."""
    behind: int = 0
    """Commits that it has and we have not, as it was last fetched."""


def before(root: Path, base: str) -> manifest.Manifest | None:
    """Read the manifest that a tree had in a file, or at a commit; None where it had none then.

    Raises InputError where `base` is neither, Refused or TreeError where it cannot be read.
    """
    file = Path(base)
    if file.is_file():
        return manifest.loads(_text(file), base)
    commit = _git(root, "rev-parse", "--verify", "--end-of-options", f"{base}^{{commit}}")
    if commit.returncode:
        raise errors.InputError(
            f"--base {base} is neither a file nor a commit of the repository that {root} is in: "
            f"{commit.stderr.strip()}",
            remedy=_REMEDY,
        )
    place = f"{commit.stdout.strip()}:./{manifest.FILE}"
    if _git(root, "cat-file", "-e", place).returncode:
        return None
    return manifest.loads(_git(root, "show", place).stdout, f"{manifest.FILE} of {base}")


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise manifest.unreadable(str(file), str(error)) from error


def _git(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run git in the tree; its exit code is judged, and its words are only shown."""
    command = ["git", "-C", str(root), *arguments]
    try:
        return _run(command)
    except FileNotFoundError as error:
        raise errors.InputError(
            "--base names a commit, and there is no git command",
            remedy="Install it, or give a file.",
        ) from error
    except subprocess.TimeoutExpired as error:
        raise errors.InputError(
            f"--base: git did not answer in {_IN_TIME} s: {' '.join(command)}",
            remedy="Run this command yourself and see why, or give a file.",
        ) from error


def commits(root: Path) -> Mapping[str, str]:
    """Give for each file of the tree, by its path in it, the commit that changed it last.

    A file that stands otherwise than it is committed is left out, and so is one whose last change
    a shallow clone does not have. Without git, without a repository, or without an answer in time
    there are none.
    """
    log = _asked(root, *_QUIET, *_LOG)
    edited = _asked(root, *_QUIET, "diff", "--name-only", "-z", "--relative", "HEAD", "--", ".")
    if log is None or edited is None:
        return {}
    found: dict[str, str] = {}
    for path, commit in _changes(log):
        found.setdefault(path, commit)
    left_out = frozenset(edited.split("\0"))
    return {path: commit for path, commit in found.items() if commit and path not in left_out}


def standing(root: Path, *further: Path) -> Standing | None:
    """Say how a tree, and further files, stand in their repository. Nothing is fetched.

    None without git, without a repository, or without an answer in time.
    """
    top = _asked(root, "rev-parse", "--show-toplevel")
    if top is None:
        return None
    within = (str(path) for path in further if path.is_relative_to(top.rstrip("\n")))
    said = _asked(root, *_QUIET, *_STATUS, "--", ".", *within)
    return None if said is None else _standing(said)


def _standing(said: str) -> Standing:
    """Read porcelain v2, its entries ended by NUL."""
    upstream, behind, paths = "", 0, []
    for entry in said.split("\0"):
        kind, _, rest = entry.partition(" ")
        if entry.startswith("# branch.upstream "):
            upstream = entry.removeprefix("# branch.upstream ")
        elif entry.startswith("# branch.ab "):
            behind = int(entry.rpartition("-")[2])
        elif kind in _FIELDS:
            paths.append(rest.split(" ", _FIELDS[kind])[-1])
    return Standing(tuple(sorted(paths)), upstream, behind)


def _changes(log: str) -> Iterator[tuple[str, str]]:
    """Read each file's changes, the last first; "" stands for a commit that does not count."""
    for entry in log.split("\x01")[1:]:
        head, *rest = entry.replace("\n", "\0", 1).split("\0")
        commit, _, names = head.partition("\x02")
        words = [word for word in rest if word]
        for status, path in zip(words[::2], words[1::2], strict=False):
            yield path, "" if status == "D" or _GRAFTED in names.split(", ") else commit


def _asked(root: Path, *arguments: str) -> str | None:
    """Give what git says; None where it says nothing, for whatever reason."""
    try:
        answer = _run(["git", "-C", str(root), *arguments])
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return None if answer.returncode else answer.stdout


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  no shell, and what is not ours stands behind --end-of-options
        command, capture_output=True, text=True, check=False, timeout=_IN_TIME
    )
