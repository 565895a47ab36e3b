"""What Octavia takes at creation only: frozen when a Service is first rendered."""

from dataclasses import fields, replace

from tfgen import config, model
from tfgen.translate import values


def settle(
    key: model.ServiceKey, wanted: model.Frozen, kept: model.Frozen | None, *, internal: bool
) -> tuple[model.Frozen, tuple[model.Notice, ...]]:
    """Give what is kept, with a notice for each value that differs; for a new one what is wanted.

    The floating network counts from the day on which a Service first has a floating IP.
    """
    if kept is None:
        return wanted, ()
    if internal or not kept.floating_network:
        kept = replace(kept, floating_network=wanted.floating_network)
    differing = [f.name for f in fields(kept) if getattr(kept, f.name) != getattr(wanted, f.name)]
    notices = tuple(_notice(key, name, kept, wanted) for name in differing)
    return kept, notices


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
        vip_network_id="" if network.subnet_id else network.network_id,
        provider=settings.octavia.provider,
        floating_network="" if internal else floating,
        member_subnet_id=network.member_subnet_id or network.subnet_id,
    )


def _notice(
    key: model.ServiceKey, name: str, kept: model.Frozen, wanted: model.Frozen
) -> model.Notice:
    return model.Notice(
        f"Service {key}",
        f"{name} stays {getattr(kept, name)!r}; {getattr(wanted, name)!r} holds for new load "
        f"balancers only (--allow-address-change {key} takes it, and replaces the load balancer)",
    )
