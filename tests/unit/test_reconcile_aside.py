"""What `tfgen status` says that is of no Service: a stop, locks, what is left over in the cloud."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.fakes import world
from tests.fakes.world import World
from tfgen import workspace

# The client library warns of calls between its own modules.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")


@pytest.fixture
def made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[World]:
    """A world with one Service that is whole."""
    with world.running(tmp_path, monkeypatch, capsys) as whole:
        whole.service("web")
        whole.rendered()
        whole.deployed("web")
        whole.published("web")
        yield whole


def test_nothing_beside(made: World) -> None:
    """Where nothing is wrong nothing is said."""
    assert made.run("status", "--format", "json").document["notes"] == []


def test_a_stop(made: World) -> None:
    """Somebody stopped everything: whoever waits for an apply sees why it does not come."""
    (made.folder / "tfgen.stop").write_text("ask Ada")
    said = made.run("status")
    assert "nothing is applied: tfgen.stop says: ask Ada" in said.err
    assert said.code == 0


def test_who_is_at_a_stack(made: World) -> None:
    """The holder is named, with since when, and how it is ended."""
    tree = workspace.Tree(made.folder / "infra")
    with tree.alone("shop"):
        said = made.run("status").err
    assert "stack shop is held by `tfgen" in said
    assert " ago): wait for it, or end it: kill " in said
    assert "is held by" not in made.run("status").err


def test_who_is_at_the_tree(made: World) -> None:
    """The tree itself, while somebody renders."""
    with workspace.Tree(made.folder / "infra").locked():
        assert "the tree is held by `tfgen" in made.run("status").err


def test_what_a_dead_holder_left(made: World) -> None:
    """A file without a lock says nothing; a lock without its tfgen is that of its engine."""
    folder = made.folder / "infra" / "stacks" / "shop" / ".terraform"
    left = {"command": "tfgen apply", "pid": 2**22 + 1, "host": "gone", "user": "x", "since": "y"}
    folder.mkdir(exist_ok=True)
    (folder / "tfgen.lock").write_text(json.dumps(left))
    assert made.run("status", "--format", "json").document["notes"] == []


def test_a_load_balancer_of_no_group(made: World) -> None:
    """One whose group the tree does not have has a row; one of nobody is noted."""
    first = made.cloud.load_balancers[0]
    tags = [*world.TAGS, "tfgen_group=shop_front"]
    made.cloud.load_balancers.append({**first, "id": "lb-g", "tags": tags})
    made.cloud.load_balancers.append({**first, "id": "lb-x", "tags": world.TAGS})
    document = made.run("status", "--format", "json").document
    [group] = [row for row in document["services"] if row["group"]]
    assert (group["service"], group["load_balancer"]["id"]) == ("shop/front", "lb-g")
    assert group["differences"][-1]["text"].startswith("the tree has no Service of it any more")
    [nobody] = document["notes"]
    assert nobody == "load balancer lb-x has the tags of this tree, and of no Service or group"


def test_a_floating_ip_that_is_bound_to_nothing(made: World) -> None:
    """It is paid for: whose it was is said, and what frees it."""
    first = made.cloud.floating_ips[0]
    old = [*world.TAGS, "tfgen_service=shop_old"]
    made.cloud.floating_ips += [
        {**first, "id": "f-2", "floating_ip_address": "172.24.0.8", "port_id": None, "tags": old},
        {**first, "id": "f-3", "floating_ip_address": "172.24.0.9", "port_id": None},
    ]
    notes = made.run("status", "--format", "json").document["notes"]
    [old_one, ours] = notes
    assert old_one == (
        "floating IP 172.24.0.8 of Service shop/old is bound to nothing, and costs: openstack "
        "floating ip delete f-2 frees it for good"
    )
    assert ours.endswith(
        "of Service shop/web is bound to nothing: tfgen plan shows whether it is taken again"
    )


@pytest.mark.parametrize(("minutes", "state"), [(3, "busy"), (45, "failed")])
def test_one_that_is_pending(made: World, minutes: int, state: str) -> None:
    """Work of Octavia's is nobody's matter; work without an end is, and since when is said."""
    then = (datetime.now(UTC) - timedelta(minutes=minutes, seconds=1)).strftime("%Y-%m-%dT%H:%M:%S")
    made.cloud.load_balancers[0].update(provisioning_status="PENDING_UPDATE", updated_at=then)
    [row] = made.run("status", "--format", "json").document["services"]
    [difference] = row["differences"]
    assert difference["kind"] == state
    assert difference["text"].startswith("Octavia is at work on it: PENDING_UPDATE")
    if state == "failed":
        assert f"since {then} UTC, for 45 minutes" in difference["text"]
        assert difference["remedy"].startswith("tfgen repair shop/web")


def test_two_of_one_service(made: World) -> None:
    """Several load balancers of one Service are told with the command that says which may go."""
    made.cloud.load_balancers.append({**made.cloud.load_balancers[0], "id": "lb-2"})
    [row] = made.run("status", "--format", "json").document["services"]
    assert "tfgen repair shop/web" in row["differences"][0]["remedy"]
