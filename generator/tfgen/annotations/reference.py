"""docs/reference/annotations.md, made from the table of annotations."""

from collections.abc import Callable

from tfgen.annotations import table

_HEAD = """\
<!-- Made from generator/tfgen/annotations/rows/ by `make docs`. -->
# Annotations of a Service

Under `loadbalancer.openstack.org/` and `tfgen.io/` every key is tfgen's: one that is unknown, or
whose value is not what stands here, is a *problem* that holds its Service and says what to write.
Annotations of other prefixes are not read. A value is a text, so numbers and booleans stand in
quotes; a boolean is exactly `true` or `false`.

**Precedence.** What one port says for itself, over the Service's annotation, over its class, over
the [settings](settings.md), over the default.

**One port.** What is marked *each port* can be said for one port alone, by its name, its number, or
protocol and number: `tfgen.io/port.https.timeout-client-data: "60000"`,
`tfgen.io/port.443.lb-method`, `tfgen.io/port.udp-443.enable-health-monitor`.

The keys under `loadbalancer.openstack.org/` and `service.beta.kubernetes.io/` mean what they mean
to the OpenStack cloud controller manager; where tfgen differs,
[occm-differences.md](../occm-differences.md) says how.
"""
_INPUT = """\
## Read

| key | value | each port | where absent | a new value | Octavia | meaning |
|---|---|---|---|---|---|---|"""
_OUTPUT = """\
## Written by tfgen

Not read, so that what tfgen publishes changes nothing at the next rendering; but a `digest` that
has come ends an accepted change of address ([guards](../guards.md)).

| key | meaning |
|---|---|"""
_NODES = """\
## Read from Nodes

Facts, as the nodes themselves: `tfgen sync` follows them, and nobody reviews them. A bad value is a
notice, and counts as absent.

| key | value | meaning |
|---|---|---|"""


def page() -> str:
    """Write the page: what is read, and what is written."""
    parts = (
        (_INPUT, table.Kind.INPUT, _read),
        (_NODES, table.Kind.NODE, _of_node),
        (_OUTPUT, table.Kind.OUTPUT, _written),
    )
    return _HEAD + "".join(f"\n{head}\n{_lines(kind, line)}" for head, kind, line in parts)


def _lines(kind: table.Kind, line: Callable[[table.Annotation], str]) -> str:
    return "".join(f"| {line(row)} |\n" for row in table.TABLE.values() if row.kind is kind)


def _read(row: table.Annotation) -> str:
    cells = (
        f"`{row.key}`",
        row.value,
        "yes" if row.per_port else "",
        _absent(row),
        row.change.value,
        _octavia(row),
        row.meaning,
    )
    return " | ".join(cells)


def _of_node(row: table.Annotation) -> str:
    return f"`{row.key}` | {row.value} | {row.meaning}"


def _written(row: table.Annotation) -> str:
    return f"`{row.key}` | {row.meaning}"


def _absent(row: table.Annotation) -> str:
    return f"`{row.place}`" if row.place else ""


def _octavia(row: table.Annotation) -> str:
    since = f"{row.since} or later" if row.since else ""
    lacking = f"not {', '.join(row.lacking)}" if row.lacking else ""
    return "; ".join(part for part in (since, lacking) if part)
