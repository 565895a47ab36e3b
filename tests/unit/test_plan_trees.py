"""Two trees with one cluster name: the second one is told before it plans anything."""

from pathlib import Path

import pytest

from tests.fakes import rendered
from tests.fakes.workshop import Workshop
from tfgen import cloud, errors

OTHER = "ffffffff"


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    """A workshop with a Service that is rendered."""
    place = Workshop(tmp_path)
    place.tree.render(rendered.load_balancer("shop/web"))
    return place


def test_another_tree_of_the_same_name_is_refused(shop: Workshop) -> None:
    """Its id, and how many load balancers carry it, are said; nothing is planned or applied."""
    shop.plan()
    shop.sky.stands("shop/web", "lb-1", tree=OTHER)
    shop.sky.stands("shop/api", "lb-2", tree=OTHER)
    for command in (shop.plan, shop.apply):
        with pytest.raises(errors.Refused, match="2 carry the tag of tree ffffffff") as caught:
            command()
        assert "the tree of tfgen.yaml is 3f9c1a2b" in caught.value.what
        assert "(tree: ffffffff) from Git" in caught.value.remedy
        assert "choose another one (cluster)" in caught.value.remedy
    assert not (shop.tree.stack("shop") / "terraform.tfstate").exists()


def test_a_load_balancer_of_two_trees_is_refused(shop: Workshop) -> None:
    """Tags that somebody tampered with are no ground to go on."""
    shop.sky.stands("shop/web")
    [mine] = shop.sky.standing
    tags = (*mine.tags, f"tfgen_tree={OTHER}")
    shop.sky.standing[:] = [cloud.LoadBalancer("x", "lb-1", tags, "ACTIVE", "ONLINE", "", "")]
    with pytest.raises(errors.Refused, match="1 carries the tag of tree ffffffff"):
        shop.plan()


def test_another_cluster_is_no_matter(shop: Workshop) -> None:
    """Only what carries the name of this cluster is looked at; what names no tree is nobody's."""
    shop.sky.stands("shop/api", tree=OTHER)
    [theirs] = shop.sky.standing
    other = tuple(tag.replace("=demo", "=prod") for tag in theirs.tags)
    shop.sky.standing[:] = [
        cloud.LoadBalancer("x", "lb-1", other, "ACTIVE", "ONLINE", "", ""),
        cloud.LoadBalancer("y", "lb-2", ("tfgen_cluster=demo",), "ACTIVE", "ONLINE", "", ""),
    ]
    do = shop.work
    assert do.sky.load_balancers == ()
    assert shop.plan().saved
