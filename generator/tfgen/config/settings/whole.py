"""tfgen.yaml, whole."""

from typing import Annotated

from pydantic import Field

from tfgen.config.settings.classes import Class
from tfgen.config.settings.cloud import Names, Network, Octavia, OpenStack, TlsStore
from tfgen.config.settings.kinds import DnsLabel, Section
from tfgen.config.settings.nodes import Members, NodeAccess
from tfgen.config.settings.running import Backend, Guards, Publish, Stacks
from tfgen.config.settings.tenants import Attachments, Claim, Exposure, Rule
from tfgen.config.settings.traffic import Defaults


class Settings(Section):
    """tfgen.yaml, whole."""

    cluster: DnsLabel
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
