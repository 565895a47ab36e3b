"""Fields that change a load balancer and are not carried out yet: problems, never ignored."""

from collections.abc import Mapping
from typing import Any

from tfgen.translate import shape, values

_LATER = "tfgen does not support it yet."


def check(reader: values.Reader, spec: Mapping[str, Any]) -> None:
    """Note each field of the Service that asks for what this version cannot do."""
    if spec.get("externalTrafficPolicy") == "Local":
        reader.wrong(
            "spec.externalTrafficPolicy", "Local", '"Cluster"', f"Set it to Cluster: {_LATER}"
        )
    if spec.get("loadBalancerIP"):
        reader.wrong(
            "spec.loadBalancerIP",
            spec["loadBalancerIP"],
            "no fixed address",
            f"Remove it: {_LATER}",
        )
    families = shape.texts(spec, "ipFamilies", path="spec.")
    if "IPv6" in families:
        reader.wrong(
            "spec.ipFamilies", ", ".join(families), "IPv4 alone", f"Make it single-stack: {_LATER}"
        )
    elif spec.get("ipFamilyPolicy") == "RequireDualStack":
        reader.wrong("spec.ipFamilyPolicy", "RequireDualStack", '"SingleStack"', _LATER)
