"""Finding one object of the cloud by what a person calls it."""

from collections.abc import Container, Iterable, Mapping

from tfgen import errors
from tfgen.reconcile.init import records


def one(question: records.Question, choose: records.Choose) -> str:
    """Take the only candidate; else somebody chooses."""
    only = len(question.options) == 1
    return question.options[0].value if only else choose(question)


def find(text: str, names: Mapping[str, str], *, what: str, flag: str) -> str:
    """Find an id by id or name. Raises SettingsError where there is none, or several."""
    if text in names:
        return text
    named = [identity for identity, name in names.items() if name == text]
    if len(named) == 1:
        return named[0]
    listed = ", ".join(f"{name} ({identity})" for identity, name in names.items()) or "none"
    found = f"names {len(named)} {what}s" if named else f"is no {what} that this project sees"
    raise errors.SettingsError(
        f"{flag} {text} {found}; there are: {listed}", remedy="Give the id of one of them."
    )


def known(identity: str, ids: Container[str], *, what: str) -> None:
    """Check an id that a cloud.conf gave. Raises SettingsError where the project lacks it."""
    if identity not in ids:
        raise errors.SettingsError(
            f"{what} {identity} of the cloud.conf is none that this project sees",
            remedy="Correct the file, or name another cloud with --cloud.",
        )


def unique(name: str, names: Iterable[str]) -> None:
    """Check that a name is one network's. Raises SettingsError: the engine finds it by name."""
    if list(names).count(name) > 1:
        raise errors.SettingsError(
            f"several external networks have the name {name!r}, and the engine finds them by name",
            remedy="Have one of them renamed, or choose another with --floating-network.",
        )
