"""Which Services are ours, whatever else a cluster holds."""

from typing import Any

import pytest

from tests.fakes import objects
from tfgen import model
from tfgen.translate import claim

OURS, UNCLAIMED, NOT_ASKING = claim.Claim.OURS, claim.Claim.UNCLAIMED, claim.Claim.NOT_ASKING
EXPOSED = {"tfgen.io/expose": "true"}
NODE_PORT = {"type": "NodePort", "loadBalancerClass": ...}


def judge(service: objects.Json, **settings: Any) -> claim.Claim:  # noqa: ANN401  any setting
    """Judge a Service under a claim of the settings."""
    rules = claim.Rules(objects.settings(claim=settings))
    metadata = service["metadata"]
    key = model.ServiceKey(metadata["namespace"], metadata["name"])
    return rules.judge(key, metadata, service["spec"])


BY_TYPE = [
    (objects.service(), OURS),
    (objects.service(loadBalancerClass=...), UNCLAIMED),
    (objects.service(loadBalancerClass="example.com/other"), UNCLAIMED),
    (objects.service(type="ClusterIP", loadBalancerClass=...), NOT_ASKING),
    (objects.service(type="ClusterIP", annotations=EXPOSED), NOT_ASKING),
    (objects.service(type="ExternalName"), NOT_ASKING),
    (objects.service(type=...), NOT_ASKING),
    (objects.service(**NODE_PORT), NOT_ASKING),
    (objects.service(**NODE_PORT, annotations=EXPOSED), OURS),
    (objects.service(**NODE_PORT, annotations={"tfgen.io/expose": "yes"}), OURS),
    (objects.service(**NODE_PORT, annotations={"tfgen.io/expose": ""}), OURS),
    (objects.service(deletionTimestamp="2026-01-01T00:00:00Z"), NOT_ASKING),
]


@pytest.mark.parametrize(("service", "judged"), BY_TYPE)
def test_type_and_class_decide(service: objects.Json, judged: claim.Claim) -> None:
    """Our class, or an exposed NodePort; a class of others is theirs; what is deleted asks not."""
    assert judge(service) is judged


def test_settings_add_classes() -> None:
    """Further class names are ours where the settings say so, and only then."""
    service = objects.service(loadBalancerClass="example.com/lb")
    assert judge(service, classes=["tfgen.io/octavia", "example.com/lb"]) is OURS
    assert judge(objects.service(), classes=["example.com/lb"]) is UNCLAIMED


def test_settings_take_services_without_a_class() -> None:
    """Class-less Services are taken with `classless`, and a foreign class is still foreign."""
    assert judge(objects.service(loadBalancerClass=...), classless=True) is OURS
    assert judge(objects.service(loadBalancerClass="x/y"), classless=True) is UNCLAIMED


def test_settings_switch_node_ports_off() -> None:
    """An exposed NodePort Service still asks where `node_ports` is off: it is unclaimed."""
    service = objects.service(**NODE_PORT, annotations=EXPOSED)
    assert judge(service, node_ports=False) is UNCLAIMED


IN_NAMESPACES = [
    (["*"], OURS),
    (["shop"], OURS),
    (["sh?p", "x"], OURS),
    (["x"], UNCLAIMED),
    ([], UNCLAIMED),
]


@pytest.mark.parametrize(("namespaces", "judged"), IN_NAMESPACES)
def test_namespaces_narrow(namespaces: list[str], judged: claim.Claim) -> None:
    """Namespaces are shell patterns; a Service outside them is unclaimed."""
    assert judge(objects.service("shop/web"), namespaces=namespaces) is judged


def test_a_selector_narrows() -> None:
    """A Service whose labels do not match is unclaimed."""
    labelled = objects.service(labels={"public": "yes"})
    assert judge(labelled, selector="public=yes") is OURS
    assert judge(objects.service(), selector="public=yes") is UNCLAIMED
