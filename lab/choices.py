"""What the cloud offers to choose from besides what is taken unasked: names and ids."""

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from lab import errors, topology
from lab.settings import Settings


@dataclasses.dataclass(frozen=True, slots=True)
class Choices:
    """Ids by name: each of two flavors and zones, of the two floating subnets, and of IPv6.

    An availability zone has no id: Octavia knows it by its name.
    """

    flavors: Mapping[str, str]
    zones: tuple[str, ...]
    floating_subnets: Mapping[str, str]
    ipv6_subnets: Mapping[str, str]

    @classmethod
    def read(cls, settings: Settings) -> Self:
        """Give those of a laboratory that was up once; LabError if it was not, since they exist."""
        try:
            found = json.loads(file(settings).read_text())
        except FileNotFoundError as error:
            raise errors.LabError(
                f"the laboratory in {settings.home} has not what its cloud should offer; bring it "
                "up: python -m lab up"
            ) from error
        return cls(**{**found, "zones": tuple(found["zones"])})

    def text(self) -> str:
        """Give what `read` reads."""
        return json.dumps(dataclasses.asdict(self), indent=1)

    def variables(self) -> dict[str, str]:
        """Give them for a shell: of flavors and zones the first, of floating subnets the second."""
        flavor, zone = next(iter(topology.FLAVORS)), next(iter(topology.ZONES))
        floating, ipv6 = topology.PARTNER_SUBNET, topology.DEMO_SUBNET_V6
        return {
            "LAB_FLAVOR": flavor,
            "LAB_FLAVOR_ID": self.flavors[flavor],
            "LAB_ZONE": zone,
            "LAB_IPV6_SUBNET": ipv6,
            "LAB_IPV6_SUBNET_ID": self.ipv6_subnets[ipv6],
            "LAB_FLOATING_SUBNET": floating,
            "LAB_FLOATING_SUBNET_ID": self.floating_subnets[floating],
            "LAB_FLOATING_SUBNET_TAGS": ",".join(topology.FLOATING_TAGS[floating]),
        }


def file(settings: Settings) -> Path:
    """Where a laboratory keeps the ids; by it `up` knows that they are made."""
    return settings.state / "choices.done"
