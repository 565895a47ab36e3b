"""Whole files: of a Service, of a group, and of what is left of a Service that goes."""

import hashlib
import re
from collections.abc import Mapping
from typing import TypeAlias

from tfgen import hcl, model
from tfgen.render import header
from tfgen.render.documents import balancer

LENGTH = 16
"""Characters of a revision: enough to tell the versions of one file apart."""
_NOTE = '\nresource "terraform_data" '
_CHAIN = "\n# The ports of this load balancer"
Chain: TypeAlias = Mapping[model.ServiceKey, tuple[str, ...]]
"""Port keys of each Service on one load balancer, in order."""
_REVISION = re.compile(rf'"[^"\n]+" {{\n  input = "([0-9a-f]{{{LENGTH}}})"\n')


def service_document(load_balancer: model.LoadBalancer) -> str:
    """Render the intent file of one Service, whole.

    Where it shares its load balancer, that is in the file of the group, and in the revision still:
    whatever serves the Service counts.
    """
    whole = blocks(load_balancer)
    own = "\n".join(balancer.Blocks(load_balancer).ports()) if load_balancer.group else whole
    return header.add(f"Service {load_balancer.service}", own + end(load_balancer, digest(whole)))


def blocks(load_balancer: model.LoadBalancer) -> str:
    """Render what serves a Service, for each family: load balancer, ports and floating IP."""
    return "\n".join(map(_blocks, load_balancer.sides))


def _blocks(load_balancer: model.LoadBalancer) -> str:
    lb = balancer.Blocks(load_balancer)
    itself = lb.balancer()
    return "\n".join([*itself[:1], *lb.ports(), *itself[1:]])


def end(load_balancer: model.LoadBalancer, revision: str) -> str:
    """Render what stands below these blocks: their revision, and what the state tells."""
    sides = tuple(map(balancer.Blocks, load_balancer.sides))
    note = balancer.revision(load_balancer.service, revision, sides)
    return "\n".join(["", note, *(side.output() for side in sides)])


def digest(blocks: str) -> str:
    """Give the revision of a Service's file."""
    return hashlib.sha256(blocks.encode()).hexdigest()[:LENGTH]


def kept_document(owner: model.ServiceKey | model.SecondKey) -> str:
    """Render what is left of a Service that goes, and whose floating IP stays in the project."""
    service = owner.service if isinstance(owner, model.SecondKey) else owner
    forgets = balancer.render("kept", address=hcl.Expr(owner.address))
    return header.add(f"Service {service}", forgets)


def group_document(load_balancer: model.LoadBalancer, chain: Chain) -> str:
    """Render the file of the load balancer that a Service shares: itself, and the ports' order."""
    if load_balancer.group is None:
        raise ValueError(f"Service {load_balancer.service} has a load balancer of its own")
    body = "\n".join([*balancer.Blocks(load_balancer).balancer(), _chain(chain)])
    return header.add(group_origin(load_balancer.group.key), body)


def group_origin(group: model.GroupKey) -> str:
    """Say what a group's file is made from, as its header does."""
    return f"group {group}"


def attached_document(load_balancer_id: str, chain: Chain) -> str:
    """Render the order of a stack's ports on a load balancer that exists."""
    return header.add(attached_origin(load_balancer_id), _chain(chain))


def attached_origin(load_balancer_id: str) -> str:
    """Say what such a file is made from, as its header does."""
    return f"load balancer {load_balancer_id}"


def rechained(group: model.GroupKey, document: str, chain: Chain) -> str:
    """Put the ports in order anew in a group's file; the load balancer stays as it stands there."""
    parts = header.strip(document)
    body = parts.body if parts else ""
    return header.add(group_origin(group), body.partition(_CHAIN)[0] + _CHAIN[:1] + _chain(chain))


def _chain(chain: Chain) -> str:
    """Say for each Service after which module its first port comes: siblings race into 409s.

    It stands in the group's file, so that who joins or leaves changes no file of another Service.
    """
    last: hcl.Expr | None = None
    locals_: dict[str, list[hcl.Expr]] = {}
    for service, ports in sorted(chain.items()):
        locals_[balancer.chained(service)] = [last] if last else []
        last = hcl.Expr(f"module.{service.address}_{ports[-1]}") if ports else last
    return balancer.render("group", locals=hcl.Expr(hcl.literal(locals_, 0)))


def revision(document: str) -> str:
    """Read from a Service's file which revision it is: a digest of what it asks the cloud for."""
    found = _REVISION.match(document.rpartition(_NOTE)[2])
    return found[1] if found else ""
