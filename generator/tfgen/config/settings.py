"""tfgen.yaml: every setting once, with its type, default and sentence.

The JSON Schema (`tfgen schema`), the reference page and the comments that `tfgen init` writes
are made from these fields. Unknown keys are errors; credentials are not settings.
"""

import contextlib
import ipaddress
import re
from typing import Annotated, Any, Literal, TypeGuard, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
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


_LABEL = Annotated[str, AfterValidator(_dns_label), _described("DNS label", DNS_LABEL)]
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


class OpenStack(Section):
    """Which cloud, region and project; compared with the live cloud before any plan."""

    cloud: str = ""
    """Name in clouds.yaml; empty: the OS_* variables of the environment."""
    region: str = ""
    """Region of the load balancers; empty: the cloud's own."""
    project_id: ObjectId = ""
    """Project that owns them; written by init."""
    auth_url: Url = ""
    """Keystone's address; written by init."""


class FloatingNetwork(Section):
    """An external network that floating IPs may come from."""

    id: ObjectId = ""
    """Its id."""
    name: str = ""
    """Its name: the provider asks for the name."""


class Network(Section):
    """Where load balancers and their members live."""

    subnet_id: ObjectId = ""
    """Subnet of the VIP (or give network_id)."""
    network_id: ObjectId = ""
    """Network of the VIP; Octavia then picks the subnet."""
    member_subnet_id: ObjectId = ""
    """Subnet from which members are reached; empty: subnet_id."""
    floating_networks: list[FloatingNetwork] = []
    """External networks that may be used; the first is the default."""
    floating_subnet_id: ObjectId = ""
    """Subnet of floating IPs; empty: any of the network."""
    floating_subnet: str = ""
    """Subnets of floating IPs by name: shell pattern, or ~ and regular expression; ! negates."""
    floating_subnet_tags: str = ""
    """Subnets of floating IPs by tags; & before them: all of them, ! before that: not so."""


class Octavia(Section):
    """What the cloud's Octavia can do; written by init."""

    provider: str = "amphora"
    """Octavia provider of new load balancers."""
    api_version: Annotated[str, Field(pattern=r"^2\.\d+$")] = "2.27"
    """Newest API version that the cloud offers."""
    flavor_id: ObjectId = ""
    """Flavor of new load balancers; empty: the cloud's own."""
    availability_zone: str = ""
    """Availability zone of new load balancers; empty: the cloud's own."""


class Names(Section):
    """Names of objects in the cloud; a change renames them in place."""

    load_balancer: str = "{cluster}_{namespace}_{name}"
    """Name of a Service's load balancer; its listeners, pools and monitors add _tcp-80."""


class Claim(Section):
    """Which Services are ours."""

    classes: list[str] = [TFGEN_CLASS]
    """Values of spec.loadBalancerClass that are ours."""
    classless: bool = False
    """Also take LoadBalancer Services without a class (only where no other controller does)."""
    node_ports: bool = True
    """Also take NodePort Services annotated tfgen.io/expose: "true"."""
    namespaces: list[str] = ["*"]
    """Namespaces to look at; shell patterns."""
    selector: str = ""
    """Label selector (equality and set terms) that a Service must match."""


class Monitor(Section):
    """Health monitors of all pools, unless an annotation says otherwise."""

    enabled: bool = True
    """Whether pools have a monitor; readiness is left to it."""
    delay: Seconds = 5
    """Seconds between two probes."""
    timeout: Seconds = 3
    """Seconds to wait for an answer; less than delay."""
    max_retries: Retries = 1
    """Successes after which a member is ONLINE."""
    max_retries_down: Retries = 3
    """Failures after which a member is ERROR."""
    type: MonitorType = ""
    """How members are probed; empty: as the port's protocol (TCP, UDP-CONNECT, SCTP)."""
    path: Annotated[str, Field(pattern=f"^({model.MONITOR_PATH})$")] = "/"
    """What HTTP and HTTPS monitors ask for."""
    codes: Annotated[str, Field(pattern=f"^({model.MONITOR_CODES})$")] = "200"
    """What they take for an answer: "200", "200,202" or "200-204"."""
    method: MonitorMethod = "GET"
    """How they ask."""
    host: Annotated[str, Field(pattern=f"^({model.MONITOR_HOST})?$")] = ""
    """The host that they ask for; empty: none is named."""


