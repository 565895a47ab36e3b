"""What the tree should hold, given what it holds, what the cluster says, and what is allowed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from tfgen import config, errors, manifest, model, render, stacks
from tfgen.render import header
from tfgen.tree import edits, facts, identity, removals
from tfgen.tree.snapshot import LOCK_FILE, Desired, Lane, Options, Snapshot

_GITIGNORE = """\
.terraform/
*.tfplan
*.tfplan.json
*.tfstate
*.tfstate.*
.terraform.tfstate.lock.info
crash.log
recovery.tf
"""


@dataclass(slots=True)
class _Pass:
    """One rendering while it is put together."""

    snapshot: Snapshot
    settings: config.Settings
    options: Options
    before: Mapping[model.ServiceKey, manifest.Entry]
    entries: dict[model.ServiceKey, manifest.Entry] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    problems: list[model.Problem] = field(default_factory=list)
    notices: list[model.Notice] = field(default_factory=list)
    never_rendered: list[model.ServiceKey] = field(default_factory=list)


def desired(
    snapshot: Snapshot,
    listing: model.Listing,
    translation: model.Translation,
    settings: config.Settings,
    options: Options,
) -> Desired:
    """Decide a whole rendering. Raises Refused or TreeError; then nothing is written."""
    identity.check(snapshot, listing, settings, options)
    before = snapshot.manifest.services if snapshot.manifest else {}
    now = _Pass(snapshot, settings, options, before)
    now.problems += translation.problems
    now.notices += translation.notices
    gone: tuple[model.ServiceKey, ...] = ()
    if options.lane is Lane.FACTS:
        after = _as_it_was(now)
    else:
        gone = _intent(now, translation)
        after = _manifest(now, listing)
        _common_files(now, after)
    made_from = facts.source(snapshot, listing, translation)
    now.files.update(facts.documents(made_from, after, settings, options))
    return Desired(
        manifest=after,
        files=dict(sorted(now.files.items())),
        removed=tuple(sorted(before[key].file for key in gone)),
        problems=tuple(sorted(now.problems)),
        notices=tuple(sorted(now.notices)),
        gone=gone,
        never_rendered=tuple(now.never_rendered),
    )


def _as_it_was(now: _Pass) -> manifest.Manifest:
    if now.snapshot.manifest is None:
        raise errors.TreeError("there is no tree yet", remedy="Run: tfgen render")
    return now.snapshot.manifest


def _intent(now: _Pass, translation: model.Translation) -> tuple[model.ServiceKey, ...]:
    """Fill entries and intent files; give the Services whose files go."""
    gone = _gone(now, translation)
    removals.check_services(
        now.before, frozenset(gone), now.settings.guards.max_removals, now.options.allow_removals
    )
    wanted = {lb.service: lb for lb in translation.load_balancers}
    places = stacks.assign(wanted, now.snapshot.manifest, now.settings)
    for key, load_balancer in wanted.items():
        _render(now, load_balancer, places[key])
    for key in sorted(translation.held):
        _hold(now, key)
    if not now.options.accept_unclaimed:
        for key in sorted(translation.unclaimed & now.before.keys()):
            _hold(now, key, _unclaimed(key))
    return gone


def _gone(now: _Pass, translation: model.Translation) -> tuple[model.ServiceKey, ...]:
    """Give what was rendered and asks for nothing any more, unless something holds it."""
    asking = {lb.service for lb in translation.load_balancers} | translation.held
    if not now.options.accept_unclaimed:
        asking |= translation.unclaimed
    gone = []
    for key in sorted(now.before.keys() - asking):
        entry = now.before[key]
        why = _why_kept(now, entry)
        if why:
            _hold(now, key, why)
        elif now.options.wants(key, entry.stack):
            gone.append(key)
        else:
            now.entries[key] = entry
    return tuple(gone)


def _why_kept(now: _Pass, entry: manifest.Entry) -> model.Problem | None:
    key = entry.service
    if entry.protect and key not in now.options.allow_protected:
        return model.Problem(
            key,
            "the Service",
            "gone, and it was annotated tfgen.io/protect",
            "still there",
            f"Restore it, or let it go: --allow-protected {key}",
        )
    return None if now.options.overwrite_edited else edits.problem(now.snapshot, key, entry.file)


def _unclaimed(key: model.ServiceKey) -> model.Problem:
    return model.Problem(
        key,
        "the Service",
        "asking for a load balancer that the settings do not claim any more",
        "claimed (claim.classes, claim.namespaces, claim.selector)",
        "Claim it again, or let it go: --accept-unclaimed",
    )


def _hold(now: _Pass, key: model.ServiceKey, why: model.Problem | None = None) -> None:
    """Keep a Service as it stands in the tree; one that was never rendered stays out of it."""
    if why:
        now.problems.append(why)
    entry = now.before.get(key)
    if entry is None:
        now.never_rendered.append(key)
        return
    words = tuple(sorted(str(p) for p in now.problems if p.service == key))
    now.entries[key] = replace(entry, state=manifest.State.HELD, problems=words)


def _render(now: _Pass, load_balancer: model.LoadBalancer, stack: str) -> None:
    key = load_balancer.service
    old = now.before.get(key)
    if not now.options.wants(key, stack):
        if old:
            now.entries[key] = old
        return
    path = f"stacks/{stack}/{key.address}.tf"
    edit = None if now.options.overwrite_edited else edits.problem(now.snapshot, key, path)
    if edit:
        _hold(now, key, edit)
        return
    document = render.service_document(load_balancer)
    now.files[path] = document
    now.entries[key] = _entry(load_balancer, stack, document)


def _entry(load_balancer: model.LoadBalancer, stack: str, document: str) -> manifest.Entry:
    parts = header.strip(document)
    return manifest.Entry(
        service=load_balancer.service,
        stack=stack,
        digest=parts.digest if parts else "",
        ports=tuple(port.key for port in load_balancer.ports),
        node_group=load_balancer.node_group,
        internal=load_balancer.internal,
        protect=load_balancer.protect,
        frozen=load_balancer.frozen,
        address_may_change=load_balancer.address_may_change,
    )


def _manifest(now: _Pass, listing: model.Listing) -> manifest.Manifest:
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


def _common_files(now: _Pass, after: manifest.Manifest) -> None:
    """Add what is the same for all; a file that was edited by hand is kept, and said."""
    documents = {".gitignore": header.add("tfgen.yaml", _GITIGNORE), **render.module_documents()}
    for stack in after.stacks:
        documents |= render.stack_documents(stack, now.settings)
    for path, text in documents.items():
        if edits.kept(now.snapshot, path) and not now.options.overwrite_edited:
            about = f"File {path}"
            now.notices.append(model.Notice(about, "edited by hand, and kept (--overwrite-edited)"))
        else:
            now.files[path] = text
    now.files.update(_locks(now.snapshot, after.stacks))


def _locks(snapshot: Snapshot, names: Iterable[str]) -> dict[str, str]:
    """Start stacks that have no provider lock with the one of the tree."""
    lock = snapshot.texts.get(LOCK_FILE)
    if lock is None:
        return {}
    paths = (f"stacks/{name}/{LOCK_FILE}" for name in names)
    return {path: lock for path in paths if path not in snapshot.texts}
