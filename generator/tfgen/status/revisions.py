"""Whether what answers is what was rendered: by the revision of its file that is applied."""

from dataclasses import replace

from tfgen import manifest, model
from tfgen.status import marks
from tfgen.status.standing import Phase, Standing


def standing(
    known: Standing, entry: manifest.Entry, address: model.Address, service: marks.Service
) -> Standing:
    """Say how a Service stands that has its address; what is not applied awaits its review.

    A state notes the revision. Octavia cannot tell it: then what was said before stays where
    another revision was published. A file of an older tfgen has none, and counts as applied.
    """
    found = replace(known, phase=Phase.APPLIED, address=address, why="")
    if not entry.revision:
        return replace(found, address=_noting(address, entry.digest))
    if address.revision is None:
        moved_on = marks.digest(service) not in {"", entry.revision}
        return replace(found, phase=Phase.UNKNOWN) if moved_on else found
    found = replace(found, address=_noting(address, address.revision))
    if address.revision == entry.revision:
        return found
    return replace(found, phase=Phase.AWAITING, why=_behind(entry, address.revision))


def committed(known: Standing, commit: str) -> Standing:
    """Note the commit of what is applied; what awaits its review is another commit's."""
    address = known.address
    if not commit or address is None or known.phase is not Phase.APPLIED:
        return known
    return replace(known, address=replace(address, provenance=_beside(address, commit)))


def _beside(address: model.Address, commit: str) -> dict[str, str]:
    """Give the provenance with a commit; without a digest nobody knows what is applied."""
    noted = {marks.COMMIT: commit} if marks.DIGEST in address.provenance else {}
    return {**noted, **address.provenance}


def _noting(address: model.Address, revision: str) -> model.Address:
    noted = {marks.DIGEST: revision} if revision else {}
    return replace(address, provenance={**noted, **address.provenance})


def _behind(entry: manifest.Entry, applied: str) -> str:
    before = f"revision {applied} of its file" if applied else "an older tfgen"
    return (
        f"It answers as {before} has it; revision {entry.revision}, rendered in stack "
        f"{entry.stack}, is not applied yet."
    )
