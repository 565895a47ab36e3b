"""What Octavia cannot do is a problem where it is asked for, and is not sent elsewhere."""

from typing import Any

import pytest

from tests.fakes import objects
from tfgen import model, render, translate
from tfgen.annotations import table

L = table.OCCM
WEB = model.ServiceKey("shop", "web")
OVN: dict[str, Any] = {"octavia": {"provider": "ovn"}, "defaults": {"lb_method": "SOURCE_IP_PORT"}}


def translated(
    service: dict[str, Any] | None = None,
    frozen: model.Frozen | None = None,
    **sections: Any,  # noqa: ANN401  any setting
) -> model.Translation:
    """Translate one Service."""
    context = translate.Context(
        objects.settings(attach="any", **sections), {WEB: frozen} if frozen else {}
    )
    return translate.translate(objects.listing([service or objects.service("shop/web")]), context)


def problems(service: dict[str, Any] | None = None, **sections: Any) -> list[str]:  # noqa: ANN401  any setting
    """Give what is wrong, in words."""
    return [str(problem) for problem in translated(service, **sections).problems]


def test_ovn_is_told_nothing_that_it_refuses() -> None:
    """Sources, timeouts, limit and the members' monitor port are not sent; all else is as ever."""
    (made,) = translated(**OVN).load_balancers
    (port,) = made.ports
    assert (port.allowed_cidrs, port.timeouts, port.connection_limit) == ((), None, None)
    assert port.monitor is not None
    text = render.service_document(made)
    for line in (
        "allowed_cidrs = null",
        "connection_limit = null",
        "timeouts = null",
        "monitor_port = false",
        'lb_method    = "SOURCE_IP_PORT"',
    ):
        assert f"  {line}\n" in text


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (L + "connection-limit", "100"),
        (L + "timeout-client-data", "1000"),
        (L + "timeout-member-connect", "1000"),
        (L + "timeout-member-data", "1000"),
        (L + "timeout-tcp-inspect", "1000"),
        (table.SOURCE_RANGES, "192.0.2.0/24"),
        (table.NODE_PORT_RANGES, "192.0.2.0/24"),
    ],
)
def test_what_ovn_does_not_do_is_a_problem(annotation: str, value: str) -> None:
    """OCCM drops it without a word: a source range would then admit everyone."""
    service = objects.service("shop/web", annotations={annotation: value})
    (told,) = problems(service, **OVN)
    assert told.startswith(f'Service shop/web: annotation {annotation} is "{value}"; expected ')
    assert told.endswith("nothing, for Octavia provider ovn does not do it. Remove it.")


def test_each_field_has_its_problem() -> None:
    """Field, annotation and setting are named, each by itself."""
    service = objects.service(
        "shop/web",
        annotations={L + "connection-limit": "5"},
        loadBalancerSourceRanges=["192.0.2.0/24"],
    )
    defaults = {"lb_method": "ROUND_ROBIN", "timeouts": {"client_data": 7}}
    told = problems(service, octavia={"provider": "ovn"}, defaults=defaults)
    assert [line.split(": ")[1].split(" is ")[0] for line in told] == [
        f"annotation {L}connection-limit",
        "setting defaults.lb_method",
        "setting defaults.timeouts.client_data",
        "spec.loadBalancerSourceRanges",
    ]
    assert 'is "ROUND_ROBIN"; expected an algorithm of Octavia provider ovn. Choose ' in told[1]
    assert told[1].endswith("Choose SOURCE_IP_PORT.")


def test_what_asks_for_nothing_is_no_problem() -> None:
    """The world, no limit and the usual timeouts are what such a provider does anyway."""
    annotations = {
        L + "connection-limit": "-1",
        L + "timeout-client-data": "50000",
        table.SOURCE_RANGES: "0.0.0.0/0",
    }
    assert problems(objects.service("shop/web", annotations=annotations), **OVN) == []


def test_the_provider_of_a_load_balancer_that_stands_counts() -> None:
    """The settings' provider is for new ones: what amphora carries, amphora can do."""
    amphora = model.Frozen(objects.SUBNET, "", "amphora", floating_network="public")
    ranged = objects.service("shop/web", loadBalancerSourceRanges=["192.0.2.0/24"])
    (made,) = translated(ranged, amphora, octavia={"provider": "ovn"}).load_balancers
    assert made.ports[0].allowed_cidrs == ("192.0.2.0/24",)
    ovn = model.Frozen(objects.SUBNET, "", "ovn", floating_network="public")
    assert "provider ovn" in str(translated(ranged, ovn).problems)


def test_an_old_api_is_not_told_who_may_connect() -> None:
    """Sources came with 2.12; where somebody asks for them, that is a problem with the number."""
    old: dict[str, Any] = {"octavia": {"api_version": "2.9"}}
    (made,) = translated(**old).load_balancers
    assert made.ports[0].allowed_cidrs == ()
    assert made.ports[0].timeouts == model.Timeouts()
    ranged = objects.service("shop/web", loadBalancerSourceRanges=["192.0.2.0/24"])
    (told,) = problems(ranged, **old)
    assert "for Octavia API 2.9 (it came with 2.12) does not do it" in told
    assert problems(ranged, octavia={"api_version": "2.12"}) == []


def test_an_algorithm_has_its_version() -> None:
    """SOURCE_IP_PORT came with 2.13."""
    service = objects.service("shop/web", annotations={L + "lb-method": "SOURCE_IP_PORT"})
    (told,) = problems(service, octavia={"provider": "other", "api_version": "2.12"})
    assert "expected an algorithm of Octavia API 2.12. It came with 2.13" in told
    assert problems(service, octavia={"provider": "other", "api_version": "2.13"}) == []


