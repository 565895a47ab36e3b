"""What a rendering would make of the tree: nothing is written, and a refusal is looked past."""

from collections.abc import Iterator
from dataclasses import dataclass

from tfgen import config, errors, model, translate, tree
from tfgen.render import facts

_EVERY = 1_000_000
"""More Services, and more nodes, than any tree has."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the input is, and what a rendering would make of it."""

    translation: model.Translation
    desired: tree.Desired | None
    """None where not even a person's consent would open it."""
    notes: tuple[str, ...] = ()
    """What concerns no Service by itself."""


def forecast(loaded: config.Loaded, snapshot: tree.Snapshot, listing: model.Listing) -> Forecast:
    """Render without writing; a guard that would refuse is a note, and is then looked past."""
    before = snapshot.manifest
    context = translate.Context(
        settings=loaded.settings,
        frozen={key: entry.frozen for key, entry in before.services.items()} if before else {},
        changing=before.changing if before else {},
        rendered_groups=before.node_choices if before else frozenset(),
        seats=before.seats if before else {},
        live=listing.live,
        resolved=snapshot.resolved,
    )
    translation = translate.translate(listing, context)
    lane = tree.Lane.ALL if listing.live or listing.nodes else tree.Lane.INTENT
    notes: list[str] = []
    for options in (
        tree.Options(lane=lane),
        tree.Options(lane=lane, allow_removals=_EVERY),
        tree.Options(lane=tree.Lane.INTENT, allow_removals=_EVERY),
    ):
        try:
            desired = tree.desired(snapshot, listing, translation, loaded.settings, options)
        except errors.TfgenError as refusal:
            remedy = f" ({refusal.remedy})" if refusal.remedy else ""
            notes += [] if notes else [f"tfgen render would stop: {refusal.what}{remedy}"]
        else:
            said = (*notes, *_behind(snapshot, desired), *map(str, desired.notices))
            return Forecast(translation, desired, said)
    return Forecast(translation, None, tuple(notes))


def _behind(snapshot: tree.Snapshot, desired: tree.Desired) -> Iterator[str]:
    """Say what differs and belongs to no Service: nodes, node ports, files that all share."""
    intents = {entry.file for entry in desired.manifest.services.values()}
    known = snapshot.manifest.stacks if snapshot.manifest else ()
    others = 0
    for path, text in desired.files.items():
        if path in intents or snapshot.texts.get(path) == text:
            continue
        if not path.endswith(f"/{facts.FILE}"):
            others += 1
        elif (stack := path.split("/")[1]) in known and (moved := _moved(snapshot, stack, text)):
            yield f"stack {stack}: {moved} (tfgen sync)"
    if others and known:
        size = "1 file" if others == 1 else f"{others} files"
        yield f"{size} that Services share would change (tfgen render)"


def _moved(snapshot: tree.Snapshot, stack: str, text: str) -> str:
    """Say what is new of nodes and node ports; what a new Service or port adds is intent."""
    before, after = snapshot.facts(stack) or facts.Facts(), facts.load_facts(text)
    old, new = _nodes(before), _nodes(after)
    parts = (
        ("nodes join", sorted(new.keys() - old.keys())),
        ("nodes leave", sorted(old.keys() - new.keys())),
        ("nodes move", sorted(name for name in old.keys() & new.keys() if old[name] != new[name])),
        ("node ports change of", _changed(before.node_ports, after.node_ports)),
    )
    return "; ".join(f"{words} {_some(names)}" for words, names in parts if names)


def _nodes(known: facts.Facts) -> dict[str, object]:
    return {
        name: value.get("address")
        for group in known.node_groups
        for name, value in known.nodes(group).items()
    }


def _changed(before: facts.NodePorts, after: facts.NodePorts) -> list[str]:
    """Give the Services with another node port for a port that they had; a new port is intent."""
    return [
        label.replace("_", "/")
        for label, ports in sorted(before.items())
        if any(port != after.get(label, ports).get(key, port) for key, port in ports.items())
    ]


_SHOWN = 5


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
