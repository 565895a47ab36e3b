"""A judge of documents by their JSON Schema, as far as our schemas go; stricter than the standard.

What a schema does not describe is a fault, too: so no field can be printed that nobody described.
"""

from collections.abc import Iterator, Mapping
from typing import Any

_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "array": list,
    "boolean": bool,
    "integer": int,
    "null": type(None),
    "number": (int, float),
    "object": dict,
    "string": str,
}


def faults(schema: Mapping[str, Any], document: object) -> list[str]:
    """Give where a document is not what its schema says, in words."""
    return list(_faults(schema, document, schema.get("$defs", {}), "$"))


def _faults(
    schema: Mapping[str, Any], value: object, kinds: Mapping[str, Any], place: str
) -> Iterator[str]:
    if "$ref" in schema:
        schema = kinds[schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        tried = [list(_faults(option, value, kinds, place)) for option in schema["anyOf"]]
        yield from min(tried, key=len)
        return
    yield from _itself(schema, value, place)
    if isinstance(value, dict) and schema.get("type") == "object":
        yield from _members(schema, value, kinds, place)
    elif isinstance(value, list) and schema.get("type") == "array":
        for index, item in enumerate(value):
            yield from _faults(schema["items"], item, kinds, f"{place}[{index}]")


def _itself(schema: Mapping[str, Any], value: object, place: str) -> Iterator[str]:
    if "const" in schema and value != schema["const"]:
        yield f"{place} is {value!r}, not {schema['const']!r}"
    if value not in schema.get("enum", [value]):
        yield f"{place} is {value!r}, none of {schema['enum']}"
    if "type" in schema and not _is(value, schema["type"]):
        yield f"{place} is {value!r}, no {schema['type']}"


def _is(value: object, kind: str) -> bool:
    flag = isinstance(value, bool)
    return isinstance(value, _TYPES[kind]) and (not flag or kind == "boolean")


def _members(
    schema: Mapping[str, Any], value: dict[str, Any], kinds: Mapping[str, Any], place: str
) -> Iterator[str]:
    properties, others = schema.get("properties", {}), schema.get("additionalProperties")
    yield from (
        f"{place}.{name} is missing" for name in schema.get("required", ()) if name not in value
    )
    for name, inner in value.items():
        if name in properties or others:
            yield from _faults(properties.get(name, others), inner, kinds, f"{place}.{name}")
        else:
            yield f"{place}.{name} is not described"
