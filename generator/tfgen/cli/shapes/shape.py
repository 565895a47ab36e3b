"""What all shapes share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Shape:
    """A JSON object; the sentences below its fields become descriptions."""

    __pydantic_config__: ClassVar[Mapping[str, Any]] = {"use_attribute_docstrings": True}


@dataclass(frozen=True, slots=True)
class Said(Shape):
    """A notice."""

    about: str
    """`Service NAMESPACE/NAME`, `Node NAME`, or what else it is about."""
    text: str


@dataclass(frozen=True, slots=True)
class Error(Shape):
    """Why a command ended."""

    code: int
    """The exit code."""
    what: str
    remedy: str
    """What to do about it."""
