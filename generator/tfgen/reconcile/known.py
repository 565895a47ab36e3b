"""The manifest of the output tree, if it is the one that the settings speak of."""

from tfgen import config, errors, manifest, workspace


def tree(loaded: config.Loaded) -> manifest.Manifest:
    """Read it. Raises TreeError where there is none, Refused where the tree is another's."""
    found = workspace.Tree(loaded.out).manifest()
    if found is None:
        raise errors.TreeError(
            f"{loaded.out} has no {manifest.FILE}",
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
