"""What the stacks of one pass share, and how they are worked on side by side."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar

from tfgen import config, errors, manifest, model, terraform, workspace
from tfgen.reconcile import recover, trees

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; only who connects pays

Value = TypeVar("Value")
Failures: TypeAlias = Mapping[str, errors.TfgenError]
"""What went wrong with which stack."""


class Stage(StrEnum):
    """What is being done to a stack."""

    WAIT = "waiting for another tfgen"
    INIT = "getting ready"
    PLAN = "planning"
    APPLY = "applying"
    DONE = "done"


class Watcher(Protocol):
    """Who is told how far things are; called from several threads."""

    def stage(self, stack: str, stage: Stage) -> None:
        """Hear that a stack enters a stage."""

    def event(self, stack: str, event: terraform.Event) -> None:
        """Hear what the engine says."""


class Nobody:
    """A watcher that looks away."""

    def stage(self, stack: str, stage: Stage) -> None:
        """Let it go."""

    def event(self, stack: str, event: terraform.Event) -> None:
        """Let it go."""


class Asks(Protocol):
    """The part of the cloud that a plan is preceded by."""

    def check_project(self, settings: config.Settings) -> None:
        """Raise Refused where this is another project, region or cloud."""

    def identity(self) -> "cloud.Identity":
        """Say as which project, where."""

    def load_balancers_of(self, cluster: str) -> "tuple[cloud.LoadBalancer, ...]":
        """List the load balancers of one cluster, whatever their tree."""


@dataclass(frozen=True, slots=True)
class Sky:
    """What the cloud said before anything was planned."""

    where: terraform.Where
    load_balancers: "tuple[cloud.LoadBalancer, ...]" = ()

    @property
    def owners(self) -> frozenset[model.Owner]:
        """Services and groups that have a load balancer, whatever the states say."""
        return frozenset(each.owner for each in self.load_balancers if each.owner)


def look(asked: Asks, settings: config.Settings) -> Sky:
    """Ask the cloud who we are and what stands: a token and one list.

    Raises Refused where it is not the cloud of the settings, or another tree has load balancers of
    this cluster, and CloudError.
    """
    asked.check_project(settings)
    found = asked.identity()
    where = terraform.Where(found.project_id, found.auth_url, found.region)
    return Sky(where, trees.ours(asked.load_balancers_of(settings.cluster), settings))


def _nothing(_balancer: "cloud.LoadBalancer") -> recover.Below:
    """See nothing: there is no cloud to look at."""
    return recover.Below()


def _closed(_group_id: str) -> Mapping[str, str]:
    """See nothing, as above."""
    return {}


def _settled(_ids: frozenset[str]) -> "tuple[cloud.LoadBalancer, ...]":
    """See none at work."""
    return ()


def _unknown(_stack: str) -> str:
    """See no security group, as above."""
    return ""


def _nobody(_identity: str) -> None:
    """Find nothing."""


@dataclass(frozen=True, slots=True)
class Work:
    """One pass over the stacks of a tree."""

    loaded: config.Loaded
    manifest: manifest.Manifest
    sky: Sky
    engine: terraform.Engine
    environment: Mapping[str, str]
    interruption: terraform.Interruption = field(default_factory=terraform.current)
    watcher: Watcher = field(default_factory=Nobody)
    limits: terraform.Limits = field(default_factory=terraform.Limits)
    jobs: int = 4
    unheard: frozenset[model.Owner] = frozenset()
    """Who the cluster says has no address yet: what stands of theirs was just begun."""
    published: frozenset[model.Owner] = frozenset()
    """Who the cluster says has an address of ours, where it was asked."""
    below: "Callable[[cloud.LoadBalancer], recover.Below]" = _nothing
    """Look at what hangs on one load balancer."""
    quotas: "Callable[[], tuple[cloud.Quota, ...]]" = tuple
    """Read the project's quotas, and what is used of them."""
    attached: "Callable[[str], cloud.Standing | None]" = _nobody
    """Look at one load balancer that exists without tfgen; None where the project has it not."""
    floating: "Callable[[frozenset[str]], frozenset[str]]" = frozenset
    """Give those of some floating IPs that the project has."""
    access: Callable[[str], str] = _unknown
    """Give the id of the security group that opens a stack's node ports, by its tags."""
    openings: Callable[[str], Mapping[str, str]] = _closed
    """Give the ids of a security group's rules by protocol and port."""
    adopted: Mapping[str, str] = field(default_factory=dict)
    """Ids of what stands apart from any load balancer, by the address that takes it in."""
    unsettled: "Callable[[frozenset[str]], tuple[cloud.LoadBalancer, ...]]" = _settled
    """Give those of some load balancers, by id, at which Octavia is at work for long."""
    lock_timeout: float = workspace.WAIT
    """Seconds for which another tfgen at the same stack or tree is waited for."""

    @property
    def tree(self) -> workspace.Tree:
        """The output tree."""
        return self._tree()

    def _tree(self, waits: Callable[[], object] = bool) -> workspace.Tree:
        patience = workspace.Patience(self.lock_timeout, lambda: bool(self.interruption), waits)
        return workspace.Tree(self.loaded.out, patience)

    @contextmanager
    def alone(self, name: str) -> Iterator[terraform.Stack]:
        """Give one stack, at which nobody else works meanwhile; its engines keep it so.

        Raises TreeError that says who is at it.
        """
        waits = partial(self.watcher.stage, name, Stage.WAIT)
        with self._tree(waits).alone(name) as keeps:
            yield replace(self.stack(name), keeps=keeps)

    def stack(self, name: str) -> terraform.Stack:
        """Give one stack, ready to be driven."""
        return terraform.Stack(
            directory=self.tree.stack(name),
            engine=self.engine,
            environment=self.environment,
            interruption=self.interruption,
            limits=self.limits,
        )


