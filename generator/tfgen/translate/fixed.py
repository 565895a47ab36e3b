"""spec.loadBalancerIP: the VIP of an internal load balancer, else a floating IP that exists."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from tfgen import config, model
from tfgen.translate import attach, families, shape, values

_FIELD = "spec.loadBalancerIP"


def address(
    reader: values.Reader,
    spec: Mapping[str, Any],
    settings: config.Settings,
    *,
    floats: bool,
    side: families.Side = families.IPV4,
) -> str:
    """Give the address that a Service asks for, "" where it asks for none. Raises Malformed.

    An address in one of the project's networks is free to take; a floating IP is an object that
    another one may count on. Of two load balancers, it means the one of its family.
    """
    asked = shape.get(spec, "loadBalancerIP", str, path="spec.")
    if not asked:
        return ""
    family = _family(asked)
    if family is not None and family is side.beside:
        return _elsewhere(reader, asked, side)
    if family is not side.family:
        expected = f"an {side.family} address, for the load balancer's is {side.family}"
        reader.wrong(_FIELD, asked, expected)
    elif floats:
        attach.check(reader, reader.service, settings, _FIELD, asked)
    return asked


def _elsewhere(reader: values.Reader, asked: str, side: families.Side) -> str:
    if side.alone:
        reader.note(f"{_FIELD} {asked} says nothing: it is served with {side.family} alone")
    return ""


def _family(text: str) -> model.Family | None:
    """Give the family of an address in its canonical form; None where it is none."""
    try:
        canonical = str(ipaddress.ip_address(text)) == text and "%" not in text
    except ValueError:
        return None
    return model.Family.of(text) if canonical else None
