"""Why a Service that stands in the cluster is none of ours."""

from collections.abc import Mapping
from typing import Any

from tfgen import config, model
from tfgen.translate import claim, shape


def why_not(key: model.ServiceKey, service: Mapping[str, Any], settings: config.Settings) -> str:
    """Say why the settings do not claim a Service; empty where they do."""
    try:
        metadata = shape.section(service, "metadata")
        spec = shape.section(service, "spec")
        match claim.Rules(settings).judge(key, metadata, spec):
            case claim.Claim.OURS:
                return ""
            case claim.Claim.NOT_ASKING:
                return _not_asking(metadata, spec)
            case claim.Claim.UNCLAIMED:
                return _unclaimed(key, spec, settings)
    except shape.Malformed as wrong:
        return f"{wrong.field} is {wrong.found}, expected {wrong.expected}"


def _not_asking(metadata: Mapping[str, Any], spec: Mapping[str, Any]) -> str:
    if metadata.get("deletionTimestamp"):
        return "it is being deleted"
    kind = spec.get("type") or "ClusterIP"
    remedy = f' without the annotation {claim.EXPOSE}: "true"' if kind == "NodePort" else ""
    return f"it is of type {kind}{remedy}, which asks for no load balancer"


def _unclaimed(key: model.ServiceKey, spec: Mapping[str, Any], settings: config.Settings) -> str:
    ours = settings.claim
    if spec.get("type") == "NodePort":
        found = "claim.node_ports is false" if not ours.node_ports else ""
    elif not (wanted := spec.get("loadBalancerClass")):
        missing = "it has no spec.loadBalancerClass, and claim.classless is false"
        found = "" if ours.classless else missing
    else:
        classes = ", ".join(ours.classes)
        found = "" if wanted in ours.classes else f"its class is {wanted}, and ours are {classes}"
    spaces, labels = ", ".join(ours.namespaces), ours.selector
    scope = f"claim.namespaces ({spaces}) or claim.selector ({labels}) leaves {key} out"
    return found or scope
