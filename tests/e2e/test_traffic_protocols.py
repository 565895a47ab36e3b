"""What a Service's ports speak, as clients and nodes find it: TLS, headers, PROXY, a redirect."""

from pathlib import Path
from typing import Any

import pytest

from lab import Answer, topology
from tests.e2e.sites import Site
from tests.lab import tls

pytestmark = pytest.mark.lab

OCCM, OURS = "loadbalancer.openstack.org/", "tfgen.io/"
CLIENT = topology.CLIENTS[1]
FORWARDED = ("for", "port", "proto")
CIPHERS = "TLS_AES_128_GCM_SHA256:ECDHE-RSA-AES128-GCM-SHA256"
SHOP, BLOG = "shop.example", "blog.example"
PORTS = [{"name": "http", "port": 80}, {"name": "https", "port": 443}]


def begun(site: Site) -> None:
    """Make settings that open every certificate of the project."""
    site.init()
    settings = site.folder / "tfgen.yaml"
    settings.write_text(f"{settings.read_text()}\nattach: any\n")


def served(site: Site, ports: list[dict[str, Any]], annotations: dict[str, str]) -> str:
    """Let the Service be served, see that a plan finds nothing more; give what was said of it."""
    site.apply(site.service("web", ports=ports, annotations=annotations))
    done = site.tfgen("run", "--yes")
    site.tfgen("plan", "--exit-code", code=0)
    return done.stdout + done.stderr


def listeners(site: Site) -> dict[tuple[str, int], Any]:
    """Read the listeners of the site's one load balancer, by protocol and number."""
    [balancer] = site.load_balancers()
    found = site.openstack.load_balancer.listeners(load_balancer_id=balancer.id)
    return {(each.protocol, each.protocol_port): each for each in found}


def pools(site: Site) -> dict[int, Any]:
    """Read the pools by the number of their listener."""
    octavia = site.openstack.load_balancer
    return {
        number: octavia.get_pool(each.default_pool_id)
        for (_, number), each in listeners(site).items()
    }


def secure(site: Site, name: str, trusted: tls.Certificate, port: int = 443) -> Answer:
    """Ask for a name over TLS, trusting one certificate alone; raises NoAnswer."""
    where = ("--resolve", f"{name}:{port}:{site.external_ip('web')}")
    url = f"https://{name}:{port}/"
    return site.lab.get(url, CLIENT, options=("--cacert", str(trusted.crt), *where))


def head(site: Site, name: str, path: str) -> str:
    """Give the head of an answer, whoever gives it, in lower case."""
    scheme, port = ("https", 443) if path.startswith("s:") else ("http", 80)
    where = ("--resolve", f"{name}:{port}:{site.external_ip('web')}")
    url = f"{scheme}://{name}{path.removeprefix('s:')}"
    done = site.lab.curl("-s", "-k", "-D", "-", "-o", "/dev/null", *where, url, source=CLIENT)
    return done.stdout.lower()


def ends_tls(site: Site, *certificates: tls.Certificate) -> None:
    """See that each name has its certificate, and that the node is told of the client."""
    for held in certificates:
        answer = secure(site, held.name, held)
        assert (answer.status, answer.facts["tls"]) == (200, False)
        forwarded = {name: answer.headers[f"x-forwarded-{name}"] for name in FORWARDED}
        assert forwarded == {"for": CLIENT, "port": "443", "proto": "https"}


def redirects(site: Site) -> None:
    """See that HTTP leads to the name that is said, with path and query."""
    answered = head(site, "other.example", "/cart?item=1")
    assert answered.startswith("http/1.1 308 ")
    assert f"location: https://{SHOP}/cart?item=1" in answered
    assert redirects_of(site)


def redirects_of(site: Site) -> list[Any]:
    """List the L7 policies of the site's listeners."""
    ids = {each.id for each in listeners(site).values()}
    found = site.openstack.load_balancer.l7_policies()
    return [each for each in found if each.listener_id in ids]


def is_as_said(listener: Any) -> None:  # noqa: ANN401  of openstacksdk
    """See that what is said of one listener is what it has."""
    assert (listener.tls_versions, listener.alpn_protocols) == (["TLSv1.3"], ["http/1.1"])
    assert listener.tls_ciphers == CIPHERS
    assert "team-a" in listener.tags


def is_as_by_default(listener: Any) -> None:  # noqa: ANN401  of openstacksdk
    """See that what is not said any more was reset."""
    assert sorted(listener.tls_versions) == ["TLSv1.2", "TLSv1.3"]
    assert sorted(listener.alpn_protocols) == ["h2", "http/1.0", "http/1.1"]
    assert listener.tls_ciphers != CIPHERS
    assert not listener.sni_container_refs
    assert "team-a" not in listener.tags


