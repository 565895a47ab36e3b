"""The settings in force, as a tfgen.yaml that would say all of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from tfgen.config import faults, yaml_text
from tfgen.config.loading import Loaded

_INDENT = "  "


def text(loaded: Loaded, *, origins: bool = False) -> str:
    """Write all settings as YAML, with who said each as a comment where `origins` is asked."""
    lines = list(_lines(loaded.settings.model_dump(), ()))
    if not origins:
        return "\n".join(line for line, _ in lines)
    width = max(len(line) for line, _ in lines)
    commented = (
        _commented(line, loaded.origins.get(faults.dotted(key)), width) for line, key in lines
    )
    return "\n".join(commented)


def document(loaded: Loaded) -> dict[str, object]:
    """Give all settings, their origins, the file and the output tree as one document."""
    return {
        "file": str(loaded.path),
        "out": str(loaded.out),
        "settings": loaded.settings.model_dump(),
        "origins": dict(loaded.origins),
    }


def _commented(line: str, origin: str | None, width: int) -> str:
    return f"{line:<{width}}  # {origin}" if origin else line


def _lines(section: Mapping[str, Any], above: faults.Key) -> Iterator[tuple[str, faults.Key]]:
    for name, value in section.items():
        key = (*above, name)
        head = f"{_INDENT * len(above)}{yaml_text.flow(name)}:"
        if isinstance(value, dict) and value:
            yield head, key
            yield from _lines(value, key)
        else:
            yield f"{head} {yaml_text.flow(value)}", key
