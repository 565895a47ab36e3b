"""Takes out one protection after the other, in a copy of the repository, and runs its tests.

A test that fails is what is wanted. A protection that nobody misses is a hole in the tests.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from tests.protections import table

_PYTEST = (
    *("-m", "pytest", "-x", "-q", "--tb=no", "-p", "no:cacheprovider", "-m", "not engine"),
    *("--timeout", "120", "--hypothesis-profile", "unshrunk"),
)
_FAILED = 1
"""pytest's exit code for tests that ran and failed; of all others none is an answer."""
_FIRST = re.compile(r"^(?:FAILED|ERROR) (?P<test>\S+)", re.MULTILINE)


def main() -> int:
    """Try all protections, or those of some themes; the exit code is 1 where one is not missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.protections", description=__doc__)
    parser.add_argument("themes", nargs="*", help="Names, or their beginnings; none: all.")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="At a time.")
    asked = parser.parse_args()
    chosen = [
        each
        for theme, entries in table.themes().items()
        if not asked.themes or theme.startswith(tuple(asked.themes))
        for each in entries
    ]
    with tempfile.TemporaryDirectory(prefix="tfgen-protections-") as folder:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(asked.jobs):
            copies.put(_copy(Path(folder, str(number))))
        with ThreadPoolExecutor(asked.jobs) as pool:
            missed = sum(_told(*each) for each in pool.map(lambda one: _try(one, copies), chosen))
    print(f"{len(chosen)} protections taken out, {len(chosen) - missed} missed by a test")
    return int(missed > 0)


def _copy(target: Path) -> Path:
    """Copy what Git knows, and what it would take in, of the working tree."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=table.ROOT,
        check=True,
        capture_output=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if (table.ROOT / name).is_file():
            shutil.copy2(table.ROOT / name, place)
    return target


def _try(protection: table.Protection, copies: "SimpleQueue[Path]") -> tuple[table.Protection, str]:
    """Take one out, run its tests, and put it back; give the test that failed, "" where none."""
    copy = copies.get()
    source = copy / protection.path
    whole = source.read_text()
    try:
        source.write_text(protection.removed(whole))
        return protection, _missed(protection, copy)
    finally:
        source.write_text(whole)
        copies.put(copy)


def _missed(protection: table.Protection, copy: Path) -> str:
    ran = subprocess.run(
        [sys.executable, *_PYTEST, *protection.tests],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy / "generator"), "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
        capture_output=True,
        text=True,
    )
    first = _FIRST.search(ran.stdout)
    if ran.returncode == _FAILED:
        return first["test"] if first else "one hung, and was ended by its timeout"
    if ran.returncode == 0:
        return ""
    raise RuntimeError(
        f"{protection.what}: pytest ended with {ran.returncode}\n{ran.stdout[-2000:]}"
    )


def _told(protection: table.Protection, test: str) -> bool:
    """Print one result; tell whether no test missed the protection."""
    found = test.removeprefix("tests/") or "NOBODY MISSED IT"
    print(f"{protection.theme:<24} {protection.what}\n{'':<24}   {found}", flush=True)
    return not test


if __name__ == "__main__":
    sys.exit(main())
