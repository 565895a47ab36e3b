"""Rows of what ports speak, and of what else is said of a Service."""

from tests.fakes.vocabulary.words import SECRET, L, Row, T

ROWS: list[Row] = [
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
