"""The rows of the table, a module for each theme."""

from tfgen.annotations import row
from tfgen.annotations.rows import (
    access,
    listeners,
    monitors,
    nodes,
    place,
    published,
    service,
    traffic,
)

ALL: tuple[row.Annotation, ...] = (
    *access.ROWS,
    *listeners.ROWS,
    *traffic.ROWS,
    *monitors.ROWS,
    *nodes.ROWS,
    *place.ROWS,
    *service.ROWS,
    *published.ROWS,
)
