"""What the tree should hold, given what it holds, what the cluster says, and what is allowed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from tfgen import config, errors, manifest, model, render
from tfgen.tree import common, consent, edits, facts, identity, intent, removals, sharing
from tfgen.tree.snapshot import Desired, Lane, Options, Snapshot, facts_path


def desired(
    snapshot: Snapshot,
    listing: model.Listing,
    translation: model.Translation,
    settings: config.Settings,
    options: Options,
) -> Desired:
    """Decide a whole rendering. Raises Refused, InputError or TreeError: then nothing changes."""
    agreed = identity.check(snapshot, listing, settings, options)
    now = intent.Intent(snapshot, settings, options)
    consent.check_names(options, _known(now, translation))
    if options.lane is Lane.FACTS:
        after = _as_it_was(snapshot)
        intent.note(now, translation.problems)
    else:
        intent.decide(now, translation)
        sharing.settle(now, translation)
        after = _manifest(now, listing)
    chosen = _chosen(now, after)
    _check_stacks(options, after)
    notices = list(translation.notices)
    if options.lane is not Lane.FACTS:
        notices += common.add(now, chosen)
    known, lost = _facts(now, listing, translation, after, chosen)
    now.files |= {facts_path(name): text for name, text in render.dump_all(known).items()}
    return Desired(
        manifest=after,
        files=dict(sorted(now.files.items())),
        removed=tuple(sorted(now.removed)),
        problems=tuple(sorted(p for found in now.problems.values() for p in found)),
        notices=tuple(sorted(notices)),
        consents=tuple(sorted([*agreed, *now.consents, *lost])),
        gone=tuple(now.gone),
        never_rendered=tuple(now.never_rendered),
        awaiting=facts.awaiting(known, snapshot, _by_stack(after)),
        edits=now.edits,
    )


def _known(now: intent.Intent, translation: model.Translation) -> frozenset[model.ServiceKey]:
    """Give the Services that ask for a load balancer, or did."""
    asking = frozenset(lb.service for lb in translation.load_balancers)
    return asking | translation.held | translation.unclaimed | now.before.keys()


def _facts(
    now: intent.Intent,
    listing: model.Listing,
    translation: model.Translation,
    after: manifest.Manifest,
    chosen: facts.Stacks,
) -> tuple[Mapping[str, render.Facts], Iterable[model.Notice]]:
    """Give the facts that are to be written, and what a person let pass. Raises Refused."""
    listed = {entry.file for entry in after.services.values()}
    made_from = facts.source(
        {stack: now.snapshot.facts(stack) or render.Facts() for stack in chosen},
        listing,
        translation,
        removals.limits(now.settings, now.options.allow_removals),
        edits.unlisted(now.snapshot.texts.keys() - {*now.removed, *now.kept}, listed),
    )
    if now.options.lane is Lane.INTENT:
        return facts.placeholders(made_from, chosen), ()
    if not made_from.groups and (now.before or after.services):
        raise removals.empty_nodes()
    return facts.of_stacks(made_from, chosen), facts.check(made_from, chosen)


def _check_stacks(options: Options, after: manifest.Manifest) -> None:
    """Raise InputError where --stack names no stack."""
    unknown = sorted(options.stacks.difference(after.stacks))
    if unknown:
        raise errors.InputError(
            f"--stack {unknown[0]}: the tree has no such stack",
            remedy=f"It has: {', '.join(after.stacks) or 'none yet'}.",
        )


def _as_it_was(snapshot: Snapshot) -> manifest.Manifest:
    if snapshot.manifest is None:
        raise errors.TreeError("there is no tree yet", remedy="Run: tfgen render")
    return snapshot.manifest


def _manifest(now: intent.Intent, listing: model.Listing) -> manifest.Manifest:
    old = now.snapshot.manifest
    living = {entry.stack for entry in now.entries.values()}
    return manifest.Manifest(
        cluster=now.settings.cluster,
        tree=now.settings.tree,
        stacks_by=now.settings.stacks.by,
        cluster_uid=listing.cluster_uid or (old.cluster_uid if old else ""),
        stacks=tuple(sorted(living | set(old.stacks if old else ()))),
        services=dict(sorted(now.entries.items())),
        gone=_gone(now),
    )


def _gone(now: intent.Intent) -> dict[model.ServiceKey, str]:
    """Give the Services that went, now or before, and are not back."""
    before = now.snapshot.manifest.gone if now.snapshot.manifest else {}
    homes = {**before, **{key: now.before[key].stack for key in now.gone}}
    return {key: stack for key, stack in sorted(homes.items()) if key not in now.entries}


def _by_stack(of: manifest.Manifest) -> dict[str, list[manifest.Entry]]:
    found: defaultdict[str, list[manifest.Entry]] = defaultdict(list)
    for entry in of.services.values():
        found[entry.stack].append(entry)
    return {stack: found[stack] for stack in of.stacks}


def _chosen(now: intent.Intent, after: manifest.Manifest) -> dict[str, list[manifest.Entry]]:
    """Give the stacks that may be written, with their Services."""
    services, names = now.options.services, now.options.stacks
    entries = [now.before.get(key) or after.services.get(key) for key in services]
    homes = {entry.stack for entry in entries if entry}
    return {
        stack: found
        for stack, found in _by_stack(after).items()
        if (not services or stack in homes) and (not names or stack in names)
    }
