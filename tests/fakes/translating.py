"""Services that are translated beside three nodes: what becomes of them, or what is wrong."""

from typing import Any

from tests.fakes import objects
from tfgen import model, translate

WEB = model.ServiceKey("shop", "web")


def translated(
    *services: objects.Json,
    live: bool = False,
    frozen: dict[model.ServiceKey, model.Frozen] | None = None,
    **settings: Any,  # noqa: ANN401  any section of the settings
) -> model.Translation:
    """Translate Services beside three nodes."""
    context = translate.Context(objects.settings(**settings), frozen or {}, live=live)
    return translate.translate(objects.listing(services, objects.nodes()), context)


def load_balancer(*, live: bool = False, **spec: Any) -> model.LoadBalancer:  # noqa: ANN401  any field
    """Translate one right Service."""
    translation = translated(objects.service("shop/web", **spec), live=live)
    assert translation.problems == ()
    (only,) = translation.load_balancers
    return only


def problems(*, live: bool = False, **spec: Any) -> list[str]:  # noqa: ANN401  any field
    """Give the problems of one wrong Service, without its name."""
    translation = translated(objects.service("shop/web", **spec), live=live)
    assert translation.load_balancers == ()
    assert translation.held == {WEB}
    return [str(problem).removeprefix("Service shop/web: ") for problem in translation.problems]
