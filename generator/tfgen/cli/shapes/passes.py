"""What the commands of the main line print."""

from dataclasses import dataclass
from typing import Literal

from tfgen.cli.shapes.shape import Error, Said, Shape


@dataclass(frozen=True, slots=True)
class File(Shape):
    """A file of the output tree that differs."""

    path: str
    """Relative to the tree."""
    change: Literal["created", "changed", "removed"]


@dataclass(frozen=True, slots=True)
class Rendered(Shape):
    """A Service of the tree."""

    service: str
    """NAMESPACE/NAME, here and everywhere."""
    stack: str
    file: str
    state: Literal["rendered", "held"]
    ports: list[str]
    """Port keys, as tcp-80."""


@dataclass(frozen=True, slots=True)
class Problem(Shape):
    """What holds a Service."""

    service: str
    field: str
    found: str
    expected: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Tombstone(Shape):
    """A stack without Services that stays."""

    stack: str
    why: str


@dataclass(frozen=True, slots=True)
class Render(Shape):
    """What a rendering did, or with --check would do."""

    stale: bool
    """Whether the tree on disk was behind."""
    stacks: list[str]
    """Stacks that a change touches."""
    files: list[File]
    services: list[Rendered]
    gone: list[str]
    """Services whose files go."""
    never_rendered: list[str]
    """Services with a problem that have no file yet."""
    awaiting: list[str]
    """Services with a node port that is not known yet."""
    problems: list[Problem]
    notices: list[Said]
    consents: list[Said]
    """What a flag agreed to."""
    edits: list[str]
    """Hand edits that are kept, as a unified diff."""
    pruned: list[str]
    """Stacks that --prune removes."""
    tombstones: list[Tombstone]
    """Stacks that --prune looked at and keeps."""


@dataclass(frozen=True, slots=True)
class Change(Shape):
    """What happens to one Service."""

    service: str | None
    """null: to resources that are no Service's, or a group's."""
    group: str | None
    """The group whose load balancer it is."""
    effects: list[str]
    outages: list[str]
    """Ports that stop answering, in words."""
    facts_only: bool
    """Whether nothing but members changes."""


@dataclass(frozen=True, slots=True)
class PlannedStack(Shape):
    """One stack's plan."""

    stack: str
    skipped: str
    """Why it was not planned; empty where it was."""
    saved: bool
    refused: bool
    effect_digest: str | None
    """Of what people approve: nodes that come and go are no part of it."""
    plan_digest: str | None
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class Diagnostic(Shape):
    """An error that the engine reported."""

    service: str | None
    address: str
    place: str
    """File and line."""
    summary: str
    detail: str


@dataclass(frozen=True, slots=True)
class Failure(Shape):
    """What went wrong with a stack."""

    stack: str
    code: int
    what: str
    remedy: str
    diagnostics: list[Diagnostic]


@dataclass(frozen=True, slots=True)
class Refusal(Shape):
    """What a guard refuses."""

    guard: str
    plan: str
    """The stack or file; empty: all plans together."""
    service: str | None
    address: str
    what: str
    remedy: str
    flags: str | None
    """The flag that opens it; null: none does."""


@dataclass(frozen=True, slots=True)
class Verdict(Shape):
    """What the guards say."""

    passes: bool
    errored: bool
    """Whether the engine could not finish a plan."""
    refusals: list[Refusal]
    notices: list[Said]


@dataclass(frozen=True, slots=True)
class Plan(Shape):
    """What applying would do."""

    stacks: list[PlannedStack]
    held: list[str]
    left_out: dict[str, str]
    """Services that were kept out of their stack's plan, and why."""
    failures: list[Failure]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class GuardedChange(Shape):
    """What a plan of another tool does to one Service."""

    plan: str
    service: str | None
    group: str | None
    effects: list[str]


@dataclass(frozen=True, slots=True)
class Digests(Shape):
    """What a consent for a plan of another tool is bound to; empty where it is no plan."""

    plan: str
    effect: str
    """Of all but members that come and go."""
    whole: str
    """Of those as well: for guard shrink."""


@dataclass(frozen=True, slots=True)
class Guard(Verdict):
    """The verdict on plans that another tool made."""

    changes: list[GuardedChange]
    digests: list[Digests]


@dataclass(frozen=True, slots=True)
class AppliedService(Shape):
    """One Service that something happened to."""

    service: str
    """Or `stack NAME`, for resources that are no Service's."""
    address: str
    second_address: str
    """Of its second IP family."""
    changed: list[str]
    kept: list[str]
    """Floating IPs that stay in the project."""
    seconds: float


@dataclass(frozen=True, slots=True)
class AppliedStack(Shape):
    """One stack that was applied."""

    seconds: float
    planned_anew: bool
    """Its plan went stale, and a new one has the same effect."""


@dataclass(frozen=True, slots=True)
class Quota(Shape):
    """A quota of which nothing is left."""

    name: str
    limit: int
    used: int
    ours: int


@dataclass(frozen=True, slots=True)
class Apply(Shape):
    """What an apply did."""

    services: list[AppliedService]
    stacks: dict[str, AppliedStack]
    removed: list[str]
    """Stacks without Services that are over."""
    full_quotas: list[Quota]
    failures: list[Failure]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Published(Shape):
    """What became of one Service."""

    service: str
    outcome: str
    phase: str
    """How it stands; empty where that is not known."""
    address: str
    second_address: str
    """Of its second IP family."""
    text: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Publish(Shape):
    """What was written back to the cluster."""

    services: list[Published]
    notices: list[str]


@dataclass(frozen=True, slots=True)
class Run(Shape):
    """The results of all steps, as far as it came, each as its command prints it."""

    render: Render | None = None
    plan: Plan | None = None
    apply: Apply | None = None
    publish: Publish | None = None
    error: Error | None = None
    """Why it went no further."""
