"""Settings: what can be said in tfgen.yaml, and how its layers fold into one value."""

from tfgen.config.settings import (
    DNS_LABEL,
    TFGEN_CLASS,
    Defaults,
    FloatingNetwork,
    Monitor,
    Network,
    Settings,
    Stacks,
    Timeouts,
)

__all__ = [
    "DNS_LABEL",
    "TFGEN_CLASS",
    "Defaults",
    "FloatingNetwork",
    "Monitor",
    "Network",
    "Settings",
    "Stacks",
    "Timeouts",
]
