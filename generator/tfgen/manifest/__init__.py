"""tfgen-manifest.json: the memory of what was rendered, and all that must be known afterwards.

It holds intent only (a node that joins changes nothing here). Facts stand in the stacks.
"""

from tfgen.manifest.entry import Entry, Second, State, chain_label
from tfgen.manifest.text import (
    FILE,
    SCHEMA,
    SCHEMA_VERSION,
    USUAL,
    dumps,
    loads,
    unreadable,
)
from tfgen.manifest.whole import Manifest, applied, attached, groups, joined

__all__ = [
    "FILE",
    "SCHEMA",
    "SCHEMA_VERSION",
    "USUAL",
    "Entry",
    "Manifest",
    "Second",
    "State",
    "applied",
    "attached",
    "chain_label",
    "dumps",
    "groups",
    "joined",
    "loads",
    "unreadable",
]
