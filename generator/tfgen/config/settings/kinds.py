"""Kinds of values, and what all sections are."""

import contextlib
import ipaddress
import re
from typing import Annotated, Any, Literal, TypeGuard, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_serializer,
)
from pydantic.fields import FieldInfo

from tfgen import model

DNS_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}", re.IGNORECASE)
URL = re.compile(r"https?://\S+")
TFGEN_CLASS = "tfgen.io/octavia"

TlsVersion = Literal["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]
AlpnProtocol = Literal["h2", "http/1.1", "http/1.0"]
LbMethod = Literal["ROUND_ROBIN", "LEAST_CONNECTIONS", "SOURCE_IP", "SOURCE_IP_PORT"]

MonitorType = Literal["", "TCP", "HTTP", "HTTPS", "TLS-HELLO", "PING", "UDP-CONNECT", "SCTP"]
MonitorMethod = Literal[
    "CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"
]


def _dns_label(value: str) -> str:
    if DNS_LABEL.fullmatch(value):
        return value
    raise ValueError("expected a DNS label: lower-case letters, digits and '-', at most 63")


def _uuid_or_empty(value: str) -> str:
    if not value or UUID.fullmatch(value):
        return value
    raise ValueError("expected the id (UUID) of an OpenStack object, or nothing")


def _url_or_empty(value: str) -> str:
    if not value or URL.fullmatch(value):
        return value
    raise ValueError("expected an address that starts with http:// or https://, or nothing")


def _dns_name(value: str) -> str:
    if all(map(DNS_LABEL.fullmatch, value.split("."))):
        return value
    raise ValueError("expected a DNS name such as nip.io")


def _cidr(value: str) -> str:
    if "/" in value:
        with contextlib.suppress(ValueError):
            return str(ipaddress.ip_network(value, strict=False))
    raise ValueError("expected a CIDR such as 192.0.2.0/24 or 2001:db8::/32")


def _cidr_or_empty(value: str) -> str:
    return _cidr(value) if value else value


def _limit(value: int) -> int:
    if value:
        return value
    raise ValueError("expected -1 (no limit), or a whole number from 1: 0 is sent by no engine")


def _described(what: str, form: re.Pattern[str]) -> WithJsonSchema:
    """Tell a form to readers of the JSON Schema; the validator beside it words the error."""
    return WithJsonSchema({"type": "string", "title": what, "pattern": f"^({form.pattern})$"})


DnsLabel = Annotated[str, AfterValidator(_dns_label), _described("DNS label", DNS_LABEL)]
Url = Annotated[
    str, AfterValidator(_url_or_empty), _described("URL", re.compile(f"|{URL.pattern}"))
]
ObjectId = Annotated[
    str,
    AfterValidator(_uuid_or_empty),
    _described("id", re.compile(f"|{UUID.pattern.replace('a-f', 'a-fA-F')}")),
]
Milliseconds = Annotated[int, Field(ge=1, le=model.MOST_MILLISECONDS)]
MillisecondsOrNone = Annotated[int, Field(ge=0, le=model.MOST_MILLISECONDS)]
ConnectionLimit = Annotated[int, Field(ge=-1, le=model.MOST_CONNECTIONS), AfterValidator(_limit)]
DnsName = Annotated[str, AfterValidator(_dns_name)]
Cidr = Annotated[str, AfterValidator(_cidr)]
CidrOrNothing = Annotated[str, AfterValidator(_cidr_or_empty)]
SecretRef = Annotated[str, Field(pattern=r"^[!-~]{0,255}$")]
Seconds = Annotated[int, Field(ge=1, le=86_400)]
Retries = Annotated[int, Field(ge=1, le=10)]


class Section(BaseModel):
    """A part of tfgen.yaml: immutable, no unknown keys, numbers are numbers."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True
    )


class Said(Section):
    """A section of which only what it says counts, the rest is as in the settings."""

    @model_serializer
    def _only_said(self) -> dict[str, Any]:
        return {name: _plain(getattr(self, name)) for name in sorted(self.model_fields_set)}


def _plain(value: object) -> object:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.model_dump() if isinstance(value, Section) else value


def section_of(field: FieldInfo) -> type[Section] | None:
    """Give the section that a field holds, by itself, in a list or in a map; else None."""
    kinds = (field.annotation, *get_args(field.annotation))
    return next((kind for kind in kinds if _is_section(kind)), None)


def _is_section(kind: object) -> TypeGuard[type[Section]]:
    return isinstance(kind, type) and issubclass(kind, Section)


def is_text(field: FieldInfo) -> bool:
    """Whether a field takes text as it is given, so that `2.27` stays text."""
    options = get_args(field.annotation)
    return field.annotation is str or bool(options and all(isinstance(o, str) for o in options))


def is_map(field: FieldInfo) -> bool:
    """Whether a field is a map with keys of the user's choice."""
    return get_origin(field.annotation) is dict
