"""The file of each Service, and of each load balancer that Services share."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from typing import Any, TypeAlias

from tfgen import hcl, model
from tfgen.render import header, templates

_KEPT = 4096
"""Texts of each kind that are kept, for the ports that share them."""
LENGTH = 16
"""Characters of a revision: enough to tell the versions of one file apart."""
_OPTIONS = ("tls", "headers", "redirect", "listener_tags", "pool_tags")
"""What a port has or not: an argument of its call only where it has it."""
_NOTE = '\nresource "terraform_data" '
_CHAIN = "\n# The ports of this load balancer"
Chain: TypeAlias = Mapping[model.ServiceKey, tuple[str, ...]]
"""Port keys of each Service on one load balancer, in order."""
_REVISION = re.compile(rf'"[^"\n]+" {{\n  input = "([0-9a-f]{{{LENGTH}}})"\n')


def service_document(load_balancer: model.LoadBalancer) -> str:
    """Render the intent file of one Service, whole.

    Where it shares its load balancer, that is in the file of the group, and in the revision still:
    whatever serves the Service counts.
    """
    whole = blocks(load_balancer)
    own = "\n".join(_LoadBalancer(load_balancer).ports()) if load_balancer.group else whole
    return header.add(f"Service {load_balancer.service}", own + end(load_balancer, digest(whole)))


def blocks(load_balancer: model.LoadBalancer) -> str:
    """Render what serves a Service: its load balancer, its ports and its floating IP."""
    lb = _LoadBalancer(load_balancer)
    balancer = lb.balancer()
    return "\n".join([*balancer[:1], *lb.ports(), *balancer[1:]])


def end(load_balancer: model.LoadBalancer, revision: str) -> str:
    """Render what stands below these blocks: their revision, and what the state tells."""
    lb = _LoadBalancer(load_balancer)
    return f"\n{lb.revision(revision)}\n{lb.output()}"


def digest(blocks: str) -> str:
    """Give the revision of a Service's file."""
    return hashlib.sha256(blocks.encode()).hexdigest()[:LENGTH]


def kept_document(service: model.ServiceKey) -> str:
    """Render what is left of a Service that goes, and whose floating IP stays in the project."""
    return header.add(f"Service {service}", _render("kept", address=hcl.Expr(service.address)))


def group_document(load_balancer: model.LoadBalancer, chain: Chain) -> str:
    """Render the file of the load balancer that a Service shares: itself, and the ports' order."""
    if load_balancer.group is None:
        raise ValueError(f"Service {load_balancer.service} has a load balancer of its own")
    body = "\n".join([*_LoadBalancer(load_balancer).balancer(), _chain(chain)])
    return header.add(group_origin(load_balancer.group.key), body)


def group_origin(group: model.GroupKey) -> str:
    """Say what a group's file is made from, as its header does."""
    return f"group {group}"


def rechained(group: model.GroupKey, document: str, chain: Chain) -> str:
    """Put the ports in order anew in a group's file; the load balancer stays as it stands there."""
    parts = header.strip(document)
    body = parts.body if parts else ""
    return header.add(group_origin(group), body.partition(_CHAIN)[0] + _CHAIN[:1] + _chain(chain))


def _chain(chain: Chain) -> str:
    """Say for each Service after which module its first port comes: siblings race into 409s.

    It stands in the group's file, so that who joins or leaves changes no file of another Service.
    """
    last: hcl.Expr | None = None
    locals_: dict[str, list[hcl.Expr]] = {}
    for service, ports in sorted(chain.items()):
        locals_[_after(service)] = [last] if last else []
        last = hcl.Expr(f"module.{service.address}_{ports[-1]}") if ports else last
    return _render("group", locals=hcl.Expr(hcl.literal(locals_, 0)))


def _after(service: model.ServiceKey) -> str:
    return f"{service.address}_after"


def revision(document: str) -> str:
    """Read from a Service's file which revision it is: a digest of what it asks the cloud for."""
    found = _REVISION.match(document.rpartition(_NOTE)[2])
    return found[1] if found else ""


