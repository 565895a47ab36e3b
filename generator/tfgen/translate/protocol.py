"""What one port speaks, of what is asked of its Service: Octavia's protocols of listener and pool.

The pairs are OCCM's: TLS or X-Forwarded-* make HTTP of the pool, PROXY protocol makes PROXY of it,
all for TCP ports alone. `appProtocol` keeps off what does not fit a port, unless the port says it
itself. Octavia speaks HTTP/1.1 to members and takes HTTP/2 over TLS only, so gRPC
and HTTP/2 in clear pass as TCP.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tfgen import config, model
from tfgen.annotations import table
from tfgen.translate import shape, traffic, values
from tfgen.translate.traffic import Traffic

_CLEAR = frozenset({"http", "kubernetes.io/ws"})
_OVER_TLS = frozenset({"https", "kubernetes.io/wss"})
_HTTP_PORT = 80


@dataclass(frozen=True, slots=True)
class Entry:
    """A port as its Service tells it."""

    protocol: model.Protocol
    port: int
    app_protocol: str = ""

    @property
    def key(self) -> str:
        """`tcp-80`."""
        return f"{self.protocol.lower()}-{self.port}"


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the listener and the pool of one port speak."""

    listener: str
    pool: str
    tls: model.Tls | None = None
    headers: tuple[str, ...] = ()
    redirect: str = ""


def spoken(reader: values.Reader, asked: Traffic, entry: Entry, profile: config.Profile) -> Spoken:
    """Decide what a port speaks; what does not go together is noted as a problem."""
    if entry.protocol is not model.Protocol.TCP:
        _refuse(reader, asked, entry)
        return Spoken(entry.protocol.value, entry.protocol.value)
    if not (asked.tls or asked.proxy or asked.headers or asked.redirect):
        _check_beside(reader, entry, None)
        return Spoken("TCP", "TCP")
    known = entry if profile.settings.defaults.app_protocol else replace(entry, app_protocol="")
    redirect = asked.redirect if _redirects(reader, asked, known) else ""
    tls = _tls(reader, asked, known, redirect)
    headers = _headers(reader, asked, known, tls)
    _check_beside(reader, entry, tls)
    _check_pair(reader, asked.proxy, headers, entry, profile)
    http = bool(tls or headers or redirect)
    listener = "TERMINATED_HTTPS" if tls else "HTTP" if http else "TCP"
    return Spoken(listener, asked.proxy or ("HTTP" if http else "TCP"), tls, headers, redirect)


def check(reader: values.Reader, found: Iterable[Spoken]) -> None:
    """Note what a Service says for all its ports and none of them carries out."""
    ports = () if reader.problems else tuple(found)
    if ports and reader.has(table.REDIRECT) and not any(port.redirect for port in ports):
        reader.wrong(
            reader.name(table.REDIRECT),
            reader.text(table.REDIRECT),
            "a port that speaks HTTP in clear: 80, or one whose appProtocol is http",
            f"Say it for one port: {table.PORT}NAME.redirect-http.",
        )
    if ports and not any(port.tls for port in ports):
        for key in filter(reader.has, traffic.BESIDE_TLS):
            _alone(reader, key)


def _alone(reader: values.Reader, key: str) -> None:
    expected = f"TLS beside it ({table.TLS})"
    reader.wrong(reader.name(key), reader.text(key), expected, "Name a certificate, or remove it.")


def _refuse(reader: values.Reader, asked: Traffic, entry: Entry) -> None:
    """Note what an annotation asks of a port that is not TCP; a setting means TCP ports alone."""
    for key in filter(reader.has, _keys(reader, asked)):
        setting = key.rpartition("/")[2]
        remedy = f"Say it for each TCP port instead: {table.PORT}NAME.{setting}."
        reader.wrong(
            reader.name(key),
            reader.text(key),
            f"TCP ports alone, and port {entry.key} is of {entry.protocol}",
            "Remove it." if reader.of_port(key) else remedy,
        )


def _keys(reader: values.Reader, asked: Traffic) -> Iterator[str]:
    """Give the annotations that ask for something; a redirect looks for its ports itself."""
    if asked.tls:
        yield traffic.tls_key(reader)
    if asked.proxy:
        yield table.PROXY
    yield from map(traffic.key_of, asked.headers)


def _redirects(reader: values.Reader, asked: Traffic, entry: Entry) -> bool:
    if not asked.redirect or reader.of_port(table.REDIRECT):
        return bool(asked.redirect)
    meant = entry.port == _HTTP_PORT if not entry.app_protocol else entry.app_protocol in _CLEAR
    return meant and not (asked.tls and reader.of_port(traffic.tls_key(reader)))


def _tls(reader: values.Reader, asked: Traffic, entry: Entry, redirect: str) -> model.Tls | None:
    if not asked.tls or (redirect and not reader.of_port(traffic.tls_key(reader))):
        return None
    if redirect:
        field = reader.name(table.REDIRECT)
        expected = f"no TLS at port {entry.key}, for a redirect leads from HTTP to HTTPS"
        reader.wrong(field, redirect, expected, "Remove one of the two.")
    fits = entry.app_protocol in _OVER_TLS | {""} or reader.of_port(traffic.tls_key(reader))
    if not fits:
        _left_off(reader, entry, "TLS does not end there")
    return asked.tls if fits else None


def _headers(
    reader: values.Reader, asked: Traffic, entry: Entry, tls: model.Tls | None
) -> tuple[str, ...]:
    own = any(map(reader.of_port, map(traffic.key_of, asked.headers)))
    speaks = _CLEAR | {""} | (_OVER_TLS if tls else set())
    if not asked.headers or own or tls or entry.app_protocol in speaks:
        return asked.headers
    _left_off(reader, entry, f"no {', '.join(asked.headers)} is inserted")
    return ()


def _left_off(reader: values.Reader, entry: Entry, what: str) -> None:
    reader.note(
        f"port {entry.key}: {what}, for its appProtocol is {shape.shown(entry.app_protocol)} "
        "(what the port says for itself wins; setting defaults.app_protocol: false ignores it)"
    )


def _check_beside(reader: values.Reader, entry: Entry, tls: model.Tls | None) -> None:
    """Note what a port says of its TLS where it has none."""
    for key in traffic.BESIDE_TLS if not tls else ():
        if reader.of_port(key):
            expected = f"TLS at port {entry.key}"
            remedy = "Name a certificate, or remove it."
            reader.wrong(reader.name(key), reader.text(key), expected, remedy)


def _check_pair(
    reader: values.Reader,
    proxy: str,
    headers: tuple[str, ...],
    entry: Entry,
    profile: config.Profile,
) -> None:
    """Note X-Forwarded-* beside the PROXY protocol: a pool speaks one of them, with TLS or not."""
    for header in headers if proxy else ():
        reader.wrong(
            reader.said(traffic.key_of(header), profile),
            "true",
            f"no {header} at port {entry.key}, which speaks the PROXY protocol to its members "
            f"({reader.said(table.PROXY, profile)})",
            "Take one of the two.",
        )
