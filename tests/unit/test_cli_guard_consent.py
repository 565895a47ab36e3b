"""tfgen guard --write-consent, and the consent that it reads the next time."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import plans
from tfgen import cli, manifest

REPLACED = plans.balancer("shop/web", "delete", "create")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with settings and a rendered tree of one Service; it is the working folder."""
    (tmp_path / "tfgen.yaml").write_text(f"cluster: {plans.CLUSTER}\ntree: {plans.TREE}\n")
    (tmp_path / "infra").mkdir()
    text = manifest.dumps(plans.tree(plans.entry("shop/web")))
    (tmp_path / "infra" / manifest.FILE).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _run(*changes: plans.Json, flags: tuple[str, ...] = ()) -> int:
    Path("plan.json").write_text(json.dumps(plans.plan(*changes)))
    return cli.app.run(["guard", "--plan", "plan.json", *flags])


def _consents(project: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((project / "infra/tfgen-consent.json").read_text())[
        "consents"
    ]
    return found


def test_a_consent_is_written_once_and_read_from_then_on(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same plan then passes without a flag; the report names the file."""
    flags = ("--allow-address-change", "shop/web", "--write-consent")
    assert _run(REPLACED, flags=flags) == 0
    assert "stands in infra/tfgen-consent.json, for these plans alone: commit it" in (
        capsys.readouterr().err
    )
    [written] = _consents(project)
    assert (written["guard"], written["service"]) == ("address", "shop/web")
    assert _run(REPLACED) == 0
    assert "agreed to by tfgen-consent.json" in capsys.readouterr().err


def test_it_is_void_for_another_plan(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 3, and the refusal says that the consent is void, and for which effect it was."""
    _run(REPLACED, flags=("--allow-address-change", "shop/web", "--write-consent"))
    [effect] = _consents(project)[0]["effects"]
    assert _run(REPLACED, plans.floating_ip("shop/web", "no-op")) == 0
    assert _run(REPLACED, plans.floating_ip("shop/api", "create")) == 3
    assert f"is void: it was for a plan of effect {effect[:12]}" in capsys.readouterr().out


def test_without_a_refusal_there_is_nothing_to_agree_to(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No file is written, and that is said."""
    assert _run(flags=("--allow-removals", "9", "--write-consent")) == 0
    assert "nothing to agree to" in capsys.readouterr().err
    assert not (project / "infra/tfgen-consent.json").exists()


def test_a_consent_that_cannot_be_read_ends_the_command(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is never passed over in silence."""
    (project / "infra/tfgen-consent.json").write_text("{")
    assert _run(REPLACED) == 1
    assert "tfgen-consent.json cannot be read" in capsys.readouterr().err


def test_a_link_is_not_followed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What it says would come from outside the tree, which nobody reviewed."""
    (project / "infra/tfgen-consent.json").symlink_to(project / "elsewhere.json")
    assert _run(REPLACED) == 1
    assert "is a symbolic link" in capsys.readouterr().err
