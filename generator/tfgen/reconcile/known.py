"""The manifest of the output tree, if it is the one that the settings speak of."""

from tfgen import config, errors, manifest, workspace
from tfgen.tree import identity


def tree(loaded: config.Loaded) -> manifest.Manifest:
    """Read it.

    Raises TreeError where nothing was rendered yet, Refused where the tree is another's, or has
    stacks and lost its manifest.
    """
    place = workspace.Tree(loaded.out)
    found = place.manifest()
    if found is None:
        identity.check_empty(place.stacks(), loaded.settings)
        raise errors.TreeError(
            f"{loaded.out} has no {manifest.FILE}: nothing was rendered there",
            remedy="Name the output tree with -o, or run `tfgen render` first.",
        )
    _same("cluster", found.cluster, loaded.settings.cluster)
    _same("tree", found.tree, loaded.settings.tree)
    return found


def _same(name: str, rendered: str, now: str) -> None:
    if rendered != now:
        raise errors.Refused(
            f"setting {name} is {now!r}, and the tree was rendered with {rendered!r}",
            remedy="Name the settings (-c) and the output tree (-o) that belong together.",
        )
