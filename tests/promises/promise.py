"""What a row of the vocabulary promises: who says it, where it is seen, and what stands there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

COMBINED = "test_every_row.py::test_every_row"
Look = Callable[["Seen"], Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the laboratory holds of one Service: objects of openstacksdk, and of Kubernetes."""

    balancer: Any
    floating: Any
    """None where there is none."""
    ports: Mapping[str, "Port"]
    """By protocol and number: `tcp-80`."""
    service: Mapping[str, Any]
    """As the cluster has it afterwards."""
    revision: str
    """Of its file, as the manifest has it."""

    @property
    def port(self) -> "Port":
        """Its first port."""
        return self.ports[min(self.ports)]

    @property
    def notes(self) -> Mapping[str, str]:
        """Its annotations."""
        found: Mapping[str, str] = self.service["metadata"].get("annotations", {})
        return found

    @property
    def ingress(self) -> list[dict[str, str]]:
        """What its status says that it answers on."""
        found: list[dict[str, str]] = self.service["status"]["loadBalancer"].get("ingress", [])
        return found


@dataclass(frozen=True, slots=True)
class Port:
    """One port in Octavia."""

    listener: Any
    pool: Any
    monitor: Any
    """None where there is none."""
    members: Mapping[str, Any]
    """By address."""


@dataclass(frozen=True, slots=True)
class Promise:
    """One row: what one Service of the laboratory says, and what is seen of it; or another test."""

    service: str = ""
    value: Any = None
    """What is written; None where it stands in the Service's spec. Texts name ids: `{small}`."""
    look: Look = field(default=lambda _: None)
    expected: Any = None
    """Texts name ids, as in the value."""
    test: str = ""
    """`file::test` of tests/e2e, which proves it by itself."""
    but: str = ""
    """What of it the laboratory does not show, and how far it is shown."""

    @property
    def proof(self) -> str:
        """The name of the test, and what it does not show."""
        test = (self.test or COMBINED).rpartition("::")[2]
        return f"`{test}`; {self.but}" if self.but else f"`{test}`"


def held(service: str, value: Any, look: Look, expected: Any) -> Promise:  # noqa: ANN401  any JSON
    """Make a row that the combined Services prove."""
    return Promise(service, value, look, expected)


def elsewhere(test: str, but: str = "") -> Promise:
    """Make a row that a test of its own proves."""
    return Promise(test=test, but=but)


def own(tags: list[str]) -> list[str]:
    """Give the tags that are not tfgen's."""
    return sorted(tag for tag in tags if not tag.startswith("tfgen"))


def filled(value: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401  any JSON
    """Put the laboratory's ids in the place of their names."""
    if isinstance(value, str):
        return value.format_map(names)
    if isinstance(value, list):
        return [filled(each, names) for each in value]
    if isinstance(value, dict):
        return {key: filled(each, names) for key, each in value.items()}
    return value
