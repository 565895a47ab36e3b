"""The shapes of what commands print with --format json: `tfgen schema` makes schemas of them.

Nothing builds these records: they describe the documents, and a test lays both side by side.
A later version adds fields and drops none; `schema_version` moves where one changes its meaning.
"""

from tfgen.cli.shapes.looks import Doctor, Explain, Status
from tfgen.cli.shapes.passes import Apply, Guard, Plan, Publish, Render, Run
from tfgen.cli.shapes.repair import Repair
from tfgen.cli.shapes.resolve import Resolve
from tfgen.cli.shapes.tls import Secrets

__all__ = [
    "Apply",
    "Doctor",
    "Explain",
    "Guard",
    "Plan",
    "Publish",
    "Render",
    "Repair",
    "Resolve",
    "Run",
    "Secrets",
    "Status",
]