def test_tls_and_the_redirect_to_it(site: Site, tmp_path: Path) -> None:
    """TLS ends with the right certificate, nodes learn of the client, and HTTP leads to HTTPS."""
    begun(site)
    served(site, PORTS, {})
    address = site.external_ip("web")
    shop, blog = (tls.certificate(tmp_path, name) for name in (SHOP, BLOG))
    with (
        tls.kept(site.openstack, shop) as first,
        tls.kept(site.openstack, blog, tls.container) as second,
    ):
        base = {
            OCCM + "default-tls-container-ref": first,
            **{OCCM + f"x-forwarded-{name}": "true" for name in FORWARDED},
            OURS + "redirect-http": f"https://{SHOP}",
        }
        more = {
            OURS + "tls-sni-refs": second,
            OURS + "tls-versions": "TLSv1.3",
            OURS + "alpn-protocols": "http/1.1",
            OURS + "tls-ciphers": CIPHERS,
            OURS + "hsts-max-age": "60",
            OURS + "hsts-include-subdomains": "true",
            OURS + "hsts-preload": "true",
            OCCM + "listener-tags": "team-a",
        }

        said = served(site, PORTS, base | more)

        for line in (
            "tcp-80 (protocol: TCP -> HTTP)",
            "tcp-443 (protocol: TCP -> TERMINATED_HTTPS",
        ):
            assert f"replaces listener {line}" in said
        assert site.external_ip("web") == address
        ends_tls(site, shop, blog)
        redirects(site)
        told = "strict-transport-security: max-age=60; includesubdomains; preload"
        assert told in head(site, SHOP, "s:/")
        made = listeners(site)
        is_as_said(made["TERMINATED_HTTPS", 443])
        assert [each.protocol for each in pools(site).values()] == ["HTTP", "HTTP"]

        served(site, PORTS, base)

        after = listeners(site)
        assert {key: each.id for key, each in after.items()} == {
            key: each.id for key, each in made.items()
        }
        is_as_by_default(after["TERMINATED_HTTPS", 443])
        told = head(site, SHOP, "s:/")
        assert "preload" not in told
        assert "includesubdomains" not in told
        assert secure(site, SHOP, shop).node

        served(site, PORTS, {})

    assert sorted(listeners(site)) == [("TCP", 80), ("TCP", 443)]
    assert not redirects_of(site)
    assert site.lab.get(f"http://{address}/").node


def test_proxy_protocol_beside_udp_and_sctp(site: Site, tmp_path: Path) -> None:
    """Each port speaks its version, with TLS too, and the node knows the client by it."""
    begun(site)
    ports: list[dict[str, Any]] = [
        *({"name": f"v{number}", "port": 80 + number} for number in (1, 2)),
        *PORTS[1:],
        *({"name": name, "port": 443, "protocol": name.upper()} for name in ("udp", "sctp")),
    ]
    certificate = tls.certificate(tmp_path, SHOP)
    with tls.kept(site.openstack, certificate) as reference:
        annotations = {
            OURS + "port.v1.proxy-protocol": "v1",
            OURS + "port.v2.proxy-protocol": "v2",
            OURS + "port.tcp-443.proxy-protocol": "v2",
            OURS + "port.tcp-443.default-tls-container-ref": reference,
        }
        served(site, ports, annotations)
        address = site.external_ip("web")
        found = {
            1: site.lab.get(f"http://{address}:81/", CLIENT),
            2: site.lab.get(f"http://{address}:82/", CLIENT),
            3: secure(site, SHOP, certificate),
        }
        spoken = {key: each.facts["proxy_protocol"] for key, each in found.items()}
        assert {key: each["version"] for key, each in spoken.items()} == {1: 1, 2: 2, 3: 2}
        assert {each["source"].rpartition(":")[0] for each in spoken.values()} == {CLIENT}
        made = listeners(site)
        assert sorted(made) == [
            ("SCTP", 443),
            ("TCP", 81),
            ("TCP", 82),
            ("TERMINATED_HTTPS", 443),
            ("UDP", 443),
        ]

        said = served(site, ports, {key: annotations[key] for key in list(annotations)[1:]})

        assert "replaces pool tcp-81 (protocol: PROXY -> TCP): outage of that port" in said
        assert {key: each.id for key, each in listeners(site).items()} == {
            key: each.id for key, each in made.items()
        }
        assert site.lab.get(f"http://{address}:81/", CLIENT).facts["proxy_protocol"] is None
        assert site.external_ip("web") == address
        site.kubectl("delete", "service", "web", "-n", site.name)
        site.tfgen("run", "--yes", "--allow-removals", "1")
    assert site.load_balancers() == []
