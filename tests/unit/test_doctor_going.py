"""tfgen doctor: what would hold a pass back is found before a pass is begun."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import terraform
from tests.fakes import world as fake
from tests.fakes.world import World
from tests.unit.test_doctor_command import change, look
from tests.unit.test_history_commits import git

pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")
ID = "00000001-aaaa-4aaa-8aaa-aaaaaaaaaaaa"


@pytest.fixture
def world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[World]:
    """Give a world with one Service that is rendered, and stands."""
    monkeypatch.setenv("TFGEN_ENGINE", str(terraform.install(tmp_path / "bin").path))
    with fake.running(tmp_path, monkeypatch, capsys) as made:
        made.service("web")
        made.rendered()
        made.deployed("web")
        yield made


def test_a_stop_is_told(world: World) -> None:
    """It is meant, so it is a warning; the words of whoever stopped it are shown."""
    assert look("stop", 0) == ["ok: nothing stops an apply"]
    (world.folder / "tfgen.stop").write_text("ask Ada")
    [found] = look("stop", 0)
    assert found.startswith("warning: tfgen.stop says: ask Ada: nothing is applied anywhere")


def test_a_tree_that_is_not_committed(world: World) -> None:
    """The path is named; with guards.git: refuse every plan would be refused, so it is an error."""
    assert look("working copy", 0)[0].startswith("ok: nothing of the tree is uncommitted")
    subprocess.run(["git", "init", "--quiet", world.folder], check=True)
    git(world.folder, "add", "--all")
    git(world.folder, "commit", "--quiet", "--message", "x")
    path = world.folder / "infra/stacks/shop/lb_shop_web.tf"
    path.write_text(f"{path.read_text()}# by hand\n")
    [found] = look("working copy", 0)
    assert found.startswith("warning: not committed as it stands: infra/stacks/shop/lb_shop_web.tf")
    change(world, ("network:", "guards: {git: refuse}\nnetwork:"))
    assert look("working copy", 1)[0].startswith("error: not committed as it stands")
    change(world, ("network:", 'guards: {git: "off"}\nnetwork:'))
    assert look("working copy", 0) == ["ok: not looked at: guards.git is off"]


def test_a_load_balancer_in_error(world: World) -> None:
    """It is named with its Service, and the command that mends it."""
    assert look("load balancers", 0) == ["ok: 1 load balancer of this tree"]
    world.cloud.load_balancers[0]["provisioning_status"] = "ERROR"
    assert look("load balancers", 0)[0] == (
        f"warning: {ID} of Service shop/web is in ERROR: no plan mends it "
        "(Run: tfgen repair shop/web)"
    )
    world.cloud.load_balancers[0]["provisioning_status"] = "PENDING_UPDATE"
    assert look("load balancers", 0) == [
        "ok: 1 load balancer of this tree, Octavia is at work on 1"
    ]


def test_load_balancers_of_another_tree(world: World) -> None:
    """Every plan would be refused: it is said before, with both trees."""
    tags = [each.replace("tfgen_tree=", "tfgen_tree=f") for each in fake.TAGS]
    world.cloud.load_balancers[0]["tags"] = tags
    [found] = look("load balancers", 1)
    assert found.startswith("error: cluster demo has load balancers of another tree: ")