def each(
    names: Iterable[str], jobs: int, do: Callable[[str], Value | None]
) -> tuple[dict[str, Value], dict[str, errors.TfgenError]]:
    """Do something for each stack, `jobs` at once. One that fails stops no other.

    Gives the values (those that are not None) and the failures by stack, sorted. A bug (any
    other exception) is raised.
    """
    ordered = sorted(names)
    with threads(jobs, "stack") as pool:
        results = list(pool.map(lambda name: _attempt(do, name), ordered))
    values: dict[str, Value] = {}
    failures: dict[str, errors.TfgenError] = {}
    for name, (value, failure) in zip(ordered, results, strict=True):
        if failure is not None:
            failures[name] = failure
        elif value is not None:
            values[name] = value
    return values, failures


@contextmanager
def threads(number: int, name: str) -> Iterator[ThreadPoolExecutor]:
    """Give threads, and wait for them at the end.

    A KeyboardInterrupt passes at once: whoever answers a request is left, and engines, which were
    told, are waited for by `Interruption.settle`.
    """
    pool = ThreadPoolExecutor(number, thread_name_prefix=name)
    try:
        yield pool
        pool.shutdown()
    except KeyboardInterrupt:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    except BaseException:
        pool.shutdown()
        raise


def _attempt(
    do: Callable[[str], Value | None], name: str
) -> tuple[Value | None, errors.TfgenError | None]:
    try:
        return do(name), None
    except errors.TfgenError as failure:
        return None, failure
    except OSError as error:
        return None, _of_system(name, error)


def _of_system(name: str, error: OSError) -> errors.TreeError:
    """Word what the operating system refused: a full disk, a folder that is another user's."""
    where = f"{error.filename}: " if error.filename else ""
    return errors.TreeError(
        f"stack {name}: {where}{error.strerror or error}",
        remedy="Look at the room on that disk and at who owns that file. Then run the same command "
        "again.",
    )


def code(done: int, failures: Failures) -> errors.ExitCode:
    """Give the exit code of stacks of which `done` went well.

    A refusal and an interrupt speak for themselves; of the rest, some failed or all did.
    """
    kinds = {failure.code for failure in failures.values()}
    own = kinds & {errors.ExitCode.REFUSED, errors.ExitCode.INTERRUPTED}
    if kinds - own:
        own.add(errors.ExitCode.PARTIAL if done else errors.ExitCode.ERROR)
    return errors.worst(*own)
