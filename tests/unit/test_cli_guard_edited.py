"""tfgen guard, and tfgen sync, find a hand edit that came after the rendering."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import place, plans


@pytest.fixture
def site(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[place.Place]:
    """A world with two Services, applied; the file of shop/web was edited since."""
    with place.running(folder, monkeypatch) as found:
        found.service("shop/web")
        found.service("shop/api")
        assert found.tfgen("run", "--yes") == 0
        path = found.tree / "stacks/shop/lb_shop_web.tf"
        path.write_text(path.read_text().replace("0.0.0.0/0", "128.0.0.0/1"))
        yield found


def test_a_pipeline_cannot_apply_it(site: place.Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 3; the refusal says which file was edited, and how to proceed."""
    change = plans.child("shop/web", "listener", "update", before={}, after={"name": "x"})
    (site.folder / "plan.json").write_text(json.dumps(plans.plan(change)))
    assert site.tfgen("guard", "--plan", "plan.json") == 3
    said = capsys.readouterr().out
    assert "protected   Service shop/web: is held, and the plan changes listener tcp-80" in said
    assert "file stacks/shop/lb_shop_web.tf is edited by hand" in said


def test_it_keeps_no_other_service_from_its_nodes(
    site: place.Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """A sync goes on with the stack, and leaves the edited one out of its plan."""
    site.node(3)
    capsys.readouterr()
    assert site.tfgen("sync") == 0
    said = capsys.readouterr()
    assert "held: Service shop/web was kept out of its stack's plan" in said.err
    assert "members tcp-80: 2 -> 3 (+node-3)" in said.out
