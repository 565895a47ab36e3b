"""The annotation vocabulary: one table, from which parsing, messages and the docs come."""

from tfgen.annotations.parsers import Invalid, canonical_cidrs, secret_names
from tfgen.annotations.table import (
    PER_PORT,
    PORT,
    TABLE,
    Annotation,
    Change,
    Kind,
    is_ours,
    nearest,
    nearest_setting,
)

__all__ = [
    "PER_PORT",
    "PORT",
    "TABLE",
    "Annotation",
    "Change",
    "Invalid",
    "Kind",
    "canonical_cidrs",
    "is_ours",
    "nearest",
    "nearest_setting",
    "secret_names",
]
