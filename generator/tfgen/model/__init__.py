"""What tfgen thinks in: plain frozen records that know neither Kubernetes JSON nor HCL.

Words are Octavia's and Kubernetes' own. Durations say their unit; addresses and CIDRs are text in
canonical form; tuples are sorted where order has no meaning.
"""

from tfgen.model.balancers import Frozen, Group, LoadBalancer, Seat
from tfgen.model.identity import GroupKey, Owner, SecondKey, ServiceKey, argument
from tfgen.model.nodes import Family, Member, NodeChoice, NodeGroup
from tfgen.model.passes import Address, BalancerQuery, Listing, SubnetQuery, Translation
from tfgen.model.told import Notice, Problem
from tfgen.model.traffic import (
    ALPN_PROTOCOLS,
    BARBICAN,
    HEALTH_CHECK,
    MONITOR_CODES,
    MONITOR_HOST,
    MONITOR_PATH,
    MOST_CONNECTIONS,
    MOST_HSTS_SECONDS,
    MOST_MILLISECONDS,
    TLS_CIPHERS,
    TLS_SAFE_VERSIONS,
    TLS_VERSIONS,
    Monitor,
    Port,
    Protocol,
    Timeouts,
    Tls,
)

__all__ = [
    "ALPN_PROTOCOLS",
    "BARBICAN",
    "HEALTH_CHECK",
    "MONITOR_CODES",
    "MONITOR_HOST",
    "MONITOR_PATH",
    "MOST_CONNECTIONS",
    "MOST_HSTS_SECONDS",
    "MOST_MILLISECONDS",
    "TLS_CIPHERS",
    "TLS_SAFE_VERSIONS",
    "TLS_VERSIONS",
    "Address",
    "BalancerQuery",
    "Family",
    "Frozen",
    "Group",
    "GroupKey",
    "Listing",
    "LoadBalancer",
    "Member",
    "Monitor",
    "NodeChoice",
    "NodeGroup",
    "Notice",
    "Owner",
    "Port",
    "Problem",
    "Protocol",
    "Seat",
    "SecondKey",
    "ServiceKey",
    "SubnetQuery",
    "Timeouts",
    "Tls",
    "Translation",
    "argument",
]
