"""Load balancers to text: same input, same bytes."""

from tfgen.render.documents import (
    group_document,
    group_origin,
    kept_document,
    rechained,
    revision,
    service_document,
)
from tfgen.render.facts import Facts, dump_facts, load_facts
from tfgen.render.header import body_digest, is_ours, strip
from tfgen.render.shared import NODE_ACCESS_FILE, module_documents, stack_documents

__all__ = [
    "NODE_ACCESS_FILE",
    "Facts",
    "body_digest",
    "dump_facts",
    "group_document",
    "group_origin",
    "is_ours",
    "kept_document",
    "load_facts",
    "module_documents",
    "rechained",
    "revision",
    "service_document",
    "stack_documents",
    "strip",
]
