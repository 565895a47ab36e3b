"""JSON Schemas (draft 2020-12) of what tfgen reads and writes, made from the types themselves."""

from typing import Any

import pydantic

from tfgen.config.settings import Settings

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def of_settings() -> dict[str, Any]:
    """Give the schema of tfgen.yaml, for editors and for checks in a pipeline."""
    return {"$schema": DRAFT, **Settings.model_json_schema(), "title": "tfgen.yaml"}


def of_type(kind: type) -> dict[str, Any]:
    """Give the schema of a frozen record, without saying which draft: it is part of another."""
    return pydantic.TypeAdapter(kind).json_schema()
