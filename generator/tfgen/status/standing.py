"""How one Service stands, and the conditions that say so."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tfgen import model

APPLIED = "tfgen.io/Applied"
HELD = "tfgen.io/Held"

_LONGEST = 1000
"""Characters of a message: an Event takes 1024 bytes, and a longer one nobody reads."""


class Phase(StrEnum):
    """How far the load balancer of a Service has come."""

    APPLIED = "applied"
    """It stands, and its address is confirmed."""
    AWAITING = "awaiting review"
    """The review or the apply of what was rendered is still to come."""
    UNCONFIRMED = "unconfirmed"
    """It had an address, and where that should be known it is not: the address stays."""
    UNKNOWN = "unknown"
    """The source could not be asked, or cannot tell: what was said before stays."""
    RELEASED = "released"
    """The claim ended and the load balancer is gone: what we wrote goes."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one Service stands; what it should carry follows from it."""

    phase: Phase
    tree: str
    """Id of the tree that publishes it."""
    address: model.Address | None = None
    """Given with APPLIED; with AWAITING and UNKNOWN where it answers by an older revision."""
    hostname: str = ""
    """What clients are given in place of the address."""
    second: model.Address | None = None
    """That of the second IP family, if there is such; never without the first."""
    second_hostname: str = ""
    half: bool = False
    """Whether a second address should be there, and is not known."""
    proxy: bool = False
    """Whether clients must come through the load balancer, even from within the cluster."""
    why: str = ""
    """What AWAITING waits for, or why the address is UNCONFIRMED."""
    problems: tuple[str, ...] = ()
    """Why it is held."""


def conditions(standing: Standing) -> Iterator[dict[str, str]]:
    """Give the conditions that a Service should have, without times."""
    match standing.phase:
        case Phase.RELEASED:
            return
        case Phase.APPLIED:
            yield _condition(APPLIED, "True", "Applied", _answers(standing))
        case Phase.AWAITING:
            yield _condition(APPLIED, "False", "AwaitingReview", standing.why)
        case Phase.UNCONFIRMED:
            yield _condition(APPLIED, "Unknown", "AddressNotConfirmed", standing.why)
        case Phase.UNKNOWN:
            pass
    if standing.problems:
        yield _condition(HELD, "True", "Problem", " ".join(standing.problems))
    else:
        yield _condition(HELD, "False", "NoProblem", "")


def reads_alike(wanted: Mapping[str, str], present: Mapping[str, object]) -> bool:
    """Whether a condition says what it said before; times and generations say nothing."""
    return all(present.get(name) == wanted[name] for name in ("status", "reason", "message"))


def _answers(standing: Standing) -> str:
    found = filter(None, (standing.address, standing.second))
    return " ".join(
        f"Load balancer {each.load_balancer_id} answers on {each.address}." for each in found
    )


def _condition(kind: str, status: str, reason: str, message: str) -> dict[str, str]:
    cut = message if len(message) <= _LONGEST else message[: _LONGEST - 3] + "..."
    return {"type": kind, "status": status, "reason": reason, "message": cut}