class _LoadBalancer:
    """One load balancer's blocks; they all refer to its address."""

    def __init__(self, load_balancer: model.LoadBalancer) -> None:
        self._lb = load_balancer
        self._own = load_balancer.service.address
        self._address = load_balancer.address
        self._refer = f"openstack_lb_loadbalancer_v2.{self._address}"
        self._prevent = not load_balancer.address_may_change
        bound = "_associate" if load_balancer.frozen.floating_address else ""
        self._floating = f"openstack_networking_floatingip{bound}_v2.{self._address}"

    def balancer(self) -> list[str]:
        """Give the load balancer, and its floating IP where it has one."""
        return [self._balancer(), *([] if self._lb.internal else [self._floating_ip()])]

    def _balancer(self) -> str:
        lb, frozen, called = self._lb, self._lb.frozen, self._lb.group or self._lb
        return _render(
            "loadbalancer",
            address=self._address,
            name=called.name,
            description=called.description,
            provider=frozen.provider or None,
            flavor_id=frozen.flavor_id or None,
            availability_zone=frozen.availability_zone or None,
            vip_network_id=frozen.vip_network_id or None,
            vip_subnet_id=frozen.vip_subnet_id or None,
            more=_further(vip_port_id=frozen.vip_port_id, vip_address=frozen.vip_address),
            tags=(*called.tags, *lb.more_tags),
            prevent_destroy=self._prevent,
        )

    def ports(self) -> list[str]:
        """Chain the ports, each after the one before: siblings would race into 409s."""
        first = hcl.Expr(f"local.{_after(self._lb.service)}")
        after: tuple[hcl.Expr, ...] = (first,) if self._lb.group else ()
        blocks = []
        for port in self._lb.ports:
            address = f"{self._own}_{port.key}"
            blocks.append(self._port(port, address, after))
            after = (hcl.Expr(f"module.{address}"),)
        return blocks

    def _port(self, port: model.Port, address: str, after: tuple[hcl.Expr, ...]) -> str:
        lb = self._lb
        return _render(
            "port",
            address=address,
            loadbalancer_id=hcl.Expr(f"{self._refer}.id"),
            name=f"{lb.name}_{port.key}",
            description=lb.description,
            protocol=port.listener_protocol,
            port=port.port,
            connection_limit=port.connection_limit,
            allowed_cidrs=_cidrs(port.allowed_cidrs),
            timeouts=_timeouts(port.timeouts),
            pool=_pool(port.pool_protocol, port.lb_method, port.persistence, port.monitor_port),
            monitor=_monitor(port.monitor),
            options=_options(*(getattr(port, name) for name in _OPTIONS)),
            member_subnet_id=lb.member_subnet_id or None,
            node_group=lb.node_group,
            service=lb.service.label,
            key=port.key,
            health=self._health(port),
            tags=_argument("tags", self._tags(), len("member_subnet_id")),
            after=after,
        )

    def _health(self, port: model.Port) -> hcl.Expr:
        """Name the health check node port where it is probed."""
        if not port.health_check:
            return hcl.Expr("")
        where = f'var.node_ports["{self._lb.service.label}"]["{model.HEALTH_CHECK}"]'
        return hcl.Expr(f"\n  health_port      = {where}")

    def _tags(self) -> hcl.Expr | tuple[str, ...]:
        """Give the tags of what belongs to it: its own, but for those that are its alone."""
        alone = self._lb.more_tags or self._lb.group
        return self._lb.tags if alone else hcl.Expr(f"{self._refer}.tags")

    def _floating_ip(self) -> str:
        """Make a floating IP, or bind the one that exists."""
        if self._lb.frozen.floating_address:
            return _render(
                "association",
                address=self._address,
                floating_ip=self._lb.frozen.floating_address,
                port_id=hcl.Expr(f"{self._refer}.vip_port_id"),
                prevent_destroy=self._prevent,
            )
        called = self._lb.group or self._lb
        own = called.tags if self._lb.more_tags else hcl.Expr(f"{self._refer}.tags")
        return _render(
            "floatingip",
            address=self._address,
            pool=self._lb.frozen.floating_network,
            port_id=hcl.Expr(f"{self._refer}.vip_port_id"),
            description=called.description,
            subnet=_subnet(self._lb.frozen.floating_subnets),
            tags=_argument("tags", own, len("description")),
            subnets=_subnets(self._lb.frozen.floating_subnets),
            prevent_destroy=self._prevent,
        )

    def revision(self, digest: str) -> str:
        """Note the blocks' digest once all of them stand; an output would be written too early.

        The engine keeps an output whose value a plan knows already, even if the apply then fails.
        The ports are chained, so the last one stands for all.
        """
        last = f"module.{self._own}_{self._lb.ports[-1].key}"
        after = [last] if self._lb.internal else [last, self._floating]
        return _render(
            "revision",
            address=self._own,
            revision=digest,
            after=tuple(map(hcl.Expr, after)),
        )

    def output(self) -> str:
        service, vip_address = self._lb.service, hcl.Expr(f"{self._refer}.vip_address")
        attribute = "floating_ip" if self._lb.frozen.floating_address else "address"
        floating_ip = hcl.Expr(f"{self._floating}.{attribute}")
        return _render(
            "output",
            address=self._own,
            description=f"Where Service {service} answers.",
            namespace=service.namespace,
            name=service.name,
            id=hcl.Expr(f"{self._refer}.id"),
            vip_address=vip_address,
            public_address=vip_address if self._lb.internal else floating_ip,
            revision=hcl.Expr(f"terraform_data.{self._own}.output"),
        )


