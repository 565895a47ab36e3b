"""Where a load balancer stands, and what it is made with."""

from tfgen.annotations import parsers, row

_ID = "id, or nothing"

ROWS = (
    row.read(
        row.OCCM + "subnet-id",
        "Subnet of the VIP; it sets a network of the settings aside.",
        parsers.object_id("a subnet"),
        _ID,
        at="network.subnet_id",
        change=row.Change.CREATION,
    ),
    row.read(
        row.OCCM + "network-id",
        "Network of the VIP, in which Octavia picks the subnet; it sets a subnet of the settings "
        "aside.",
        parsers.object_id("a network"),
        _ID,
        at="network.network_id",
        change=row.Change.CREATION,
    ),
    row.read(
        row.OCCM + "port-id",
        "Port of Neutron that becomes the VIP, in place of subnet and network; setting `attach` "
        "opens it.",
        parsers.object_id("a port"),
        _ID,
        change=row.Change.CREATION,
    ),
    row.read(
        row.ATTACH,
        "An existing load balancer that gets the Service's ports, and is never changed itself; "
        "setting `attach` opens it, `tfgen resolve` looks at it.",
        parsers.object_id("a load balancer"),
        _ID,
        since="2.5",
        change=row.Change.CREATION,
    ),
    row.read(
        row.OCCM + "member-subnet-id",
        "Subnet of the members; else that of the settings, else that of the VIP.",
        parsers.object_id("a subnet"),
        _ID,
        at="network.member_subnet_id",
        change=row.Change.CREATION,
    ),
    row.read(
        row.OCCM + "flavor-id",
        "Octavia flavor.",
        parsers.object_id("a flavor"),
        _ID,
        at="octavia.flavor_id",
        since="2.6",
        lacking=("ovn",),
        change=row.Change.CREATION,
    ),
    row.read(
        row.OCCM + "availability-zone",
        "Octavia availability zone.",
        parsers.name,
        "name, or nothing",
        at="octavia.availability_zone",
        since="2.14",
        lacking=("ovn",),
        change=row.Change.CREATION,
    ),
    row.read(
        row.TFGEN + "provider",
        "Octavia provider.",
        parsers.word("an Octavia provider"),
        "name",
        at="octavia.provider",
        change=row.Change.CREATION,
    ),
    row.read(
        row.OCCM + "load-balancer-tags",
        "Further tags of the load balancer.",
        parsers.tags,
        "tags, divided by commas",
        since="2.5",
    ),
    row.read(
        row.OCCM + "floating-network-id",
        "External network of the floating IP, one of the settings; empty: no floating IP.",
        parsers.object_id("an external network"),
        "id, or nothing",
        at="network.floating_networks",
        change=row.Change.CREATION,
    ),
    row.read(
        row.OCCM + "floating-subnet-id",
        "Subnet of the floating IP.",
        parsers.object_id("a subnet"),
        _ID,
        at="network.floating_subnet_id",
        change=row.Change.CREATION,
    ),
    row.read(
        row.OCCM + "floating-subnet",
        "Subnets of the floating IP, by whole name, shell pattern or regular expression; "
        "`tfgen resolve` finds them.",
        parsers.pattern,
        "name, edge-*, ~regex; ! before it: not so",
        at="network.floating_subnet",
        change=row.Change.CREATION,
    ),
    row.read(
        row.OCCM + "floating-subnet-tags",
        "Subnets of the floating IP, by tags, beside the name; `tfgen resolve` finds them.",
        parsers.subnet_tags,
        "tags, divided by commas; & before them: all; ! before that: not so",
        at="network.floating_subnet_tags",
        change=row.Change.CREATION,
    ),
    row.read(
        row.OCCM + "keep-floatingip",
        "The floating IP stays in the project when the Service goes: the state forgets it.",
        parsers.boolean,
        row.BOOLEAN,
        change=row.Change.NONE,
    ),
)
