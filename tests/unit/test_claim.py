"""Which Services are ours, whatever else a cluster holds."""

from typing import Any

import pytest

from tests.fakes import objects
from tfgen import model, translate
from tfgen.translate import claim

OURS, UNCLAIMED, NOT_ASKING = claim.Claim.OURS, claim.Claim.UNCLAIMED, claim.Claim.NOT_ASKING
WEB = model.ServiceKey("shop", "web")
OCCM = "loadbalancer.openstack.org/"
EXPOSED = {"tfgen.io/expose": "true"}
NODE_PORT = {"type": "NodePort", "loadBalancerClass": ...}


def judge(service: objects.Json, **settings: Any) -> claim.Claim:  # noqa: ANN401  any setting
    """Judge a Service under a claim of the settings."""
    rules = claim.Rules(objects.settings(claim=settings))
    metadata = service["metadata"]
    key = model.ServiceKey(metadata["namespace"], metadata["name"])
    return rules.judge(key, metadata, service["spec"])


def translated(
    service: objects.Json,
    *,
    rendered: bool = False,
    **settings: Any,  # noqa: ANN401  any setting
) -> model.Translation:
    """Translate a Service, rendered before or not."""
    known = {WEB: model.Frozen()} if rendered else {}
    context = translate.Context(objects.settings(**settings), known)
    return translate.translate(objects.listing([service]), context)


BY_TYPE = [
    (objects.service(), OURS),
    (objects.service(loadBalancerClass=...), UNCLAIMED),
    (objects.service(loadBalancerClass="example.com/other"), UNCLAIMED),
    (objects.service(type="ClusterIP", loadBalancerClass=...), NOT_ASKING),
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


WORDS = [
    (
        {"type": "Loadbalancer"},
        (
            'spec.type is "Loadbalancer"; expected one of ClusterIP, NodePort, '
            "LoadBalancer, ExternalName. Correct it."
        ),
    ),
    (
        {"type": ""},
        (
            'spec.type is ""; expected one of ClusterIP, NodePort, LoadBalancer, ExternalName. '
            "Correct it."
        ),
    ),
    ({"type": 1}, 'spec.type is "1"; expected a text. Correct it.'),
    (
        {"loadBalancerClass": 5, "annotations": {"tfgen.io/protect": "true"}},
        'spec.loadBalancerClass is "5"; expected a text. Correct it.',
    ),
    ({"labels": []}, 'metadata.labels is "[]"; expected an object. Correct it.'),
    (
        {"deletionTimestamp": True},
        'metadata.deletionTimestamp is "True"; expected a text. Correct it.',
    ),
    *(
        (
            {"type": kind, "loadBalancerClass": ..., "annotations": EXPOSED},
            (
                'annotation tfgen.io/expose is "true"; expected a Service of type NodePort, and '
                f"this one is of type {told}. Correct it."
            ),
        )
        for kind, told in (("ClusterIP",) * 2, ("ExternalName",) * 2, (..., "ClusterIP"))
    ),
    (
        {**NODE_PORT, "annotations": {"tfgen.io/expose": None}},
        (
            'annotation tfgen.io/expose is "null"; expected a text (write it in quotes). Correct '
            "it, or remove it."
        ),
    ),
]


@pytest.mark.parametrize(("fields", "told"), WORDS)
def test_what_nobody_can_read_is_no_refusal_of_a_load_balancer(
    fields: dict[str, Any], told: str
) -> None:
    """A Service with our class or our annotations is never taken for one that asks for nothing."""
    made = translated(objects.service("shop/web", **fields))
    assert [str(problem) for problem in made.problems] == [f"Service shop/web: {told}"]


def test_a_service_that_was_rendered_is_remembered() -> None:
    """Whatever became of it, it is gone only where it says so."""
    stripped = {**objects.service("shop/web"), "spec": None}
    misspelt = objects.service("shop/web", type="clusterIP", loadBalancerClass=...)
    for service in (stripped, misspelt):
        assert not translated(service).held
        assert translated(service, rendered=True).held == {WEB}


FOREIGN: list[objects.Json] = [
    objects.service(loadBalancerClass=5),
    objects.service(type="Loadbalancer", loadBalancerClass="example.com/other"),
    objects.service(type="ClusterIP", loadBalancerClass=..., annotations=[]),
    objects.service(loadBalancerClass=5, annotations={OCCM + "lb-method": "X"}),
    objects.service(loadBalancerClass=5, annotations={"tfgen.io/external-ip": "192.0.2.1"}),
    {**objects.service(), "spec": []},
    {**objects.service(), "spec": None},
]


@pytest.mark.parametrize("service", FOREIGN)
def test_what_nobody_can_read_and_nobody_meant_for_us_is_not_mentioned(
    service: objects.Json,
) -> None:
    """A malformed field of a Service of others holds nothing."""
    made = translated(service)
    assert (made.problems, made.unclaimed, made.load_balancers) == ((), frozenset(), ())


def test_occms_annotations_mean_us_where_its_services_are_ours() -> None:
    """With `classless`, a Service with an annotation of OCCM's is for us to read."""
    service = objects.service(loadBalancerClass=5, annotations={OCCM + "lb-method": "X"})
    assert len(translated(service, claim={"classless": True}).problems) == 1


def test_what_nobody_can_read_out_of_scope_is_not_mentioned() -> None:
    """Namespaces and selector narrow here, too."""
    service = objects.service(type="Loadbalancer")
    assert translated(service, claim={"namespaces": ["other"]}).problems == ()
    assert translated(service, claim={"selector": "a=b"}).problems == ()


def test_expose_says_nothing_where_node_ports_are_off() -> None:
    """A Service of type ClusterIP asks for nothing there, whatever it carries."""
    service = objects.service(type="ClusterIP", loadBalancerClass=..., annotations=EXPOSED)
    assert translated(service, claim={"node_ports": False}).problems == ()


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
