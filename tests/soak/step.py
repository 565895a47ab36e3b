"""One step of a soak as it was carried out: all that is judged afterwards, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.soak.seen import FloatingIp, Seen
from tests.soak.wishes import Operation, Wishes

DONE, REFUSED, HELD = 0, 3, 4


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person agreed to in a pass."""

    removals: bool = False
    protected: frozenset[str] = frozenset()
    moved: frozenset[str] = frozenset()
    """Services whose address may change, for they go to a group or out of it."""
    overwrite: bool = False
    """Whether hand edits of files are dropped."""

    def flags(self, namespace: str, command: str) -> tuple[str, ...]:
        """Give the flags of a command; a few know only some of them."""
        if command == "repair":
            return ()
        removals = ("--allow-removals", "99") if self.removals else ()
        if command == "sync":
            return removals
        named = [("--allow-protected", each) for each in sorted(self.protected)]
        named += [("--allow-address-change", each) for each in sorted(self.moved)]
        overwrite = ("--overwrite-edited",) if self.overwrite and command in RENDERING else ()
        words = (word for flag, name in named for word in (flag, f"{namespace}/{name}"))
        return (*removals, *words, *overwrite)


RENDERING = ("run", "render")
"""Commands that carry intent from the cluster into the tree."""
WRITING = (*RENDERING, "apply", "sync", "repair")
LOOKING = ("plan", "status", "explain", "doctor")


@dataclass(frozen=True, slots=True)
class Pass:
    """One command of tfgen that ran."""

    words: tuple[str, ...]
    code: int
    output: str
    seconds: float
    consent: Consent = field(default_factory=Consent)
    hindered: str = ""
    """What was done to it: who was killed, which service was away."""

    @property
    def command(self) -> str:
        """Give the command's name."""
        return self.words[0]

    @property
    def whole(self) -> bool:
        """Whether it came to its end, Services held or not."""
        return self.code in {DONE, HELD}


@dataclass(frozen=True, slots=True)
class Memory:
    """What must be known of the steps before."""

    tree: str = ""
    """The tree's id: by it our objects are told from others."""
    namespace: str = ""
    addresses: Mapping[str, str] = field(default_factory=dict)
    """What each living Service was first published with."""
    yielded: frozenset[str] = frozenset()
    """Services whose address may change, by a consent that is not carried out yet."""
    loose: frozenset[str] = frozenset()
    """Ids of ours that no state knows: a pass that did not come to its end left them."""
    kept: frozenset[FloatingIp] = frozenset()
    """Floating IPs that outlive their Services, as asked."""
    foreign: Mapping[str, object] = field(default_factory=dict)
    """What somebody else has, by id, as it was planted."""
    edited: Mapping[str, str] = field(default_factory=dict)
    """Digests of files as they were edited by hand, by Service."""


@dataclass(frozen=True, slots=True)
class Step:
    """One operation, with what stood before and after it."""

    operation: Operation
    wishes: Wishes
    """With this operation among them."""
    memory: Memory
    """Of the steps before."""
    before: Seen
    after: Seen
    passes: tuple[Pass, ...] = ()
    busy: bool = False
    """An engine that a killed tfgen left was at work meanwhile."""
    still: bool = False
    """It is so at the end, too."""
    idle: str = ""
    """Why there was nothing to be done."""

    @property
    def last(self) -> Pass | None:
        """The pass that decides what stands."""
        return self.passes[-1] if self.passes else None
