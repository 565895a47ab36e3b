from pathlib import Path

import pytest

from lab import Lab
from lab.settings import Settings
from lab.software import cache, go


@pytest.mark.parametrize("kit", [go.KUBECTL, go.TOFU], ids=lambda kit: kit.name)
def test_what_was_built_is_on_path(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kit: go.Kit
) -> None:
    """A tool of the laboratory's own is found, after all of the machine's; else PATH stays."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "/nowhere")
    lab = Lab(settings)
    assert "PATH" not in lab.environment()
    kit.folder.mkdir(parents=True)
    (kit.folder / cache.COMPLETE).touch()
    assert lab.environment()["PATH"] == f"/nowhere:{kit.folder}"


def test_a_machine_with_its_own_tools(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where kubectl and an engine are on PATH, it is left as it is, whatever the cache holds."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for kit in (go.KUBECTL, go.TOFU):
        kit.folder.mkdir(parents=True)
        (kit.folder / cache.COMPLETE).touch()
    for name in ("kubectl", "terraform"):
        (tmp_path / name).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "PATH" not in Lab(settings).environment()
