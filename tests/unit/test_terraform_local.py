"""A state in a local file, looked at without an engine."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tfgen import errors, terraform
from tfgen.terraform import local


def test_no_state_yet(tmp_path: Path) -> None:
    """A file that is not there is the state that does not exist yet."""
    assert local.read(tmp_path / "terraform.tfstate", "shop") == terraform.State()


def test_only_its_engine_can_read_it(tmp_path: Path) -> None:
    """A state that OpenTofu encrypted is none to be restored: its engine has to be asked."""
    path = tmp_path / "terraform.tfstate"
    path.write_text('{"serial": 3, "lineage": "a", "meta": {}, "encrypted_data": "x"}')
    assert local.read(path, "shop") is None


@pytest.mark.parametrize("text", ["[]", "{}", "cut", '{"version": 4'])
def test_what_is_no_state(tmp_path: Path, text: str) -> None:
    """Anything else is told with its place and the way out."""
    path = tmp_path / "terraform.tfstate"
    path.write_text(text)
    with pytest.raises(errors.EngineError, match="the state of stack shop") as caught:
        local.read(path, "shop")
    assert "backup" in caught.value.remedy


@pytest.fixture
def cut_off(tmp_path: Path) -> Path:
    """A state that is empty, and the one before it."""
    path = tmp_path / "terraform.tfstate"
    path.write_text("")
    whole = {"version": 4, "serial": 3, "lineage": "l", "outputs": {}, "resources": []}
    path.with_name("terraform.tfstate.backup").write_text(json.dumps(whole))
    return path


def test_a_state_that_was_cut_off(cut_off: Path) -> None:
    """The one before takes its place, with its mode."""
    kept = cut_off.with_name("terraform.tfstate.backup")
    kept.chmod(0o600)
    assert local.restore(cut_off)
    assert cut_off.read_text() == kept.read_text()
    assert cut_off.stat().st_mode & 0o777 == 0o600
    assert not local.restore(cut_off)


def test_one_that_somebody_writes(cut_off: Path) -> None:
    """Whoever holds it may be at its writing."""
    script = (
        "import fcntl, sys\n"
        "file = open(sys.argv[1], 'r+b')\n"
        "fcntl.lockf(file, fcntl.LOCK_EX)\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, cut_off], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as engine:
        assert engine.stdout
        assert engine.stdin
        assert engine.stdout.readline() == b"held\n"
        assert not local.restore(cut_off)
        assert cut_off.read_text() == ""
        engine.stdin.close()
        engine.wait()
    assert local.restore(cut_off)


@pytest.mark.parametrize("kept", ["", "{", None])
def test_nothing_to_take_back(cut_off: Path, kept: str | None) -> None:
    """A copy that is none, or no state itself, takes nobody's place."""
    beside = cut_off.with_name("terraform.tfstate.backup")
    beside.unlink()
    if kept is not None:
        beside.write_text(kept)
    assert not local.restore(cut_off)
    assert cut_off.read_text() == ""
