"""What rendering needs beyond a valid file: `tfgen init --offline` leaves gaps to be filled."""

from collections.abc import Iterable, Iterator

from tfgen.config import faults, layers
from tfgen.config.loading import Loaded
from tfgen.config.settings import FloatingNetwork, NodeAccess, Settings


def require_complete(loaded: Loaded) -> None:
    """Check that load balancers can be written. Raises SettingsError with all that is missing."""
    gaps = [_placed(gap, loaded) for gap in _gaps(loaded.settings)]
    if gaps:
        raise faults.error(gaps)


def _gaps(settings: Settings) -> Iterator[faults.Fault]:
    network = settings.network
    if not (network.subnet_id or network.network_id):
        yield faults.Fault(
            "network",
            "network.subnet_id",
            "empty",
            "the id of the subnet (or network.network_id: of the network) where VIPs live",
            "Fill it in: `openstack subnet list` shows the ids.",
        )
    yield from _from_nowhere(settings.node_access)
    yield from _nameless("network.floating_networks", network.floating_networks)
    for name, found in settings.classes.items():
        yield from _nameless(f"classes.{name}.floating_networks", found.floating_networks)


def _from_nowhere(access: NodeAccess) -> Iterator[faults.Fault]:
    if access.enabled and not access.member_cidr:
        yield faults.Fault(
            "node_access",
            "node_access.member_cidr",
            "empty",
            "the CIDR from which nodes are reached: of the members' subnet; with provider ovn, "
            "of the clients",
            "Fill it in: `openstack subnet show SUBNET -c cidr` shows it.",
        )


def _nameless(key: str, networks: Iterable[FloatingNetwork]) -> Iterator[faults.Fault]:
    for index, floating in enumerate(networks):
        if not floating.name:
            yield faults.Fault(
                key,
                f"{key}[{index}].name",
                "empty",
                f"the name of external network {floating.id}: the engine asks for the name",
                f"Fill it in: `openstack network show {floating.id} -c name` shows it.",
            )


def _placed(gap: faults.Fault, loaded: Loaded) -> faults.Fault:
    """Replace the setting's key by the layer that gave it, or by the file."""
    origin = loaded.origins.get(gap.where, layers.DEFAULT)
    where = loaded.path.name if origin == layers.DEFAULT else origin
    return faults.Fault(where, gap.key, gap.found, gap.expected, gap.remedy)
