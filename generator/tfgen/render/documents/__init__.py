"""The file of each Service, and of each load balancer that Services share."""

from tfgen.render.documents.files import (
    LENGTH,
    Chain,
    attached_document,
    attached_origin,
    blocks,
    digest,
    end,
    group_document,
    group_origin,
    kept_document,
    rechained,
    revision,
    service_document,
)

__all__ = [
    "LENGTH",
    "Chain",
    "attached_document",
    "attached_origin",
    "blocks",
    "digest",
    "end",
    "group_document",
    "group_origin",
    "kept_document",
    "rechained",
    "revision",
    "service_document",
]
