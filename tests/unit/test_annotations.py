"""The annotation vocabulary: every row is carried out, told, or someone else's."""

import ast
import re
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import objects
from tfgen import annotations, model, render, resolved, translate
from tfgen.annotations import parsers, reference

L = "loadbalancer.openstack.org/"
T = "tfgen.io/"
K = "service.beta.kubernetes.io/"
INPUT, OUTPUT = annotations.Kind.INPUT, annotations.Kind.OUTPUT
PROBE = L + "health-monitor-"
OTHER = "99999999-2222-3333-4444-555555555555"
SECRET = f"https://barbican.example/v1/secrets/{OTHER}"
HSTS = {L + "default-tls-container-ref": SECRET, T + "hsts-max-age": "1"}
RESOLVED = resolved.Resolved(
    {"public|edge-*|": ("a", "b"), "public||blue": ("a",)},
    {"shop/web-tls": resolved.Certificate("d", SECRET)},
    {OTHER: resolved.Balancer("10.0.0.5", "amphora")},
)
ASKED = tuple(f"{T}health-monitor-{each}" for each in ("path", "codes", "method", "host"))
ASKING = {T + "health-monitor-type": "HTTP"}
BESIDE: dict[str, dict[str, str]] = {
    **dict.fromkeys((T + "tls-sni-refs", T + "tls-versions", T + "tls-ciphers"), HSTS),
    **dict.fromkeys((T + "alpn-protocols", T + "hsts-max-age"), HSTS),
    **dict.fromkeys(ASKED, ASKING),
    **dict.fromkeys((T + "hsts-include-subdomains", T + "hsts-preload"), HSTS),
}
"""What an annotation means nothing without."""

