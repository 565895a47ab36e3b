"""Settings: what can be said in tfgen.yaml, and how its layers fold into one value."""

from tfgen.config.classes import Profile
from tfgen.config.complete import require_complete
from tfgen.config.environment import CLOUD_FILES, engine_environment, same
from tfgen.config.layers import Twins
from tfgen.config.loading import FILE, Loaded, display, load
from tfgen.config.settings import (
    DNS_LABEL,
    TFGEN_CLASS,
    UUID,
    Backend,
    Claim,
    Class,
    Defaults,
    Exposure,
    FloatingNetwork,
    Guards,
    MaxRemovals,
    Members,
    Monitor,
    Names,
    Network,
    Octavia,
    OpenStack,
    Publish,
    Rule,
    Settings,
    Stacks,
    Timeouts,
)
from tfgen.config.stop import stopped

__all__ = [
    "CLOUD_FILES",
    "DNS_LABEL",
    "FILE",
    "TFGEN_CLASS",
    "UUID",
    "Backend",
    "Claim",
    "Class",
    "Defaults",
    "Exposure",
    "FloatingNetwork",
    "Guards",
    "Loaded",
    "MaxRemovals",
    "Members",
    "Monitor",
    "Names",
    "Network",
    "Octavia",
    "OpenStack",
    "Profile",
    "Publish",
    "Rule",
    "Settings",
    "Stacks",
    "Timeouts",
    "Twins",
    "display",
    "engine_environment",
    "load",
    "require_complete",
    "same",
    "stopped",
]