class Timeouts(Section):
    """Listener timeouts, milliseconds."""

    client_data: Milliseconds = model.Timeouts().client_data
    """Inactivity of the client."""
    member_connect: Milliseconds = model.Timeouts().member_connect
    """Connecting to a member."""
    member_data: Milliseconds = model.Timeouts().member_data
    """Inactivity of a member."""
    tcp_inspect: MillisecondsOrNone = model.Timeouts().tcp_inspect
    """Waiting for further TCP packets for content inspection."""


class Tls(Section):
    """TLS that ends at listeners, on TCP ports."""

    container_ref: SecretRef = ""
    """Certificate and key, as a reference to Barbican; empty: no TLS."""
    sni_refs: list[SecretRef] = []
    """Further certificates, picked by the name that a client asks for."""
    versions: Annotated[list[TlsVersion], Field(min_length=1)] = ["TLSv1.2", "TLSv1.3"]
    """Versions that clients may speak."""
    ciphers: Annotated[str, Field(pattern=r"^([A-Za-z0-9_-]+(:[A-Za-z0-9_-]+)*)?$")] = ""
    """Ciphers that clients may use, divided by colons; empty: Octavia's own default list."""
    alpn_protocols: Annotated[list[AlpnProtocol], Field(min_length=1)] = [
        "h2",
        "http/1.1",
        "http/1.0",
    ]
    """What clients may speak over TLS; members are spoken to in HTTP/1.1."""
    hsts_max_age: Annotated[int, Field(ge=0, le=model.MOST_HSTS_SECONDS)] = 0
    """Seconds for which browsers come back by TLS only (HSTS); 0: they are told nothing."""
    hsts_include_subdomains: bool = False
    """Whether HSTS holds for subdomains, too."""
    hsts_preload: bool = False
    """Whether browsers may ship the name in their HSTS list."""


class TlsStore(Section):
    """Where certificates lie."""

    container_store: Literal["barbican", "external"] = "barbican"
    """barbican: references are checked by their form; external: they are not."""


class Defaults(Section):
    """What holds where neither annotation nor class says otherwise."""

    internal: bool = False
    """No floating IP: reachable from the VIP's network only."""
    lb_method: LbMethod = "ROUND_ROBIN"
    """How a pool picks a member."""
    connection_limit: ConnectionLimit = -1
    """Concurrent connections of a listener; -1: no limit."""
    monitor: Monitor = Monitor()
    """Health monitors."""
    timeouts: Timeouts = Timeouts()
    """Listener timeouts."""
    proxy_protocol: Literal["off", "v1", "v2"] = "off"
    """PROXY protocol towards the members of TCP ports."""
    x_forwarded_for: bool = False
    """TCP ports speak HTTP, and insert X-Forwarded-For."""
    x_forwarded_port: bool = False
    """TCP ports speak HTTP, and insert X-Forwarded-Port."""
    x_forwarded_proto: bool = False
    """TCP ports speak HTTP, and insert X-Forwarded-Proto."""
    app_protocol: bool = True
    """Whether a port's appProtocol keeps off what does not fit it; false: as OCCM, it does not."""
    tls: Tls = Tls()
    """TLS that ends at listeners."""


class _Said(Section):
    """A section of a class: only what it says counts, the rest is as in the settings."""

    @model_serializer
    def _only_said(self) -> dict[str, Any]:
        return {name: _plain(getattr(self, name)) for name in sorted(self.model_fields_set)}


def _plain(value: object) -> object:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.model_dump() if isinstance(value, Section) else value


class ClassMonitor(_Said, Monitor):
    """Health monitors of the class."""


class ClassTimeouts(_Said, Timeouts):
    """Listener timeouts of the class, milliseconds."""


class ClassTls(_Said, Tls):
    """TLS of the class."""


