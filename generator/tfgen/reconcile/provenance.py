"""Which commit a Service's file comes from, for those whose Service does not say so yet."""

from collections.abc import Iterator, Mapping

from tfgen import config, history, manifest, model
from tfgen.status import marks


def commits(
    loaded: config.Loaded, known: manifest.Manifest, listing: model.Listing
) -> Mapping[model.ServiceKey, str]:
    """Ask Git for the commits of files; not at all where every Service carries its own."""
    asking = tuple(_asking(known, listing))
    found = history.commits(loaded.out) if asking else {}
    return {each.service: found[each.file] for each in asking if each.file in found}


def _asking(known: manifest.Manifest, listing: model.Listing) -> Iterator[manifest.Entry]:
    """Give the entries whose Service carries another digest than theirs, or no commit."""
    for service in listing.services:
        metadata = marks.metadata(service)
        key = model.ServiceKey(str(metadata.get("namespace")), str(metadata.get("name")))
        entry = known.services.get(key)
        if entry and not (marks.commit(service) and marks.digest(service) == _digest(entry)):
            yield entry


def _digest(entry: manifest.Entry) -> str:
    return entry.revision or entry.digest
