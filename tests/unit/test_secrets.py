"""Secrets reach no file, log, report or state; and engines only the environment that they need."""

import base64
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import secrets
from tests.fakes import place

SECRET = {"the password": "s3cr3t-pass/word"}
POISON = {
    **{f"POISON_{number}": f"poison-value-{number}" for number in range(3)},
    "OS_PASSWORD": "poison-os-password",
    "OS_APPLICATION_CREDENTIAL_SECRET": "poison-os-secret",
    "GITHUB_TOKEN": "poison-github-token",
    "CI_JOB_TOKEN": "poison-ci-token",
    "DATABASE_URL": "postgres://poison-database",
    "SSH_AUTH_SOCK": "/poison/agent",
    "TF_VAR_node_groups": "{poison-variable={}}",
    "TF_CLI_ARGS": "-poison-argument",
    "TF_CLI_ARGS_plan": "-poison-destroy",
    "TF_WORKSPACE": "poison-workspace",
    "TF_DATA_DIR": "poison-data",
    "TF_LOG": "poison-trace",
    "BASH_ENV": "/poison/profile",
    "kubeconfig": "poison-kubeconfig",
}


@pytest.fixture
def site(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[place.Place]:
    """A world in which every variable that may hold a secret does."""
    with place.running(folder, monkeypatch) as found:
        found.service("shop/web")
        for name, text in POISON.items():
            monkeypatch.setenv(name, text)
        yield found


COMMANDS = [
    ["run", "--yes"],
    ["plan"],
    ["sync"],
    ["apply", "--yes"],
    ["publish"],
    ["status"],
    ["doctor"],
    ["explain", "shop/web"],
    ["lock"],
]


@pytest.fixture
def done(site: place.Place, capsys: pytest.CaptureFixture[str]) -> place.Place:
    """That world after all commands, what they printed in `said`."""
    assert site.tfgen(*COMMANDS[0]) == 0
    site.node(3)
    site.service("shop/api", 81)
    for command in COMMANDS[1:]:
        site.tfgen(*command)
        site.tfgen(*command, *(["--format", "json"] if command != ["lock"] else []))
    said = capsys.readouterr()
    (site.folder / "said").write_text(said.out + said.err)
    return site


def test_an_engine_gets_only_what_it_needs(done: place.Place) -> None:
    """Of a poisoned environment nothing reaches any call, the question for its version included."""
    told = done.engine.environments
    calls = {call[0] for call in done.engine.calls()}
    assert {"version", "init", "plan", "show", "apply", "state"} <= calls
    assert [name for name in POISON if f" {name}=" in told] == []
    assert "poison" not in told
    assert f"OS_CLIENT_CONFIG_FILE='{done.folder}/clouds.yaml'" in told


def test_no_file_and_no_report_holds_a_secret(done: place.Place) -> None:
    """Neither the cloud's password nor the cluster's token, in tree, states, plans or output."""
    wanted = {**POISON, "the password": done.cloud.password, "the cluster's token": "a-token"}
    wanted |= {f"token {token}": token for token in done.cloud.tokens}
    assert done.cloud.tokens
    kept = ("clouds.yaml", "kubeconfig")
    assert secrets.leaks(done.folder, wanted, kept) == []


def test_what_holds_a_plan_is_for_its_owner_only(site: place.Place) -> None:
    """Plans, their records and local states hold what the provider knows."""
    assert site.tfgen("render") == 0
    assert site.tfgen("plan") == 0
    stack = site.tree / "stacks/shop"
    plans = [*stack.glob("*tfplan*")]
    assert {path.name for path in plans} == {"tfgen.tfplan", "tfgen.tfplan.json"}
    assert site.tfgen("apply", "--yes") == 0
    site.service("shop/api", 81)
    assert site.tfgen("render") == 0
    assert site.tfgen("plan") == 0
    for path in (*stack.glob("*tfplan*"), *stack.glob("*.tfstate*")):
        assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.parametrize(
    "text",
    [
        "x s3cr3t-pass/word y",
        "s3cr3t-pass%2Fword",
        *(base64.b64encode(b"abc"[:n] + b"s3cr3t-pass/word.").decode() for n in range(3)),
    ],
)
def test_a_secret_is_found_in_every_form(tmp_path: Path, text: str) -> None:
    """Plain, quoted for a URL, and in base64 wherever it begins; also within a saved plan."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/file").write_text(text)
    (tmp_path / "clean").write_text("nothing")
    with zipfile.ZipFile(tmp_path / "plan.tfplan", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tfplan", text)
    assert secrets.leaks(tmp_path, SECRET) == [
        "deep/file holds the password",
        "plan.tfplan holds the password",
    ]
    assert secrets.leaks(tmp_path, SECRET, ("file", "plan.tfplan")) == []
