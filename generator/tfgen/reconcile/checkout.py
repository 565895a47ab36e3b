"""The tree's working copy in Git: what is not committed, or behind, was reviewed by nobody."""

from collections.abc import Iterator

from tfgen import config, errors, history

_SHOWN = 3


def check(loaded: config.Loaded) -> tuple[str, ...]:
    """Say what of the tree differs from its repository, as far as `guards.git` wants to know.

    Nothing is fetched. Raises Refused where `guards.git` is refuse; nothing outside a repository.
    """
    setting = loaded.settings.guards.git
    found = history.standing(loaded.out, loaded.path) if setting != "off" else None
    told = tuple(_told(found)) if found else ()
    if told and setting == "refuse":
        raise errors.Refused(
            f"{'; '.join(told)} (guards.git is refuse)",
            remedy="Commit it or drop it, and take in what was pushed (git pull); then plan again.",
        )
    return told


def _told(found: history.Standing) -> Iterator[str]:
    if found.uncommitted:
        yield f"not committed as it stands: {_listing(found.uncommitted)}"
    if found.behind:
        commits = "1 commit" if found.behind == 1 else f"{found.behind} commits"
        yield f"the branch is {commits} behind {found.upstream}, as it was last fetched"


def _listing(paths: tuple[str, ...]) -> str:
    rest = len(paths) - _SHOWN
    return ", ".join(paths[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
