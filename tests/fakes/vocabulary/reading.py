"""A Service of shop/web with annotations: its translation, its file, or its one problem."""

from typing import Any

from tests.fakes import objects
from tests.fakes.vocabulary.words import OTHER, SECRET
from tfgen import model, render, resolved, translate

RESOLVED = resolved.Resolved(
    {"public|edge-*|": ("a", "b"), "public||blue": ("a",)},
    {"shop/web-tls": resolved.Certificate("d", SECRET)},
    {OTHER: resolved.Balancer("10.0.0.5", "amphora")},
)
NETWORK = {
    "subnet_id": objects.SUBNET,
    "floating_networks": [{"name": "public"}, {"name": "second", "id": OTHER}],
}


def translated(*, live: bool = False, **found: Any) -> model.Translation:  # noqa: ANN401  any value
    """Translate a Service with these annotations."""
    service = objects.service("shop/web", annotations=found)
    classes = {"gold": {"flavor_id": OTHER}}
    settings = objects.settings(classes=classes, network=NETWORK, attach="any")
    context = translate.Context(settings, {}, live=live, resolved=RESOLVED)
    nodes = [objects.node(1, labels={"pool": "edge"}), objects.node(2)]
    return translate.translate(objects.listing([service], nodes), context)


def document(**found: Any) -> str:  # noqa: ANN401  any value
    """Render a Service with these annotations."""
    translation = translated(**found)
    assert translation.problems == ()
    return render.service_document(translation.load_balancers[0])


def problem(**found: Any) -> model.Problem:  # noqa: ANN401  any value
    """Give the one problem of a Service with these annotations."""
    (only,) = translated(**found).problems
    return only
