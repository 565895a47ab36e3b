"""Load balancers that exist without tfgen, looked at by id, with all that listens on them."""

from openstack import connection
from openstack import exceptions as sdk

from tfgen.cloud import balancers, records


def look(connected: connection.Connection, identity: str, project: str) -> records.Standing | None:
    """Look at one load balancer and its listeners; None where the project has none of that id.

    An administrator is shown those of other projects, too.
    """
    octavia = connected.load_balancer
    try:
        found = octavia.get_load_balancer(identity)
    except (sdk.NotFoundException, sdk.ForbiddenException):
        return None
    if found.project_id != project:
        return None
    ids = {str(each["id"]) for each in found.listeners or ()}
    listed = octavia.listeners(load_balancer_id=identity) if ids else ()
    return records.Standing(
        balancers.read(found),
        tuple(
            sorted(
                records.Listener(
                    id=each.id,
                    name=each.name or "",
                    protocol=each.protocol,
                    port=each.protocol_port,
                    tags=tuple(sorted(each.tags or ())),
                )
                for each in listed
                if each.id in ids
            )
        ),
    )