def test_every_provider_that_lacks_something_is_known() -> None:
    """The table's columns hold what the code compares."""
    lacking = {name for row in table.TABLE.values() for name in row.lacking}
    assert lacking == {"ovn"}
    numbered = [row.since.split(".") for row in table.TABLE.values() if row.since]
    assert all(major == "2" and minor.isdecimal() for major, minor in numbered)


SECRET = "https://barbican.example/v1/secrets/99999999-2222-3333-4444-555555555555"
TLS = L + "default-tls-container-ref"
SPOKEN = [
    (TLS, SECRET),
    (L + "proxy-protocol", "v1"),
    (L + "x-forwarded-for", "true"),
    (L + "x-forwarded-port", "true"),
    (L + "x-forwarded-proto", "true"),
    (table.TFGEN + "redirect-http", "https://shop.example"),
]


@pytest.mark.parametrize(("key", "value"), SPOKEN)
def test_ovn_speaks_tcp_udp_and_sctp_alone(key: str, value: str) -> None:
    """It balances packets: no TLS, no HTTP, no PROXY protocol, no L7."""
    (told,) = problems(objects.service("shop/web", annotations={key: value}), **OVN)
    assert told.startswith(f"Service shop/web: annotation {key} is ")
    assert told.endswith("expected nothing, for Octavia provider ovn does not do it. Remove it.")


def test_ovn_has_sctp() -> None:
    """And nothing that the settings say of TLS where no certificate is named."""
    defaults = {"lb_method": "SOURCE_IP_PORT", "tls": {"versions": ["TLSv1.3"]}}
    service = objects.service("shop/web", ports=[objects.port(80, "SCTP")])
    assert problems(service, octavia={"provider": "ovn"}, defaults=defaults) == []


def test_a_default_that_ovn_lacks_is_told_by_its_setting() -> None:
    """The operator finds it there."""
    defaults = {"lb_method": "SOURCE_IP_PORT", "tls": {"container_ref": SECRET}}
    (told,) = problems(octavia={"provider": "ovn"}, defaults=defaults)
    assert told.startswith("Service shop/web: setting defaults.tls.container_ref is ")


@pytest.mark.parametrize(
    ("key", "value", "since"),
    [
        ("tls-ciphers", "TLS_AES_128_GCM_SHA256", "2.15"),
        ("tls-versions", "TLSv1.3", "2.17"),
        ("alpn-protocols", "http/1.1", "2.20"),
        ("hsts-max-age", "60", "2.27"),
    ],
)
def test_what_tls_can_be_told_has_its_version(key: str, value: str, since: str) -> None:
    """Before it, what is said is a problem; what nobody says is not sent."""
    before: dict[str, Any] = {"octavia": {"api_version": f"2.{int(since[2:]) - 1}"}}
    asked = objects.service("shop/web", annotations={TLS: SECRET, table.TFGEN + key: value})
    (told,) = problems(asked, **before)
    assert f"annotation {table.TFGEN}{key} is " in told
    assert f"(it came with {since}) does not do it. Remove it." in told
    assert problems(asked, octavia={"api_version": since}) == []
    plain = objects.service("shop/web", annotations={TLS: SECRET})
    (made,) = translated(plain, **before).load_balancers
    tls = made.ports[0].tls
    assert tls is not None
    field = {"alpn-protocols": "alpn_protocols"}.get(key, key.removeprefix("tls-"))
    assert getattr(tls, field.replace("-", "_")) is None


def test_a_setting_of_tls_has_its_version() -> None:
    """A default of the settings that Octavia does not have yet is told by its name."""
    service = objects.service("shop/web", annotations={TLS: SECRET})
    defaults = {"tls": {"versions": ["TLSv1.3"]}}
    (told,) = problems(service, octavia={"api_version": "2.16"}, defaults=defaults)
    assert 'setting defaults.tls.versions is "TLSv1.3"; expected' in told


def test_a_redirect_has_its_version() -> None:
    """Its code came with 2.9."""
    key = table.TFGEN + "redirect-http"
    service = objects.service("shop/web", annotations={key: "https://shop.example"})
    (told,) = problems(service, octavia={"api_version": "2.8"})
    assert "(it came with 2.9)" in told


def test_proxy_v2_and_sctp_have_their_versions() -> None:
    """PROXYV2 came with 2.22, SCTP with 2.23; v1 is older than what tfgen asks of a cloud."""
    old: dict[str, Any] = {"octavia": {"api_version": "2.21"}}
    proxy = objects.service("shop/web", annotations={L + "proxy-protocol": "v2"})
    (told,) = problems(proxy, **old)
    assert told.endswith(
        f'annotation {L}proxy-protocol is "v2"; expected a version that Octavia API 2.21 speaks. '
        "Version 2 came with 2.22: take v1."
    )
    assert problems(proxy, octavia={"api_version": "2.22"}) == []
    first = objects.service("shop/web", annotations={L + "proxy-protocol": "v1"})
    assert problems(first, **old) == []
    sctp = objects.service("shop/web", ports=[objects.port(80, "SCTP")])
    (told,) = problems(sctp, octavia={"api_version": "2.22"})
    assert told.endswith(
        'port sctp-80 is "SCTP"; expected a protocol of Octavia API 2.22 (SCTP came with 2.23). '
        "Remove the port."
    )
    assert problems(sctp, octavia={"api_version": "2.23"}) == []
