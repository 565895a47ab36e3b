"""What a Service may point at: what setting `attach` opens to its namespace, and nothing else."""

from typing import Any

import pytest

from tests.fakes import objects
from tfgen import manifest, model, render, translate
from tfgen.config import loading
from tfgen.translate import attach

L = "loadbalancer.openstack.org/"
PORT = "11111111-aaaa-bbbb-cccc-555555555555"
OTHER = "22222222-aaaa-bbbb-cccc-555555555555"
REFERENCE = f"https://barbican.example/v1/containers/{PORT}"


@pytest.mark.parametrize(
    ("opened", "target", "allowed"),
    [
        ([], PORT, False),
        ("any", PORT, True),
        ("any", "192.0.2.1", True),
        ([{"id": PORT}], PORT, True),
        ([{"id": PORT.upper()}], PORT.replace("-", ""), True),
        ([{"id": PORT}], REFERENCE, True),
        ([{"id": REFERENCE}], REFERENCE, True),
        ([{"id": OTHER}], PORT, False),
        ([{"id": PORT, "namespaces": ["shop"]}], PORT, True),
        ([{"id": PORT, "namespaces": ["sh*"]}], PORT, True),
        ([{"id": PORT, "namespaces": ["blog"]}], PORT, False),
        ([{"id": PORT, "namespaces": ["blog"]}, {"id": "*", "namespaces": ["shop"]}], PORT, True),
        ([{"id": "192.0.2.1"}], "192.0.2.11", False),
        ([{"id": PORT, "namespaces": []}], PORT, False),
    ],
)
def test_who_may_point_at_what(opened: Any, target: str, allowed: bool) -> None:  # noqa: ANN401, FBT001  a row
    """By id, address or reference; for namespaces by pattern; closed where nothing is said."""
    assert attach.may(objects.settings(attach=opened), "shop", target) is allowed


def translated(settings: dict[str, Any], **found: str) -> model.Translation:
    """Translate Service shop/web with these annotations."""
    service = objects.service(
        "shop/web", annotations={L + key: text for key, text in found.items()}
    )
    context = translate.Context(objects.settings(**settings), {})
    return translate.translate(objects.listing([service], objects.nodes()), context)


def test_a_port_that_is_not_opened_is_a_problem() -> None:
    """The message has what to write, where."""
    (told,) = translated({}, **{"port-id": PORT}).problems
    assert str(told) == (
        f'Service shop/web: annotation {L}port-id is "{PORT}"; expected what Services of namespace '
        f"shop may point at (setting attach). Add it there: attach: [{{id: {PORT}, namespaces: "
        "[shop]}]."
    )


def test_a_port_becomes_the_vip() -> None:
    """Neither subnet nor network is sent beside it; members stay in the settings' subnet."""
    translation = translated({"attach": "any"}, **{"port-id": PORT, "subnet-id": OTHER})
    assert translation.problems == ()
    (load_balancer,) = translation.load_balancers
    document = render.service_document(load_balancer)
    assert f'  vip_port_id           = "{PORT}"\n' in document
    assert "  vip_subnet_id         = null\n" in document
    assert "  vip_network_id        = null\n" in document
    assert load_balancer.member_subnet_id == objects.SUBNET
    assert [notice.text for notice in translation.notices] == [
        f"{L}subnet-id say nothing beside {L}port-id: the port is where it is"
    ]


def test_an_empty_port_is_none() -> None:
    """As in OCCM."""
    (made,) = translated({}, **{"port-id": ""}).load_balancers
    assert "vip_port_id  " not in render.service_document(made)


def test_the_manifest_keeps_what_is_there_alone() -> None:
    """Trees of Services without a port stay as older versions wrote them."""
    frozen = [model.Frozen("s"), model.Frozen(vip_port_id=PORT)]
    services = [model.ServiceKey("shop", name) for name in ("a", "b")]
    entries = map(lambda key, kept: objects.entry(key, frozen=kept), services, frozen)
    tree = manifest.Manifest("demo", "t", "namespace", services={e.service: e for e in entries})
    text = manifest.dumps(tree)
    assert text.count("vip_port_id") == 1
    assert [each.frozen for each in manifest.loads(text).services.values()] == frozen


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("attach: all", "attach is 'all'; expected a list"),
        ("attach: [{namespaces: [shop]}]", "attach[0].id is missing"),
        ("attach: [{id: ''}]", "attach[0].id is ''; expected a text that is not empty"),
        ("attach: [{id: x, namespace: shop}]", "Did you mean attach[0].namespaces?"),
    ],
)
def test_what_the_setting_takes(line: str, said: str) -> None:
    """The word `any`, or a list of objects with their namespaces."""
    text = f"cluster: demo\ntree: 00c0ffee\n{line}\n"
    with pytest.raises(Exception, match=r"tfgen\.yaml:3") as told:
        loading.parse(text, "tfgen.yaml")
    assert said in str(told.value)
    assert attach.may(loading.parse("cluster: d\ntree: 00c0ffee\nattach: any\n", "f"), "x", "y")
