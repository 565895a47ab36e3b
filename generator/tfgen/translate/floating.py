"""Whether a load balancer has a floating IP, from which external network, and which subnet."""

from collections.abc import Sequence

from tfgen import config, model
from tfgen.annotations import table
from tfgen.resolved import Resolved
from tfgen.translate import values

NETWORK = table.OCCM + "floating-network-id"
_SUBNETS = tuple(table.OCCM + f"floating-subnet{end}" for end in ("-id", "", "-tags"))


def internal(reader: values.Reader, settings: config.Settings) -> bool:
    """Whether there is none. An empty network asks for none, as OCCM's code says it means to."""
    said = reader.get(table.INTERNAL, settings.defaults.internal)
    for key in (NETWORK, *_SUBNETS):
        reader.get(key, "")  # what is wrong is told where nothing comes of it, too
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


def subnets(
    reader: values.Reader,
    profile: config.Profile,
    network_name: str,
    resolved: Resolved,
    kept: model.Frozen | None,
) -> tuple[str, ...]:
    """Give the subnets that the floating IP is tried in; none: any.

    Names and tags are told from a cloud: what `tfgen resolve` has not found out is a problem, but
    for what stands already.
    """
    identity, pattern, tags = _chosen(reader, profile.settings.network)
    if identity or not (pattern or tags):
        return (identity,) if identity else ()
    query = model.SubnetQuery(network_name, pattern, tags)
    reader.queries.append(query)
    found = resolved.floating_subnets.get(query.key)
    if not found and kept is not None and kept.floating_network:
        return kept.floating_subnets
    if not found:
        _unresolved(reader, profile, query, known=found is not None)
    return found or ()


def say_nothing(reader: values.Reader, beside: str) -> None:
    """Note what is said of a floating IP to be made where none is."""
    aside = [each for each in (NETWORK, *_SUBNETS) if reader.has(each)]
    if aside:
        reader.note(f"{' and '.join(aside)} say nothing beside {beside}")


def _chosen(reader: values.Reader, said: config.Network) -> tuple[str, str, str]:
    """Give id, pattern and tags: an annotation that says one of them sets the settings' aside."""
    own = [reader.get(key, "") for key in _SUBNETS]
    if not any(own):
        places = (said.floating_subnet_id, said.floating_subnet, said.floating_subnet_tags)
        own = ["" if reader.has(key) else at for key, at in zip(_SUBNETS, places, strict=True)]
    return own[0], own[1], own[2]


def _unresolved(
    reader: values.Reader, profile: config.Profile, query: model.SubnetQuery, *, known: bool
) -> None:
    by_name, by_tags = _SUBNETS[1:]
    field = by_name if query.pattern else by_tags
    reader.wrong(
        reader.said(field, profile),
        query.pattern or query.tags,
        f"one or more subnets of network {query.network} that match"
        if known
        else "what tfgen-resolved.json knows already: only the cloud can tell",
        "None did: correct it, and run: tfgen resolve" if known else "Run: tfgen resolve",
    )


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
