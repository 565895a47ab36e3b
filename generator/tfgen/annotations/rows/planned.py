"""What is ours and not carried out yet: a row that is goes to its theme."""

from tfgen.annotations import row

ROWS = (
    row.planned(row.OCCM + "load-balancer-id", "Attach to a load balancer that exists.", ""),
    row.planned(row.OCCM + "floating-subnet-id", "Subnet of the floating IP.", ""),
    row.planned(row.OCCM + "floating-subnet", "Subnets of the floating IP, by name pattern.", ""),
    row.planned(row.OCCM + "floating-subnet-tags", "Subnets of the floating IP, by tag.", ""),
    row.planned(row.OCCM + "proxy-protocol", "PROXY protocol towards the members.", "false"),
    row.planned(
        row.OCCM + "x-forwarded-for", "HTTP listeners that insert X-Forwarded-For.", "false"
    ),
    row.planned(row.OCCM + "x-forwarded-port", "Insert X-Forwarded-Port.", "false"),
    row.planned(row.OCCM + "x-forwarded-proto", "Insert X-Forwarded-Proto.", "false"),
    row.planned(row.OCCM + "default-tls-container-ref", "TLS with a Barbican reference.", ""),
    row.planned(row.OCCM + "hostname", "Host name to publish instead of the address.", ""),
    row.planned(row.OCCM + "listener-tags", "Further tags of the listeners.", ""),
    row.planned(row.OCCM + "pool-tags", "Further tags of the pools.", ""),
    row.planned(row.TFGEN + "group", "Share one load balancer by name."),
    row.planned(row.TFGEN + "tls-secret", "TLS from a Kubernetes Secret."),
)
