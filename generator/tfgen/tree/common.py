"""What is not of one Service: the files of stacks and modules; those edited by hand are kept."""

from collections.abc import Iterable, Mapping

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
_ORIGINS = ("tfgen.yaml", "its module ")


def add(now: Intent, stacks: Iterable[str]) -> list[model.Notice]:
    """Add these files to a rendering, and take away what an older tfgen wrote in their folders."""
    documents = _documents(now, stacks)
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
    now.removed += _left_behind(now.snapshot, documents)
    return notices


def _documents(now: Intent, stacks: Iterable[str]) -> dict[str, str]:
    documents = {".gitignore": header.add("tfgen.yaml", _GITIGNORE), **render.module_documents()}
    for stack in stacks:
        documents |= render.stack_documents(stack, now.settings)
    return documents


def _left_behind(snapshot: Snapshot, documents: Mapping[str, str]) -> list[str]:
    """Give the files that we once wrote beside these, and write no more: they would count twice."""
    folders = {_folder(path) for path in documents} - {""}
    others = (path for path in snapshot.texts if path not in documents)
    return sorted(
        path for path in others if _folder(path) in folders and _is_common(snapshot, path)
    )


def _is_common(snapshot: Snapshot, path: str) -> bool:
    parts = header.strip(snapshot.texts[path])
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
