"""Whether a load balancer has a floating IP, and from which external network."""

from collections.abc import Sequence

from tfgen import config
from tfgen.annotations import table
from tfgen.translate import values

NETWORK = table.OCCM + "floating-network-id"


def internal(reader: values.Reader, settings: config.Settings) -> bool:
    """Whether there is none. An empty network asks for none, as OCCM's code says it means to."""
    said = reader.get(table.INTERNAL, settings.defaults.internal)
    if not reader.carries(NETWORK, ""):
        return said
    if reader.carries(table.INTERNAL, "false"):
        reader.wrong(
            reader.name(NETWORK),
            "",
            f"the id of an external network, for {table.INTERNAL} says that there is a floating IP",
            "Remove one of the two.",
        )
    return True


def network(reader: values.Reader, profile: config.Profile) -> str:
    """Give the external network's name; that there is none is noted as a problem."""
    asked, usual = reader.get(NETWORK, ""), profile.settings.network.floating_networks
    if asked:
        return _listed(reader, asked, [*usual, *profile.whole.network.floating_networks])
    if not usual and not reader.has(NETWORK):
        reader.wrong(
            "setting network.floating_networks",
            "empty",
            "an external network, for the Service is not internal",
            "Add one to tfgen.yaml (tfgen init lists them), or make the Service internal.",
        )
    return usual[0].name if usual else ""


def _listed(reader: values.Reader, asked: str, known: Sequence[config.FloatingNetwork]) -> str:
    """Give the name of a network of the settings: the provider asks for names, and knows no id."""
    for each in known:
        if each.id and _plain(each.id) == _plain(asked):
            return each.name
    names = ", ".join(dict.fromkeys(f"{each.id} {each.name}".strip() for each in known))
    reader.wrong(
        reader.name(NETWORK),
        asked,
        f"an external network of the settings ({names or 'none there yet'})",
        "Choose one of them, or add it to network.floating_networks with id and name.",
    )
    return ""


def _plain(identity: str) -> str:
    return identity.lower().replace("-", "")
