import io
from pathlib import Path

import pytest

from lab import LabError, say, start, stop
from lab.settings import Settings


def quiet() -> say.Reporter:
    """A reporter that nobody hears."""
    return say.Reporter(io.StringIO())


def names(folder: Path) -> list[str]:
    """What is in a folder."""
    return sorted(entry.name for entry in folder.iterdir())


def test_a_folder_that_is_no_laboratory(settings: Settings) -> None:
    """A folder that LAB_HOME names by mistake is not wiped, and nothing in it is touched."""
    (settings.home / "state").mkdir(parents=True)
    (settings.home / "thesis.tex").touch()
    with pytest.raises(LabError, match=r"no laboratory's folder: it has no lab\.json"):
        stop.down(settings, quiet(), wipe=True)
    assert names(settings.home) == ["state", "thesis.tex"]


def test_what_somebody_put_beside_it_stays(settings: Settings) -> None:
    """All that a laboratory writes goes, and nothing else; a link goes, not what it leads to."""
    settings.save()
    for name in stop.WRITTEN[:-2]:
        (settings.home / name / "below").mkdir(parents=True)
    elsewhere = settings.home / "notes"
    elsewhere.mkdir()
    (settings.home / "demo").symlink_to(elsewhere)
    stop.check_ours(settings)
    stop.erase(settings)
    assert names(settings.home) == ["notes"]


def test_an_empty_folder(settings: Settings) -> None:
    """To wipe once more what was wiped is no error."""
    settings.home.mkdir()
    (settings.home / start.LOCK).touch()
    stop.check_ours(settings)


def test_one_command_at_a_time(settings: Settings) -> None:
    """Who waits too long for another command is told so in words."""
    with (
        start.locked(settings),
        pytest.raises(LabError, match=r"at work on .* for 0 s"),
        start.locked(settings, seconds=0.01),
    ):
        pass
    with start.locked(settings, seconds=0.01):
        pass
