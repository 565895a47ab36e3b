"""The intent of one rendering, Service by Service: render it, hold it, keep it, or let it go."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from tfgen import config, manifest, model, render, stacks
from tfgen.tree import consent, edits, removals
from tfgen.tree.snapshot import Options, Snapshot


@dataclass(slots=True)
class Intent:
    """What becomes of each Service; filled by `decide`."""

    snapshot: Snapshot
    settings: config.Settings
    options: Options
    entries: dict[model.ServiceKey, manifest.Entry] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    edits: dict[str, str] = field(default_factory=dict)
    problems: defaultdict[model.ServiceKey, list[model.Problem]] = field(
        default_factory=lambda: defaultdict(list)
    )
    lost: list[model.ServiceKey] = field(default_factory=list)
    """What asks for nothing any more and is held by nothing, to be written or not."""
    gone: list[model.ServiceKey] = field(default_factory=list)
    """Those of the lost that are to be written."""
    kept: list[str] = field(default_factory=list)
    """Files of Services that are gone, and whose floating IPs stay: until that is applied."""
    removed: list[str] = field(default_factory=list)
    """Files that go, by path."""
    consents: list[model.Notice] = field(default_factory=list)
    """What a person let pass."""
    never_rendered: list[model.ServiceKey] = field(default_factory=list)

    @property
    def before(self) -> Mapping[model.ServiceKey, manifest.Entry]:
        """The Services that the tree holds."""
        return self.snapshot.manifest.services if self.snapshot.manifest else {}

    def wants(self, key: model.ServiceKey) -> bool:
        """Whether a Service that may have no load balancer now is among those to be written."""
        entry = self.before.get(key)
        stack = entry.stack if entry else stacks.home(key, self.settings)
        return self.options.wants(key, stack)


def decide(now: Intent, translation: model.Translation) -> None:
    """Decide on every Service. Raises Refused where too many go, or their states would change.

    Where one goes, all that are lost count: whoever narrows what is written narrows no loss.
    """
    _gone(now, translation)
    now.consents += removals.check_services(
        now.before,
        frozenset(now.lost if now.gone else ()),
        removals.limits(now.settings, now.options.allow_removals),
    )
    wanted = {lb.service: lb for lb in translation.load_balancers}
    groups = {key: lb.group.key for key, lb in wanted.items() if lb.group}
    places = stacks.assign(wanted, now.snapshot.manifest, now.settings, groups)
    _kept(now)
    listed = {entry.file for entry in now.before.values()}
    strays = edits.strays(now.snapshot, {*listed, *now.kept, *now.removed})
    for key, load_balancer in wanted.items():
        _render(now, load_balancer, places[key], strays.get(key))
    now.removed = [path for path in now.removed if path not in now.files]
    note(now, translation.problems)
    for key in sorted(translation.held):
        hold(now, key)
    if not now.options.accept_unclaimed:
        for key in sorted(translation.unclaimed & now.before.keys()):
            hold(now, key, _unclaimed(key))
    for key, path in sorted(strays.items()):
        if path not in now.files:
            hold(now, key, edits.stray(key, path))


def note(now: Intent, problems: Iterable[model.Problem]) -> None:
    """Take in the problems of the Services that are to be written."""
    for problem in problems:
        if now.wants(problem.service):
            now.problems[problem.service].append(problem)


def _gone(now: Intent, translation: model.Translation) -> None:
    """Let go what was rendered and asks for nothing any more, unless something holds it."""
    asking = {lb.service for lb in translation.load_balancers} | translation.held
    if not now.options.accept_unclaimed:
        asking |= translation.unclaimed
    for key in sorted(now.before.keys() - asking):
        why = _why_kept(now, now.before[key])
        if why:
            hold(now, key, why)
            continue
        now.lost.append(key)
        if now.wants(key):
            _let_go(now, key, unclaimed=key in translation.unclaimed)
        else:
            now.entries[key] = now.before[key]


def _kept(now: Intent) -> None:
    """Leave what lets go of a kept floating IP where it is until it is applied; then it goes."""
    waiting = now.snapshot.manifest.gone if now.snapshot.manifest else {}
    for key, path in edits.kept_floating_ips(now.snapshot):
        if key in now.before or path in now.kept:
            continue
        if key in waiting or not now.wants(key):
            now.kept.append(path)
        else:
            now.removed.append(path)


def _let_go(now: Intent, key: model.ServiceKey, *, unclaimed: bool) -> None:
    entry, about = now.before[key], f"Service {key}"
    now.gone.append(key)
    if left := entry.left_floating_ip:
        now.files[entry.file] = render.kept_document(left)
        now.kept.append(entry.file)
    else:
        now.removed.append(entry.file)
    if unclaimed:
        now.consents.append(consent.notice(about, "goes, unclaimed", "--accept-unclaimed"))
    if entry.protect:
        flag = f"--allow-protected {key}"
        now.consents.append(consent.notice(about, "goes, protected as it was", flag))
    if edits.problem(now.snapshot, key, entry.file):
        now.consents.append(consent.edit_dropped(entry.file))


def _why_kept(now: Intent, entry: manifest.Entry) -> model.Problem | None:
    key = entry.service
    if entry.protect and key not in now.options.allow_protected:
        return model.Problem(
            key,
            "the Service",
            "gone, and it was annotated tfgen.io/protect",
            "still there",
            f"Restore it, or let it go: --allow-protected {key}",
        )
    if now.options.overwrite_edited:
        return None
    shared = entry.common
    edit = edits.problem(now.snapshot, key, entry.common_file, shared) if shared else None
    return edit or edits.problem(now.snapshot, key, entry.file)


def _unclaimed(key: model.ServiceKey) -> model.Problem:
    return model.Problem(
        key,
        "the Service",
        "asking for a load balancer that the settings do not claim any more",
        "claimed (claim.classes, claim.namespaces, claim.selector)",
        "Claim it again, or let it go: --accept-unclaimed",
    )


def hold(now: Intent, key: model.ServiceKey, *why: model.Problem) -> None:
    """Keep a Service as it stands in the tree; one that was never rendered stays out of it."""
    entry = None if key in now.gone else now.before.get(key)
    if not now.wants(key):
        if entry:
            now.entries[key] = entry
        return
    now.problems[key] += why
    if entry:
        if entry.file not in now.snapshot.texts:
            now.problems[key].append(edits.missing(key, entry.file))
        words = tuple(sorted(map(str, now.problems[key])))
        now.entries[key] = replace(entry, state=manifest.State.HELD, problems=words)
    elif key not in now.never_rendered:
        now.never_rendered.append(key)


def _render(now: Intent, lb: model.LoadBalancer, stack: str, stray: str | None) -> None:
    key, path = lb.service, f"stacks/{stack}/{lb.service.address}.tf"
    if not now.options.wants(key, stack):
        if key in now.before:
            now.entries[key] = now.before[key]
        return
    if stray and stray != path:
        return  # it is held for its stray file: a second one would be a second load balancer
    file = render.service_file(lb)
    document, found = file.text, now.snapshot.texts.get(path)
    same = document == found
    edit = None if same else edits.problem(now.snapshot, key, path)
    others = _edits_elsewhere(now, lb, stack, path)
    if (edit or others) and not now.options.overwrite_edited:
        now.edits |= {path: document} if edit else {}
        hold(now, key, *filter(None, (edit, *others)))
        return
    if edit:
        now.consents.append(consent.edit_dropped(path))
    if moved := _former(now, key, path):
        now.removed.append(moved)
    if key in now.options.address_change & now.before.keys():
        flag = f"--allow-address-change {key}"
        now.consents.append(consent.notice(f"Service {key}", "its address may change", flag))
    now.files[path] = found if found == document else document  # one of them is kept
    now.entries[key] = _entry(lb, stack, file)


def _former(now: Intent, key: model.ServiceKey, path: str) -> str:
    """Give the file of a Service that goes to the stack of its group, "" where it stays."""
    before = now.before.get(key)
    return before.file if before and before.file != path else ""


def _edits_elsewhere(
    now: Intent, lb: model.LoadBalancer, stack: str, path: str
) -> tuple[model.Problem, ...]:
    """Give the hand edits that a Service's own file does not show: its group's, its former one."""
    key, former, before = lb.service, _former(now, lb.service, path), now.before.get(lb.service)
    files: dict[str, model.GroupKey | str | None] = {former: None} if former else {}
    if lb.group:
        files[f"stacks/{stack}/{lb.address}.tf"] = lb.group.key
    if lb.attached:
        files[f"stacks/{stack}/{manifest.chain_label(lb.attached)}.tf"] = lb.attached
    if before and before.common:
        files[before.common_file] = before.common
    found = (edits.problem(now.snapshot, key, file, group) for file, group in files.items())
    return tuple(filter(None, found))


def _entry(lb: model.LoadBalancer, stack: str, file: render.File) -> manifest.Entry:
    return manifest.Entry(
        service=lb.service,
        stack=stack,
        digest=file.digest,
        ports=tuple(port.key for port in lb.ports),
        node_group=lb.node_group,
        health_check=any(port.health_check for port in lb.ports),
        node_selector=lb.node_selector,
        family=lb.family,
        internal=lb.internal,
        protect=lb.protect,
        frozen=lb.frozen,
        address_may_change=lb.address_may_change,
        hostname=lb.hostname,
        proxy=lb.proxy,
        keep_floating_ip=lb.keep_floating_ip,
        revision=file.revision,
        group=lb.group.key.name if lb.group else "",
        second=_second(lb.second) if lb.second else None,
    )


def _second(lb: model.LoadBalancer) -> manifest.Second:
    return manifest.Second(lb.family, lb.node_group, lb.frozen)
