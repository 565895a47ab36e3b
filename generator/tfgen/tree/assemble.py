"""What the tree should hold, given what it holds, what the cluster says, and what is allowed."""

from collections import defaultdict

from tfgen import config, errors, manifest, model, render
from tfgen.tree import common, facts, identity, intent, removals
from tfgen.tree.snapshot import Desired, Lane, Options, Snapshot, facts_path


def desired(
    snapshot: Snapshot,
    listing: model.Listing,
    translation: model.Translation,
    settings: config.Settings,
    options: Options,
) -> Desired:
    """Decide a whole rendering. Raises Refused, InputError or TreeError: then nothing changes."""
    identity.check(snapshot, listing, settings, options)
    now = intent.Intent(snapshot, settings, options)
    _check_chosen(now, translation)
    if options.lane is Lane.FACTS:
        after = _as_it_was(snapshot)
        intent.note(now, translation.problems)
    else:
        intent.decide(now, translation)
        after = _manifest(now, listing)
    chosen = _chosen(now, after)
    _check_stacks(options, after)
    notices = list(translation.notices)
    if options.lane is not Lane.FACTS:
        notices += common.add(now, chosen)
    limits = removals.limits(settings, options.allow_removals)
    source = facts.source(snapshot, listing, translation, limits)
    known = {} if options.lane is Lane.INTENT else facts.of_stacks(source, chosen)
    now.files.update({facts_path(name): render.dump_facts(found) for name, found in known.items()})
    return Desired(
        manifest=after,
        files=dict(sorted(now.files.items())),
        removed=tuple(sorted(now.removed)),
        problems=tuple(sorted(p for found in now.problems.values() for p in found)),
        notices=tuple(sorted(notices)),
        gone=tuple(now.gone),
        never_rendered=tuple(now.never_rendered),
        awaiting=facts.awaiting(known, snapshot, _by_stack(after)),
        edits=now.edits,
    )


def _check_chosen(now: intent.Intent, translation: model.Translation) -> None:
    """Raise InputError where --service names a Service that nobody knows: most likely a slip."""
    asking = {lb.service for lb in translation.load_balancers}
    known = asking | translation.held | translation.unclaimed | now.before.keys()
    unknown = sorted(now.options.services - known)
    if unknown:
        raise errors.InputError(
            f"--service {unknown[0]}: no such Service asks for a load balancer, in the input or "
            "in the tree",
            remedy="Give NAMESPACE/NAME of a Service of type LoadBalancer, or of an exposed one.",
        )


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
    )


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
