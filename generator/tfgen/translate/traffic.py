"""What is asked of listeners and pools beside transport: TLS, PROXY protocol, headers, a redirect.

What a port makes of it is `protocol`'s business.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import lru_cache

from tfgen import config, model
from tfgen.annotations import table
from tfgen.translate import attach, values

_HEADERS = {
    table.OCCM + "x-forwarded-for": "X-Forwarded-For",
    table.OCCM + "x-forwarded-port": "X-Forwarded-Port",
    table.OCCM + "x-forwarded-proto": "X-Forwarded-Proto",
}
HEADERS = tuple(_HEADERS)
SECRET = table.TFGEN + "tls-secret"
SNI = table.TFGEN + "tls-sni-refs"
VERSIONS = table.TFGEN + "tls-versions"
CIPHERS = table.TFGEN + "tls-ciphers"
ALPN = table.TFGEN + "alpn-protocols"
HSTS = table.TFGEN + "hsts-max-age"
_SUBDOMAINS, _PRELOAD = table.TFGEN + "hsts-include-subdomains", table.TFGEN + "hsts-preload"
BESIDE_TLS = (SNI, VERSIONS, CIPHERS, ALPN, HSTS, _SUBDOMAINS, _PRELOAD)
"""What means nothing without a certificate."""
_FORM = (
    "a reference to Barbican that ends in secrets/UUID or containers/UUID "
    "(setting tls.container_store: external checks none)"
)
_KEYS = frozenset(
    (
        table.TLS,
        SECRET,
        *BESIDE_TLS,
        table.PROXY,
        *HEADERS,
        table.REDIRECT,
        table.OCCM + "listener-tags",
        table.OCCM + "pool-tags",
    )
)
_PROXIES = {"off": "", "v1": "PROXY", "v2": "PROXYV2"}


@dataclass(frozen=True, slots=True)
class Traffic:
    """What is asked for; by default nothing."""

    tls: model.Tls | None = None
    proxy: str = ""
    """Octavia's protocol of a pool that speaks it."""
    headers: tuple[str, ...] = ()
    redirect: str = ""
    listener_tags: tuple[str, ...] = ()
    pool_tags: tuple[str, ...] = ()


def read(reader: values.Reader, profile: config.Profile) -> Traffic:
    """Read what holds for a Service's ports, or for one of them; all of it is checked."""
    return _read(reader, profile.settings) if reader.says(_KEYS) else _silent(profile)


@lru_cache(maxsize=64)
def _silent(profile: config.Profile) -> Traffic:
    """Give what holds where a Service says nothing of it, as most do: made once for a class."""
    return _read(values.Reader(model.ServiceKey("", ""), {}), profile.settings)


def _read(reader: values.Reader, settings: config.Settings) -> Traffic:
    defaults = settings.defaults
    said = {
        HEADERS[0]: defaults.x_forwarded_for,
        HEADERS[1]: defaults.x_forwarded_port,
        HEADERS[2]: defaults.x_forwarded_proto,
    }
    return Traffic(
        tls=_tls(reader, settings),
        proxy=reader.get(table.PROXY, _PROXIES[defaults.proxy_protocol]),
        headers=tuple(_HEADERS[key] for key in HEADERS if reader.get(key, said[key])),
        redirect=reader.get(table.REDIRECT, ""),
        listener_tags=reader.get(table.OCCM + "listener-tags", ()),
        pool_tags=reader.get(table.OCCM + "pool-tags", ()),
    )


def key_of(header: str) -> str:
    """Give the annotation that asks for a header."""
    return next(key for key, name in _HEADERS.items() if name == header)


def _tls(reader: values.Reader, settings: config.Settings) -> model.Tls | None:
    tls = settings.defaults.tls
    max_age = reader.get(HSTS, tls.hsts_max_age)
    own, *more = _of_secrets(reader) or (reader.get(table.TLS, tls.container_ref),)
    found = model.Tls(
        container_ref=own,
        sni_refs=(*more, *reader.get(SNI, tuple(tls.sni_refs))),
        versions=reader.get(VERSIONS, _ordered(tls.versions, model.TLS_VERSIONS)),
        ciphers=reader.get(CIPHERS, tls.ciphers or model.TLS_CIPHERS),
        alpn_protocols=reader.get(ALPN, _ordered(tls.alpn_protocols, model.ALPN_PROTOCOLS)),
        hsts_max_age=max_age or None,
        hsts_include_subdomains=reader.get(_SUBDOMAINS, tls.hsts_include_subdomains),
        hsts_preload=reader.get(_PRELOAD, tls.hsts_preload),
    )
    _check_hsts(reader, found)
    if not found.container_ref:
        return None
    _check_references(reader, found, settings)
    return found


