"""Which group a Service is in; to join one or to leave one changes its address."""

from tfgen import config, model
from tfgen.annotations import table
from tfgen.translate import naming, values

_KEEP = table.OCCM + "keep-floatingip"
_PREFIX = "group_"
"""No Service's name holds an underscore, so none is like that of a group."""


def read(
    reader: values.Reader, key: model.ServiceKey, seat: model.Seat | None, *, accept: bool
) -> model.GroupKey | None:
    """Read the group; another one than the Service was rendered with is a problem unasked."""
    name = reader.get(table.GROUP, default="")
    wanted = model.GroupKey(key.namespace, name) if name else None
    if seat and seat.group != wanted and not accept:
        stands = f'"{seat.group.name}"' if seat.group else "no group"
        reader.wrong(
            reader.name(table.GROUP),
            name or "missing",
            f"{stands}, as it was rendered: another load balancer has another address",
            f"Set it back, or let the address change: --allow-address-change {key}",
        )
    if wanted and reader.get(_KEEP, default=False):
        expected = "false, for the floating IP of a group is that of all its Services"
        reader.wrong(reader.name(_KEEP), "true", expected, "Remove it, or leave the group.")
    return wanted


def of(group: model.GroupKey, settings: config.Settings) -> model.Group:
    """Give the load balancer of a group."""
    return model.Group(
        key=group,
        name=naming.name(group.namespace, _PREFIX + group.name, settings),
        description=f"Services of group {group} of cluster {settings.cluster}",
        tags=naming.tags(group, settings),
    )
