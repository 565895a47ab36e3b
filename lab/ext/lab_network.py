"""Floating IPs and security groups, out of Neutron's database into nftables."""

import sqlalchemy

from lab import commands
from lab.machines import amphora, firewall

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
# A row that Neutron holds, or a database that does not answer, stops us so long at most.
SECONDS = 5


class Network:
    """What Neutron wants of the router, and what was last told to it."""

    def __init__(self, site, url):
        self.site = site
        limits = {"read_timeout": SECONDS, "write_timeout": SECONDS}
        self.engine = sqlalchemy.create_engine(
            url, isolation_level="AUTOCOMMIT", connect_args=limits
        )
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
        mapped = [
            f"{f.floating_ip_address} : {f.fixed_ip_address}"
            for f in floating
            if f.fixed_ip_address
        ]
        wanted = {
            "map floating": sorted(mapped),
            "set guarded": guarded,
            "set allowed": firewall.allowed(firewall.Rule(*rule) for rule in rules),
        }
        if wanted != self.done:
            text = "".join(firewall.replace(*item) for item in wanted.items())
            commands.run("nft", "-f", "-", stdin=text)
            self.done = wanted
        self.tell_status(floating)

    def tell_status(self, floating):
        """Floating IPs are ACTIVE while they lead somewhere."""
        for f in floating:
            status = "ACTIVE" if f.fixed_ip_address else "DOWN"
            if f.status != status:
                with self.engine.connect() as connection:
                    connection.execute(STATUS, {"status": status, "id": f.id})
