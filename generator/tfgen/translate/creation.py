"""What Octavia takes at creation only: frozen when a Service is first rendered."""

from dataclasses import fields, replace

from tfgen import config, model
from tfgen.translate import values


def settle(
    key: model.ServiceKey, wanted: model.Frozen, kept: model.Frozen | None, *, internal: bool
) -> tuple[model.Frozen, tuple[model.Notice, ...]]:
    """Give what is kept, with a notice of what differs; for a new load balancer what is wanted.

    The floating network counts from the day on which a Service first has a floating IP.
    """
    if kept is None:
        return wanted, ()
    if internal or not kept.floating_network:
        kept = replace(kept, floating_network=wanted.floating_network)
    if kept == wanted:
        return kept, ()
    names = [each.name for each in fields(kept)]
    differing = [name for name in names if getattr(kept, name) != getattr(wanted, name)]
    return kept, (_notice(key, differing, kept, wanted),)


def wanted(reader: values.Reader, settings: config.Settings, *, internal: bool) -> model.Frozen:
    """Give what the settings ask for; what they lack is noted as a problem."""
    network = settings.network
    floating = network.floating_networks[0].name if network.floating_networks else ""
    if not internal and not floating:
        reader.wrong(
            "setting network.floating_networks",
            "empty",
            "an external network, for the Service is not internal",
            "Add one to tfgen.yaml (tfgen init lists them), or make the Service internal.",
        )
    return model.Frozen(
        vip_subnet_id=network.subnet_id,
        vip_network_id=network.network_id,
        provider=settings.octavia.provider,
        flavor_id=settings.octavia.flavor_id,
        availability_zone=settings.octavia.availability_zone,
        floating_network="" if internal else floating,
        member_subnet_id=network.member_subnet_id or network.subnet_id,
    )


def _notice(
    key: model.ServiceKey, names: list[str], kept: model.Frozen, wanted: model.Frozen
) -> model.Notice:
    pairs = (f"{name} {getattr(kept, name)!r}, not {getattr(wanted, name)!r}" for name in names)
    return model.Notice(
        f"Service {key}",
        f"keeps {'; '.join(pairs)}: new settings hold for new load balancers only "
        f"(--allow-address-change {key} takes them, and replaces the load balancer)",
    )
