"""What a port speaks: TLS, PROXY protocol, X-Forwarded-*, a redirect, and what goes together."""

from typing import Any

import pytest

from tests.fakes import objects
from tfgen import model, translate

L, T = "loadbalancer.openstack.org/", "tfgen.io/"
UUID = "99999999-2222-3333-4444-555555555555"
SECRET = f"https://barbican.example/v1/containers/{UUID}"
OTHER = f"barbican/secrets/{UUID}"
TLS, PROXY, FOR = L + "default-tls-container-ref", L + "proxy-protocol", L + "x-forwarded-for"
REDIRECT, SITE = T + "redirect-http", "https://shop.example"
HTTP = {"name": "http", "appProtocol": "http"}
HTTPS = {"name": "https", "appProtocol": "https"}


def translated(
    ports: list[Any],
    annotations: dict[str, str],
    /,
    **sections: Any,  # noqa: ANN401  any setting
) -> model.Translation:
    """Translate one Service."""
    service = objects.service("shop/web", ports=ports, annotations=annotations)
    settings = objects.settings(**{"attach": "any", **sections})
    context = translate.Context(settings, {}, live=False)
    return translate.translate(objects.listing([service], objects.nodes()), context)


def spoken(
    ports: list[Any],
    annotations: dict[str, str],
    /,
    **sections: Any,  # noqa: ANN401  any setting
) -> dict[str, tuple[str, str]]:
    """Give the protocols of listener and pool of a right Service, by port."""
    found = translated(ports, annotations, **sections)
    assert found.problems == ()
    made = found.load_balancers[0].ports
    return {port.key: (port.listener_protocol, port.pool_protocol) for port in made}


def problems(ports: list[Any], annotations: dict[str, str], /, **sections: Any) -> list[str]:  # noqa: ANN401  any setting
    """Give what is wrong, without the Service's name."""
    found = translated(ports, annotations, **sections)
    assert found.load_balancers == ()
    return [str(problem).removeprefix("Service shop/web: ") for problem in found.problems]


def notices(found: model.Translation) -> list[str]:
    """Give what is said beside."""
    return [notice.text for notice in found.notices]


MATRIX = [
    ({}, "TCP", "TCP"),
    ({PROXY: "true"}, "TCP", "PROXY"),
    ({PROXY: "v1"}, "TCP", "PROXY"),
    ({PROXY: "v2"}, "TCP", "PROXYV2"),
    ({PROXY: "false"}, "TCP", "TCP"),
    ({FOR: "true"}, "HTTP", "HTTP"),
    ({L + "x-forwarded-port": "true"}, "HTTP", "HTTP"),
    ({L + "x-forwarded-proto": "true"}, "HTTP", "HTTP"),
    ({FOR: "false"}, "TCP", "TCP"),
    ({TLS: SECRET}, "TERMINATED_HTTPS", "HTTP"),
    ({TLS: SECRET, FOR: "true"}, "TERMINATED_HTTPS", "HTTP"),
    ({TLS: SECRET, PROXY: "v1"}, "TERMINATED_HTTPS", "PROXY"),
    ({TLS: SECRET, PROXY: "v2"}, "TERMINATED_HTTPS", "PROXYV2"),
    ({TLS: ""}, "TCP", "TCP"),
]


@pytest.mark.parametrize(("annotations", "listener", "pool"), MATRIX, ids=str)
def test_the_pairs_are_occms(annotations: dict[str, str], listener: str, pool: str) -> None:
    """Listener and pool speak what OCCM makes them speak."""
    assert spoken([objects.port(443)], annotations) == {"tcp-443": (listener, pool)}


def test_headers_stand_in_octavias_words() -> None:
    """Those that are asked for, and no other."""
    asked = {FOR: "true", L + "x-forwarded-proto": "true", L + "x-forwarded-port": "false"}
    (port,) = translated([objects.port(80)], asked).load_balancers[0].ports
    assert port.headers == ("X-Forwarded-For", "X-Forwarded-Proto")


@pytest.mark.parametrize("tls", [{}, {TLS: SECRET}], ids=["clear", "tls"])
def test_headers_beside_proxy_are_refused(tls: dict[str, str]) -> None:
    """With TLS or without, each header by its name; one port's word counts as the Service's."""
    both = {FOR: "true", PROXY: "v2", **tls}
    assert problems([objects.port(443)], both) == [
        (
            f'annotation {FOR} is "true"; expected no X-Forwarded-For at port tcp-443, which '
            f"speaks the PROXY protocol to its members (annotation {PROXY}). Take one of the two."
        )
    ]
    own = {FOR: "true", T + "port.443.proxy-protocol": "v1", **tls}
    (told,) = problems([objects.port(80), objects.port(443)], own)
    assert f"(annotation {T}port.443.proxy-protocol)" in told
    assert "port tcp-443" in told