# Each input row: a good value, the HCL that comes of it, a bad value, and what is expected.
INPUTS: list[tuple[str, str, str, str, str]] = [
    (
        K + "openstack-internal-load-balancer",
        "true",
        "address     = openstack_lb_loadbalancer_v2.lb_shop_web.vip_address",
        "True",
        '"true" or "false"',
    ),
    (
        K + "load-balancer-source-ranges",
        "192.0.2.9/24 10.0.0.0/8,192.0.2.0/24",
        'allowed_cidrs = [\n    "10.0.0.0/8",\n    "192.0.2.0/24",\n  ]',
        "192.0.2.9",
        "CIDRs such as 192.0.2.0/24 or 2001:db8::/32",
    ),
    (
        L + "connection-limit",
        "100",
        "connection_limit = 100",
        "0",
        "-1 (no limit), or a whole number from 1 to 2147483647",
    ),
    (
        L + "lb-method",
        "LEAST_CONNECTIONS",
        'lb_method   = "LEAST_CONNECTIONS"',
        "round_robin",
        "one of ROUND_ROBIN, LEAST_CONNECTIONS, SOURCE_IP, SOURCE_IP_PORT",
    ),
    (
        L + "timeout-client-data",
        "1000",
        "client_data    = 1000",
        "1s",
        "a whole number of milliseconds from 1 to 2073600000",
    ),
    (
        L + "timeout-member-connect",
        "1001",
        "member_connect = 1001",
        "0",
        "a whole number of milliseconds from 1 to 2073600000",
    ),
    (
        L + "timeout-member-data",
        "1002",
        "member_data    = 1002",
        "1.5",
        "a whole number of milliseconds from 1 to 2073600000",
    ),
    (
        L + "timeout-tcp-inspect",
        "1003",
        "tcp_inspect    = 1003",
        "2073600001",
        "a whole number of milliseconds from 0 to 2073600000",
    ),
    (L + "enable-health-monitor", "false", "monitor = null", "off", '"true" or "false"'),
    (
        PROBE + "delay",
        "30",
        "delay            = 30",
        "0",
        "a whole number of seconds from 1 to 86400",
    ),
    (
        PROBE + "timeout",
        "4",
        "timeout          = 4",
        " 4",
        "a whole number of seconds from 1 to 86400",
    ),
    (PROBE + "max-retries", "7", "max_retries      = 7", "11", "a whole number from 1 to 10"),
    (PROBE + "max-retries-down", "8", "max_retries_down = 8", "", "a whole number from 1 to 10"),
    (
        T + "health-monitor-type",
        "HTTP",
        'url_path         = "/"',
        "http",
        "one of TCP, HTTP, HTTPS, TLS-HELLO, PING, UDP-CONNECT, SCTP",
    ),
    (
        T + "health-monitor-path",
        "/ready?full=1",
        'url_path         = "/ready?full=1"',
        "ready",
        'a path that starts with "/", such as /healthz?full=1',
    ),
    (
        T + "health-monitor-codes",
        "200-204",
        'expected_codes   = "200-204"',
        "200-204,300",
        "status codes such as 200, 200,202 or 200-204",
    ),
    (
        T + "health-monitor-method",
        "HEAD",
        'http_method      = "HEAD"',
        "get",
        "one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, CONNECT, TRACE",
    ),
    (
        T + "health-monitor-host",
        "shop.example.com",
        'http_version     = "1.1"\n    domain_name      = "shop.example.com"',
        "shop_1",
        "a host name such as shop.example.com",
    ),
    (
        T + "group",
        "web",
        "loadbalancer_id  = openstack_lb_loadbalancer_v2.lbgroup_shop_web.id",
        "Web_",
        "a DNS label: at most 63 of a-z, 0-9 and -, with no - at its ends",
    ),
    (
        T + "source-ranges",
        "192.0.2.9/24",
        'allowed_cidrs = [\n    "192.0.2.0/24",\n  ]',
        "everyone",
        "CIDRs such as 192.0.2.0/24 or 2001:db8::/32",
    ),
    *(
        (
            f"{L}{key}",
            OTHER,
            f'{argument:<21} = "{OTHER}"',
            "web",
            f"the id (UUID) of {what}, or nothing",
        )
        for key, argument, what in (
            ("subnet-id", "vip_subnet_id", "a subnet"),
            ("network-id", "vip_network_id", "a network"),
            ("flavor-id", "flavor_id", "a flavor"),
            ("port-id", "vip_port_id", "a port"),
        )
    ),
    (
        L + "load-balancer-id",
        OTHER.upper().replace("-", ""),
        f'loadbalancer_id  = "{OTHER}"',
        "front",
        "the id (UUID) of a load balancer, or nothing",
    ),
    (
        L + "member-subnet-id",
        OTHER,
        f'member_subnet_id = "{OTHER}"',
        " ",
        "the id (UUID) of a subnet, or nothing",
    ),
    (
        L + "floating-network-id",
        OTHER.upper(),
        'pool        = "second"',
        "second",
        "the id (UUID) of an external network, or nothing",
    ),
    (
        L + "floating-subnet-id",
        OTHER,
        f'subnet_id   = "{OTHER}"',
        "edge",
        "the id (UUID) of a subnet, or nothing",
    ),
    (
        L + "floating-subnet",
        "edge-*",
        'subnet_ids = [\n    "a",\n    "b",\n  ]\n',
        "!",
        "a name, a pattern such as edge-*, or ~ and a regular expression",
    ),
    (
        L + "floating-subnet-tags",
        "blue",
        'subnet_id   = "a"',
        "blue,,red",
        "tags divided by commas; & before them: all of them; ! before that: not so",
    ),
    (
        L + "availability-zone",
        "nova 2",
        'availability_zone     = "nova 2"',
        " nova",
        "a name of at most 255 characters that print, or nothing",
    ),
    (
        T + "provider",
        "amphorav2",
        'loadbalancer_provider = "amphorav2"',
        "",
        "an Octavia provider: letters, digits, '-', '_' and '.'",
    ),
    (
        L + "load-balancer-tags",
        "b, a,,b",
        '    "tfgen_tree=3f9c1a2b4d5e6f70",\n    "a",\n    "b",\n  ]\n',
        "a, tfgen_tree=x",
        "tags that do not begin as tfgen's own do (tfgen, tfgen_...)",
    ),
    (
        L + "class",
        "gold",
        f'flavor_id             = "{OTHER}"',
        "silver",
        "a class of the settings (gold)",
    ),
    (
        L + "node-selector",
        "pool=edge",
        'nodes            = var.node_groups["pool-edge-54a69147"]',
        "pool = = edge",
        "labels as kubectl -l takes them: app=web,tier in (a, b),!old",
    ),
    (L + "keep-floatingip", "false", 'resource "openstack', "keep", '"true" or "false"'),
    (
        L + "default-tls-container-ref",
        SECRET,
        f'container_ref = "{SECRET}"',
        "certificate",
        (
            "a reference to Barbican that ends in secrets/UUID or containers/UUID "
            "(setting tls.container_store: external checks none)"
        ),
    ),
    (
        T + "tls-secret",
        "web-tls",
        f'container_ref = "{SECRET}"',
        "web_tls",
        "names of Secrets of the Service's namespace, each once, divided by commas",
    ),
    (
        T + "tls-sni-refs",
        f"{SECRET}, {SECRET}",
        f'sni_refs = [\n      "{SECRET}",\n      "{SECRET}",\n    ]',
        "sécret",
        "the URL of a secret: at most 255 characters, without white space",
    ),
    (
        T + "tls-versions",
        "TLSv1.3",
        'versions = [\n      "TLSv1.3",\n    ]',
        "1.3",
        "some of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3",
    ),
    (
        T + "tls-ciphers",
        "ECDHE-RSA-AES128-GCM-SHA256:TLS_AES_128_GCM_SHA256",
        'ciphers = "ECDHE-RSA-AES128-GCM-SHA256:TLS_AES_128_GCM_SHA256"',
        "a b",
        "names of ciphers as OpenSSL has them, divided by colons",
    ),
    (
        T + "alpn-protocols",
        "http/1.1 h2",
        'alpn_protocols = [\n      "h2",\n      "http/1.1",\n    ]',
        "h3",
        "some of h2, http/1.1, http/1.0",
    ),
    (
        T + "hsts-max-age",
        "31536000",
        "hsts_max_age            = 31536000",
        "-1",
        "a whole number of seconds from 0 to 2147483647",
    ),
    (
        T + "hsts-include-subdomains",
        "true",
        "hsts_include_subdomains = true",
        "yes",
        '"true" or "false"',
    ),
    (T + "hsts-preload", "true", "hsts_preload            = true", "1", '"true" or "false"'),
    (
        L + "proxy-protocol",
        "v2",
        'protocol    = "PROXYV2"',
        "V1",
        '"true" or "v1", "v2", or "false"',
    ),
    (L + "x-forwarded-for", "true", 'X-Forwarded-For = "true"', "on", '"true" or "false"'),
    (L + "x-forwarded-port", "true", 'X-Forwarded-Port = "true"', "80", '"true" or "false"'),
    (L + "x-forwarded-proto", "true", 'X-Forwarded-Proto = "true"', "http", '"true" or "false"'),
    (
        T + "redirect-http",
        "https://shop.example:8443/",
        'redirect_prefix = "https://shop.example:8443"',
        "true",
        "https:// and a host, and a port where it is not 443, as in https://example.com",
    ),
    (
        L + "listener-tags",
        "b, a",
        'listener_tags = [\n    "a",\n    "b",\n  ]',
        "a,tfgen_cluster=x",
        "tags that do not begin as tfgen's own do (tfgen, tfgen_...)",
    ),
    (
        L + "pool-tags",
        "team a",
        'pool_tags = [\n    "team a",\n  ]',
        "a" * 300,
        "tags of at most 255 characters that print, divided by commas",
    ),
    (
        L + "hostname",
        "web.example.com",
        'resource "openstack',
        "Web",
        "a DNS name of lower-case letters, digits, '-' and '.', or nothing",
    ),
    (T + "expose", "true", 'resource "openstack', "false", '"true", or no such annotation'),
    (T + "protect", "false", 'resource "openstack', "yes", '"true" or "false"'),
]
NETWORK = {
    "subnet_id": objects.SUBNET,
    "floating_networks": [{"name": "public"}, {"name": "second", "id": OTHER}],
}
ROWS = list(annotations.TABLE.values())
WRITTEN = [row for row in ROWS if row.kind is OUTPUT]


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


