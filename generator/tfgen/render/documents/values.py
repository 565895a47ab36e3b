"""Values of a Service's file as HCL: what many of them share, and what most have not."""

from dataclasses import fields
from functools import lru_cache
from typing import Any

from tfgen import hcl, model

_KEPT = 4096
"""Texts of each kind that are kept, for the ports that share them."""


def argument(name: str, value: Any, width: int) -> hcl.Expr:  # noqa: ANN401  whatever HCL has a form for
    """Write an argument as `terraform fmt` does: one of several lines stands under no other."""
    text = hcl.literal(value)
    return hcl.Expr(f"{name} = {text}" if "\n" in text else f"{name:<{width}} = {text}")


def subnet(subnets: tuple[str, ...]) -> hcl.Expr:
    """Write the one subnet of a floating IP, where it has one."""
    one = argument("subnet_id", subnets[0], len("description")) if len(subnets) == 1 else ""
    return hcl.Expr(f"{one}\n  " if one else "")


def subnets(subnets: tuple[str, ...]) -> hcl.Expr:
    """Write the subnets that a floating IP is tried in, where there are several."""
    several = argument("subnet_ids", subnets, 0) if len(subnets) > 1 else ""
    return hcl.Expr(f"\n  {several}" if several else "")


def further(**said: str) -> hcl.Expr:
    """Write arguments that most load balancers have not, each on a line where it is said."""
    width = len("loadbalancer_provider")
    lines = (f"{argument(name, value, width)}\n  " for name, value in said.items() if value)
    return hcl.Expr("".join(lines))


# What many ports have in common is written once.


@lru_cache(maxsize=_KEPT)
def cidrs(cidrs: tuple[str, ...]) -> hcl.Expr:
    """Write who may connect; null where Octavia cannot be told."""
    return hcl.Expr(hcl.literal(cidrs or None))


@lru_cache(maxsize=_KEPT)
def timeouts(timeouts: model.Timeouts | None) -> hcl.Expr:
    """Write the timeouts of a listener; null where Octavia lacks them."""
    return hcl.Expr(hcl.literal(_fields(timeouts) if timeouts else None))


@lru_cache(maxsize=_KEPT)
def pool(protocol: str, lb_method: str, persistence: str | None, monitor_port: bool) -> hcl.Expr:  # noqa: FBT001  cached by place
    """Write what a pool is."""
    pool = {"protocol": protocol, "lb_method": lb_method, "persistence": persistence}
    return hcl.Expr(hcl.literal(pool if monitor_port else {**pool, "monitor_port": False}))


@lru_cache(maxsize=_KEPT)
def monitor(monitor: model.Monitor | None) -> hcl.Expr:
    """Write a monitor: what its type does not have is not sent."""
    found = _fields(monitor) if monitor else {}
    said = {name: value for name, value in found.items() if value is not None}
    return hcl.Expr(hcl.literal(said or None))


@lru_cache(maxsize=_KEPT)
def options(
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
