"""What a Service carries: reading its annotations and status, whatever they hold."""

from collections.abc import Mapping
from typing import Any, TypeAlias

Service: TypeAlias = Mapping[str, Any]

EXTERNAL_IP = "tfgen.io/external-ip"
LOAD_BALANCER_ID = "tfgen.io/load-balancer-id"
SECOND_IP = "tfgen.io/second-external-ip"
SECOND_ID = "tfgen.io/second-load-balancer-id"
STACK = "tfgen.io/stack"
TREE = "tfgen.io/tree"
DIGEST = "tfgen.io/digest"
COMMIT = "tfgen.io/commit"
HOSTNAME = "loadbalancer.openstack.org/hostname"
OCCM_ADDRESS = "loadbalancer.openstack.org/load-balancer-address"


def published(service: Service) -> str:
    """Give the address that we wrote to a Service, or ""."""
    return str(annotations(service).get(EXTERNAL_IP) or "")


def second(service: Service) -> str:
    """Give the address of its second IP family that we wrote to a Service, or ""."""
    return str(annotations(service).get(SECOND_IP) or "")


def hostname(service: Service) -> str:
    """Give the host name that a Service asks for, or ""."""
    return str(annotations(service).get(HOSTNAME) or "")


def tree(service: Service) -> str:
    """Give the id of the tree whose tfgen writes to a Service, or ""."""
    return str(annotations(service).get(TREE) or "")


def stack(service: Service) -> str:
    """Give the stack that we wrote to a Service, or ""."""
    return str(annotations(service).get(STACK) or "")


def digest(service: Service) -> str:
    """Give the revision of its file that was applied when we last wrote to it, or ""."""
    return str(annotations(service).get(DIGEST) or "")


def commit(service: Service) -> str:
    """Give the commit of its file that was applied when we last wrote to it, or ""."""
    return str(annotations(service).get(COMMIT) or "")


def metadata(service: Service) -> Mapping[str, Any]:
    """Give its metadata."""
    return _section(service, "metadata")


def annotations(service: Service) -> Mapping[str, Any]:
    """Give its annotations."""
    return _section(metadata(service), "annotations")


def spec_type(service: Service) -> str:
    """Give its type: LoadBalancer, NodePort, ..."""
    return str(_section(service, "spec").get("type") or "")


def is_going(service: Service) -> bool:
    """Whether it is being deleted."""
    return bool(metadata(service).get("deletionTimestamp"))


def conditions(service: Service) -> list[Mapping[str, Any]]:
    """Give the conditions of its status, also those of others."""
    return _objects(_section(service, "status"), "conditions")


def ingress(service: Service) -> list[Mapping[str, Any]]:
    """Give the entries of its load balancer status."""
    return _objects(_section(_section(service, "status"), "loadBalancer"), "ingress")


def _section(parent: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = parent.get(name)
    return found if isinstance(found, Mapping) else {}


def _objects(parent: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = parent.get(name)
    whole = found if isinstance(found, list) else []
    return [each for each in whole if isinstance(each, Mapping)]