def test_every_input_row_is_tested_here() -> None:
    """A row that is added is added to this table too."""
    assert {key for key, *_ in INPUTS} == {row.key for row in ROWS if row.kind is INPUT}


@pytest.mark.parametrize(("key", "good", "text", "_bad", "_expected"), INPUTS)
def test_a_good_value_reaches_the_file(
    key: str, good: str, text: str, _bad: str, _expected: str
) -> None:
    """What an annotation says stands in the Service's HCL."""
    assert text in document(**{**BESIDE.get(key, {}), key: good})


@pytest.mark.parametrize(("key", "_good", "_text", "bad", "expected"), INPUTS)
def test_a_bad_value_is_a_problem_never_a_default(
    key: str, _good: str, _text: str, bad: str, expected: str
) -> None:
    """The problem names the annotation, what was found, what was expected, and what to do."""
    assert problem(**{**BESIDE.get(key, {}), key: bad}) == model.Problem(
        model.ServiceKey("shop", "web"),
        f"annotation {key}",
        f'"{bad}"' if len(bad) <= 80 else f'"{bad[:80]}..."',
        expected,
        "Correct it, or remove it.",
    )


@pytest.mark.parametrize("key", [key for key, *_ in INPUTS])
@pytest.mark.parametrize("value", [True, 1, None, ["a"], {"a": "b"}])
def test_a_value_that_is_no_text_is_a_problem(key: str, value: object) -> None:
    """YAML without quotes gives booleans, numbers and nulls; the message says to quote them."""
    assert problem(**{**BESIDE.get(key, {}), key: value}).expected == "a text (write it in quotes)"


