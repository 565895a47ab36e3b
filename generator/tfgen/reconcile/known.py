"""The manifest of the output tree, if it is the one that the settings speak of."""

from tfgen import config, errors, manifest, workspace
from tfgen.tree import edits, identity


def tree(loaded: config.Loaded) -> manifest.Manifest:
    """Read it; a Service whose file was edited by hand since is held.

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
    return with_edits(loaded, found)


def with_edits(loaded: config.Loaded, known: manifest.Manifest) -> manifest.Manifest:
    """Hold the Services whose files are not as they were written: nobody reviewed them as ours.

    `tfgen render` finds the same and notes it in the manifest; an edit may have come after it.
    """
    paths = [entry.file for entry in known.services.values()]
    return edits.held(known, workspace.Tree(loaded.out).texts(paths))


def _same(name: str, rendered: str, now: str) -> None:
    if rendered != now:
        raise errors.Refused(
            f"setting {name} is {now!r}, and the tree was rendered with {rendered!r}",
            remedy="Name the settings (-c) and the output tree (-o) that belong together.",
        )
