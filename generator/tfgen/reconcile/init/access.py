"""From where nodes are reached, where a cloud.conf has security groups managed."""

from collections.abc import Mapping

from tfgen.reconcile.init import records
from tfgen.translate import capabilities

_ENABLED: records.Key = ("node_access", "enabled")
_CIDR: records.Key = ("node_access", "member_cidr")
_NO_SUBNETS: Mapping[str, str] = {}


def settle(draft: records.Draft, subnets: Mapping[str, str] = _NO_SUBNETS) -> None:
    """Take the CIDR of the members' subnet, if `subnets` (CIDRs by id) has it; else leave a gap."""
    if not draft.values.get(_ENABLED):
        return
    straight = draft.values.get(records.PROVIDER) == capabilities.OVN  # clients' own addresses
    chosen = str(draft.values.get(records.MEMBERS) or draft.values.get(records.SUBNET) or "")
    found = "" if straight else subnets.get(chosen, "")
    draft.values[_CIDR] = found
    if found:
        draft.said.append(f"node ports open to {found}, the members' subnet")
    else:
        whose = "the clients" if straight else "the members' subnet"
        draft.notes[_CIDR] = f"Fill it in before rendering: the CIDR of {whose}."
