"""Two trees with one cluster name: whose load balancers stand, and whose plan waits until told."""

from collections import Counter
from typing import TYPE_CHECKING

from tfgen import config, errors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tfgen import cloud  # its library takes a second to load; only who connects pays


def ours(
    standing: "Iterable[cloud.LoadBalancer]", settings: config.Settings
) -> "tuple[cloud.LoadBalancer, ...]":
    """Give the load balancers of our tree, of all that carry our cluster's name.

    Raises Refused where another tree has some: applied side by side, each would build what the
    other has.
    """
    listed = tuple(standing)
    others = Counter(tree for each in listed for tree in each.trees if tree != settings.tree)
    if others:
        raise _two(others, settings)
    return tuple(each for each in listed if settings.tree in each.trees)


def _two(others: Counter[str], settings: config.Settings) -> errors.Refused:
    told = " and ".join(_counted(tree, count) for tree, count in sorted(others.items()))
    first = min(others)
    return errors.Refused(
        f"cluster {settings.cluster} has load balancers of another tree: {told}; the tree of "
        f"tfgen.yaml is {settings.tree}",
        remedy=f"If these are load balancers of this cluster, take its tfgen.yaml and output tree "
        f"(tree: {first}) from Git. If another cluster has the same name, choose another one "
        "(cluster) for the tree that has no load balancers yet.",
    )


def _counted(tree: str, count: int) -> str:
    return f"{count} {'carries' if count == 1 else 'carry'} the tag of tree {tree}"
