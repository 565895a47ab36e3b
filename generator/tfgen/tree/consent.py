"""What a person agreed to: it must name what there is, and what it opened is said."""

from collections.abc import Collection

from tfgen import errors, model
from tfgen.tree.snapshot import Options


def notice(about: str, what: str, flag: str) -> model.Notice:
    """Give the notice of what would have been refused or held, and was not."""
    return model.Notice(about, f"{what}: agreed to by {flag}")


def edit_dropped(path: str) -> model.Notice:
    """Give the notice of a hand edit that is written over, or goes with its file."""
    return notice(f"File {path}", "was edited by hand, and the edit goes", "--overwrite-edited")


def check_names(options: Options, known: Collection[model.ServiceKey]) -> None:
    """Raise InputError where a flag names a Service that nobody knows: most likely a slip."""
    for flag, named in (
        ("--service", options.services),
        ("--allow-protected", options.allow_protected),
        ("--allow-address-change", options.address_change),
    ):
        unknown = sorted(named.difference(known))
        if unknown:
            raise errors.InputError(
                f"{flag} {unknown[0]}: no such Service asks for a load balancer, in the input or "
                "in the tree",
                remedy="Give NAMESPACE/NAME of a Service of type LoadBalancer, or of an exposed "
                "one.",
            )
