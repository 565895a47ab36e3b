"""What the cloud tells us, as frozen records."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from tfgen import model

_CLUSTER_TAG, _TREE_TAG = "tfgen_cluster=", "tfgen_tree="
_SECOND_TAG = "tfgen_second"
_SERVICE_TAG, _GROUP_TAG = "tfgen_service=", "tfgen_group="


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are to the cloud, and where."""

    project_id: str
    auth_url: str
    region: str


@dataclass(frozen=True, slots=True, order=True)
class Subnet:
    """A subnet that the project sees, and the network it is part of."""

    name: str
    id: str
    cidr: str
    network: str
    network_id: str
    external: bool
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class ExternalNetwork:
    """A network that floating IPs may come from."""

    name: str
    id: str


@dataclass(frozen=True, slots=True, order=True)
class LoadBalancer:
    """A load balancer as Octavia lists it."""

    name: str
    id: str
    tags: tuple[str, ...]
    provisioning_status: str
    """ACTIVE, PENDING_CREATE, PENDING_UPDATE, PENDING_DELETE, ERROR."""
    operating_status: str
    """ONLINE, OFFLINE, DEGRADED, ERROR, NO_MONITOR, DRAINING."""
    vip_address: str
    vip_port_id: str
    listeners: int | None = None
    """How many hang on it, where the listing says so."""
    children: frozenset[str] = frozenset()
    """Ids of its listeners and pools, as the listing has them."""
    since: str = ""
    """When Octavia last changed it: UTC, in the form of ISO 8601 without a zone."""
    provider: str = ""
    """Asked for where it exists without tfgen."""

    @property
    def service(self) -> model.ServiceKey | None:
        """The Service that its tags name; None where they name none."""
        return service_of(self.tags)

    @property
    def group(self) -> model.GroupKey | None:
        """The group whose Services share it, as its tags say."""
        return group_of(self.tags)

    @property
    def is_second(self) -> bool:
        """Whether it is that of the Service's second IP family, as its tags say."""
        return _SECOND_TAG in self.tags

    @property
    def owner(self) -> model.Owner | None:
        """Whose it is, as its tags say."""
        return owner_of(self.tags)

    @property
    def trees(self) -> frozenset[str]:
        """Ids of the trees that its tags name: one, unless somebody tampered with them."""
        found = (tag for tag in self.tags if tag.startswith(_TREE_TAG))
        return frozenset(tag.removeprefix(_TREE_TAG) for tag in found)

    @property
    def failed(self) -> bool:
        """Whether Octavia gave it up: nothing in it can be changed until it is failed over."""
        return self.provisioning_status == "ERROR"

    def age(self, now: datetime) -> float | None:
        """Give the seconds since Octavia last changed it; None where it does not say."""
        try:
            then = datetime.fromisoformat(self.since)
        except ValueError:
            return None
        zoned = then if then.tzinfo else then.replace(tzinfo=UTC)
        return max(0.0, (now - zoned).total_seconds())

    @property
    def pending(self) -> bool:
        """Whether Octavia is at work on it, and refuses every other change meanwhile."""
        return self.provisioning_status.startswith("PENDING_")


@dataclass(frozen=True, slots=True, order=True)
class Listener:
    """A listener as Octavia lists it."""

    id: str
    name: str
    protocol: str
    """As Octavia says it: TCP, HTTP, TERMINATED_HTTPS, UDP and so on."""
    port: int
    tags: tuple[str, ...]

    @property
    def key(self) -> str:
        """`tcp-80`: what it keeps others from. All but two of Octavia's protocols are on TCP."""
        transport = self.protocol if self.protocol in {"UDP", "SCTP"} else "TCP"
        return f"{transport.lower()}-{self.port}"

    def guest(self, cluster: str, tree: str) -> model.ServiceKey | None:
        """Give the Service of one tree whose it is by its tags; None where it is not the tree's."""
        return service_of(self.tags) if self.is_of(cluster, tree) else None

    def is_of(self, cluster: str, tree: str) -> bool:
        """Whether its tags say that it is of one tree."""
        return carries(self.tags, cluster, tree)


@dataclass(frozen=True, slots=True, order=True)
class Pool:
    """A pool as Octavia lists it."""

    id: str
    name: str
    tags: tuple[str, ...]

    @property
    def key(self) -> str:
        """`tcp-80`: the end of its name, as tfgen names pools."""
        return self.name.rpartition("_")[2]

    def is_of(self, cluster: str, tree: str) -> bool:
        """Whether its tags say that it is of one tree."""
        return carries(self.tags, cluster, tree)


@dataclass(frozen=True, slots=True)
class Standing:
    """A load balancer that exists without tfgen, and all that listens on it."""

    balancer: LoadBalancer
    listeners: tuple[Listener, ...]

    def guests(self, cluster: str, tree: str) -> dict[model.ServiceKey, int]:
        """Count the listeners of each Service of a tree."""
        found = Counter(filter(None, (each.guest(cluster, tree) for each in self.listeners)))
        return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True, order=True)
class FloatingIp:
    """A floating IP as Neutron lists it; `port_id` is empty while it is bound to nothing."""

    address: str
    id: str
    port_id: str
    tags: tuple[str, ...]

    @property
    def service(self) -> model.ServiceKey | None:
        """The Service that its tags name; None where they name none."""
        return service_of(self.tags)

    @property
    def group(self) -> model.GroupKey | None:
        """The group whose load balancer it leads to, as its tags say."""
        return group_of(self.tags)

    @property
    def owner(self) -> model.Owner | None:
        """Whose load balancer it leads to, as its tags say."""
        return owner_of(self.tags)


def owner_tags(cluster: str, tree: str) -> tuple[str, ...]:
    """Give the tags by which our objects of one tree are known; ownership is never by name."""
    return (cluster_tag(cluster), f"{_TREE_TAG}{tree}")


def carries(tags: Collection[str], cluster: str, tree: str) -> bool:
    """Whether tags say that something is of one tree."""
    return set(tags) >= set(owner_tags(cluster, tree))


def cluster_tag(cluster: str) -> str:
    """Give the tag that objects of all trees of one cluster share."""
    return f"{_CLUSTER_TAG}{cluster}"


def service_of(tags: Collection[str]) -> model.ServiceKey | None:
    """Read the Service from `tfgen_service=<namespace>_<name>`; neither part can hold `_`."""
    parts = _named(tags, _SERVICE_TAG)
    return model.ServiceKey(*parts) if parts else None


def group_of(tags: Collection[str]) -> model.GroupKey | None:
    """Read the group from `tfgen_group=<namespace>_<name>`, as a Service is read."""
    parts = _named(tags, _GROUP_TAG)
    return model.GroupKey(*parts) if parts else None


def owner_of(tags: Collection[str]) -> model.Owner | None:
    """Read whose an object is: of a Service's two load balancers, of which."""
    service = service_of(tags)
    if service and _SECOND_TAG in tags:
        return model.SecondKey(service)
    return service or group_of(tags)


def _named(tags: Collection[str], prefix: str) -> tuple[str, str] | None:
    for tag in sorted(tags):
        namespace, found, name = tag.removeprefix(prefix).partition("_")
        if tag.startswith(prefix) and namespace and found and name:
            return namespace, name
    return None