@pytest.mark.parametrize(
    ("key", "value"),
    [(PROXY, "v2"), (FOR, "true"), (TLS, SECRET), (L + "x-forwarded-port", "true")],
)
@pytest.mark.parametrize("protocol", ["UDP", "SCTP"])
def test_what_is_of_tcp_alone(key: str, value: str, protocol: str) -> None:
    """Said Service-wide, a port of UDP or SCTP is a problem by name; for one port, it is none."""
    ports = [objects.port(443), objects.port(444, protocol)]
    setting = key.rpartition("/")[2]
    assert problems(ports, {key: value}) == [
        (
            f'annotation {key} is "{value}"; expected TCP ports alone, and port '
            f"{protocol.lower()}-444 is of {protocol}. Say it for each TCP port instead: "
            f"tfgen.io/port.NAME.{setting}."
        )
    ]
    found = spoken(ports, {f"{T}port.443.{setting}": value})
    assert found[f"{protocol.lower()}-444"] == (protocol, protocol)
    assert found["tcp-443"] != ("TCP", "TCP")
    (told,) = problems(ports, {f"{T}port.444.{setting}": value})
    assert told.endswith(f"port {protocol.lower()}-444 is of {protocol}. Remove it.")


def test_a_setting_is_of_tcp_ports() -> None:
    """The operator's default says nothing of UDP, and holds no Service that has both."""
    ports = [objects.port(443), objects.port(443, "UDP", nodePort=30_444)]
    defaults = {"proxy_protocol": "v2", "tls": {"container_ref": SECRET}}
    assert spoken(ports, {}, defaults=defaults) == {
        "tcp-443": ("TERMINATED_HTTPS", "PROXYV2"),
        "udp-443": ("UDP", "UDP"),
    }


def test_an_empty_reference_turns_the_default_off() -> None:
    """As in OCCM, for the Service or for one port; a class says it over the settings."""
    defaults = {"tls": {"container_ref": SECRET}}
    ports = [objects.port(80), objects.port(443)]
    assert set(spoken(ports, {TLS: ""}, defaults=defaults).values()) == {("TCP", "TCP")}
    own = {T + "port.80.default-tls-container-ref": ""}
    assert spoken(ports, own, defaults=defaults)["tcp-80"] == ("TCP", "TCP")
    classes = {"plain": {"tls": {"container_ref": ""}}}
    plain = {L + "class": "plain"}
    found = spoken(ports, plain, defaults=defaults, classes=classes)
    assert set(found.values()) == {("TCP", "TCP")}


def test_an_external_store_is_not_checked() -> None:
    """Only Barbican's references have a form that is known."""
    external = {"tls": {"container_store": "external"}}
    found = translated([objects.port(443)], {TLS: "vault:web"}, **external)
    tls = found.load_balancers[0].ports[0].tls
    assert tls == model.Tls("vault:web")
    sni = {TLS: OTHER, T + "tls-sni-refs": f"{SECRET} web"}
    (told,) = problems([objects.port(443)], sni)
    assert told.startswith(f'annotation {T}tls-sni-refs is "web"; expected a reference to Barbican')


def test_a_certificate_is_opened_to_the_namespace() -> None:
    """As with all that annotations point at; what the settings name is the operator's word."""
    asked = {TLS: SECRET, T + "tls-sni-refs": OTHER.replace("9999", "8888", 1)}
    opened = [{"id": UUID, "namespaces": ["shop"]}]
    (told,) = problems([objects.port(443)], asked, attach=opened)
    assert told.startswith(f'annotation {T}tls-sni-refs is "barbican/secrets/88889999-')
    assert "expected what Services of namespace shop may point at (setting attach)" in told
    assert len(problems([objects.port(443)], asked, attach=[])) == 2
    defaults = {"tls": {"container_ref": SECRET, "sni_refs": [OTHER]}}
    assert spoken([objects.port(443)], {}, attach=[], defaults=defaults) == {
        "tcp-443": ("TERMINATED_HTTPS", "HTTP")
    }