def tls_key(reader: values.Reader) -> str:
    """Give the annotation that says with which certificate TLS ends: what a port says wins."""
    port_says_other = reader.of_port(table.TLS) and not reader.of_port(SECRET)
    return SECRET if reader.has(SECRET) and not port_says_other else table.TLS


def _of_secrets(reader: values.Reader) -> tuple[str, ...]:
    """Give what became of the Secrets that a Service names; what is not there yet is a problem."""
    if tls_key(reader) != SECRET:
        return ()
    if reader.has(table.TLS) and reader.of_port(table.TLS) == reader.of_port(SECRET):
        expected = f"either this or {table.TLS}"
        reader.wrong(reader.name(SECRET), reader.text(SECRET), expected, "Take one of the two.")
    names: tuple[str, ...] = reader.get(SECRET, ())
    found = {name: f"{reader.service.namespace}/{name}" for name in names}
    known = reader.resolved.certificates
    for name, secret in found.items():
        if secret not in known or not known[secret].container_ref:
            reader.wrong(
                reader.name(SECRET),
                name,
                f"a Secret that tfgen-resolved.json knows, and it has no {secret}",
                "Run: tfgen secrets sync",
            )
    return tuple(known[secret].container_ref for secret in found.values() if secret in known)


def _ordered(words: Collection[str], order: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in order if word in words)


def _check_hsts(reader: values.Reader, tls: model.Tls) -> None:
    for key, asked in ((_SUBDOMAINS, tls.hsts_include_subdomains), (_PRELOAD, tls.hsts_preload)):
        if asked and tls.hsts_max_age is None and reader.has(key):
            expected = f"{HSTS} of at least 1 beside it"
            reader.wrong(reader.name(key), "true", expected, "Set that, or remove this.")


def _check_references(reader: values.Reader, tls: model.Tls, settings: config.Settings) -> None:
    """Check what annotations name, its form and whose it is; settings are the operator's word."""
    barbican = settings.tls.container_store == "barbican"
    for key, refs in ((table.TLS, (tls.container_ref,)), (SNI, tls.sni_refs)):
        for ref in refs if reader.has(key) else ():
            if barbican and not model.BARBICAN.fullmatch(ref):
                reader.wrong(reader.name(key), ref, _FORM, values.CORRECT_OR_REMOVE)
            else:
                attach.check(reader, reader.service, settings, reader.name(key), ref)


def asked(
    reader: values.Reader, traffic: Traffic, profile: config.Profile
) -> tuple[tuple[str, object, object], ...]:
    """Give what is asked for beyond what every Octavia does: annotation, value, neutral value."""
    tls, usual = traffic.tls, config.Tls()
    mine = profile.settings.defaults.tls
    beside = (
        (VERSIONS, tls.versions if tls else None, list(mine.versions) != usual.versions),
        (CIPHERS, tls.ciphers if tls else None, mine.ciphers != usual.ciphers),
        (ALPN, tls.alpn_protocols if tls else None, mine.alpn_protocols != usual.alpn_protocols),
    )
    return (
        (tls_key(reader), tls.container_ref if tls else "", ""),
        (table.PROXY, traffic.proxy, ""),
        *((key_of(header), "true", "") for header in traffic.headers),
        (table.REDIRECT, traffic.redirect, ""),
        (SNI, tls.sni_refs if tls else (), ()),
        (HSTS, tls.hsts_max_age if tls else None, None),
        *((key, value, None) for key, value, said in beside if said or reader.has(key)),
    )


def without(traffic: Traffic, lacking: Collection[str]) -> Traffic:
    """Give what is sent where Octavia lacks some of it: what was asked for is a problem already."""
    tls = traffic.tls
    if tls and table.TLS not in lacking:
        tls = replace(
            tls,
            versions=None if VERSIONS in lacking else tls.versions,
            ciphers=None if CIPHERS in lacking else tls.ciphers,
            alpn_protocols=None if ALPN in lacking else tls.alpn_protocols,
            hsts_max_age=None if HSTS in lacking else tls.hsts_max_age,
        )
    return replace(traffic, tls=None if table.TLS in lacking else tls)