def _argument(name: str, value: Any, width: int) -> hcl.Expr:  # noqa: ANN401  whatever HCL has a form for
    """Write an argument as `terraform fmt` does: one of several lines stands under no other."""
    text = hcl.literal(value)
    return hcl.Expr(f"{name} = {text}" if "\n" in text else f"{name:<{width}} = {text}")


def _subnet(subnets: tuple[str, ...]) -> hcl.Expr:
    """Write the one subnet of a floating IP, where it has one."""
    one = _argument("subnet_id", subnets[0], len("description")) if len(subnets) == 1 else ""
    return hcl.Expr(f"{one}\n  " if one else "")


def _subnets(subnets: tuple[str, ...]) -> hcl.Expr:
    """Write the subnets that a floating IP is tried in, where there are several."""
    several = _argument("subnet_ids", subnets, 0) if len(subnets) > 1 else ""
    return hcl.Expr(f"\n  {several}" if several else "")


def _further(**said: str) -> hcl.Expr:
    """Write arguments that most load balancers have not, each on a line where it is said."""
    width = len("loadbalancer_provider")
    lines = (f"{_argument(name, value, width)}\n  " for name, value in said.items() if value)
    return hcl.Expr("".join(lines))


def _render(template: str, /, **values: Any) -> str:  # noqa: ANN401  whatever HCL has a form for
    return templates.render(template, values)


# What many ports have in common is written once.


@lru_cache(maxsize=_KEPT)
def _cidrs(cidrs: tuple[str, ...]) -> hcl.Expr:
    return hcl.Expr(hcl.literal(cidrs or None))


@lru_cache(maxsize=_KEPT)
def _timeouts(timeouts: model.Timeouts | None) -> hcl.Expr:
    return hcl.Expr(hcl.literal(_fields(timeouts) if timeouts else None))


@lru_cache(maxsize=_KEPT)
def _pool(protocol: str, lb_method: str, persistence: str | None, monitor_port: bool) -> hcl.Expr:  # noqa: FBT001  cached by place
    pool = {"protocol": protocol, "lb_method": lb_method, "persistence": persistence}
    return hcl.Expr(hcl.literal(pool if monitor_port else {**pool, "monitor_port": False}))


@lru_cache(maxsize=_KEPT)
def _monitor(monitor: model.Monitor | None) -> hcl.Expr:
    """Write a monitor: what its type does not have is not sent."""
    found = _fields(monitor) if monitor else {}
    said = {name: value for name, value in found.items() if value is not None}
    return hcl.Expr(hcl.literal(said or None))


@lru_cache(maxsize=_KEPT)
def _options(
    tls: model.Tls | None,
    headers: tuple[str, ...],
    redirect: str,
    listener_tags: tuple[str, ...],
    pool_tags: tuple[str, ...],
) -> hcl.Expr:
    """Write what most ports do not have, each a paragraph: the blank line alone for none."""
    arguments = {
        "tls": _fields(tls) if tls else None,
        "insert_headers": dict.fromkeys(headers, "true"),
        "redirect_prefix": redirect,
        "listener_tags": listener_tags,
        "pool_tags": pool_tags,
    }
    said = (f"  {name} = {hcl.literal(value)}\n" for name, value in arguments.items() if value)
    return hcl.Expr("".join(f"\n{text}" for text in said))


def _fields(record: model.Timeouts | model.Monitor | model.Tls) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in fields(record)}
