"""The folder of a lock comes and goes with those who hold it: nobody trips over that."""

import fcntl
from pathlib import Path

import pytest

from tfgen import errors
from tfgen.workspace import lock


def test_a_folder_that_goes_while_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever lets go removes it between "it exists" and a look at it: it is made once more."""
    make, seen = Path.mkdir, []

    def mkdir(self: Path, *, exist_ok: bool) -> None:
        seen.append(self)
        if len(seen) == 1:
            raise FileExistsError(17, "File exists", str(self))
        make(self, exist_ok=exist_ok)

    monkeypatch.setattr(Path, "mkdir", mkdir)
    with lock.hold(tmp_path, "the tree", lock.Patience(0)):
        assert (tmp_path / lock.FOLDER / lock.FILE).exists()
    assert len(seen) == 2


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    """What is no folder is nobody's lock: it is not tried for ever."""
    (tmp_path / lock.FOLDER).write_text("")
    with pytest.raises(errors.TreeError) as raised, lock.hold(tmp_path, "x", lock.Patience(0)):
        pass
    assert "cannot be written" in raised.value.what


def test_a_file_that_goes_before_it_is_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock on a file that its holder has removed keeps nobody out: that in its place counts."""
    flock, seen = fcntl.flock, []

    def locked(handle: int, operation: int) -> None:
        seen.append(handle)
        if len(seen) == 1:
            (tmp_path / lock.FOLDER / lock.FILE).unlink()
        flock(handle, operation)

    monkeypatch.setattr(fcntl, "flock", locked)
    with lock.hold(tmp_path, "the tree", lock.Patience(5)):
        with pytest.raises(lock.Held), lock.hold(tmp_path, "the tree", lock.Patience(0)):
            pass
        assert len(seen) == 3
