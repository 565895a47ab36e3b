"""Some of the nodes for one pool (`members.max_per_pool`), chosen by rendezvous hashing.

Each Service ranks all nodes by a digest of its own name and theirs, and takes the first: a node
that joins enters only the pools in which it ranks among these, and displaces one node there.
"""

import hashlib
from heapq import nsmallest

from tfgen import model
from tfgen.translate import nodes

_MARK = "_"
"""No selector's group has it in its name; `<namespace>_<name>` does."""
_SIX = "_ipv6"
_LEFT = nodes.LeftOut("others were chosen (members.max_per_pool)")


def group_name(label: str, family: model.Family) -> str:
    """Name the group of one Service, by its label `<namespace>_<name>`."""
    return label if family is model.Family.IPV4 else f"{label}{_SIX}"


def is_one(group: str) -> bool:
    """Whether a group is of one Service alone."""
    return _MARK in group


def narrowed(judged: nodes.Judged, group: str, most: int) -> nodes.Judged:
    """Leave the nodes out that rank behind the first `most` (0: none is left out).

    Both families of a Service rank alike.
    """
    members = [found for _, found in judged if isinstance(found, model.Member)]
    if not most or len(members) <= most:
        return judged
    seed = hashlib.blake2b(f"{group.removesuffix(_SIX)}/".encode(), digest_size=8)
    first = {member.name for member in nsmallest(most, members, key=lambda one: _rank(seed, one))}
    return tuple(
        (name, _LEFT if isinstance(found, model.Member) and name not in first else found)
        for name, found in judged
    )


def _rank(seed: "hashlib.blake2b", member: model.Member) -> bytes:
    whole = seed.copy()
    whole.update(member.name.encode())
    return whole.digest()