@pytest.mark.parametrize("value", [[], {}, 1, None])
def test_a_value_of_a_foreign_type_is_a_problem(value: object) -> None:
    """Whatever a file holds there is said, and breaks nothing."""
    assert problem(**{L + "class": value}).field == f"annotation {L}class"


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.kind is OUTPUT], ids=lambda row: row.key
)
def test_what_we_publish_changes_nothing_at_the_next_rendering(row: annotations.Annotation) -> None:
    """Output annotations are never read."""
    assert document(**{row.key: "192.0.2.1"}) == document()


UNKNOWN = [
    (L + "conection-limit", f"Did you mean {L}connection-limit?"),
    (L + "timeout-client-dat", f"Did you mean {L}timeout-client-data?"),
    (T + "exposed", f"Did you mean {T}expose?"),
    (T + "connection-limit", f"Did you mean {L}connection-limit?"),
    (T + "qwertz", "Remove it, or correct its name."),
    (T, "Remove it, or correct its name."),
]


@pytest.mark.parametrize(("key", "remedy"), UNKNOWN)
def test_an_unknown_key_of_ours_is_a_problem_with_the_nearest(key: str, remedy: str) -> None:
    """Under our prefixes there is no key that we do not know."""
    told = problem(**{key: "x"})
    assert (told.field, told.expected, told.remedy) == (
        f"annotation {key}",
        "a known annotation",
        remedy,
    )


FOREIGN = [
    "kubectl.kubernetes.io/last-applied-configuration",
    "service.beta.kubernetes.io/aws-load-balancer-type",
    "service.beta.kubernetes.io/openstack-load-balancer-provider",
    "service.kubernetes.io/topology-mode",
    "external-dns.alpha.kubernetes.io/hostname",
    "sub.tfgen.io/expose",
    "tfgen.io.example.com/x",
    "plain",
]


