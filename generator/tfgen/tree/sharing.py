"""The files of load balancers that Services share, once it is decided what becomes of each of them.

Translation has judged what Services ask for; here counts what stands: one that is held, or is not
to be written now, keeps its ports and its load balancer, and whoever would get in its way waits.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from tfgen import manifest, model, render
from tfgen.annotations import table
from tfgen.tree import attached, consent, edits, intent

_Entries = tuple[manifest.Entry, ...]
_WAIT = "It waits until that one is written, or gone."


def settle(now: intent.Intent, translation: model.Translation) -> None:
    """Take back what would not agree with what stays, then decide on the file of each group."""
    while found := next(_clashes(now), None):
        _take_back(now, found)
    attached.write(now)
    wanted = {lb.service: lb for lb in translation.load_balancers}
    before, after = manifest.groups(now.before), manifest.groups(now.entries)
    for group, entries in after.items():
        if _concerned(now, (*before.get(group, ()), *entries)):
            _write(now, group, entries, wanted)
    for group in before.keys() - after.keys():
        _remove(now, group, before[group][0])


def _concerned(now: intent.Intent, entries: Iterable[manifest.Entry]) -> bool:
    return any(now.wants(entry.service) for entry in entries)


def _clashes(now: intent.Intent) -> Iterator[model.Problem]:
    """Give the Services that were to be written and cannot be, beside what stays."""
    for group, entries in manifest.groups(now.entries).items():
        yield from _ports_twice(now, entries)
        yield from _disagreeing(now, group, entries)
    for entries in manifest.attached(now.entries).values():
        yield from _ports_twice(now, entries)


def _ports_twice(now: intent.Intent, entries: _Entries) -> Iterator[model.Problem]:
    users: dict[str, manifest.Entry] = {}
    for entry in entries:
        for port in entry.ports:
            other = users.setdefault(port, entry)
            if other is entry:
                continue
            late, first = (entry, other) if _is_new(now, entry, port) else (other, entry)
            if _is_new(now, late, port):
                expected = f"a port that no other has: {port} is Service {first.service}'s"
                yield _problem(late, expected)


def _is_new(now: intent.Intent, entry: manifest.Entry, port: str) -> bool:
    before = now.before.get(entry.service)
    stood = before is not None and before.common == entry.common and port in before.ports
    return not stood and entry.file in now.files


def _disagreeing(
    now: intent.Intent, group: model.GroupKey, entries: _Entries
) -> Iterator[model.Problem]:
    if len({_of_balancer(entry) for entry in entries}) == 1:
        return
    for entry in entries:
        before = now.before.get(entry.service)
        same = before and before.shares == group and _of_balancer(before) == _of_balancer(entry)
        if not same and entry.file in now.files:
            others = ", ".join(str(each.service) for each in entries if each is not entry)
            yield _problem(entry, f"what Service {others} is written with")


def _of_balancer(entry: manifest.Entry) -> tuple[bool, model.Family, model.Frozen]:
    return entry.internal, entry.family, replace(entry.frozen, member_subnet_id="")


def _problem(entry: manifest.Entry, expected: str) -> model.Problem:
    key = table.ATTACH if entry.attached else table.GROUP
    found = f'"{entry.attached or entry.group}"'
    return model.Problem(entry.service, f"annotation {key}", found, expected, _WAIT)


def _take_back(now: intent.Intent, problem: model.Problem) -> None:
    """Hold a Service that was to be written: what is there of it stays."""
    entry = now.entries.pop(problem.service)
    before = now.before.get(problem.service)
    del now.files[entry.file]
    now.removed = [path for path in now.removed if not before or path != before.file]
    intent.hold(now, problem.service, problem)


def _write(
    now: intent.Intent,
    group: model.GroupKey,
    entries: _Entries,
    wanted: Mapping[model.ServiceKey, model.LoadBalancer],
) -> None:
    """Write a group's file; under a held Service the load balancer stays as it stands."""
    path = entries[0].balancer_file
    chain = {entry.service: entry.ports for entry in entries}
    fresh = [wanted[entry.service] for entry in entries if entry.file in now.files]
    held = any(entry.state is manifest.State.HELD for entry in entries)
    text, edited = now.snapshot.texts.get(path), _edited(now, group, path)
    if fresh and (text is None or edited or not held):
        document = render.group_document(fresh[0], chain)
    elif text is not None and not edited:
        document = render.rechained(group, text, chain)
    else:
        _keep(now, entries, path)
        return
    if edited and not now.options.overwrite_edited:
        now.edits[path] = document
        return
    if edited and text != document:
        now.consents.append(consent.edit_dropped(path))
    now.files[path] = document


def _keep(now: intent.Intent, entries: _Entries, path: str) -> None:
    """Leave a group's file as it is; where there is none, that is what holds its Services."""
    if path not in now.snapshot.texts:
        for entry in entries:
            intent.hold(now, entry.service, edits.missing(entry.service, path))


def _edited(now: intent.Intent, group: model.GroupKey, path: str) -> bool:
    return edits.problem(now.snapshot, model.ServiceKey("", ""), path, group) is not None


def _remove(now: intent.Intent, group: model.GroupKey, entry: manifest.Entry) -> None:
    """Let a group's file go with its last Service."""
    path = entry.balancer_file
    if path in now.snapshot.texts:
        now.removed.append(path)
        if _edited(now, group, path):
            now.consents.append(consent.edit_dropped(path))
