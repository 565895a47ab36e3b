"""The OpenStack API: who we are, what the cloud offers, which addresses are really there."""

from tfgen.cloud.access import names
from tfgen.cloud.confirm import Confirmation
from tfgen.cloud.mending import Mender, NotAllowedError
from tfgen.cloud.records import (
    ExternalNetwork,
    FloatingIp,
    Identity,
    Listener,
    LoadBalancer,
    Pool,
    Standing,
    Subnet,
)
from tfgen.cloud.session import Cloud, connect
from tfgen.cloud.usage import Quota

__all__ = [
    "Cloud",
    "Confirmation",
    "ExternalNetwork",
    "FloatingIp",
    "Identity",
    "Listener",
    "LoadBalancer",
    "Mender",
    "NotAllowedError",
    "Pool",
    "Quota",
    "Standing",
    "Subnet",
    "connect",
    "names",
]
