"""What the guards say: refusals and notices as values, and what a person may agree to."""

from dataclasses import dataclass, field
from enum import StrEnum

from tfgen import model


class Guard(StrEnum):
    """The guards; docs/guards.md says what each is for."""

    SHRINK = "shrink"
    DELETE = "delete"
    ADDRESS = "address"
    PROTECTED = "protected"
    OWNERSHIP = "ownership"
    EXPOSURE = "exposure"
    VANISHED = "vanished"
    POLICY = "policy"
    STOP = "stop"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a person agreed to; also, what a refusal needs. Each part has a flag of its own."""

    removals: int = 0
    """Services, or members of a pool, that may go."""
    address_change: frozenset[model.ServiceKey] = frozenset()
    protected: frozenset[model.ServiceKey] = frozenset()
    new_state: bool = False
    """What is listed but not found may be created anew."""
    exposure: frozenset[model.ServiceKey] = frozenset()
    """Services that may become reachable from everywhere."""
    anew: frozenset[model.Owner] = frozenset()
    """Whose load balancer may be created anew: what `new_state` allows, for these alone. No flag
    says it; `tfgen repair` does, of what it has deleted itself."""

    def covers(self, needs: "Allowed") -> bool:
        """Whether everything that `needs` asks for was agreed to."""
        return (
            needs.removals <= self.removals
            and needs.address_change <= self.address_change
            and needs.protected <= self.protected
            and (needs.new_state <= self.new_state or self._makes_anew(needs))
            and needs.exposure <= self.exposure
        )

    def _makes_anew(self, needs: "Allowed") -> bool:
        return bool(needs.anew) and needs.anew <= self.anew

    @property
    def flags(self) -> str:
        """The flags that say this on a command line."""
        parts = [f"--allow-removals {self.removals}"] if self.removals else []
        parts += [f"--allow-address-change {key}" for key in sorted(self.address_change)]
        parts += [f"--allow-protected {key}" for key in sorted(self.protected)]
        parts += [f"--allow-exposure {key}" for key in sorted(self.exposure)]
        return " ".join([*parts, "--new-state"] if self.new_state else parts)


@dataclass(frozen=True, slots=True, order=True)
class Refusal:
    """One thing that a guard does not let pass."""

    guard: Guard
    about: str
    """"Service ns/name", or "The plan" where it belongs to no Service."""
    address: str
    """The resource's address, empty where it is about several."""
    what: str
    """What would happen, before -> after, in words."""
    remedy: str
    """What to do about it, as a sentence."""
    service: model.ServiceKey | None = field(default=None, compare=False)
    needs: Allowed | None = field(default=None, compare=False)
    """What opens it; None: no flag does."""
    plan: str = ""
    """Which plan, where several were judged: the name of its stack or file."""
    plans: tuple[str, ...] = field(default=(), compare=False)
    """Those that it is about, where it is about several together."""

    @property
    def how(self) -> str:
        """How to proceed: the remedy, and the exact flag where there is one."""
        return f"{self.remedy} To agree: {self.needs.flags}" if self.needs else self.remedy


@dataclass(frozen=True, slots=True)
class Verdict:
    """What all guards together say of one plan, or of several."""

    refusals: tuple[Refusal, ...] = ()
    notices: tuple[model.Notice, ...] = ()
    errored: bool = False
    """The engine could not finish a plan, so it cannot be applied whatever the guards say."""
    opened: tuple[Refusal, ...] = ()
    """What would have been refused, had nobody agreed to it."""

    @property
    def passes(self) -> bool:
        """Whether no guard refuses; an errored plan never passes."""
        return not self.refusals and not self.errored
