"""TLS that ends at the load balancer: Barbican's certificates, as clients find them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lab import Answer, Lab, NoAnswer, topology
from tests.lab import tls
from tests.lab.balancers import PLAIN, Balancer, balancer, members, part

pytestmark = [pytest.mark.lab, pytest.mark.disruptive]
CLIENT = topology.CLIENTS[1]
UNTRUSTED = 60  # of curl's: the certificate is not of who is trusted, or not for the name
HEADERS = {"X-Forwarded-For": "true", "X-Forwarded-Port": "true", "X-Forwarded-Proto": "true"}


@pytest.fixture(scope="module")
def plain(lab: Lab) -> Iterator[Balancer]:
    """A load balancer with an HTTP listener, whose pool those of TLS share."""
    lab.nodes.open(PLAIN)
    listener = part("web", "HTTP", 80, {"protocol": "HTTP", "members": members(PLAIN)})
    try:
        with balancer(lab, "lab-tls", [listener]) as made:
            made.answers(80)
            yield made
    finally:
        lab.nodes.close(PLAIN)


def ends_tls(balancer: Balancer, port: int, reference: str, **more: Any) -> None:  # noqa: ANN401 - Octavia's
    """Let a load balancer end TLS on a port, with a certificate, and go on with HTTP."""
    balancer.api.create_listener(
        name=f"tls-{port}",
        protocol="TERMINATED_HTTPS",
        protocol_port=port,
        loadbalancer_id=balancer.id,
        default_tls_container_ref=reference,
        insert_headers=HEADERS,
        default_pool_id=balancer.pool("web").id,
        **more,
    )
    balancer.settle()


def remove(balancer: Balancer, port: int) -> None:
    """Remove a listener: what refers to a certificate goes before it."""
    balancer.api.delete_listener(balancer.listener(f"tls-{port}"))
    balancer.settle()


def get(balancer: Balancer, port: int, name: str, trusted: tls.Certificate | None) -> Answer:
    """Ask for a name, trusting one certificate only, or any (-k); raises NoAnswer."""
    trust = ("--cacert", str(trusted.crt)) if trusted else ("-k",)
    where = ("--resolve", f"{name}:{port}:{balancer.floating_ip}")
    url = f"https://{name}:{port}/"
    return balancer.lab.get(url, CLIENT, options=(*trust, *where))


@pytest.mark.parametrize("keep", [tls.bundle, tls.container], ids=["PKCS12", "container"])
def test_both_forms_of_certificate(plain: Balancer, tmp_path: Path, keep: tls.Keep) -> None:
    """A client who trusts it gets the page; the node gets HTTP, and headers about the client."""
    shop = tls.certificate(tmp_path, "shop.example")
    other = tls.certificate(tmp_path, "other.example")
    with tls.kept(plain.cloud, shop, keep) as reference:
        ends_tls(plain, 443, reference)
        try:
            for trusted in (shop, None):
                answer = get(plain, 443, "shop.example", trusted)
                assert (answer.status, answer.facts["tls"]) == (200, False)
                headers = {name.lower(): answer.headers[name.lower()] for name in HEADERS}
                assert headers == {
                    "x-forwarded-for": CLIENT,
                    "x-forwarded-port": "443",
                    "x-forwarded-proto": "https",
                }
            with pytest.raises(NoAnswer) as caught:
                get(plain, 443, "shop.example", other)
            assert caught.value.code == UNTRUSTED
        finally:
            remove(plain, 443)


def test_two_names_on_one_port(plain: Balancer, tmp_path: Path) -> None:
    """By the name that it asks for (SNI) a client gets the certificate; else the default's."""
    first = tls.certificate(tmp_path, "first.example")
    second = tls.certificate(tmp_path, "second.example")
    with (
        tls.kept(plain.cloud, first) as default,
        tls.kept(plain.cloud, second, tls.container) as further,
    ):
        ends_tls(plain, 8443, default, sni_container_refs=[further])
        try:
            for held in (first, second):
                assert get(plain, 8443, held.name, held).node
            for name, wrong in (("first.example", second), ("second.example", first)):
                with pytest.raises(NoAnswer) as caught:
                    get(plain, 8443, name, wrong)
                assert caught.value.code == UNTRUSTED
            assert get(plain, 8443, "third.example", None).node
            plain.api.update_listener(
                plain.listener("tls-8443"),
                default_tls_container_ref=further,
                sni_container_refs=[],
            )
            plain.settle()
            plain.lab.until(lambda: trusts(plain, "second.example", second), what="the change")
            assert not trusts(plain, "first.example", first)
        finally:
            remove(plain, 8443)


def trusts(balancer: Balancer, name: str, trusted: tls.Certificate) -> bool:
    """Whether a client who trusts one certificate gets an answer."""
    try:
        return get(balancer, 8443, name, trusted).status == 200
    except NoAnswer:
        return False
