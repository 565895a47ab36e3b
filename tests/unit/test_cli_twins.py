"""The variables of flags: all of them are known, and none beside them passes."""

import pytest

from tfgen.cli import app, twins
from tools import cli_page


def test_all_flags_of_all_commands_have_a_known_variable() -> None:
    """What the reference page shows is what a run takes."""
    page = cli_page.page()
    assert all(f"`{name}`" in page for name in twins.known())
    assert {"TFGEN_CONFIG", "TFGEN_ORIGIN", "TFGEN_DOCUMENT", "TFGEN_YES"} <= twins.known()


@pytest.mark.usefixtures("folder")
def test_a_mistyped_variable_stops_init(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It loads no settings, and looks at the variables all the same."""
    monkeypatch.setenv("TFGEN_FLOATING_NETWRK", "public")
    assert app.run(["init", "--cluster", "demo", "--offline"]) == 1
    assert "Did you mean TFGEN_FLOATING_NETWORK?" in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
def test_a_mistyped_variable_stops_a_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A flag that was meant and not given would otherwise go unnoticed."""
    assert app.run(["init", "--cluster", "demo", "--offline"]) == 0
    monkeypatch.setenv("TFGEN_ALLOW_HELT", "true")
    monkeypatch.setenv("TFGEN_JOBS", "2")
    assert app.run(["config", "show"]) == 1
    assert "Did you mean TFGEN_ALLOW_HELD?" in capsys.readouterr().err