def test_a_class_says_all_of_tls() -> None:
    """What it leaves out is as in the settings; an annotation says it over both."""
    tls = {"container_ref": SECRET, "versions": ["TLSv1.3"], "hsts_max_age": 60}
    found = translated(
        [objects.port(443)],
        {L + "class": "gold", T + "hsts-preload": "true"},
        classes={"gold": {"tls": tls}},
        defaults={"tls": {"alpn_protocols": ["http/1.1"], "sni_refs": [OTHER]}},
    )
    assert found.load_balancers[0].ports[0].tls == model.Tls(
        SECRET, (OTHER,), ("TLSv1.3",), model.TLS_CIPHERS, ("http/1.1",), 60, hsts_preload=True
    )


@pytest.mark.parametrize("key", ["tls-versions", "hsts-max-age", "tls-sni-refs"])
def test_what_means_nothing_without_tls_is_a_problem(key: str) -> None:
    """Never ignored: for the Service, and for one port beside others that have TLS."""
    value = {"tls-versions": "TLSv1.3", "hsts-max-age": "60", "tls-sni-refs": SECRET}[key]
    (told,) = problems([objects.port(443)], {T + key: value})
    assert told == (
        f'annotation {T}{key} is "{value}"; expected TLS beside it ({TLS}). '
        "Name a certificate, or remove it."
    )
    own = {T + "port.443.default-tls-container-ref": SECRET, f"{T}port.80.{key}": value}
    (told,) = problems([objects.port(80), objects.port(443)], own)
    assert told.startswith(f"annotation {T}port.80.{key} is ")
    assert "expected TLS at port tcp-80" in told


def test_hsts_of_subdomains_needs_an_age() -> None:
    """Octavia refuses it otherwise."""
    (told,) = problems([objects.port(443)], {TLS: SECRET, T + "hsts-include-subdomains": "true"})
    assert "expected tfgen.io/hsts-max-age of at least 1 beside it" in told
    assert told.endswith("Set that, or remove this.")


WINS = "what the port says for itself wins; setting defaults.app_protocol: false ignores it"
APPS = [
    ("http", ("TCP", "TCP"), ("HTTP", "HTTP")),
    ("kubernetes.io/ws", ("TCP", "TCP"), ("HTTP", "HTTP")),
    ("https", ("TERMINATED_HTTPS", "HTTP"), ("TCP", "TCP")),
    ("kubernetes.io/wss", ("TERMINATED_HTTPS", "HTTP"), ("TCP", "TCP")),
    ("tcp", ("TCP", "TCP"), ("TCP", "TCP")),
    ("tls", ("TCP", "TCP"), ("TCP", "TCP")),
    ("grpc", ("TCP", "TCP"), ("TCP", "TCP")),
    ("kubernetes.io/h2c", ("TCP", "TCP"), ("TCP", "TCP")),
    ("example.com/mqtt", ("TCP", "TCP"), ("TCP", "TCP")),
]


@pytest.mark.parametrize(("app", "with_tls", "with_headers"), APPS)
def test_what_does_not_fit_a_port_is_kept_off(
    app: str, with_tls: tuple[str, str], with_headers: tuple[str, str]
) -> None:
    """`appProtocol` decides where the Service speaks for all its ports, and that is told."""
    port = objects.port(7000, appProtocol=app)
    assert spoken([port], {TLS: SECRET}) == {"tcp-7000": with_tls}
    assert spoken([port], {FOR: "true"}) == {"tcp-7000": with_headers}
    told = notices(translated([port], {TLS: SECRET}))
    ending = "TERMINATED_HTTPS" in with_tls
    off = f'port tcp-7000: TLS does not end there, for its appProtocol is "{app}" ({WINS})'
    assert told == ([] if ending else [off])
    told = notices(translated([port], {FOR: "true"}))
    assert bool(told) is ("HTTP" not in with_headers)
    assert all("no X-Forwarded-For is inserted" in text for text in told)


def test_a_mixed_service() -> None:
    """80 stays HTTP, 443 ends TLS, and each header fits: what OCCM's users asked for."""
    ports = [objects.port(80, **HTTP), objects.port(443, **HTTPS), objects.port(22, name="ssh")]
    ports[2]["appProtocol"] = "ssh"
    assert spoken(ports, {TLS: SECRET, FOR: "true"}) == {
        "tcp-22": ("TCP", "TCP"),
        "tcp-80": ("HTTP", "HTTP"),
        "tcp-443": ("TERMINATED_HTTPS", "HTTP"),
    }


