"""The output tree on disk: its files, and who works on it."""

from tfgen.workspace.disk import Batch, Tree
from tfgen.workspace.lock import WAIT, Held, Holder, Patience, holder

__all__ = ["WAIT", "Batch", "Held", "Holder", "Patience", "Tree", "holder"]
