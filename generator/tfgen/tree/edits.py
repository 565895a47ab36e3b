"""Hand edits: a file of ours whose body is not what was written holds its Service."""

import difflib
from collections.abc import Iterator

from tfgen import model
from tfgen.render import header
from tfgen.tree.snapshot import Snapshot

_REMEDY = "Carry the edit into the Service or tfgen.yaml; --overwrite-edited drops it."


def problem(snapshot: Snapshot, service: model.ServiceKey, path: str) -> model.Problem | None:
    """Give the problem of a Service whose file is not as it was written, None where it is."""
    text = snapshot.texts.get(path)
    if text is None:
        return None
    parts = header.strip(text)
    if parts is None or parts.origin != f"Service {service}":
        found, expected = "not made by tfgen from this Service", "its own file, or none"
    elif parts.edited:
        found, expected = "edited by hand", "as tfgen wrote it"
    else:
        return None
    return model.Problem(service, f"file {path}", found, expected, _REMEDY)


def kept(snapshot: Snapshot, path: str) -> bool:
    """Whether a common file of the tree was edited (or made) by hand, so is kept."""
    text = snapshot.texts.get(path)
    if text is None:
        return False
    parts = header.strip(text)
    return parts is None or parts.edited


def diff(path: str, before: str | None, after: str | None) -> Iterator[str]:
    """Give a unified diff of one file, without line ends."""
    yield from difflib.unified_diff(
        (before or "").splitlines(),
        (after or "").splitlines(),
        f"a/{path}" if before is not None else "/dev/null",
        f"b/{path}" if after is not None else "/dev/null",
        lineterm="",
    )
