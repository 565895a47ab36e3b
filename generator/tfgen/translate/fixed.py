"""spec.loadBalancerIP: the VIP of an internal load balancer, else a floating IP that exists."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from tfgen import config, model
from tfgen.translate import attach, shape, values

_FIELD = "spec.loadBalancerIP"


def address(
    reader: values.Reader,
    key: model.ServiceKey,
    spec: Mapping[str, Any],
    settings: config.Settings,
    *,
    internal: bool,
) -> str:
    """Give the address that a Service asks for, "" where it asks for none. Raises Malformed.

    An address in one of the project's networks is free to take; a floating IP is an object that
    another one may count on.
    """
    asked = shape.get(spec, "loadBalancerIP", str, path="spec.")
    if not asked:
        return ""
    if not _is_ipv4(asked):
        reader.wrong(_FIELD, asked, "an IPv4 address, for the load balancer's is IPv4")
    elif not internal:
        attach.check(reader, key, settings, _FIELD, asked)
    return asked


def _is_ipv4(text: str) -> bool:
    try:
        return str(ipaddress.IPv4Address(text)) == text
    except ValueError:
        return False
