"""Checks of the states that belong to the output tree."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tfgen import config, errors, workspace
from tfgen.reconcile import states as reading
from tfgen.reconcile.doctor import finding, tools
from tfgen.reconcile.doctor.finding import Finding, Level
from tfgen.reconcile.doctor.patient import Patient
from tfgen.terraform import local
from tfgen.tree import LOCK_FILE

STATE_SECONDS = 60.0
_ASKED = 3
"""States that are asked where each costs the start of an engine."""
_LOCAL = "Wait for that run, or end it: the lock of a local file goes with its process."


def states(patient: Patient) -> Iterator[Finding]:
    """See that the states can be read, and that nobody holds them."""
    known = patient.snapshot.manifest
    stacks = known.stacks if known else ()
    reader = reading.States(patient.loaded, patient.asked.environ, patient.asked.engine)
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


def _local(reader: reading.States, stacks: tuple[str, ...]) -> Iterator[Finding]:
    readable = 0
    for stack in stacks:
        try:
            reader.of(stack)
        except errors.TfgenError as failure:
            yield finding.error(failure.what, failure.remedy)
            continue
        readable += 1
        if who := local.holder(reader.local_file(stack)):
            yield finding.warning(f"the state of stack {stack} is locked by {who}", _LOCAL)
    yield finding.ok(f"{readable} of {finding.count(len(stacks), 'local state')} can be read")


def _remote(patient: Patient, stacks: tuple[str, ...]) -> Iterator[Finding]:
    """Ask the first few, each from a folder of its own, so that nothing is left in the tree."""
    asked, readable = stacks[:_ASKED], 0
    for name in asked:
        with tempfile.TemporaryDirectory(prefix="tfgen-doctor-") as folder:
            found = list(_one(patient, name, Path(folder)))
        readable += not any(each.level is Level.ERROR for each in found)
        yield from found
    looked = f"{len(asked)} of {finding.count(len(stacks), 'state')} looked at"
    kind = patient.settings.backend.type
    yield finding.ok(f"backend {kind}: {looked}, {readable} can be read")


def _one(patient: Patient, name: str, directory: Path) -> Iterator[Finding]:
    base, texts = f"stacks/{name}", patient.snapshot.texts
    tools.write_root(directory, patient, texts.get(f"{base}/{LOCK_FILE}", ""))
    (directory / "backend.tf").write_text(texts.get(f"{base}/backend.tf", ""))
    stack = replace(patient.stack(directory, seconds=STATE_SECONDS), alias=name)
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
        what = failure.what.replace(directory.name, name)
        there = config.display(workspace.Tree(patient.loaded.out).stack(name))
        remedy = failure.remedy.replace(config.display(directory), there)
        yield finding.warning(f"the state of stack {name} is locked: {what}", remedy)
