"""Every annotation key that is ours: under our prefixes there is no other."""

import difflib

from tfgen.annotations import rows
from tfgen.annotations.row import (
    ATTACH,
    CLASS,
    DRAIN,
    GROUP,
    INTERNAL,
    NODE_PORT_RANGES,
    NODE_SELECTOR,
    OCCM,
    PORT,
    PROXY,
    REDIRECT,
    SOURCE_RANGES,
    TFGEN,
    TLS,
    WEIGHT,
    Annotation,
    Change,
    Kind,
)

__all__ = [
    "ATTACH",
    "CLASS",
    "DRAIN",
    "GROUP",
    "INTERNAL",
    "NODE_PORT_RANGES",
    "NODE_SELECTOR",
    "OCCM",
    "OURS",
    "PER_PORT",
    "PORT",
    "PROXY",
    "REDIRECT",
    "SOURCE_RANGES",
    "TABLE",
    "TFGEN",
    "TLS",
    "WEIGHT",
    "Annotation",
    "Change",
    "Kind",
    "is_ours",
    "nearest",
    "nearest_setting",
]

TABLE: dict[str, Annotation] = {row.key: row for row in rows.ALL}
PER_PORT: dict[str, Annotation] = {row.setting: row for row in rows.ALL if row.per_port}
"""What one port may say for itself, by the last part of its key."""
OURS = (OCCM, TFGEN)
"""Prefixes under which every key is ours: an unknown one is a problem, never ignored."""


def is_ours(key: str) -> bool:
    """Whether a key is for us to carry out."""
    return key in TABLE or key.startswith(OURS)


def nearest_setting(name: str) -> str:
    """Give the setting of a port whose name looks most like this one, or ""."""
    return next(iter(difflib.get_close_matches(name, PER_PORT, n=1, cutoff=0.6)), "")


def nearest(key: str) -> str:
    """Give the known key whose name looks most like this one's, or ""; prefixes do not count."""
    names = {row.key.rpartition("/")[2]: row.key for row in rows.ALL if row.kind is not Kind.OUTPUT}
    found = difflib.get_close_matches(key.rpartition("/")[2], names, n=1, cutoff=0.7)
    return names[found[0]] if found else ""
