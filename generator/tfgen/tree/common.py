"""What is not of one Service: the files of stacks and modules; those edited by hand are kept."""

from collections.abc import Iterable, Mapping, Sized
from collections.abc import Set as AbstractSet

from tfgen import model, render
from tfgen.render import header
from tfgen.tree import consent, edits
from tfgen.tree.intent import Intent
from tfgen.tree.snapshot import LOCK_FILE, Snapshot

_GITIGNORE = """\
.terraform/
*.tfplan
*.tfplan.json
*.tfstate
*.tfstate.*
.terraform.tfstate.lock.info
*.tfgen-new
crash.log
recovery.tf
"""
_ACCESS = "modules/node_access"
"""The folder of a module that not every tree has."""
_ORIGINS = ("tfgen.yaml", "its module ")


def add(now: Intent, stacks: Mapping[str, Sized]) -> list[model.Notice]:
    """Add these files to a rendering, and take away what else tfgen wrote in their folders.

    `stacks`: those that may be written, each with its Services.
    """
    documents = _documents(now, stacks)
    left = _left_behind(now.snapshot, documents)
    modules = _modules(now.snapshot, documents, left)
    left += _left_behind(now.snapshot, modules, {_ACCESS})
    documents |= modules
    notices = []
    for path, text in documents.items():
        if edits.kept(now.snapshot, path) and not now.options.overwrite_edited:
            now.edits[path] = text
            why = "edited by hand, and kept (--overwrite-edited)"
            notices.append(model.Notice(f"File {path}", why))
            continue
        now.files[path] = text
        if edits.kept(now.snapshot, path):
            now.consents.append(consent.edit_dropped(path))
    now.files.update(_locks(now.snapshot, stacks))
    now.removed += sorted(left)
    return notices


def _documents(now: Intent, stacks: Mapping[str, Sized]) -> dict[str, str]:
    documents = {".gitignore": header.add("tfgen.yaml", _GITIGNORE)}
    for stack, services in stacks.items():
        documents |= render.stack_documents(stack, now.settings, serves=len(services) > 0)
    return documents


def _modules(
    snapshot: Snapshot, documents: Mapping[str, str], left: Iterable[str]
) -> dict[str, str]:
    """Give the modules that stacks call: one that not all have stays while one stack has it."""
    standing = (snapshot.texts.keys() - set(left)) | documents.keys()
    access = any(path.endswith(f"/{render.NODE_ACCESS_FILE}") for path in standing)
    return render.module_documents(node_access=access)


def _left_behind(
    snapshot: Snapshot, documents: Mapping[str, str], further: AbstractSet[str] = frozenset()
) -> list[str]:
    """Give the files that we once wrote beside these, and write no more: they would count twice."""
    folders = {_folder(path) for path in documents} - {""} | further
    others = (path for path in snapshot.texts if path not in documents)
    return [path for path in others if _folder(path) in folders and _is_common(snapshot, path)]


def _is_common(snapshot: Snapshot, path: str) -> bool:
    text = snapshot.texts[path]
    parts = header.strip(text) if header.starts(text, *_ORIGINS) else None
    return parts is not None and parts.origin.startswith(_ORIGINS) and not parts.edited


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _locks(snapshot: Snapshot, stacks: Iterable[str]) -> dict[str, str]:
    """Start stacks that have no provider lock with the one of the tree."""
    lock = snapshot.texts.get(LOCK_FILE)
    if lock is None:
        return {}
    paths = (f"stacks/{name}/{LOCK_FILE}" for name in stacks)
    return {path: lock for path in paths if path not in snapshot.texts}
