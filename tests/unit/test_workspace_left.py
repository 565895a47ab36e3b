"""Who keeps a lock when tfgen is dead: an engine that is at work, but no provider without one."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tfgen.workspace import left, lock

_DIES = """
import os, subprocess, sys
from pathlib import Path
from tfgen.workspace import lock
with lock.hold(Path(sys.argv[1]), "stack shop", lock.Patience(0)) as handle:
    found = subprocess.Popen(
        sys.argv[2:], cwd=sys.argv[1], pass_fds=[handle], stdout=subprocess.DEVNULL
    )
    print(found.pid, flush=True)
    os._exit(1)
"""


def leave(folder: Path, *command: str) -> int:
    """Let a tfgen die that has started something in a folder; the id of that process."""
    died = subprocess.run(
        [sys.executable, "-c", _DIES, str(folder), *command],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    return int(died.stdout)


@pytest.fixture
def provider(tmp_path: Path) -> Path:
    """A program that sleeps, and is called as a provider."""
    path = tmp_path / "terraform-provider-openstack_v3"
    shutil.copy2(str(shutil.which("sleep")), path)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder to be alone in; whoever works there is ended."""
    made = tmp_path / "stack"
    made.mkdir()
    yield made
    for pid in left.at_work(made):
        subprocess.run(["kill", "-9", str(pid)], check=False)


def test_an_idle_provider_of_a_dead_engine(folder: Path, provider: Path) -> None:
    """It would keep the lock for good: it is ended, and the next one is alone."""
    pid = leave(folder, str(provider), "60")
    assert pid in left.at_work(folder)
    with lock.hold(folder, "stack shop", lock.Patience(10)):
        assert pid not in left.at_work(folder)


def test_an_engine_that_is_at_work(folder: Path, provider: Path) -> None:
    """It saves its state when it ends, and its provider is at work for it: both stay."""
    script = folder.parent / "terraform"
    script.write_text(f'#!/bin/sh\n"{provider}" 60 &\nwait\n')
    script.chmod(0o755)
    engine = leave(folder, str(script))
    end = time.monotonic() + 10
    while len([*left.at_work(folder)]) < 2 and time.monotonic() < end:
        time.sleep(0.02)
    with pytest.raises(lock.Held) as held, lock.hold(folder, "x", lock.Patience(0.3)):
        pass
    assert f"(pid {engine}" in held.value.remedy
    assert len([*left.at_work(folder)]) == 2


def test_a_provider_that_has_no_lock_of_ours(folder: Path, provider: Path) -> None:
    """Somebody's terraform by hand is no business of ours."""
    leave(folder, "sleep", "60")
    with subprocess.Popen([provider, "60"], cwd=folder) as other:
        with pytest.raises(lock.Held), lock.hold(folder, "x", lock.Patience(0.3)):
            pass
        assert other.poll() is None
        other.kill()
