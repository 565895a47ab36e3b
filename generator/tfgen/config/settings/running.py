"""States, guards and write-back."""

from typing import Annotated, Any, Literal

from pydantic import Field

from tfgen.config.settings.kinds import DnsName, Section


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
    hostname_suffix: DnsName = "nip.io"
    """What follows the address in that host name: 192.0.2.1.nip.io."""

    @property
    def suffix(self) -> str:
        """What follows the address in host names that are published; "" where none are."""
        return self.hostname_suffix if self.ingress_hostname else ""
