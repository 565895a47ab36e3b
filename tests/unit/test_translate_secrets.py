"""TLS from Secrets: what was resolved is taken, and nothing else is guessed."""

from typing import Any

import pytest

from tests.fakes import objects
from tfgen import model, resolved, translate

L, T = "loadbalancer.openstack.org/", "tfgen.io/"
FIRST, SECOND, OTHER = (f"https://barbican/v1/secrets/{n * 8}" for n in ("1", "2", "3"))
KNOWN = {
    "shop/web-tls": resolved.Certificate("d1", FIRST),
    "shop/more-tls": resolved.Certificate("d2", SECOND),
    "blog/www-tls": resolved.Certificate("d3", OTHER),
    "shop/new-tls": resolved.Certificate("d4", ""),
}
PORTS = [objects.port(80, name="http"), objects.port(443, name="https")]


def translated(**found: str) -> model.Translation:
    """Translate one Service with two ports and these annotations, by their last part."""
    full = {(L if key.startswith("default") else T) + key: text for key, text in found.items()}
    service = objects.service("shop/web", ports=PORTS, annotations=full)
    context = translate.Context(
        objects.settings(attach="any"), {}, live=False, resolved=resolved.Resolved({}, KNOWN)
    )
    return translate.translate(objects.listing([service], objects.nodes()), context)


def tls(found: model.Translation) -> dict[str, tuple[str, tuple[str, ...]] | None]:
    """Give the certificate and the further ones of each port of a right Service."""
    assert found.problems == ()
    ports: tuple[Any, ...] = found.load_balancers[0].ports
    return {p.key: (p.tls.container_ref, p.tls.sni_refs) if p.tls else None for p in ports}


def test_a_secret_becomes_its_reference() -> None:
    """The first for clients that ask for no name, the others by theirs."""
    wanted = (FIRST, (SECOND,))
    found = tls(translated(**{"tls-secret": "web-tls, more-tls"}))
    assert found == {"tcp-80": wanted, "tcp-443": wanted}


def test_a_port_has_a_secret_of_its_own() -> None:
    """And the other port stays as it is."""
    found = tls(translated(**{"port.https.tls-secret": "web-tls"}))
    assert found == {"tcp-80": None, "tcp-443": (FIRST, ())}


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({"tls-secret": "web-tls", "port.443.default-tls-container-ref": ""}, None),
        ({"port.443.tls-secret": "web-tls", "tls-secret": "more-tls"}, (FIRST, ())),
    ],
)
def test_what_a_port_says_wins(said: dict[str, str], wanted: object) -> None:
    """Over the Secret of the Service, too."""
    assert tls(translated(**said))["tcp-443"] == wanted


@pytest.mark.parametrize("name", ["old-tls", "www-tls", "new-tls"])
def test_a_secret_that_is_not_resolved_holds_its_service(name: str) -> None:
    """One that nobody synced, of another namespace, or not stored yet: the command is named."""
    (problem,) = translated(**{"port.https.tls-secret": name}).problems
    assert problem.found == f'"{name}"'
    assert f"it has no shop/{name}" in problem.expected
    assert problem.remedy == "Run: tfgen secrets sync"


def test_a_secret_and_a_reference_are_one_too_many() -> None:
    """Nobody can say which of two is meant."""
    found = translated(
        **{
            "port.https.tls-secret": "web-tls",
            "port.https.default-tls-container-ref": OTHER,
        }
    )
    assert any("either this or" in problem.expected for problem in found.problems)


def test_a_setting_aside_is_no_second_one() -> None:
    """What the settings name for all Services gives way."""
    service = objects.service("shop/web", annotations={T + "tls-secret": "web-tls"})
    settings = objects.settings(attach="any", defaults={"tls": {"container_ref": OTHER}})
    context = translate.Context(settings, {}, live=False, resolved=resolved.Resolved({}, KNOWN))
    found = translate.translate(objects.listing([service], objects.nodes()), context)
    assert tls(found) == {"tcp-80": (FIRST, ())}
