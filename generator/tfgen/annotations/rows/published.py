"""What publish writes and render never reads."""

from tfgen.annotations import row

ROWS = (
    row.written(row.OCCM + "load-balancer-address", "The address, as OCCM writes it."),
    row.written(row.TFGEN + "external-ip", "The address."),
    row.written(row.TFGEN + "load-balancer-id", "Octavia's id of the load balancer."),
    row.written(row.TFGEN + "second-external-ip", "The address of the second IP family."),
    row.written(
        row.TFGEN + "second-load-balancer-id",
        "Octavia's id of the load balancer of the second IP family.",
    ),
    row.written(row.TFGEN + "tree", "The tree that publishes it."),
    row.written(row.TFGEN + "stack", "The stack that holds its state."),
    row.written(
        row.TFGEN + "digest",
        "Revision of the Service's file that is applied, as the tree's manifest has it.",
    ),
    row.written(
        row.TFGEN + "commit", "Git commit that changed that file last, where Git has it so."
    ),
)
