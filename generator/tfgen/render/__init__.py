"""Load balancers to text: same input, same bytes."""

from tfgen.render.alike import File, service_file
from tfgen.render.documents import (
    attached_document,
    attached_origin,
    group_document,
    group_origin,
    kept_document,
    rechained,
    revision,
    service_document,
)
from tfgen.render.facts import Facts, dump_all, dump_facts, load_facts
from tfgen.render.header import body_digest, is_ours, strip
from tfgen.render.shared import NODE_ACCESS_FILE, access_name, module_documents, stack_documents

__all__ = [
    "NODE_ACCESS_FILE",
    "Facts",
    "File",
    "access_name",
    "attached_document",
    "attached_origin",
    "body_digest",
    "dump_all",
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
    "service_file",
    "stack_documents",
    "strip",
]
