"""An output tree that is not what tfgen left, and input that is not the whole: nothing is lost."""

import json

import pytest

from tests.bad_input.bad import FORMS, Bad, rows
from tests.bad_input.scene import API, RENDER, RUN, WEB, Scene

# The client library warns of calls between its own modules.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")

MANIFEST = "infra/tfgen-manifest.json"
FILE = "stacks/shop/lb_shop_web.tf"
ALL = (RENDER, RUN, ("plan",), ("apply", "--yes"), ("sync",), ("publish",))


def two_sides(scene: Scene) -> None:
    """Leave a merge's conflict in the manifest."""
    text = (scene.place.folder / MANIFEST).read_text()
    scene.write(MANIFEST, f"<<<<<<< ours\n{text}=======\n{text}>>>>>>> theirs\n")


TABLE = rows(
    Bad(
        "an unreadable manifest",
        two_sides,
        code=3,
        what=("infra/tfgen-manifest.json cannot be read: ",),
        remedy="Restore it from Git: it is the memory of what was rendered",
    ),
    Bad(
        "a manifest that is missing beside stacks",
        lambda scene: (scene.place.folder / MANIFEST).unlink(),
        code=3,
        what=("infra/tfgen-manifest.json is missing beside stacks that exist: shop",),
        remedy="Restore it from Git: without it a first rendering cannot be told from a loss.",
    ),
)


@FORMS
@pytest.mark.parametrize("command", ALL, ids=" ".join)
@TABLE
def test_a_tree_without_its_memory(
    scene: Scene, bad: Bad, command: tuple[str, ...], form: str
) -> None:
    """It is never taken for an empty one: every command refuses, and touches nothing."""
    scene.asks_for_more()
    bad.comes(scene)
    before = scene.standing()

    said = scene.run(*command, "--format", form)

    bad.check(said, form)
    assert scene.standing() == before
    assert not scene.place.cluster.writes
    assert not scene.planned_or_applied()


@FORMS
def test_one_service_over_a_tree_of_nine(scene: Scene, form: str) -> None:
    """A file with one Service is not the whole cluster: it is refused, and says why and how."""
    for number in range(7):
        scene.place.service(f"shop/web-{number}")
    assert scene.run(*RENDER).code == 0
    services = scene.place.cluster.services
    listing = {"kind": "List", "apiVersion": "v1"}
    items = [services[WEB], *scene.place.cluster.nodes]
    scene.write("one.json", json.dumps({**listing, "items": items}))
    before = scene.standing()
    bad = Bad(
        "",
        lambda _scene: None,
        code=3,
        what=("8 of 9 Services are gone from the input: shop/api, shop/web-0, ", "at most 2 may"),
        remedy="Is the input whole, and of the right cluster? If they are meant to go: "
        "--allow-removals 8",
    )

    for command in (RENDER, RUN):
        bad.check(scene.run(*command, "--from", "one.json", "--format", form), form)

    assert scene.standing() == before
    assert not scene.planned_or_applied()


@FORMS
@pytest.mark.parametrize(
    ("old", "new"),
    [("connection_limit = -1", "connection_limit = 5"), ("port             = 80", "port = 8080")],
    ids=["in place", "replacing"],
)
def test_a_hand_edited_file(scene: Scene, old: str, new: str, form: str) -> None:
    """Its Service is held with a diff (4), the edit stays in the file and reaches no cloud."""
    scene.asks_for_more()
    scene.edit(f"infra/{FILE}", old, new)
    before = scene.standing()
    told = (
        f"Service {WEB}: file {FILE} is edited by hand; expected as tfgen wrote it. "
        "Carry the edit into the Service or tfgen.yaml; --overwrite-edited drops it."
    )

    rendered = scene.run(*RENDER, "--format", form)
    said = scene.run(*RUN, "--format", form)

    assert (rendered.code, said.code) == (4, 4), said.err
    for each in (rendered, said):
        assert f"held: {told}" in each.err
        assert f"-  {old}" in each.err
        assert f"+  {new}" in each.err
    if form == "json":
        [problem] = rendered.document["problems"]
        assert problem["field"] == f"file {FILE}"
        assert f"+  {new}" in rendered.document["edits"]
    after = scene.standing()
    assert after.of(WEB) == before.of(WEB)
    assert len(after.of(API)[0]) == len(before.of(API)[0]) + 4
