"""Rows of where a load balancer stands, by which address, and before which nodes."""

from tests.fakes.vocabulary.words import OTHER, L, Row, T

ROWS: list[Row] = [
    (
        T + "group",
        "web",
        "loadbalancer_id  = openstack_lb_loadbalancer_v2.lbgroup_shop_web.id",
        "Web_",
        "a DNS label: at most 63 of a-z, 0-9 and -, with no - at its ends",
    ),
    (
        T + "source-ranges",
        "192.0.2.9/24",
        'allowed_cidrs = [\n    "192.0.2.0/24",\n  ]',
        "everyone",
        "CIDRs such as 192.0.2.0/24 or 2001:db8::/32",
    ),
    *(
        (
            f"{L}{key}",
            OTHER,
            f'{argument:<21} = "{OTHER}"',
            "web",
            f"the id (UUID) of {what}, or nothing",
        )
        for key, argument, what in (
            ("subnet-id", "vip_subnet_id", "a subnet"),
            ("network-id", "vip_network_id", "a network"),
            ("flavor-id", "flavor_id", "a flavor"),
            ("port-id", "vip_port_id", "a port"),
        )
    ),
    (
        L + "load-balancer-id",
        OTHER.upper().replace("-", ""),
        f'loadbalancer_id  = "{OTHER}"',
        "front",
        "the id (UUID) of a load balancer, or nothing",
    ),
    (
        L + "member-subnet-id",
        OTHER,
        f'member_subnet_id = "{OTHER}"',
        " ",
        "the id (UUID) of a subnet, or nothing",
    ),
    (
        L + "floating-network-id",
        OTHER.upper(),
        'pool        = "second"',
        "second",
        "the id (UUID) of an external network, or nothing",
    ),
    (
        L + "floating-subnet-id",
        OTHER,
        f'subnet_id   = "{OTHER}"',
        "edge",
        "the id (UUID) of a subnet, or nothing",
    ),
    (
        L + "floating-subnet",
        "edge-*",
        'subnet_ids = [\n    "a",\n    "b",\n  ]\n',
        "!",
        "a name, a pattern such as edge-*, or ~ and a regular expression",
    ),
    (
        L + "floating-subnet-tags",
        "blue",
        'subnet_id   = "a"',
        "blue,,red",
        "tags divided by commas; & before them: all of them; ! before that: not so",
    ),
    (
        L + "availability-zone",
        "nova 2",
        'availability_zone     = "nova 2"',
        " nova",
        "a name of at most 255 characters that print, or nothing",
    ),
    (
        T + "provider",
        "amphorav2",
        'loadbalancer_provider = "amphorav2"',
        "",
        "an Octavia provider: letters, digits, '-', '_' and '.'",
    ),
    (
        L + "load-balancer-tags",
        "b, a,,b",
        '    "tfgen_tree=3f9c1a2b4d5e6f70",\n    "a",\n    "b",\n  ]\n',
        "a, tfgen_tree=x",
        "tags that do not begin as tfgen's own do (tfgen, tfgen_...)",
    ),
    (
        L + "class",
        "gold",
        f'flavor_id             = "{OTHER}"',
        "silver",
        "a class of the settings (gold)",
    ),
    (
        L + "node-selector",
        "pool=edge",
        'nodes            = var.node_groups["pool-edge-54a69147"]',
        "pool = = edge",
        "labels as kubectl -l takes them: app=web,tier in (a, b),!old",
    ),
    (L + "keep-floatingip", "false", 'resource "openstack', "keep", '"true" or "false"'),
]