@pytest.mark.parametrize("key", FOREIGN)
def test_annotations_of_others_are_not_ours(key: str) -> None:
    """Annotations of other prefixes hold nothing and change nothing, whatever their value."""
    assert document(**{key: '{"a": "${b}"}\n'}) == document()


def test_control_characters_are_not_shown() -> None:
    """Neither an annotation's name nor its value can order a terminal about."""
    told = str(problem(**{T + "\x1b[31mred": "\x1b[2J\u202e"}))
    assert told.isprintable()


TEXTS: list[tuple[Callable[[str], Any], str, Any]] = [
    (parsers.cidrs, "", ()),
    (parsers.some_cidrs, "10.0.0.0/8,", ("10.0.0.0/8",)),
    (parsers.limit, "-1", -1),
    (parsers.limit, "1", 1),
    (parsers.cidrs, "192.168.32.1/24", ("192.168.32.0/24",)),
    (parsers.cidrs, "10.0.0.0/8,\n9.0.0.0/8\t,", ("10.0.0.0/8", "9.0.0.0/8")),
    (parsers.cidrs, "2001:DB8::1/32", ("2001:db8::/32",)),
    (parsers.cidrs, "0.0.0.0/0", ("0.0.0.0/0",)),
    (parsers.integer(-1, 5), "-1", -1),
    (parsers.integer(0, 5), "05", 5),
    (parsers.boolean, "false", False),
    (parsers.only_true, "true", True),
    (parsers.object_id("it"), "", ""),
    (parsers.object_id("it"), "A" * 32, "a" * 32),
    (parsers.name, "", ""),
    (parsers.name, "zone a", "zone a"),
    (parsers.tags, "", ()),
    (parsers.hostname, "", ""),
    (parsers.hostname, "a.b-c.example", "a.b-c.example"),
    (parsers.pattern, "", ""),
    (parsers.pattern, "!~edge-[0-9]+", "!~edge-[0-9]+"),
    (parsers.subnet_tags, "!&a, b", "!&a, b"),
    (parsers.tags, " b ,a, b,", ("a", "b")),
    (parsers.tags, "tfgenerator", ("tfgenerator",)),
    (parsers.reference, "", ""),
    (parsers.references, "", ()),
    (parsers.references, "b a", ("b", "a")),
    (parsers.some_of("a", "b"), "b,a b", ("a", "b")),
    (parsers.proxy, "true", "PROXY"),
    (parsers.proxy, "false", ""),
    (parsers.https, "https://192.0.2.1", "https://192.0.2.1"),
]


@pytest.mark.parametrize(("parser", "text", "value"), TEXTS)
def test_a_text_has_one_value(parser: Callable[[str], Any], text: str, value: object) -> None:
    """CIDRs are normalised, without repetition, sorted as text."""
    assert parser(text) == value


