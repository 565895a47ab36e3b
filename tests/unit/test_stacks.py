"""Which stack a Service lives in, and that it stays there."""

from typing import Any

import pytest

from tests.fakes import objects
from tfgen import errors, manifest, model, stacks


def keys(*texts: str) -> list[model.ServiceKey]:
    """Read Services' names."""
    return [model.ServiceKey.parse(text) for text in texts]


def tree(by: str = "namespace", **places: str) -> manifest.Manifest:
    """Make the manifest of a tree with Services of namespace shop, stack by name."""
    entries = [objects.entry(model.ServiceKey("shop", name), at) for name, at in places.items()]
    return manifest.Manifest(
        "demo", "3f9c1a2b", by, services={entry.service: entry for entry in entries}
    )


def assigned(
    *services: str,
    before: manifest.Manifest | None = None,
    **settings: Any,  # noqa: ANN401  of section stacks
) -> dict[str, str]:
    """Assign Services, and give stack by name."""
    placed = stacks.assign(keys(*services), before, objects.settings(stacks=settings))
    return {str(key): stack for key, stack in placed.items()}


BY = [("namespace", "shop"), ("cluster", "demo"), ("service", "shop_web")]


@pytest.mark.parametrize(("by", "stack"), BY)
def test_a_new_service_goes_where_the_settings_say(by: str, stack: str) -> None:
    """One stack a namespace, one for the cluster, or one a Service."""
    assert assigned("shop/web", by=by) == {"shop/web": stack}
    assert stacks.home(keys("shop/web")[0], objects.settings(stacks={"by": by})) == stack


def test_a_full_stack_opens_the_next() -> None:
    """Numbers follow an underscore, which no namespace holds; order does not matter."""
    names = [f"shop/{name}" for name in "abcde"]
    placed = assigned(*names, max_services=2)
    assert list(placed.values()) == ["shop", "shop", "shop_01", "shop_01", "shop_02"]
    assert assigned(*reversed(names), max_services=2) == placed


def test_a_service_stays_where_the_manifest_has_it() -> None:
    """A smaller limit, or room elsewhere, moves nobody."""
    before = tree(a="shop", b="shop", c="shop_01")
    assert assigned("shop/a", "shop/b", "shop/c", before=before, max_services=1) == {
        "shop/a": "shop",
        "shop/b": "shop",
        "shop/c": "shop_01",
    }


def test_a_new_service_takes_the_first_room() -> None:
    """What the manifest lists counts, whether it is in the input or not."""
    before = tree(a="shop", b="shop", c="shop_01")
    assert assigned("shop/new", before=before, max_services=2) == {"shop/new": "shop_01"}
    assert assigned("shop/new", before=before, max_services=3) == {"shop/new": "shop"}


def test_another_division_over_rendered_services_is_refused() -> None:
    """A Service that changed its state would be destroyed in one and made in the other."""
    with pytest.raises(errors.Refused, match="'cluster', and the tree was rendered with") as told:
        assigned("shop/a", before=tree(a="shop"), by="cluster")
    assert told.value.remedy.startswith("Set it back to namespace")


def test_a_tree_without_services_may_be_divided_anew() -> None:
    """There is nothing to move."""
    assert assigned("shop/a", before=tree(), by="cluster") == {"shop/a": "demo"}
