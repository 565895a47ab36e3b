"""Floating IPs and security groups, out of Neutron's database into nftables."""

import ipaddress

import sqlalchemy

from lab import commands
from lab.machines import amphora

FLOATING = sqlalchemy.text("""
select id, floating_ip_address, fixed_ip_address, status from floatingips""")
RULES = sqlalchemy.text("""
select a.ip_address, r.protocol, r.port_range_min, r.port_range_max, r.remote_ip_prefix
from ipallocations a
join securitygroupportbindings b on b.port_id = a.port_id
join securitygrouprules r on r.security_group_id = b.security_group_id
where r.direction = 'ingress' and r.ethertype = 'IPv4' and r.remote_group_id is null
and a.ip_address in :addresses""").bindparams(sqlalchemy.bindparam("addresses", expanding=True))
STATUS = sqlalchemy.text("update floatingips set status = :status where id = :id")


class Network:
    """What Neutron wants of the router, and what was last told to it."""

    def __init__(self, site, url):
        self.site = site
        self.engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
        self.done = None

    def sync(self):
        """Let the router have what Neutron's database says, if that has changed."""
        guarded = sorted(
            address
            for machine in amphora.every(self.site)
            for address in machine.addresses()
            if ":" not in address
        )
        with self.engine.connect() as connection:
            floating = connection.execute(FLOATING).all()
            rules = connection.execute(RULES, {"addresses": guarded}).all()
            tell_status(connection, floating)
        mapped = [
            f"{f.floating_ip_address} : {f.fixed_ip_address}"
            for f in floating
            if f.fixed_ip_address
        ]
        wanted = {
            "map floating": sorted(mapped),
            "set guarded": guarded,
            "set allowed": allowed(rules),
        }
        if wanted != self.done:
            commands.run("nft", "-f", "-", stdin="".join(replace(*item) for item in wanted.items()))
            self.done = wanted


def tell_status(connection, floating):
    """Floating IPs are ACTIVE while they lead somewhere."""
    for f in floating:
        status = "ACTIVE" if f.fixed_ip_address else "DOWN"
        if f.status != status:
            connection.execute(STATUS, {"status": status, "id": f.id})


def replace(what, elements):
    """The nftables commands that give a set or map exactly these elements."""
    kind, name = what.split()
    text = f"flush {kind} ip lab {name}\n"
    if elements:
        text += f"add element ip lab {name} {{ {', '.join(elements)} }}\n"
    return text


def allowed(rules):
    """Elements `address . protocol . ports . sources`, without overlaps: nftables refuses them."""
    sources = {}
    for rule in rules:
        for protocol in [rule.protocol] if rule.protocol else ["tcp", "udp"]:
            if protocol in ("tcp", "udp"):
                ports = (rule.port_range_min or 0, rule.port_range_max or 65535)
                source = ipaddress.ip_network(rule.remote_ip_prefix or "0.0.0.0/0")
                sources.setdefault((rule.ip_address, protocol, ports), set()).add(source)
    return sorted(
        f"{address} . {protocol} . {low}-{high} . {net}"
        for (address, protocol, (low, high)), nets in sources.items()
        for net in ipaddress.collapse_addresses(nets)
    )
