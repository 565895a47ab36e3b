"""Whatever goes wrong, with --format json it is one document that a program can act on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes import world as fake
from tests.fakes.world import World
from tfgen import manifest

# The client library warns of calls between its own modules.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")

RENDER, PUBLISH = ("render",), ("publish", "--source", "cloud")
STATUS, EXPLAIN, DOCTOR = ("status",), ("explain", "shop/web"), ("doctor",)
ALL = (RENDER, PUBLISH, STATUS, EXPLAIN)


@pytest.fixture
def world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[World]:
    """Give a world in which Service shop/web is in sync on all sides."""
    with fake.running(tmp_path, monkeypatch, capsys) as made:
        made.service("web")
        made.rendered()
        made.deployed("web")
        made.published("web")
        yield made


def settings(text: str) -> Callable[[World], object]:
    """Put other settings into the place of those that work."""
    return lambda world: (world.folder / "tfgen.yaml").write_text(text)


def known(world: World) -> Path:
    """Give the path of the manifest."""
    return world.folder / "infra" / manifest.FILE


def newer(world: World) -> None:
    """Let the tree be one of a tfgen that is yet to come."""
    text = known(world).read_text()
    now = f'"schema_version": {manifest.SCHEMA_VERSION}'
    assert now in text
    known(world).write_text(text.replace(now, '"schema_version": 99'))


def forbid(world: World) -> None:
    """Take a right away."""
    world.cluster.forbidden = {"list nodes"}


def starting(world: World) -> None:
    """Let the API server not be ready."""
    world.cluster.status = 503


def refuse(world: World) -> None:
    """Let the password be wrong."""
    world.cloud.password = "another"


def stand_between(world: World) -> None:
    """Let a login page answer in Octavia's place."""
    world.cloud.raw["/load-balancer/v2"] = "<html>Log in</html>"


def empty(world: World) -> None:
    """Let no node be listed."""
    world.cluster.nodes = []


OTHER_PROJECT = fake.SETTINGS.replace("{cloud: demo}", f"{{cloud: demo, project_id: {'b' * 32}}}")
FAILURES: dict[str, tuple[Callable[[World], object], tuple[tuple[str, ...], ...], int]] = {
    "no settings": (lambda world: (world.folder / "tfgen.yaml").unlink(), ALL, 1),
    "unknown setting": (settings(f"{fake.SETTINGS}clustre: demo\n"), ALL, 1),
    "settings of another tree": (settings(fake.SETTINGS.replace(fake.TREE, "0a1b2c3d")), ALL, 3),
    "lost manifest": (lambda world: known(world).unlink(), ALL, 3),
    "broken manifest": (lambda world: known(world).write_text("{"), ALL, 3),
    "newer tree": (newer, ALL, 1),
    "missing right": (forbid, (RENDER, PUBLISH), 1),
    "starting cluster": (starting, (RENDER, PUBLISH), 1),
    "no nodes": (empty, (RENDER,), 3),
    "wrong password": (refuse, (PUBLISH,), 1),
    "login page": (stand_between, (PUBLISH,), 1),
    "another project": (settings(OTHER_PROJECT), (PUBLISH,), 3),
}
CASES = [(name, command) for name, (_, commands, _) in FAILURES.items() for command in commands]


@pytest.mark.parametrize(("name", "command"), CASES)
def test_a_failure_is_a_document(world: World, name: str, command: tuple[str, ...]) -> None:
    """It has the exit code, what was found and what to do; standard error says nothing else."""
    broken, _, code = FAILURES[name]
    broken(world)
    said = world.run(*command, "--format", "json")
    assert said.code == code, said
    assert said.document["schema"] == "tfgen.error"
    error = said.document["error"]
    assert error["code"] == code
    assert error["what"]
    assert error["remedy"] or "Did you mean cluster?" in error["what"]  # each wrong setting has its
    assert "a bug" not in error["what"]
    assert said.err == ""


INPUT = [
    ("none.yaml", "cannot be read"),
    ('{"kind": "List",\n', "expected a path"),
    ("tfgen.yaml", "this is no Kubernetes object"),
]


@pytest.mark.parametrize("command", [RENDER, STATUS, EXPLAIN], ids=lambda command: command[0])
@pytest.mark.parametrize(("source", "words"), INPUT)
def test_input_that_is_none(
    world: World, source: str, words: str, command: tuple[str, ...]
) -> None:
    """`render` ends with it; for those that look, it is a side that is away."""
    said = world.run(*command, "--from", source, "--format", "json")
    if command == RENDER:
        found = said.document["error"]["what"]
    elif command == STATUS:
        found = said.document["sides"]["cluster"]["error"]
    else:
        found = said.document["away"]["cluster"]["error"]
    assert words in found


@pytest.mark.parametrize("command", [*ALL, DOCTOR], ids=lambda command: command[0])
def test_wrong_usage_is_a_document(world: World, command: tuple[str, ...]) -> None:
    """Also what is wrong before any command runs."""
    said = world.run(*command, "--no-such-flag", "--format", "json")
    assert said.code == 64
    assert said.document["error"]["code"] == 64
    assert said.document["error"]["remedy"] == f"Try: tfgen {command[0]} --help"
    assert said.err == ""


def test_an_end_that_is_none(world: World) -> None:
    """Nothing that is called so is an error with the nearest."""
    said = world.run("explain", "shop/webb", "--format", "json")
    assert said.code == 1
    assert said.document["error"]["remedy"] == "Nearest: shop/web."


def test_a_service_that_cannot_be_written_to(world: World) -> None:
    """What fails for one Service stands in the result, with its remedy."""
    world.service("web")
    world.cluster.forbidden = {"patch services/status"}
    said = world.run(*PUBLISH, "--format", "json")
    assert said.code == 1
    [service] = said.document["services"]
    assert service["outcome"] == "failed"
    assert "may not patch services/status" in service["text"]
    assert "roles of docs/rbac.yaml" in service["remedy"]


def test_a_doctor_has_findings_for_all_of_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing works it is a document of findings all the same, and each error a remedy."""
    (world.folder / "tfgen.yaml").unlink()
    starting(world)
    monkeypatch.setenv("TFGEN_ENGINE", "no-such-engine")
    said = world.run(*DOCTOR, "--format", "json")
    assert said.code == 1
    wrong = {each["check"]: each for each in said.document["findings"] if each["level"] == "error"}
    assert set(wrong) == {"settings", "engine", "cluster"}
    assert all(each["remedy"] for each in wrong.values())