def test_app_protocol_can_be_ignored() -> None:
    """As OCCM does; and what a port says for itself wins anyway."""
    port = objects.port(80, **HTTP)
    occm = {"defaults": {"app_protocol": False}}
    ended = {"tcp-80": ("TERMINATED_HTTPS", "HTTP")}
    assert spoken([port], {TLS: SECRET}, **occm) == ended
    assert spoken([port], {T + "port.http.default-tls-container-ref": SECRET}) == ended
    own = {T + "port.80.x-forwarded-for": "true"}
    assert spoken([objects.port(80, appProtocol="tcp")], own) == {"tcp-80": ("HTTP", "HTTP")}


def test_a_redirect_answers_where_http_is_in_clear() -> None:
    """Port 80, or one whose appProtocol says so; TLS of the Service is for the others."""
    ports = [objects.port(80), objects.port(443), objects.port(8080, name="x", appProtocol="http")]
    found = translated(ports, {REDIRECT: SITE, TLS: SECRET})
    assert found.problems == ()
    made = {port.key: port for port in found.load_balancers[0].ports}
    assert {key: port.redirect for key, port in made.items()} == {
        "tcp-80": SITE,
        "tcp-443": "",
        "tcp-8080": SITE,
    }
    assert {key: port.listener_protocol for key, port in made.items()} == {
        "tcp-80": "HTTP",
        "tcp-443": "TERMINATED_HTTPS",
        "tcp-8080": "HTTP",
    }
    assert made["tcp-80"].pool_protocol == "HTTP"


def test_a_redirect_of_one_port() -> None:
    """A port says it for itself, whatever its number; beside its own TLS it is a problem."""
    own = {T + "port.8000.redirect-http": SITE}
    assert spoken([objects.port(8000)], own) == {"tcp-8000": ("HTTP", "HTTP")}
    both = {**own, T + "port.8000.default-tls-container-ref": SECRET}
    (told,) = problems([objects.port(8000)], both)
    assert "expected no TLS at port tcp-8000, for a redirect leads from HTTP to HTTPS" in told


def test_a_redirect_without_a_port() -> None:
    """It is never ignored."""
    (told,) = problems([objects.port(443)], {REDIRECT: SITE})
    assert told.startswith(
        f'annotation {REDIRECT} is "{SITE}"; expected a port that speaks HTTP in'
    )
    assert told.endswith("Say it for one port: tfgen.io/port.NAME.redirect-http.")


def test_tcp_udp_and_sctp_on_one_number() -> None:
    """Each is a port of its own; SCTP is probed by SCTP."""
    ports = [
        objects.port(53, protocol, nodePort=30_053 + index, name=protocol.lower())
        for index, protocol in enumerate(("TCP", "UDP", "SCTP"))
    ]
    found = translated(ports, {})
    assert found.problems == ()
    made = {port.key: port for port in found.load_balancers[0].ports}
    assert {key: port.monitor and port.monitor.type for key, port in made.items()} == {
        "tcp-53": "TCP",
        "udp-53": "UDP-CONNECT",
        "sctp-53": "SCTP",
    }
    assert made["sctp-53"].listener_protocol == made["sctp-53"].pool_protocol == "SCTP"


@pytest.mark.parametrize(
    ("affinity", "seconds", "told"),
    [
        ("ClientIP", 60, True),
        ("ClientIP", 10_800, False),
        ("None", 60, False),
        ("ClientIP", None, 0),
    ],
)
def test_the_time_of_affinity_has_no_effect(affinity: str, seconds: object, told: bool) -> None:  # noqa: FBT001  a column
    """One of the Service's own is told; Kubernetes' default, which the API writes, is not."""
    config = {"clientIP": {"timeoutSeconds": seconds}}
    service = objects.service("shop/web", sessionAffinity=affinity, sessionAffinityConfig=config)
    context = translate.Context(objects.settings(), {})
    found = translate.translate(objects.listing([service]), context)
    assert found.problems == ()
    assert bool(found.notices) is bool(told)
    for notice in found.notices:
        assert notice.about == "Service shop/web"
        assert notice.text == (
            "spec.sessionAffinityConfig.clientIP.timeoutSeconds is 60, and has no effect: no time "
            "can be set for persistence by source address (OCCM sets none either)"
        )


def test_further_tags_are_of_their_object() -> None:
    """Listener and pool have their own, one port others than the Service."""
    asked = {
        L + "listener-tags": "b,a",
        L + "pool-tags": "p",
        T + "port.443.listener-tags": "own",
    }
    http, https = translated([objects.port(80), objects.port(443)], asked).load_balancers[0].ports
    assert (http.listener_tags, http.pool_tags) == (("a", "b"), ("p",))
    assert (https.listener_tags, https.pool_tags) == (("own",), ("p",))
