"""A load balancer as the client library gives it, made a record of ours."""

from typing import Any

from tfgen.cloud import records


def read(found: Any) -> records.LoadBalancer:  # noqa: ANN401  untyped in the SDK
    """Read one, from a list or by itself; times are UTC, as Octavia writes them."""
    return records.LoadBalancer(
        name=found.name or "",
        id=found.id,
        tags=tuple(sorted(found.tags or ())),
        provisioning_status=found.provisioning_status,
        operating_status=found.operating_status,
        vip_address=found.vip_address or "",
        vip_port_id=found.vip_port_id or "",
        children=frozenset(
            str(each["id"]) for each in (*(found.listeners or ()), *(found.pools or ()))
        ),
        listeners=None if found.listeners is None else len(found.listeners),
        provider=found.provider or "",
        since=str(found.updated_at or found.created_at or ""),
    )
