"""What is ours and not carried out yet: a row that is goes to its theme."""

from tfgen.annotations import row

ROWS = (row.planned(row.OCCM + "load-balancer-id", "Attach to a load balancer that exists.", ""),)
