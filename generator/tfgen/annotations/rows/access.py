"""Who reaches a Service, and from where."""

from tfgen.annotations import parsers, row

ROWS = (
    row.read(
        row.INTERNAL,
        "No floating IP: reachable from the VIP's network only.",
        parsers.boolean,
        row.BOOLEAN,
        "internal",
    ),
    row.read(
        row.SOURCE_RANGES,
        "Who may connect, where spec.loadBalancerSourceRanges is empty.",
        parsers.cidrs,
        "CIDRs, divided by commas or spaces",
        since="2.12",
        lacking=("ovn",),
    ),
    row.read(
        row.NODE_PORT_RANGES,
        "Who may connect, for a Service of type NodePort: the field is for LoadBalancer alone.",
        parsers.some_cidrs,
        "CIDRs, divided by commas or spaces",
        since="2.12",
        lacking=("ovn",),
        per_port=True,
    ),
)
