"""The output tree as a value: what it holds, and what it should hold."""

from tfgen.tree.assemble import desired
from tfgen.tree.edits import diff
from tfgen.tree.snapshot import LOCK_FILE, Desired, Lane, Options, Snapshot, facts_path

__all__ = [
    "LOCK_FILE",
    "Desired",
    "Lane",
    "Options",
    "Snapshot",
    "desired",
    "diff",
    "facts_path",
]
