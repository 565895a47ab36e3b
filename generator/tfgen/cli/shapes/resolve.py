"""What `tfgen resolve` prints."""

from dataclasses import dataclass

from tfgen.cli.shapes.shape import Shape


@dataclass(frozen=True, slots=True)
class Asked(Shape):
    """What Services ask for, and the answer."""

    network: str
    """Name of the external network."""
    pattern: str
    """Of the subnets' names; empty: any."""
    tags: str
    """Empty: any."""
    subnets: list[str]
    """Ids of what matches; none: the Services are held."""


@dataclass(frozen=True, slots=True)
class Standing(Shape):
    """A load balancer that Services attach to."""

    id: str
    there: bool
    """Whether the project has it; if not: the Services are held."""
    vip_address: str
    provider: str
    owner: str
    """For whom a tfgen made it; empty: none did."""
    taken: dict[str, str]
    """Names of listeners that are not ours, by port, on ports that Services want."""


@dataclass(frozen=True, slots=True)
class Resolve(Shape):
    """What was resolved."""

    stale: bool
    """Whether tfgen-resolved.json was behind."""
    floating_subnets: list[Asked]
    load_balancers: list[Standing]
