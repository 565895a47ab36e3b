"""Checks of the output tree, and of the states that belong to it."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tfgen import config, errors, manifest, model, tree
from tfgen.reconcile import states
from tfgen.reconcile.doctor import finding, tools
from tfgen.reconcile.doctor.finding import Finding
from tfgen.reconcile.doctor.patient import Patient
from tfgen.render import facts, header
from tfgen.terraform import local
from tfgen.tree import LOCK_FILE, edits, identity

STATE_SECONDS = 60.0
_NOBODY = model.Listing((), (), None, "")
_ASKED = 3
"""States that are asked where each costs the start of an engine."""


def output_tree(patient: Patient) -> Iterator[Finding]:
    """Look at the tree by itself: whether it is the settings', whole, and not edited by hand."""
    snapshot, root = patient.snapshot, patient.loaded.out
    place = config.display(root)
    identity.check(snapshot, _NOBODY, patient.settings, tree.Options())
    if snapshot.manifest is None:
        yield finding.ok(f"{place}: nothing rendered yet")
        return
    found = [*_intents(snapshot, snapshot.manifest), *_others(snapshot, snapshot.manifest)]
    found += _facts(snapshot, snapshot.manifest)
    yield from found
    if root.exists() and not os.access(root, os.W_OK):
        yield finding.error(f"{place} cannot be written to", "Give this user the right to.")
    services, stacks = len(snapshot.manifest.services), len(snapshot.manifest.stacks)
    size = f"{finding.count(services, 'Service')} in {finding.count(stacks, 'stack')}"
    yield finding.ok(f"{place}: {size}" if found else f"{place}: {size}, as it was rendered")


def _intents(snapshot: tree.Snapshot, known: manifest.Manifest) -> Iterator[Finding]:
    for key, entry in known.services.items():
        text = snapshot.texts.get(entry.file)
        if text is None:
            yield finding.error(
                f"{entry.file} is missing: an apply would remove the load balancer of {key}",
                "Restore it from Git, or run: tfgen render",
            )
        elif problem := edits.problem(snapshot, key, entry.file):
            yield finding.warning(f"{entry.file} is {problem.found}", problem.remedy)
        elif (parts := header.strip(text)) and parts.digest != entry.digest:
            yield finding.warning(
                f"{entry.file} is of another rendering than {manifest.FILE}",
                "Restore both from one commit, or run: tfgen render",
            )


def _others(snapshot: tree.Snapshot, known: manifest.Manifest) -> Iterator[Finding]:
    """Look at the files that Services share, and at those that somebody else put there."""
    ours = {entry.file for entry in known.services.values()}
    for path in sorted(snapshot.texts):
        if path in ours or path == manifest.FILE or path.endswith((LOCK_FILE, facts.FILE)):
            continue
        if edits.kept(snapshot, path):
            yield finding.warning(
                f"{path} was edited, or made, by hand",
                "Remove it, or run: tfgen render --overwrite-edited",
            )


def _facts(snapshot: tree.Snapshot, known: manifest.Manifest) -> Iterator[Finding]:
    living = {entry.stack for entry in known.services.values()}
    waiting = sorted(stack for stack in living if snapshot.facts(stack) is None)
    if waiting:
        yield finding.warning(
            f"nodes and node ports are not known yet in {', '.join(waiting)}", "Run: tfgen sync"
        )


def state(patient: Patient) -> Iterator[Finding]:
    """See that the states can be read, and that nobody holds them."""
    known = patient.snapshot.manifest
    stacks = known.stacks if known else ()
    reader = states.States(patient.loaded, patient.asked.environ, patient.asked.engine)
    if not stacks:
        yield finding.ok("there are no stacks yet")
    elif reader.is_local:
        yield from _local(reader, stacks)
        if patient.asked.environ.get("CI"):
            yield finding.warning(
                "the states are local files, and this is a CI job: the next will not find them",
                "Set backend in tfgen.yaml",
            )
    else:
        yield from _remote(patient, stacks)


def _local(reader: states.States, stacks: tuple[str, ...]) -> Iterator[Finding]:
    readable = 0
    for stack in stacks:
        try:
            reader.of(stack)
        except errors.TfgenError as failure:
            yield finding.error(failure.what, failure.remedy)
            continue
        readable += 1
        if who := local.holder(reader.local_file(stack)):
            yield _held(stack, who)
    yield finding.ok(f"{readable} of {finding.count(len(stacks), 'local state')} can be read")


def _held(stack: str, who: str) -> Finding:
    return finding.warning(
        f"the state of stack {stack} is locked by {who}",
        "Wait for that run. If it is no more: terraform force-unlock, in the stack's folder",
    )


def _remote(patient: Patient, stacks: tuple[str, ...]) -> Iterator[Finding]:
    """Ask the first few, each from a folder of its own, so that nothing is left in the tree."""
    asked = stacks[:_ASKED]
    for name in asked:
        with tempfile.TemporaryDirectory(prefix="tfgen-doctor-") as folder:
            yield from _one(patient, name, Path(folder))
    kind = patient.settings.backend.type
    yield finding.ok(
        f"backend {kind}: {len(asked)} of {finding.count(len(stacks), 'state')} asked for"
    )


def _one(patient: Patient, name: str, directory: Path) -> Iterator[Finding]:
    base, texts = f"stacks/{name}", patient.snapshot.texts
    tools.write_root(directory, patient, texts.get(f"{base}/{LOCK_FILE}", ""))
    (directory / "backend.tf").write_text(texts.get(f"{base}/backend.tf", ""))
    stack = patient.stack(directory, seconds=STATE_SECONDS)
    try:
        stack.init()
        stack.state()
    except errors.TfgenError as failure:
        what = failure.what.replace(directory.name, name)
        yield finding.error(f"the state of stack {name} cannot be read: {what}", failure.remedy)
        return
    try:
        stack.try_lock()
    except errors.TfgenError as failure:
        yield _held(name, failure.what.replace(directory.name, name))
