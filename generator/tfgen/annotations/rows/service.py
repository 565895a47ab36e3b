"""What holds for a Service as a whole."""

from tfgen.annotations import parsers, row

ROWS = (
    row.read(
        row.OCCM + "hostname",
        "Host name that the status carries in place of the address; tfgen.io/external-ip has it.",
        parsers.hostname,
        "DNS name, or nothing",
    ),
    row.read(row.CLASS, "Class of the settings whose values hold.", str, "name under `classes`"),
    row.read(
        row.GROUP,
        "Shares one load balancer with the Services of its namespace that name the same group.",
        parsers.label,
        "DNS label",
        change=row.Change.CREATION,
    ),
    row.read(row.TFGEN + "expose", "Claims a Service of type NodePort.", parsers.only_true, "true"),
    row.read(
        row.TFGEN + "protect",
        "No plan may destroy or replace anything of it, even when it is deleted.",
        parsers.boolean,
        row.BOOLEAN,
    ),
)
