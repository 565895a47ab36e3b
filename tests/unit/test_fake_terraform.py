import json
import subprocess
from pathlib import Path

import pytest

from tests.fakes import rendered
from tests.fakes import terraform as fake


@pytest.fixture
def place(tmp_path: Path) -> tuple[fake.FakeTerraform, Path]:
    """An installed fake and a rendered stack, ready to plan."""
    found = fake.install(tmp_path / "bin")
    tree = rendered.Tree(tmp_path / "infra")
    tree.render(rendered.load_balancer("shop/web"))
    return found, tree.stack("shop")


def run(found: fake.FakeTerraform, folder: Path, *arguments: str) -> tuple[int, str]:
    """Run the fake; give its exit code and its output."""
    done = subprocess.run(
        [found.path, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout


def apply(found: fake.FakeTerraform, folder: Path) -> None:
    """Plan and apply."""
    run(found, folder, "plan", "-json", "-out=p")
    assert run(found, folder, "apply", "-json", "p")[0] == 0


def test_it_speaks_as_terraform_does(place: tuple[fake.FakeTerraform, Path]) -> None:
    """Exit codes and documents are those of the real one."""
    found, folder = place
    assert json.loads(run(found, folder, "version", "-json")[1])["terraform_version"] == "1.11.4"
    assert run(found, folder, "state", "pull") == (0, "")
    assert run(found, folder, "plan", "-json", "-out=p")[0] == 2
    document = json.loads(run(found, folder, "show", "-json", "p")[1])
    assert len(document["resource_changes"]) == 7
    lines = [json.loads(line) for line in run(found, folder, "apply", "-json", "p")[1].splitlines()]
    assert [line["type"] for line in lines] == ["apply_start", "apply_complete"] * 7
    assert json.loads(run(found, folder, "state", "pull")[1])["serial"] == 1
    assert run(found, folder, "plan", "-json", "-out=p")[0] == 0
    assert found.commands() == ["version", "state", "plan", "show", "apply", "state", "plan"]


def test_quick_answers_are_the_same(place: tuple[fake.FakeTerraform, Path]) -> None:
    """What a fake that behaves well answers without Python is what Python would answer."""
    found, folder = place
    for _ in ("no state", "a state"):
        run(found, folder, "plan", "-json", "-out=p")
        asked = [("version", "-json"), ("state", "pull", "-no-color"), ("show", "-json", "p")]
        quick = [run(found, folder, *arguments) for arguments in asked]
        found.behave(fake.Behaviour(gone="nothing"))
        assert [run(found, folder, *arguments) for arguments in asked] == quick
        assert found.calls()[-6:-3] == found.calls()[-3:] == [list(words) for words in asked]
        found.behave(fake.Behaviour())
        apply(found, folder)


def test_a_stale_plan_is_refused(place: tuple[fake.FakeTerraform, Path]) -> None:
    """A saved plan cannot be applied twice: the state has moved."""
    found, folder = place
    apply(found, folder)
    code, said = run(found, folder, "apply", "-json", "p")
    assert code == 1
    assert "Saved plan is stale" in said


def test_a_node_changes_members_only(place: tuple[fake.FakeTerraform, Path]) -> None:
    """Another node is an update of the members and of nothing else."""
    found, folder = place
    apply(found, folder)
    facts = folder / "facts.auto.tfvars.json"
    facts.write_text(facts.read_text().replace("10.0.0.12", "10.0.0.13"))
    assert run(found, folder, "plan", "-json", "-out=p")[0] == 2
    document = json.loads(run(found, folder, "show", "-json", "p")[1])
    changed = {
        entry["type"]: entry["change"]["actions"]
        for entry in document["resource_changes"]
        if entry["change"]["actions"] != ["no-op"]
    }
    assert changed == {"openstack_lb_members_v2": ["update"]}


def test_a_lock_that_is_held(place: tuple[fake.FakeTerraform, Path]) -> None:
    """Nobody plans while someone else holds the state."""
    found, folder = place
    (folder / ".terraform.tfstate.lock.info").touch()
    code, said = run(found, folder, "plan", "-json", "-out=p")
    assert code == 1
    assert "Error acquiring the state lock" in said


def test_what_is_gone(place: tuple[fake.FakeTerraform, Path]) -> None:
    """What the cloud has lost is planned anew after a refresh, and not seen without one."""
    found, folder = place
    apply(found, folder)
    found.behave(fake.Behaviour(gone="floatingip"))
    assert run(found, folder, "plan", "-json", "-refresh=false", "-out=p")[0] == 0
    assert run(found, folder, "plan", "-json", "-refresh=true", "-out=p")[0] == 2


def test_unknown_behaviour(tmp_path: Path) -> None:
    """A test that asks for what the fake cannot do does not pass by accident."""
    with pytest.raises(TypeError):
        fake.Behaviour(does_not_exist=True)  # type: ignore[call-arg]  # that is the test
    assert not list(tmp_path.iterdir())