BAD: list[tuple[Callable[[str], Any], str]] = [
    *((parsers.boolean, text) for text in ("True", "yes", "1", "", " true", "true\n")),
    *((parsers.only_true, text) for text in ("false", "")),
    *(
        (parsers.integer(0, 5), text)
        for text in ("6", "-1", "1e0", "", "٣", "1_0", "9" * 11, "1\n")
    ),
    *((parsers.reference, text) for text in ("a b", "a" * 256, "a\n")),
    *((parsers.some_of("a"), text) for text in ("", ",", "b", "a b")),
    *((parsers.ciphers, text) for text in ("", ":", "a:", "a,b", "!aNULL")),
    *((parsers.proxy, text) for text in ("", "True", "1", "v3")),
    *(
        (parsers.https, text)
        for text in ("", "http://a", "https://", "https://a/b", "https://a?b", "https://a:0", "a")
    ),
    *((parsers.one_of("a"), text) for text in ("A", "", "a ")),
    *((parsers.limit, text) for text in ("0", "-2", "", "2147483648")),
    *((parsers.cidrs, text) for text in (" ", ",", " , \n")),
    *((parsers.object_id("it"), text) for text in ("web", " ", "a" * 31, "a" * 32 + "\n")),
    *((parsers.name, text) for text in (" ", "a ", "a\n", "a" * 256)),
    *((parsers.word("it"), text) for text in ("", "a b", "-a", "a\n", "a" * 256)),
    *((parsers.hostname, text) for text in ("a..b", ".a", "a.", "a b", "-a", "a" * 64, "*.a")),
    *((parsers.pattern, text) for text in ("!", "~", "!~", "~[", "!~(")),
    *((parsers.subnet_tags, text) for text in ("!", "&", "a,", " ", "a|b")),
    *((parsers.tags, text) for text in ("tfgen", "a,tfgen_x", "a\x1bb", "a" * 256)),
    *((parsers.some_cidrs, text) for text in ("", " ", ",")),
    *(
        (parsers.cidrs, text)
        for text in (
            "10.0.0.1",
            "10.0.0.0/33",
            "10.0.0.0/255.0.0.0",
            "10.0.0/8",
            "010.0.0.0/8",
            "fe80::1%eth0/64",
            "10.0.0.0/8;11.0.0.0/8",
            "::/129",
            "10.0.0.0/-1",
            "10.0.0.0/8 x",
        )
    ),
]


MESSAGES: list[tuple[Callable[[str], Any], str, str]] = [
    (parsers.pattern, "~[", "a regular expression after ~ ("),
    (parsers.cidrs, " , ", "CIDRs such as 192.0.2.0/24 or 2001:db8::/32"),
    (parsers.cidrs, "10.0.0.0/33", "CIDRs such as 192.0.2.0/24 or 2001:db8::/32"),
    (parsers.some_cidrs, ",", "CIDRs such as 192.0.2.0/24 or 2001:db8::/32"),
]
"""What no row above shows: ways to be wrong besides the one of each row."""


@pytest.mark.parametrize(("parser", "text", "expected"), MESSAGES)
def test_a_bad_text_is_told_what_is_expected(
    parser: Callable[[str], Any], text: str, expected: str
) -> None:
    """The words stand in the problem as they are."""
    with pytest.raises(annotations.Invalid) as told:
        parser(text)
    assert str(told.value).startswith(expected)


def test_every_rejection_has_its_message_tested() -> None:
    """Whatever line of a parser refuses a text does so in a table whose messages are compared."""
    tree = ast.parse(Path(parsers.__file__).read_text())
    raised = {each.lineno for each in ast.walk(tree) if isinstance(each, ast.Raise)}
    tried = [(annotations.TABLE[key].parser, bad) for key, _, _, bad, _ in INPUTS]
    tried += [(parser, text) for parser, text, _ in MESSAGES]
    assert raised - {line for parser, text in tried for line in _refused_at(parser, text)} == set()


def _refused_at(parser: Callable[[str], Any], text: str) -> Iterator[int]:
    try:
        parser(text)
    except annotations.Invalid as wrong:
        for frame, line in traceback.walk_tb(wrong.__traceback__):
            if frame.f_code.co_filename == parsers.__file__:
                yield line


@pytest.mark.parametrize(("parser", "text"), BAD)
def test_a_bad_text_is_invalid(parser: Callable[[str], Any], text: str) -> None:
    """A text that is not exactly right is never read as something near it."""
    with pytest.raises(annotations.Invalid):
        parser(text)


def test_the_reference_page_is_made_from_the_table() -> None:
    """docs/reference/annotations.md is what the table gives; `make docs` writes it."""
    page = Path(__file__).parents[2] / "docs/reference/annotations.md"
    assert page.read_text() == reference.page()


def test_the_reference_page_names_every_annotation_once() -> None:
    """Each row has a line of its own."""
    named = re.findall(r"^\| `([^`]+)`", reference.page(), re.MULTILINE)
    assert sorted(named) == sorted(annotations.TABLE)