class Class(_Said, Defaults):
    """What holds for Services that name the class; what it leaves out is as in the settings."""

    monitor: ClassMonitor = ClassMonitor()
    """Health monitors."""
    timeouts: ClassTimeouts = ClassTimeouts()
    """Listener timeouts."""
    tls: ClassTls = ClassTls()
    """TLS that ends at listeners."""
    provider: str = ""
    """Octavia provider."""
    flavor_id: ObjectId = ""
    """Octavia flavor."""
    availability_zone: str = ""
    """Octavia availability zone."""
    subnet_id: ObjectId = ""
    """Subnet of the VIP."""
    network_id: ObjectId = ""
    """Network of the VIP."""
    member_subnet_id: ObjectId = ""
    """Subnet from which members are reached."""
    floating_networks: list[FloatingNetwork] = []
    """External networks that may be used; the first is the default."""
    floating_subnet_id: ObjectId = ""
    """Subnet of floating IPs; empty: any of the network."""
    floating_subnet: str = ""
    """Subnets of floating IPs by name: shell pattern, or ~ and regular expression; ! negates."""
    floating_subnet_tags: str = ""
    """Subnets of floating IPs by tags; & before them: all of them, ! before that: not so."""
    node_selector: str = ""
    """Labels that a node must have."""
    annotations: list[str] = []
    """Where given: the only annotations of tfgen and OCCM beside it; shell patterns."""


class Opening(Section):
    """What namespaces may open."""

    namespaces: list[str] = ["*"]
    """Namespaces that it is about; shell patterns."""
    cidrs: list[Cidr] = []
    """Source ranges that a Service there may have, or parts of them."""


class Exposure(Section):
    """Who may connect to load balancers that are not internal."""

    default: Literal["open", "closed"] = "open"
    """Where a Service does not say who: open is everyone; closed `ranges`, or it is held."""
    ranges: list[Cidr] = []
    """Where closed: source ranges of a Service that says none."""
    allow: list[Opening] = []
    """The most that a namespace may open; all openings that name it count. Empty: anything."""


class Rule(_Said):
    """What Services of some namespaces may say; what a rule leaves out it does not bound."""

    name: Annotated[str, Field(min_length=1)]
    """Its name, for the message."""
    namespaces: list[str] = ["*"]
    """Namespaces that it is about; shell patterns."""
    classes: list[str] = []
    """Classes that a Service may name."""
    networks: list[ObjectId] = []
    """Networks that a Service may name, of VIPs and of floating IPs."""
    subnets: list[ObjectId] = []
    """Subnets that a Service may name, of VIPs, members and floating IPs."""
    flavors: list[ObjectId] = []
    """Flavors that a Service may name."""
    fixed_address: bool = True
    """Whether a Service may ask for an address or a port of Neutron."""
    annotations: list[str] = []
    """Annotations of tfgen and OCCM that a Service may carry; shell patterns."""


class Attachment(Section):
    """An object of the project, and who may point at it."""

    id: Annotated[str, Field(min_length=1)]
    """Its id, its address, or its reference; `*` is every object."""
    namespaces: list[str] = ["*"]
    """Namespaces whose Services may point at it; shell patterns."""


def _everything(value: object) -> object:
    return [{"id": "*"}] if value == "any" else value


Attachments = Annotated[
    list[Attachment],
    BeforeValidator(_everything, json_schema_input_type=Literal["any"] | list[Attachment]),
]


class Members(Section):
    """Which nodes stand behind pools."""

    node_selector: str = ""
    """Labels that a node must have: "k=v,k2"; a key alone: the label exists."""
    max_per_pool: Annotated[int, Field(ge=0, le=10_000)] = 0
    """Nodes behind a Service at most, a stable choice for each; 0: all."""


class NodeAccess(Section):
    """What lets load balancers reach the nodes: security groups that open the node ports in use."""

    enabled: bool = False
    """One security group a stack."""
    member_cidr: CidrOrNothing = ""
    """From where: the CIDR of the members' subnet; with provider ovn, of the clients."""
    node_ports: dict[str, ObjectId] = {}
    """Ports of nodes in Neutron that get the groups, by node name; other groups of theirs stay."""


