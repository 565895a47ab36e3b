"""A small shop that is rendered pass after pass: its files, what changed, what was refused."""

from typing import Any

import pytest

from tests.fakes import objects
from tfgen import errors, model, tree

WEB, API = "stacks/shop/lb_shop_web.tf", "stacks/shop/lb_shop_api.tf"
FACTS = "stacks/shop/facts.auto.tfvars.json"
MANIFEST = "tfgen-manifest.json"
BAD = {"sessionAffinity": "sticky"}
UID = "uid-of-kube-system"
INTENT = tree.Lane.INTENT


def shop(**web: Any) -> list[objects.Json]:  # noqa: ANN401  any field of a Service
    """Make two Services, shop/api and shop/web."""
    return [objects.service("shop/api"), objects.service("shop/web", **web)]


def many(count: int) -> list[objects.Json]:
    """Make Services shop/s0, shop/s1 and so on."""
    return [objects.service(f"shop/s{number}") for number in range(count)]


def keys(*texts: str) -> frozenset[model.ServiceKey]:
    """Read Services' names."""
    return frozenset(map(model.ServiceKey.parse, texts))


def changed(place: objects.Place, before: dict[str, str]) -> dict[str, list[str]]:
    """Give the changed lines of each changed file, by path."""
    after = place.files()
    return {
        path: [
            line
            for line in tree.diff(path, before.get(path), after.get(path))
            if line[0] in "+-" and not line.startswith(("+++", "---"))
        ]
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    }


def refused(place: objects.Place, *args: Any, **options: Any) -> errors.TfgenError:  # noqa: ANN401  of render
    """Render what must be refused: nothing is written."""
    before = place.files()
    with pytest.raises(errors.TfgenError) as raised:
        place.render(*args, **options)
    assert place.files() == before
    return raised.value
