"""Checks of the output tree: whether it is the settings' own, and each file of it."""

import os
from collections.abc import Iterator

from tfgen import config, manifest, model, tree
from tfgen.reconcile.doctor import finding
from tfgen.reconcile.doctor.finding import Finding
from tfgen.reconcile.doctor.patient import Patient
from tfgen.render import facts, header
from tfgen.tree import LOCK_FILE, edits, identity

_NOBODY = model.Listing((), (), None, "")


def output_tree(patient: Patient) -> Iterator[Finding]:
    """See that the tree can be read, and is the settings'."""
    snapshot, place = patient.snapshot, config.display(patient.loaded.out)
    identity.check(snapshot, _NOBODY, patient.settings, tree.Options())
    if snapshot.manifest is None:
        yield finding.ok(f"{place}: nothing rendered yet")
        return
    services, stacks = len(snapshot.manifest.services), len(snapshot.manifest.stacks)
    size = f"{finding.count(services, 'Service')} in {finding.count(stacks, 'stack')}"
    yield finding.ok(f"{place}: {size}")


def files(patient: Patient) -> Iterator[Finding]:
    """Look at each file of the tree: whether all are there, not edited, and ours to write."""
    snapshot, root = patient.snapshot, patient.loaded.out
    known = snapshot.manifest
    if known is None:
        yield finding.ok("there are none yet")
        return
    found = [*_intents(snapshot, known), *_others(snapshot, known), *_facts(snapshot, known)]
    if not os.access(root, os.W_OK):
        what = f"{config.display(root)} cannot be written to"
        found.append(finding.error(what, "Give this user the right to."))
    yield from found or [finding.ok("all are there, as they were rendered")]


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
