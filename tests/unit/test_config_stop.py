"""Everything stops by the settings, or by a file that anybody on call can put there."""

from pathlib import Path

import pytest

from tfgen import config

GOOD = "cluster: demo\ntree: 3f9c1a2b4d5e6f70\n"
pytestmark = pytest.mark.usefixtures("folder")


def stopped(guards: str = "{}") -> str:
    """Say why all is stopped, by a tfgen.yaml with these guards."""
    Path("tfgen.yaml").write_text(f"{GOOD}guards: {guards}\n", encoding="utf-8")
    return config.stopped(config.load(None, environ={}))


def test_nothing_is_stopped_by_itself() -> None:
    """Without the setting and without the file all goes on."""
    assert stopped() == ""
    assert stopped("{stop_file: there/is/none}") == ""


def test_the_setting_stops() -> None:
    """It is the first reason that is given."""
    Path("tfgen.stop").write_text("x", encoding="utf-8")
    assert stopped("{stop: true}") == "guards.stop is true"


def test_the_text_of_the_file_is_the_reason() -> None:
    """Whoever is stopped reads why, on one line that is not too long."""
    Path("tfgen.stop").write_text("Octavia is being upgraded,\n ask Ada\n", encoding="utf-8")
    assert stopped() == "tfgen.stop says: Octavia is being upgraded, ask Ada"
    Path("tfgen.stop").write_text("x" * 1000, encoding="utf-8")
    assert len(stopped()) < 300


def test_what_is_there_and_cannot_be_read_stops_too() -> None:
    """An empty file, one that is no text, a folder, a link to nothing: somebody meant it."""
    place = Path("tfgen.stop")
    place.touch()
    assert stopped() == "tfgen.stop exists"
    place.write_bytes(b"\xff\xfe")
    assert stopped() == "tfgen.stop exists"
    place.unlink()
    place.mkdir()
    assert stopped() == "tfgen.stop exists"
    place.rmdir()
    place.symlink_to("nowhere")
    assert stopped() == "tfgen.stop leads nowhere"


def test_the_file_has_any_name_or_none() -> None:
    """The name counts from tfgen.yaml; an empty one looks for no file."""
    Path("tfgen.stop").touch()
    assert stopped('{stop_file: ""}') == ""
    assert stopped("{stop_file: ops/stop}") == ""
    Path("ops").mkdir()
    Path("ops/stop").touch()
    assert stopped("{stop_file: ops/stop}") == "ops/stop exists"
