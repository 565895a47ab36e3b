"""What the output tree holds, and what is asked of it: the two sides of a rendering."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from tfgen import manifest, model, render, resolved
from tfgen.render import facts

LOCK_FILE = ".terraform.lock.hcl"
"""At the top of the tree: the provider lock that new stacks start with."""


class Lane(Enum):
    """Which files a rendering may write."""

    ALL = auto()
    INTENT = auto()
    """No cluster at hand: facts stay as they are."""
    FACTS = auto()
    """Nodes and node ports only: nobody reviews a node."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The tree as it stands. `texts` holds every file that may be ours, by path in the tree."""

    manifest: manifest.Manifest | None
    texts: Mapping[str, str]
    stacks: frozenset[str] = frozenset()
    """Names of the folders under stacks/."""

    @property
    def resolved(self) -> resolved.Resolved:
        """What was resolved for the tree. Raises TreeError."""
        return resolved.loads(self.texts.get(resolved.FILE))

    def facts(self, stack: str) -> facts.Facts | None:
        """Give a stack's facts, None where it awaits them. Raises TreeError."""
        path = facts_path(stack)
        text = self.texts.get(path)
        return None if text is None else render.load_facts(text, path)


@dataclass(frozen=True, slots=True)
class Options:
    """What a person asks of, or allows, one rendering."""

    lane: Lane = Lane.ALL
    overwrite_edited: bool = False
    allow_removals: int | None = None
    """How many Services, and how many nodes of a group, may go; None: what the settings say."""
    allow_protected: frozenset[model.ServiceKey] = frozenset()
    address_change: frozenset[model.ServiceKey] = frozenset()
    accept_unclaimed: bool = False
    accept_cluster: str = ""
    """UID of a cluster that may stand for the one the tree was rendered from."""
    services: frozenset[model.ServiceKey] = frozenset()
    """Write these alone (empty: all)."""
    stacks: frozenset[str] = frozenset()

    def wants(self, service: model.ServiceKey, stack: str) -> bool:
        """Whether a Service is among those to be written."""
        chosen = not self.services or service in self.services
        return chosen and (not self.stacks or stack in self.stacks)


@dataclass(frozen=True, slots=True)
class Desired:
    """What the tree should hold afterwards."""

    manifest: manifest.Manifest
    files: Mapping[str, str] = field(default_factory=dict)
    """Every file that this rendering answers for, by path."""
    removed: tuple[str, ...] = ()
    problems: tuple[model.Problem, ...] = ()
    notices: tuple[model.Notice, ...] = ()
    consents: tuple[model.Notice, ...] = ()
    """What a person let pass."""
    gone: tuple[model.ServiceKey, ...] = ()
    """Services whose files go with this rendering."""
    never_rendered: tuple[model.ServiceKey, ...] = ()
    """Held, and not in the tree yet."""
    awaiting: tuple[model.ServiceKey, ...] = ()
    """Rendered, with a port whose node port is not known yet."""
    edits: Mapping[str, str] = field(default_factory=dict)
    """What tfgen would write where a hand edit is kept, by path."""


def facts_path(stack: str) -> str:
    """Give the path of a stack's facts in the tree."""
    return f"stacks/{stack}/{facts.FILE}"
