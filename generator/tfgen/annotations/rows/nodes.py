"""Which nodes stand behind the pools, and what nodes say of themselves."""

from tfgen.annotations import parsers, row

ROWS = (
    row.read(
        row.NODE_SELECTOR,
        "Labels of the nodes behind the pools; empty: all nodes that count.",
        str,
        "a=b,c,d in (e, f),!g",
        at="members.node_selector",
    ),
    row.of_node(
        row.WEIGHT, "Share of new connections; 0 is none.", parsers.integer(0, 256), "0 to 256"
    ),
    row.of_node(
        row.DRAIN,
        "The node takes no new connections, whatever its weight.",
        parsers.boolean,
        row.BOOLEAN,
    ),
)
