"""Whether addresses that something claims are really there. Pure: two listings in, verdicts out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeAlias

from tfgen import model
from tfgen.cloud import records

Groups: TypeAlias = Mapping[model.GroupKey, Sequence[model.ServiceKey]]
"""Who shares the load balancer of a group: only the manifest knows."""
NO_GROUPS: Groups = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Addresses that may be published, and why the others may not."""

    confirmed: tuple[model.Address, ...]
    problems: tuple[model.Problem, ...]


def addresses(
    load_balancers: Iterable[records.LoadBalancer],
    floating_ips: Iterable[records.FloatingIp],
    groups: Groups = NO_GROUPS,
) -> tuple[model.Address, ...]:
    """Join load balancers with the floating IPs at their VIP ports; each of a group has the same.

    Without a floating IP the address is the VIP: right for an internal Service, and not yet an
    address for another one. Only the manifest knows which it is.
    """
    bound = {floating.port_id: floating.address for floating in floating_ips if floating.port_id}
    found = (
        model.Address(
            service=service,
            load_balancer_id=balancer.id,
            vip_address=balancer.vip_address,
            address=bound.get(balancer.vip_port_id, balancer.vip_address),
            is_second=balancer.is_second,
        )
        for balancer in load_balancers
        for service in served(balancer, groups)
    )
    return tuple(sorted(found, key=lambda address: (address.service, address.load_balancer_id)))


def served(balancer: records.LoadBalancer, groups: Groups) -> Sequence[model.ServiceKey]:
    """Give the Services that a load balancer serves: that of its tags, or those of its group."""
    if balancer.group:
        return groups.get(balancer.group, ())
    return (balancer.service,) if balancer.service else ()


def of_guests(
    standing: Iterable[records.Standing],
    floating_ips: Iterable[records.FloatingIp],
    owner: tuple[str, str],
) -> tuple[model.Address, ...]:
    """Give the addresses of the Services whose listeners are on others' load balancers.

    `owner` is cluster and tree.
    """
    bound = {floating.port_id: floating.address for floating in floating_ips if floating.port_id}
    return tuple(
        model.Address(
            service=service,
            load_balancer_id=each.balancer.id,
            vip_address=each.balancer.vip_address,
            address=bound.get(each.balancer.vip_port_id, each.balancer.vip_address),
            attached=True,
        )
        for each in standing
        for service in each.guests(*owner)
    )


def asked_anew(
    claimed: Iterable[model.Address],
    load_balancers: Iterable[records.LoadBalancer],
    floating_ips: Iterable[records.FloatingIp],
) -> Iterator[model.Address]:
    """Give addresses with the floating IP of those whose load balancer exists without tfgen.

    It comes and goes as whoever made the load balancer likes; a state knows the VIP.
    """
    ports = {each.id: each.vip_port_id for each in load_balancers}
    bound = {each.port_id: each.address for each in floating_ips if each.port_id}
    for each in claimed:
        found = bound.get(ports.get(each.load_balancer_id, "")) if each.attached else None
        yield replace(each, address=found or each.address)


def check(
    claimed: Iterable[model.Address],
    load_balancers: Iterable[records.LoadBalancer],
    floating_ips: Iterable[records.FloatingIp],
) -> Confirmation:
    """Compare claimed addresses with what the cloud lists."""
    by_id = {balancer.id: balancer for balancer in load_balancers}
    by_address = {floating.address: floating for floating in floating_ips}
    confirmed, problems = [], []
    for address in claimed:
        problem = _problem(address, by_id.get(address.load_balancer_id), by_address)
        if problem:
            problems.append(problem)
        else:
            confirmed.append(address)
    return Confirmation(tuple(confirmed), tuple(problems))


def _problem(
    address: model.Address,
    balancer: records.LoadBalancer | None,
    floating_ips: Mapping[str, records.FloatingIp],
) -> model.Problem | None:
    field = f"load balancer {address.load_balancer_id}"
    if balancer is None:
        remedy = "It was deleted outside tfgen, or is in another project: run `tfgen plan`."
        found = "not in the project" if address.attached else "not in the cloud with our tags"
        return _worded(address, field, found, "there", remedy)
    if balancer.failed:
        remedy = f"`tfgen repair {address.service}` mends it, address kept."
        return _worded(address, field, "in provisioning status ERROR", "ACTIVE", remedy)
    if address.address == address.vip_address:
        return _vip_problem(address, balancer)
    return _floating_problem(address, balancer, floating_ips.get(address.address))


def _vip_problem(address: model.Address, balancer: records.LoadBalancer) -> model.Problem | None:
    if balancer.vip_address == address.address:
        return None
    remedy = "The state is behind the cloud: run `tfgen plan`."
    return _worded(address, "VIP", balancer.vip_address, address.address, remedy)


def _floating_problem(
    address: model.Address,
    balancer: records.LoadBalancer,
    floating: records.FloatingIp | None,
) -> model.Problem | None:
    field = f"floating IP {address.address}"
    expected = f"bound to the VIP port {balancer.vip_port_id} of load balancer {balancer.id}"
    remedy = "It was changed outside tfgen, or its apply failed: run `tfgen plan`."
    if floating is None:
        return _worded(address, field, "not in the cloud with our tags", expected, remedy)
    if floating.port_id == balancer.vip_port_id:
        return None
    found = f"bound to port {floating.port_id}" if floating.port_id else "bound to nothing"
    return _worded(address, field, found, expected, remedy)


def _worded(
    address: model.Address, field: str, found: str, expected: str, remedy: str
) -> model.Problem:
    return model.Problem(address.service, field, found, expected, remedy)
