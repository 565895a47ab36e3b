"""The files that order a stack's ports on a load balancer that exists: one file for each."""

from collections.abc import Mapping

from tfgen import manifest, model, render
from tfgen.tree import consent, edits, intent

_NOBODY = model.ServiceKey("", "")


def write(now: intent.Intent) -> None:
    """Write these files, and let go those that no Service needs any more.

    They follow from the ports of all who stay, held or not; a hand edit holds these Services.
    """
    before, after = _chains(now.before), _chains(now.entries)
    for path, entries in after.items():
        if any(now.wants(each.service) for each in (*before.get(path, ()), *entries)):
            _write(now, path, entries)
    for path in before.keys() - after.keys():
        if path in now.snapshot.texts:
            now.removed.append(path)
            if _edited(now, path, before[path][0].attached):
                now.consents.append(consent.edit_dropped(path))


def _chains(
    services: Mapping[model.ServiceKey, manifest.Entry],
) -> dict[str, list[manifest.Entry]]:
    found: dict[str, list[manifest.Entry]] = {}
    for entries in manifest.attached(services).values():
        for each in entries:
            found.setdefault(each.chain_file, []).append(each)
    return found


def _write(now: intent.Intent, path: str, entries: list[manifest.Entry]) -> None:
    identity = entries[0].attached
    document = render.attached_document(identity, {each.service: each.ports for each in entries})
    edited = _edited(now, path, identity)
    if edited and not now.options.overwrite_edited:
        now.edits[path] = document
        return
    if edited and now.snapshot.texts.get(path) != document:
        now.consents.append(consent.edit_dropped(path))
    now.files[path] = document


def _edited(now: intent.Intent, path: str, identity: str) -> bool:
    return edits.problem(now.snapshot, _NOBODY, path, identity) is not None