class Stacks(Section):
    """How Services are divided over Terraform states."""

    by: Literal["namespace", "cluster", "service"] = "namespace"
    """One stack a namespace, one for the cluster, or one a Service; frozen once rendered."""
    max_services: Annotated[int, Field(ge=1, le=1000)] = 50
    """Services a stack takes before the next one is opened."""


class Backend(Section):
    """Where the states live; {cluster} and {stack} stand for themselves in its values."""

    type: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")] = "local"
    """Backend type of the engine: local, s3, http, pg, kubernetes, ..."""
    config: dict[str, Any] = {}
    """Its arguments; no secrets. {stack} tells one state from another; a local path may lack it."""


class MaxRemovals(Section):
    """How much may vanish between two renderings before someone must agree."""

    count: Annotated[int, Field(ge=0)] = 10
    """Services at most."""
    percent: Annotated[int, Field(ge=0, le=100)] = 30
    """Share at most, of Services and of Nodes."""


class Guards(Section):
    """What a plan may do without being asked."""

    max_removals: MaxRemovals = MaxRemovals()
    """Limits of the shrink and delete guards."""
    write: Literal["sync", "upsert-only", "create-only"] = "sync"
    """sync: all; upsert-only: no destroy; create-only: no change either."""
    stop: bool = False
    """true: nothing is applied anywhere."""
    stop_file: str = "tfgen.stop"
    """While this file exists nothing is applied, and its text is the reason; empty: none."""
    git: Literal["warn", "refuse", "off"] = "warn"
    """What plan, apply and run do where the tree is not committed, or is behind its upstream."""
    exposure: bool = False
    """true: a listener that becomes reachable from everywhere is refused until it is agreed to."""


class Publish(Section):
    """What is written back to the cluster."""

    events: bool = True
    """Whether Events are written."""
    ingress_hostname: bool = False
    """With PROXY protocol, publish a host name of address and suffix in place of the address."""
    hostname_suffix: Annotated[str, AfterValidator(_dns_name)] = "nip.io"
    """What follows the address in that host name: 192.0.2.1.nip.io."""

    @property
    def suffix(self) -> str:
        """What follows the address in host names that are published; "" where none are."""
        return self.hostname_suffix if self.ingress_hostname else ""


class Settings(Section):
    """tfgen.yaml, whole."""

    cluster: _LABEL
    """Name of the cluster, part of every name in the cloud; frozen once rendered."""
    tree: Annotated[str, Field(pattern=r"^[0-9a-f]{8,32}$")]
    """Random id of this tree, written once by init; tells two trees of one cluster name apart."""
    out: Annotated[str, Field(min_length=1)] = "infra"
    """Output tree, relative to this file."""
    openstack: OpenStack = OpenStack()
    """The cloud."""
    network: Network = Network()
    """Networks and subnets."""
    octavia: Octavia = Octavia()
    """Capabilities of the cloud's Octavia."""
    names: Names = Names()
    """Names in the cloud."""
    claim: Claim = Claim()
    """Which Services are ours."""
    defaults: Defaults = Defaults()
    """Values where a Service says nothing."""
    classes: dict[str, Class] = {}
    """What else holds for Services that name a class (loadbalancer.openstack.org/class)."""
    exposure: Exposure = Exposure()
    """Who may connect."""
    rules: list[Rule] = []
    """What Services of some namespaces may say; all rules that name a namespace hold."""
    attach: Attachments = []
    """What Services may point at: load balancers, ports, addresses, TLS references; `any`: all."""
    tls: TlsStore = TlsStore()
    """Certificates."""
    members: Members = Members()
    """Nodes behind the pools."""
    node_access: NodeAccess = NodeAccess()
    """Security groups of the nodes."""
    stacks: Stacks = Stacks()
    """States."""
    backend: Backend = Backend()
    """Where states live."""
    guards: Guards = Guards()
    """What a plan may do."""
    publish: Publish = Publish()
    """Write-back."""


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
