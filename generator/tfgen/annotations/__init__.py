"""The annotation vocabulary: one table, from which parsing, messages and the docs come."""

from tfgen.annotations.parsers import Invalid, canonical_cidrs
from tfgen.annotations.table import TABLE, Annotation, Change, Kind, is_ours, nearest

__all__ = [
    "TABLE",
    "Annotation",
    "Change",
    "Invalid",
    "Kind",
    "canonical_cidrs",
    "is_ours",
    "nearest",
]
