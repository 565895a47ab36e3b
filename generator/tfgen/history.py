"""The output tree as it stood before: its manifest, from a file or out of Git. Only read."""

import subprocess
from pathlib import Path

from tfgen import errors, manifest

_REMEDY = (
    "Give the last commit that was applied, or the manifest as it stood then. In a pipeline, fetch "
    "the history (fetch-depth: 0, GIT_DEPTH: 0)."
)


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
        return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  no shell, and what is not ours stands behind --end-of-options
    except FileNotFoundError as error:
        raise errors.InputError(
            "--base names a commit, and there is no git command",
            remedy="Install it, or give a file.",
        ) from error
