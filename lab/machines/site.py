"""Which laboratory's machines are meant, and where their files lie."""

import dataclasses
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self

# Every process of a laboratory carries these two, so that it can be told from other programs, and
# from the processes of another laboratory, even after everything that started it is gone.
HOME_VARIABLE = "TFGEN_LAB_HOME"
PORT_VARIABLE = "TFGEN_LAB_PORT"


@dataclasses.dataclass(frozen=True, slots=True)
class Site:
    """One laboratory's data plane."""

    home: Path
    prefix: str

    @classmethod
    def here(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Give the site that this process was started for; KeyError if for none."""
        return cls(Path(environment[HOME_VARIABLE]), f"lab{environment[PORT_VARIABLE]}")

    @property
    def cloud(self) -> str:
        """The namespace of router and nodes."""
        return f"{self.prefix}-cloud"

    @property
    def internet(self) -> str:
        """The namespace of the clients."""
        return f"{self.prefix}-internet"

    @property
    def base(self) -> Path:
        """The data plane's files."""
        return self.home / "state" / "dataplane"

    @property
    def amphorae(self) -> Path:
        """A folder an amphora."""
        return self.base / "amphorae"

    @property
    def syslog(self) -> Path:
        """The folder of the socket to which the haproxies log."""
        return self.base / "log"

    @property
    def nodes_socket(self) -> Path:
        """Where the nodes' servers take orders."""
        return self.base / "nodes.sock"

    @property
    def build_seconds(self) -> float:
        """How long an amphora boots, in seconds, at this moment."""
        try:
            return float((self.home / "state" / "build-seconds").read_text())
        except (OSError, ValueError):
            return 0.0
