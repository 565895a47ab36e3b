"""`tfgen schema`: JSON Schemas of the documents that tfgen reads and writes."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated, Any

import orjson
import typer

from tfgen import manifest
from tfgen.cli import output, shapes
from tfgen.config import schema as settings_schema


class Document(StrEnum):
    """A document with a schema."""

    SETTINGS = "settings"
    MANIFEST = "manifest"
    RENDER = "render"
    PLAN = "plan"
    GUARD = "guard"
    APPLY = "apply"
    PUBLISH = "publish"
    RUN = "run"
    STATUS = "status"
    EXPLAIN = "explain"
    DOCTOR = "doctor"
    REPAIR = "repair"
    RESOLVE = "resolve"
    SECRETS = "secrets"
    ERROR = "error"


Which = Annotated[Document, typer.Argument(envvar="TFGEN_DOCUMENT", help="Which document.")]

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}


def schema(document: Which = Document.SETTINGS) -> None:
    """Print the JSON Schema of tfgen.yaml, or of another document.

    `settings` and `manifest` are files; the others are what commands print with --format json.
    `sync` prints what `apply` prints; `secrets` is of `secrets sync`.

    Examples: `tfgen schema` · `tfgen schema plan`
    """
    made = _SCHEMAS[document]() if document in _SCHEMAS else _printed(document)
    output.stdout.print(orjson.dumps(made, option=orjson.OPT_INDENT_2).decode())


def _manifest() -> dict[str, Any]:
    entry = settings_schema.of_type(manifest.Entry)
    kinds = entry.pop("$defs")
    del kinds["ServiceKey"], entry["properties"]["service"]
    entry["properties"]["file"] = _TEXT
    entry["required"] = sorted(entry["properties"].keys() - manifest.USUAL.keys())
    texts = dict.fromkeys(("cluster", "tree", "stacks_by", "cluster_uid"), _TEXT)
    services = {"type": "object", "additionalProperties": entry}
    gone = {"type": "object", "additionalProperties": _TEXT}
    properties = {**texts, "stacks": _TEXTS, "services": services, "gone": gone}
    return {**_document(manifest.SCHEMA, manifest.SCHEMA_VERSION, properties), "$defs": kinds}


def _error() -> dict[str, Any]:
    fields = {"code": {"type": "integer"}, "what": _TEXT, "remedy": _TEXT}
    error = {"type": "object", "properties": fields, "required": sorted(fields)}
    return _document("tfgen.error", output.SCHEMA_VERSION, {"error": error})


def _printed(document: Document) -> dict[str, Any]:
    """Make the schema of what a command prints."""
    name = f"tfgen.{document}"
    shape = settings_schema.of_type(_SHAPES[document])
    kinds = {kind: _headed(kind, inner) for kind, inner in shape.pop("$defs", {}).items()}
    whole = _document(name, output.SCHEMA_VERSION, {})
    properties = {**whole["properties"], **shape["properties"]}
    required = sorted({*whole["required"], *shape.get("required", ())})
    return {**shape, **whole, "properties": properties, "required": required, "$defs": kinds}


def _headed(kind: str, inner: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give a document within a document the head that it has by itself."""
    if kind.lower() not in _SHAPES:
        return inner
    head = _document(f"tfgen.{kind.lower()}", output.SCHEMA_VERSION, {})
    required = sorted({*head["required"], *inner.get("required", ())})
    properties = {**head["properties"], **inner["properties"]}
    return {**inner, "properties": properties, "required": required}


def _document(name: str, version: int, properties: Mapping[str, Any]) -> dict[str, Any]:
    head = {"schema": {"const": name}, "schema_version": {"const": version}}
    return {
        "$schema": settings_schema.DRAFT,
        "title": name,
        "type": "object",
        "properties": {**head, **properties},
        "required": sorted({*head, *properties}),
    }


_SHAPES: Mapping[Document, type] = {
    Document.RENDER: shapes.Render,
    Document.PLAN: shapes.Plan,
    Document.GUARD: shapes.Guard,
    Document.APPLY: shapes.Apply,
    Document.PUBLISH: shapes.Publish,
    Document.RUN: shapes.Run,
    Document.STATUS: shapes.Status,
    Document.EXPLAIN: shapes.Explain,
    Document.DOCTOR: shapes.Doctor,
    Document.REPAIR: shapes.Repair,
    Document.RESOLVE: shapes.Resolve,
    Document.SECRETS: shapes.Secrets,
}
_SCHEMAS: Mapping[Document, Callable[[], dict[str, Any]]] = {
    Document.SETTINGS: settings_schema.of_settings,
    Document.MANIFEST: _manifest,
    Document.ERROR: _error,
}
