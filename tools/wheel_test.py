"""The wheel, alone: built, installed with its locked dependencies, and rendering an example.

`python -m tools.wheel_test` (or `make wheel`) ends with 0, or says what is wrong and ends with 1.
"""

import os
import subprocess
import sys
import tempfile
import time
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import tfgen

ROOT = Path(__file__).parents[1]
BUILDERS = ROOT / "requirements/build.txt"
LOCK = ROOT / "requirements/run.txt"
EXAMPLE = ROOT / "examples/sock-shop"
PACKED = ("templates", "modules")
"""Folders of the project that the wheel carries under `tfgen/_data`."""
_OWN = ("PYTHON", "VIRTUAL_ENV", "TFGEN_", "OS_", "KUBE")
"""What might lend the installed program something of this machine."""


class Wrong(Exception):  # noqa: N818  what the test found, not a failure of the test
    """The wheel is not what it should be."""


def main() -> int:
    """Run all steps, each with its time."""
    try:
        with tempfile.TemporaryDirectory(prefix="tfgen-wheel-") as folder:
            _check(Path(folder))
    except Wrong as wrong:
        sys.stderr.write(f"wheel: {wrong}\n")
        return 1
    return 0


def _check(folder: Path) -> None:
    started = time.monotonic()
    wheel = build(folder / "dist")
    _say(started, f"built {wheel.name}")
    contents(wheel)
    _say(started, f"holds {' and '.join(PACKED)}")
    tfgen_command = install(wheel, folder / "venv")
    _say(started, f"installed alone, with {LOCK.relative_to(ROOT)}")
    version(tfgen_command)
    render(tfgen_command, folder / "elsewhere")
    _say(started, f"rendered {EXAMPLE.relative_to(ROOT)}/infra, byte for byte")


def build(folder: Path) -> Path:
    """Build the wheel with the tools of this environment. Raises Wrong."""
    _run(ROOT, sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder)
    return next(folder.glob("*.whl"))


def contents(wheel: Path) -> None:
    """Compare the wheel's data with what Git has or would take, both ways. Raises Wrong."""
    with zipfile.ZipFile(wheel) as archive:
        packed = {name: archive.read(name) for name in archive.namelist() if "/_data/" in name}
    wanted = {f"tfgen/_data/{path}": data for path, data in _project(*PACKED).items()}
    _same("the wheel", packed, wanted)


def install(wheel: Path, folder: Path) -> Path:
    """Install the wheel in an environment of its own, and give its command. Raises Wrong."""
    venv.create(folder)
    pip = (sys.executable, "-m", "pip", "--python", folder / "bin/python")
    add = (*pip, "install", "--quiet", "--disable-pip-version-check", "--no-compile", "--no-deps")
    _run(folder, *add, "--require-hashes", "--requirement", BUILDERS)
    _run(folder, *add, "--require-hashes", "--no-build-isolation", "--requirement", LOCK)
    _run(folder, *add, wheel)
    _run(folder, *pip, "check")
    return folder / "bin/tfgen"


def version(command: Path) -> None:
    """Ask the installed program for its version. Raises Wrong."""
    found, wanted = _run(command.parent, command, "version"), f"tfgen {tfgen.__version__}\n"
    if found != wanted:
        raise Wrong(f"`tfgen version` prints {found!r}, expected {wanted!r}")


def render(command: Path, folder: Path) -> None:
    """Render the example far from the checkout, and compare with its tree. Raises Wrong."""
    folder.mkdir()
    flags = ("--from", EXAMPLE / "input.yaml", "-c", EXAMPLE / "tfgen.yaml", "-o", "tree")
    _run(folder, command, "render", *flags)
    files = (path for path in (folder / "tree").rglob("*") if path.is_file())
    found = {str(path.relative_to(folder / "tree")): path.read_bytes() for path in files}
    tree = EXAMPLE.relative_to(ROOT) / "infra"
    wanted = _project(str(tree)).items()
    _same("the rendered tree", found, {path[len(f"{tree}/") :]: data for path, data in wanted})


def _project(*folders: str) -> dict[str, bytes]:
    """Read what Git has, or would take, below folders of the project."""
    listing = ("git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *folders)
    paths = _run(ROOT, *listing).splitlines()
    return {path: (ROOT / path).read_bytes() for path in paths if (ROOT / path).is_file()}


def _same(what: str, found: dict[str, bytes], wanted: dict[str, bytes]) -> None:
    differences = tuple(_differences(found, wanted))
    if differences or not wanted:
        raise Wrong(f"{what} is not as in the checkout: {'; '.join(differences) or 'both empty'}")


def _differences(found: dict[str, bytes], wanted: dict[str, bytes]) -> Iterator[str]:
    yield from (f"{path} is missing" for path in sorted(wanted.keys() - found.keys()))
    yield from (f"{path} is too much" for path in sorted(found.keys() - wanted.keys()))
    common = sorted(found.keys() & wanted.keys())
    yield from (f"{path} differs" for path in common if found[path] != wanted[path])


def _run(folder: Path, *command: str | Path) -> str:
    """Run a command that must succeed, without what this environment sets up; give its output."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(_OWN)}
    done = subprocess.run(  # noqa: S603  the project's own commands
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        shown = " ".join(map(str, command))
        raise Wrong(f"{shown} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def _say(started: float, what: str) -> None:
    sys.stdout.write(f"{time.monotonic() - started:5.1f} s  {what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
