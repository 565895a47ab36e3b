"""The rendering pass: input and tree in, a changed tree out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tfgen import config, errors, manifest, model, translate, tree, workspace


@dataclass(frozen=True, slots=True)
class Rendering:
    """What a rendering decided: what stands, what should stand, and what is wrong."""

    desired: tree.Desired
    changes: Mapping[str, str | None]
    """What differs on disk, by path in the tree; None: the file goes."""
    before: tree.Snapshot

    @property
    def stale(self) -> bool:
        """Whether the tree on disk is behind."""
        return bool(self.changes)

    @property
    def stacks(self) -> tuple[str, ...]:
        """Stacks that a change touches, sorted."""
        parts = (path.split("/") for path in self.changes)
        return tuple(sorted({part[1] for part in parts if part[0] == "stacks"}))

    @property
    def held(self) -> frozenset[model.ServiceKey]:
        """Services that stay as they are until someone decides."""
        return frozenset(problem.service for problem in self.desired.problems)

    def diff(self) -> Iterator[str]:
        """Give a unified diff of all changes, line by line."""
        for path, text in sorted(self.changes.items()):
            yield from tree.diff(path, self.before.texts.get(path), text)

    def edits(self) -> Iterator[str]:
        """Give a unified diff of the hand edits that are kept, line by line."""
        for path, text in sorted(self.desired.edits.items()):
            yield from tree.diff(path, text, self.before.texts.get(path))

    def code(self, *, check: bool, allow_held: bool) -> errors.ExitCode:
        """Give the exit code: held is 4, and with `check` a stale tree is 2."""
        held = errors.ExitCode.HELD if self.held and not allow_held else errors.ExitCode.DONE
        stale = errors.ExitCode.CHANGES if check and self.stale else errors.ExitCode.DONE
        return errors.worst(held, stale)


def render(listing: model.Listing, loaded: config.Loaded, options: tree.Options) -> Rendering:
    """Decide a rendering; nothing is written. Raises Refused, or an error of tree or settings."""
    if options.lane is not tree.Lane.FACTS:
        config.require_complete(loaded)
    snapshot = workspace.Tree(loaded.out).snapshot()
    translation = translate.translate(listing, context(loaded, listing, snapshot, options))
    desired = tree.desired(snapshot, listing, translation, loaded.settings, options)
    return Rendering(desired, _changes(snapshot, desired, options), snapshot)


def context(
    loaded: config.Loaded, listing: model.Listing, snapshot: tree.Snapshot, options: tree.Options
) -> translate.Context:
    """Give what a translation is made with, over a tree as it stands."""
    before = snapshot.manifest
    return translate.Context(
        settings=loaded.settings,
        frozen={key: entry.frozen for key, entry in before.services.items()} if before else {},
        changing=before.changing if before else {},
        rendered_groups=before.node_choices if before else frozenset(),
        seats=before.seats if before else {},
        address_change=options.address_change,
        live=listing.live,
        resolved=snapshot.resolved,
    )


def _changes(
    snapshot: tree.Snapshot, desired: tree.Desired, options: tree.Options
) -> dict[str, str | None]:
    wanted = dict(desired.files)
    if options.lane is not tree.Lane.FACTS:
        wanted[manifest.FILE] = manifest.dumps(desired.manifest)
    changes: dict[str, str | None] = {
        path: text for path, text in wanted.items() if snapshot.texts.get(path) != text
    }
    return changes | dict.fromkeys(p for p in desired.removed if p in snapshot.texts)


def carry_out(
    listing: model.Listing,
    loaded: config.Loaded,
    options: tree.Options,
    patience: workspace.Patience | None = None,
) -> Rendering:
    """Decide a rendering and write it, while nobody else writes to the tree.

    Raises what `render` raises, and TreeError where another tfgen holds the tree.
    """
    place = workspace.Tree(loaded.out, patience)
    with place.locked():
        rendering = render(listing, loaded, options)
        if rendering.changes:
            place.put(*_batches(rendering))
    return rendering


def _batches(rendering: Rendering) -> Iterator[workspace.Batch]:
    """Order the changes so that the manifest lists every Service's file, whenever it is killed.

    A file that no manifest lists would be a load balancer that nobody remembers: so what comes is
    listed before its file is there, and what goes is listed until its file is gone.
    """
    changes = dict(rendering.changes)
    final = changes.pop(manifest.FILE, None)
    both = manifest.joined(rendering.before.manifest, rendering.desired.manifest)
    if final is None:
        yield changes
    elif both == rendering.desired.manifest:
        yield from ({manifest.FILE: final}, changes)
    else:
        yield from ({manifest.FILE: manifest.dumps(both)}, changes, {manifest.FILE: final})
