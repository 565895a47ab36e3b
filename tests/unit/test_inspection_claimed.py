"""Why a Service is none of ours, in the words of the setting or the field that decides it."""

from typing import Any

import pytest

from tfgen import config, model
from tfgen.inspection import claimed

KEY = model.ServiceKey("shop", "web")
OURS = {"type": "LoadBalancer", "loadBalancerClass": "tfgen.io/octavia"}
EXPOSED = {"annotations": {"tfgen.io/expose": "true"}}


def why(spec: object, metadata: dict[str, Any] | None = None, **claim: Any) -> str:  # noqa: ANN401  settings
    """Ask about a Service under these settings."""
    settings = config.Settings(cluster="demo", tree="3f9c1a2b", claim=config.Claim(**claim))
    return claimed.why_not(KEY, {"metadata": metadata or {}, "spec": spec}, settings)


def test_one_of_ours_has_no_reason() -> None:
    """What is claimed is not explained away."""
    assert why(OURS) == ""
    assert why({"type": "NodePort"}, EXPOSED) == ""


REASONS = [
    (why(OURS, {"deletionTimestamp": "2026-01-01T00:00:00Z"}), "it is being deleted"),
    (why({}), "it is of type ClusterIP, which asks for no load balancer"),
    (why({"type": "NodePort"}, EXPOSED, node_ports=False), "claim.node_ports is false"),
    (
        why(OURS, namespaces=["blog"]),
        "claim.namespaces (blog) or claim.selector () leaves",
    ),
    (why({"type": "LoadBalancer"}), "it has no spec.loadBalancerClass, and claim.classless is"),
    (why([]), 'spec is "[]", expected an object'),
]


@pytest.mark.parametrize(("found", "expected"), REASONS)
def test_reasons(found: str, expected: str) -> None:
    """Each way not to be claimed has its words."""
    assert found.startswith(expected)
