"""Hand edits: a file of ours whose body is not what was written holds its Service."""

import contextlib
import difflib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from tfgen import manifest, model, render
from tfgen.render import header
from tfgen.tree.snapshot import Snapshot

_REMEDY = "Carry the edit into the Service or tfgen.yaml; --overwrite-edited drops it."
_FORGETS = "\nremoved {\n"
_SERVICE_FILE = re.compile(r"stacks/(?P<stack>[^/]+)/lb_(?P<label>[^/]+)\.tf")


def problem(
    snapshot: Snapshot,
    service: model.ServiceKey,
    path: str,
    common: model.GroupKey | str | None = None,
) -> model.Problem | None:
    """Give the problem of a Service whose file is not as it was written, None where it is.

    With `common` it is the file of the group's load balancer, or (by id) of the one that exists,
    on which the Service has its ports.
    """
    text = snapshot.texts.get(path)
    if text is None:
        return None
    parts, (whose, origin) = header.strip(text), _made_from(service, common)
    if parts is None or parts.origin != origin:
        found, expected = f"not made by tfgen from this {whose}", "its own file, or none"
    elif parts.edited:
        found, expected = "edited by hand", "as tfgen wrote it"
    else:
        return None
    return model.Problem(service, f"file {path}", found, expected, _REMEDY)


def _made_from(service: model.ServiceKey, common: model.GroupKey | str | None) -> tuple[str, str]:
    """Say what a file is to be made from: in a word, and as its header does."""
    if isinstance(common, model.GroupKey):
        return "group", render.group_origin(common)
    if common:
        return "load balancer", render.attached_origin(common)
    return "Service", f"Service {service}"


def held(known: manifest.Manifest, texts: Mapping[str, str]) -> manifest.Manifest:
    """Hold in a manifest the Services whose files, by path, are not as they were written."""
    found, snapshot = {}, Snapshot(known, texts)
    for key, entry in known.services.items():
        wrong = problem(snapshot, key, entry.file)
        if wrong and entry.state is not manifest.State.HELD:
            found[key] = replace(entry, state=manifest.State.HELD, problems=(str(wrong),))
    return replace(known, services={**known.services, **found}) if found else known


def kept(snapshot: Snapshot, path: str) -> bool:
    """Whether a common file of the tree was edited (or made) by hand, so is kept."""
    text = snapshot.texts.get(path)
    if text is None:
        return False
    parts = header.strip(text)
    return parts is None or parts.edited


def strays(snapshot: Snapshot, listed: Collection[str]) -> Mapping[model.ServiceKey, str]:
    """Give the Services' files, by path, that we made and the manifest does not list.

    A merge that took one side of the manifest leaves them; their load balancers may well stand.
    """
    found = {}
    for path in snapshot.texts.keys() - listed:
        service = _service(snapshot.texts[path]) if _SERVICE_FILE.fullmatch(path) else None
        if service:
            found[service] = path
    return found


def kept_floating_ips(snapshot: Snapshot) -> Iterator[tuple[model.ServiceKey, str]]:
    """Give the Services of which nothing is left but a floating IP that stays, with the file."""
    for path, text in sorted(snapshot.texts.items()):
        service = _service(text) if _FORGETS in text and _SERVICE_FILE.fullmatch(path) else None
        if service and text in _kept_documents(service):
            yield service, path


def _kept_documents(service: model.ServiceKey) -> tuple[str, str]:
    """Give the files that let go of the floating IP of either family's load balancer."""
    return render.kept_document(service), render.kept_document(model.SecondKey(service))


def unlisted(paths: Iterable[str], listed: Collection[str]) -> Mapping[str, frozenset[str]]:
    """Give the labels of Services' files that no manifest lists, by stack, whoever made them."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for match in filter(None, map(_SERVICE_FILE.fullmatch, set(paths) - set(listed))):
        found[match["stack"]].add(match["label"])
    return {stack: frozenset(labels) for stack, labels in found.items()}


def _service(text: str) -> model.ServiceKey | None:
    """Give the Service that a file was made from, None where it is not ours."""
    parts = header.strip(text)
    with contextlib.suppress(ValueError):
        return model.ServiceKey.parse(parts.origin.removeprefix("Service ")) if parts else None
    return None


def stray(service: model.ServiceKey, path: str) -> model.Problem:
    """Give the problem of a file that the manifest does not list."""
    return model.Problem(
        service,
        f"file {path}",
        "in the tree and not in its manifest",
        "in both or in neither",
        "Restore the manifest from Git; or delete the file, and the next apply removes its "
        "load balancer.",
    )


def missing(service: model.ServiceKey, path: str) -> model.Problem:
    """Give the problem of a held Service whose file is not there: the next plan destroys it."""
    return model.Problem(
        service,
        f"file {path}",
        "missing",
        "kept as it was, for the Service is held",
        "Restore it from Git: without it no plan of its stack passes.",
    )


def diff(path: str, before: str | None, after: str | None) -> Iterator[str]:
    """Give a unified diff of one file, without line ends."""
    yield from difflib.unified_diff(
        (before or "").splitlines(),
        (after or "").splitlines(),
        f"a/{path}" if before is not None else "/dev/null",
        f"b/{path}" if after is not None else "/dev/null",
        lineterm="",
    )
