"""The blocks of one load balancer: itself, its ports, its floating IP, and what the state tells."""

from collections.abc import Iterable
from typing import Any

from tfgen import hcl, model
from tfgen.render import templates
from tfgen.render.documents import values

_OPTIONS = ("tls", "headers", "redirect", "listener_tags", "pool_tags")
"""What a port has or not: an argument of its call only where it has it."""


class Blocks:
    """One load balancer's blocks; they all refer to its address."""

    def __init__(self, load_balancer: model.LoadBalancer) -> None:
        self._lb = load_balancer
        self._own = load_balancer.own.address
        self._address = load_balancer.address
        self._refer = f"openstack_lb_loadbalancer_v2.{self._address}"
        self._prevent = not load_balancer.address_may_change
        bound = "_associate" if load_balancer.frozen.floating_address else ""
        self._floating = f"openstack_networking_floatingip{bound}_v2.{self._address}"

    def balancer(self) -> list[str]:
        """Give the load balancer, and its floating IP where it has one; nothing that exists."""
        if self._lb.attached:
            return []
        return [self._balancer(), *([self._floating_ip()] if self._lb.floats else [])]

    def _balancer(self) -> str:
        lb, frozen, called = self._lb, self._lb.frozen, self._lb.group or self._lb
        return render(
            "loadbalancer",
            address=self._address,
            name=called.name,
            description=called.description,
            provider=frozen.provider or None,
            flavor_id=frozen.flavor_id or None,
            availability_zone=frozen.availability_zone or None,
            vip_network_id=frozen.vip_network_id or None,
            vip_subnet_id=frozen.vip_subnet_id or None,
            more=values.further(vip_port_id=frozen.vip_port_id, vip_address=frozen.vip_address),
            tags=(*called.tags, *lb.more_tags),
            prevent_destroy=self._prevent,
        )

    def ports(self) -> list[str]:
        """Chain the ports, each after the one before: siblings would race into 409s."""
        first = hcl.Expr(f"local.{chained(self._lb.service)}")
        shares = self._lb.group or self._lb.attached
        after: tuple[hcl.Expr, ...] = (first,) if shares else ()
        blocks = []
        for port in self._lb.ports:
            address = f"{self._own}_{port.key}"
            blocks.append(self._port(port, address, after))
            after = (hcl.Expr(f"module.{address}"),)
        return blocks

    def _port(self, port: model.Port, address: str, after: tuple[hcl.Expr, ...]) -> str:
        lb = self._lb
        return render(
            "port",
            address=address,
            loadbalancer_id=self._id(),
            name=f"{lb.name}_{port.key}",
            description=lb.description,
            protocol=port.listener_protocol,
            port=port.port,
            connection_limit=port.connection_limit,
            allowed_cidrs=values.cidrs(port.allowed_cidrs),
            timeouts=values.timeouts(port.timeouts),
            pool=values.pool(
                port.pool_protocol, port.lb_method, port.persistence, port.monitor_port
            ),
            monitor=values.monitor(port.monitor),
            options=values.options(*(getattr(port, name) for name in _OPTIONS)),
            member_subnet_id=lb.member_subnet_id or None,
            node_group=lb.node_group,
            service=lb.service.label,
            key=port.key,
            health=self._health(port),
            tags=values.argument("tags", self._tags(), len("member_subnet_id")),
            after=after,
        )

    def _id(self) -> hcl.Expr | str:
        """Give the id of the load balancer: one that exists is named as it is."""
        return self._lb.attached or hcl.Expr(f"{self._refer}.id")

    def _health(self, port: model.Port) -> hcl.Expr:
        """Name the health check node port where it is probed."""
        if not port.health_check:
            return hcl.Expr("")
        where = f'var.node_ports["{self._lb.service.label}"]["{model.HEALTH_CHECK}"]'
        return hcl.Expr(f"\n  health_port      = {where}")

    def _tags(self) -> hcl.Expr | tuple[str, ...]:
        """Give the tags of what belongs to it: its own, but for those that are its alone."""
        alone = self._lb.more_tags or self._lb.group or self._lb.attached
        return self._lb.tags if alone else hcl.Expr(f"{self._refer}.tags")

    def _floating_ip(self) -> str:
        """Make a floating IP, or bind the one that exists."""
        if self._lb.frozen.floating_address:
            return render(
                "association",
                address=self._address,
                floating_ip=self._lb.frozen.floating_address,
                port_id=hcl.Expr(f"{self._refer}.vip_port_id"),
                prevent_destroy=self._prevent,
            )
        called = self._lb.group or self._lb
        own = called.tags if self._lb.more_tags else hcl.Expr(f"{self._refer}.tags")
        return render(
            "floatingip",
            address=self._address,
            pool=self._lb.frozen.floating_network,
            port_id=hcl.Expr(f"{self._refer}.vip_port_id"),
            description=called.description,
            subnet=values.subnet(self._lb.frozen.floating_subnets),
            tags=values.argument("tags", own, len("description")),
            subnets=values.subnets(self._lb.frozen.floating_subnets),
            prevent_destroy=self._prevent,
        )

    def last(self) -> tuple[hcl.Expr, ...]:
        """Give what stands last of all: the ports are chained, so one stands for them."""
        last = hcl.Expr(f"module.{self._own}_{self._lb.ports[-1].key}")
        return (last, hcl.Expr(self._floating)) if self._lb.floats else (last,)

    def output(self) -> str:
        """Say where it answers, for whoever reads the state."""
        service, vip_address = self._lb.service, self._vip()
        attribute = "floating_ip" if self._lb.frozen.floating_address else "address"
        floating_ip = hcl.Expr(f"{self._floating}.{attribute}")
        by = f" by {self._lb.family}" if self._lb.is_second else ""
        return render(
            "output",
            address=self._own,
            description=f"Where Service {service} answers{by}.",
            namespace=service.namespace,
            name=service.name,
            id=self._id(),
            vip_address=vip_address,
            public_address=floating_ip if self._lb.floats else vip_address,
            revision=hcl.Expr(f"terraform_data.{service.address}.output"),
            more=hcl.Expr("\n    attached    = true" if self._lb.attached else ""),
        )

    def _vip(self) -> hcl.Expr | str:
        """Give the VIP; whether a floating IP leads to one that exists is asked at publication."""
        if self._lb.attached:
            return self._lb.frozen.vip_address
        return hcl.Expr(f"{self._refer}.vip_address")


def revision(service: model.ServiceKey, digest: str, sides: Iterable[Blocks]) -> str:
    """Note the blocks' digest once all of them stand; an output would be written too early.

    The engine keeps an output whose value a plan knows already, even if the apply then fails.
    """
    after = tuple(last for side in sides for last in side.last())
    return render("revision", address=service.address, revision=digest, after=after)


def chained(service: model.ServiceKey) -> str:
    """Name the local that says after which module a Service's first port comes."""
    return f"{service.address}_after"


def render(template: str, /, **said: Any) -> str:  # noqa: ANN401  whatever HCL has a form for
    """Fill a template."""
    return templates.render(template, said)
