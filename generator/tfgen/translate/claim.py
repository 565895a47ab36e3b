"""Which Services are ours."""

import fnmatch
from collections.abc import Mapping
from enum import Enum, auto
from typing import Any

from tfgen import annotations, config, model
from tfgen.annotations import table
from tfgen.translate import selector, shape

EXPOSE = table.TFGEN + "expose"
_TYPES = ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName")


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
        """Say what a Service is to us. Raises Malformed: `marked` then says whether it is ours."""
        deleted = shape.get(metadata, "deletionTimestamp", str, path="metadata.")
        if deleted or not self._asks(metadata, spec):
            return Claim.NOT_ASKING
        taken = self._takes(spec) and self._in_scope(key.namespace, metadata)
        return Claim.OURS if taken else Claim.UNCLAIMED

    def marked(self, key: model.ServiceKey, service: Mapping[str, Any]) -> bool:
        """Whether a Service that cannot be read is meant for us: by its class or annotations."""
        metadata = shape.mapping(service.get("metadata"))
        spec = shape.mapping(service.get("spec"))
        wanted = spec.get("loadBalancerClass")
        named = isinstance(wanted, str) and wanted in self._classes
        carried = any(map(self._marks, shape.mapping(metadata.get("annotations"))))
        labels = {"labels": shape.mapping(metadata.get("labels"))}
        return (named or carried) and self._in_scope(key.namespace, labels)

    def _marks(self, annotation: str) -> bool:
        """Whether an annotation asks something of us; OCCM's do where its Services are ours."""
        row = annotations.TABLE.get(annotation)
        if row and row.kind is annotations.Kind.OUTPUT:
            return False
        ours = annotations.is_ours(annotation) if self._classless else False
        return ours or annotation.startswith(table.TFGEN)

    def _asks(self, metadata: Mapping[str, Any], spec: Mapping[str, Any]) -> bool:
        """Whether a Service asks for a load balancer; a word that is no type is never a "no"."""
        found = shape.section(metadata, "annotations", path="metadata.")
        kind = shape.get(spec, "type", str, path="spec.")
        if kind not in {None, *_TYPES}:
            raise shape.Malformed("spec.type", kind, f"one of {', '.join(_TYPES)}")
        if kind == "NodePort":
            return EXPOSE in found
        if EXPOSE in found and kind != "LoadBalancer" and self._node_ports:
            raise shape.Malformed(
                f"annotation {EXPOSE}",
                found[EXPOSE],
                f"a Service of type NodePort, and this one is of type {kind or 'ClusterIP'}",
            )
        return kind == "LoadBalancer"

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
