"""The manifest is read back as it was written, and taken from nobody else."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.fakes import objects
from tfgen import errors, manifest, model

WEB, API = model.ServiceKey("shop", "web"), model.ServiceKey("blog", "api")


HELD = objects.entry(API, state=manifest.State.HELD, problems=("Service blog/api: x is y.",))
WHOLE = manifest.Manifest(
    cluster="demo",
    tree="3f9c1a2b",
    stacks_by="namespace",
    cluster_uid="uid",
    stacks=("blog", "empty", "shop"),
    services={WEB: objects.entry(WEB), API: HELD},
    gone={model.ServiceKey("blog", "old"): "blog", model.ServiceKey("empty", "last"): "empty"},
)


def document(**fields: Any) -> dict[str, Any]:  # noqa: ANN401  any field
    """Give the manifest as JSON, with fields laid over it."""
    return {**json.loads(manifest.dumps(WHOLE)), **fields}


def with_entry(key: str = "shop/web", **fields: Any) -> dict[str, Any]:  # noqa: ANN401  any field
    """Give a manifest with one entry, its fields laid over a right one."""
    right = document()["services"]["shop/web"]
    return document(services={key: {**right, **fields}})


def test_it_is_read_back_as_it_was_written() -> None:
    """Writing and reading loses nothing."""
    assert manifest.loads(manifest.dumps(WHOLE)) == WHOLE


def test_the_same_manifest_has_the_same_bytes() -> None:
    """Everything is sorted, whatever order it came in."""
    turned = replace(
        WHOLE, stacks=WHOLE.stacks[::-1], services=dict(reversed([*WHOLE.services.items()]))
    )
    assert manifest.dumps(turned) == manifest.dumps(WHOLE)


def test_it_says_what_others_need() -> None:
    """Schema and version, stacks, and each Service with its file."""
    written = document()
    assert (written["schema"], written["schema_version"]) == ("tfgen.manifest", 1)
    assert list(written["services"]) == ["blog/api", "shop/web"]
    assert written["services"]["shop/web"]["file"] == "stacks/shop/lb_shop_web.tf"
    assert written["services"]["blog/api"]["state"] == "held"


def test_a_stack_without_services_is_a_tombstone() -> None:
    """It stays in the manifest until its state is empty."""
    assert WHOLE.tombstones == ("empty",)
    assert WHOLE.of_stack("shop") == (objects.entry(WEB),)
    assert WHOLE.of_stack("empty") == ()


def test_a_tree_without_the_memory_of_what_went_is_read() -> None:
    """An older tfgen wrote none."""
    older = {key: value for key, value in document().items() if key != "gone"}
    assert manifest.loads(json.dumps(older)) == replace(WHOLE, gone={})


def test_a_tree_without_revisions_is_read() -> None:
    """An older tfgen wrote none: its Services are published as before."""
    older = document()
    for entry in older["services"].values():
        del entry["revision"]
    found = manifest.loads(json.dumps(older))
    assert {entry.revision for entry in found.services.values()} == {""}


def test_what_went_is_forgotten_once_it_is_applied() -> None:
    """But for what the state has still; with nothing in it the stack goes, too."""
    old, last = WHOLE.gone
    assert manifest.applied(WHOLE, "blog", {old}) == WHOLE
    assert manifest.applied(WHOLE, "blog", set()).gone == {last: "empty"}
    over = manifest.applied(WHOLE, "empty", None)
    assert (over.gone, over.stacks) == ({old: "blog"}, ("blog", "shop"))


def test_two_manifests_join_to_what_is_true_between_them() -> None:
    """While a tree changes, what comes and what goes are both listed; the newer word counts."""
    after = replace(WHOLE, stacks=("new",), services={API: objects.entry(API, "new")})
    both = manifest.joined(WHOLE, after)
    assert both.stacks == ("blog", "empty", "new", "shop")
    assert both.services == {WEB: objects.entry(WEB), API: objects.entry(API, "new")}
    assert manifest.joined(None, after) is after


UNREADABLE: list[str] = [
    "",
    "{",
    "[]",
    "null",
    '"text"',
    "<<<<<<< HEAD",
    *(
        json.dumps(wrong)
        for wrong in (
            {},
            document(schema="other"),
            document(schema_version="1"),
            document(cluster=None),
            document(tree=1),
            document(stacks=7),
            document(stacks=[7]),
            document(stacks=["../up"]),
            document(stacks=["a/b"]),
            document(stacks=[".."]),
            document(services=[]),
            document(services={"shop/web": None}),
            document(services={"shop/web": {}}),
            with_entry("web"),
            with_entry("../web"),
            with_entry("shop/../../web"),
            with_entry("shop/We_b"),
            with_entry(stack="../../etc"),
            with_entry(stack=""),
            with_entry(state="lost"),
            with_entry(frozen={"unheard": "of"}),
            with_entry(unheard="of"),
            document(stacks="shop"),
            with_entry(ports=[1]),
            with_entry(ports="tcp-80"),
            with_entry(ports=["tcp-80\n"]),
            with_entry(ports=["tcp"]),
            with_entry(digest=None),
            with_entry(node_group=["x"]),
            with_entry(internal="no"),
            with_entry(protect="no"),
            with_entry(protect=1),
            with_entry(address_may_change=None),
            with_entry(frozen={"vip_subnet_id": 7}),
            with_entry(frozen=[]),
            with_entry(problems="x"),
            with_entry(problems=[{}]),
        )
    ),
]


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    """It is never an empty tree, and no path in it leads out of the tree."""
    with pytest.raises(errors.Refused) as raised:
        manifest.loads(text, "infra/tfgen-manifest.json")
    assert raised.value.what.startswith("infra/tfgen-manifest.json cannot be read: ")
    assert raised.value.remedy.startswith("Restore it from Git")


def test_a_refusal_says_what_was_found() -> None:
    """Who merged the file wrongly finds the place."""
    with pytest.raises(errors.Refused, match="'no' is neither true nor false"):
        manifest.loads(json.dumps(with_entry(protect="no")))
    with pytest.raises(errors.Refused, match="1 is no port, such as tcp-80"):
        manifest.loads(json.dumps(with_entry(ports=[1])))


def test_a_newer_one_asks_for_a_newer_tfgen() -> None:
    """An old tfgen does not guess what a new one meant."""
    with pytest.raises(errors.TreeError, match="schema_version 2, this one knows 1") as raised:
        manifest.loads(json.dumps(document(schema_version=2)))
    assert raised.value.remedy == "Upgrade tfgen."
