"""Which Services are ours."""

import fnmatch
from collections.abc import Mapping
from enum import Enum, auto
from typing import Any

from tfgen import config, model
from tfgen.translate import selector, shape

EXPOSE = "tfgen.io/expose"


class Claim(Enum):
    """What a Service is to us."""

    OURS = auto()
    UNCLAIMED = auto()
    """Asks for a load balancer, and the settings do not take it."""
    NOT_ASKING = auto()
    """Asks for none, or is being deleted."""


class Rules:
    """The settings' claim, prepared once for a whole listing."""

    def __init__(self, settings: config.Settings) -> None:
        claim = settings.claim
        self._classes = frozenset(claim.classes)
        self._classless, self._node_ports = claim.classless, claim.node_ports
        self._everywhere = "*" in claim.namespaces
        self._namespaces = tuple(claim.namespaces)
        self._selector = selector.parse(claim.selector, "claim.selector")

    def judge(
        self, key: model.ServiceKey, metadata: Mapping[str, Any], spec: Mapping[str, Any]
    ) -> Claim:
        """Say what one Service is to us. Raises Malformed."""
        if metadata.get("deletionTimestamp") or not _asks(metadata, spec):
            return Claim.NOT_ASKING
        taken = self._takes(spec) and self._in_scope(key.namespace, metadata)
        return Claim.OURS if taken else Claim.UNCLAIMED

    def _takes(self, spec: Mapping[str, Any]) -> bool:
        if spec.get("type") == "NodePort":
            return self._node_ports
        wanted = shape.get(spec, "loadBalancerClass", str, path="spec.")
        return self._classless if wanted is None else wanted in self._classes

    def _in_scope(self, namespace: str, metadata: Mapping[str, Any]) -> bool:
        if not self._everywhere and not any(
            fnmatch.fnmatchcase(namespace, pattern) for pattern in self._namespaces
        ):
            return False
        labels = shape.section(metadata, "labels", path="metadata.")
        return selector.matches(self._selector, labels)


def _asks(metadata: Mapping[str, Any], spec: Mapping[str, Any]) -> bool:
    kind = shape.get(spec, "type", str, path="spec.")
    if kind == "NodePort":
        return EXPOSE in shape.section(metadata, "annotations", path="metadata.")
    return kind == "LoadBalancer"
