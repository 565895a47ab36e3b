"""What the commands that drive the engine share: their flags, and what a pass needs."""

import contextlib
import functools
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from tfgen import config, manifest, terraform, workspace
from tfgen.cli import output, progress
from tfgen.inspection import children
from tfgen.reconcile import checkout, recover, unlock, unrest, work
from tfgen.tree import LOCK_FILE

if TYPE_CHECKING:
    from tfgen import cloud

_PANEL = "Engine"

Refresh = Annotated[
    bool,
    typer.Option(
        "--refresh/--no-refresh",
        envvar="TFGEN_REFRESH",
        help="Compare with the cloud while planning, or trust the states.",
        rich_help_panel=_PANEL,
    ),
]
Parallelism = Annotated[
    int,
    typer.Option(
        "--parallelism",
        envvar="TFGEN_PARALLELISM",
        min=1,
        max=256,
        help="Objects that the engine works on at once, in each stack.",
        rich_help_panel=_PANEL,
    ),
]


@dataclass(frozen=True, slots=True)
class How:
    """How a person wants the engine driven."""

    engine: str | None = None
    jobs: int = 4
    parallelism: int = 10
    lock_timeout: float = workspace.WAIT
    break_lock: Sequence[str] | None = None
    """Stacks whose states are locked by somebody who is dead."""


def check_checkout(loaded: config.Loaded) -> None:
    """Say what of the tree nobody can have reviewed in Git. Raises Refused (guards.git)."""
    for told in checkout.check(loaded):
        output.note(f"notice: Git: {told}")


def connect(loaded: config.Loaded) -> "cloud.Cloud":
    """Choose the cloud. Raises CloudError."""
    from tfgen import cloud

    return cloud.connect(loaded.settings, os.environ)


def start(
    loaded: config.Loaded,
    known: manifest.Manifest,
    how: How,
    sky: "cloud.Cloud | None" = None,
) -> work.Work:
    """Find the engine and ask the cloud; nothing is planned yet.

    Raises EngineError, CloudError, and Refused where it is not the cloud of the settings.
    """
    found = terraform.find(how.engine, os.environ)
    with contextlib.nullcontext(sky) if sky else connect(loaded) as asked:
        seen = work.look(asked, loaded.settings)
    do = work.Work(
        loaded=loaded,
        manifest=known,
        sky=seen,
        engine=found,
        environment=config.engine_environment(loaded.settings, os.environ),
        limits=terraform.Limits(parallelism=how.parallelism, lock=how.lock_timeout),
        jobs=how.jobs,
        lock_timeout=how.lock_timeout,
        below=partial(_below, loaded),
        quotas=partial(_quotas, loaded),
        attached=functools.cache(partial(_attached, loaded)),
        floating=partial(_floating, loaded),
        access=partial(_access, loaded),
        openings=partial(_openings, loaded),
        unsettled=partial(_unsettled, loaded),
    )
    for caution in _cautions(do):
        output.note(f"notice: {caution}")
    for done in unlock.unlock(do, how.break_lock) if how.break_lock else ():
        output.note(f"agreed: {done}")
    return do


def _below(loaded: config.Loaded, balancer: "cloud.LoadBalancer") -> recover.Below:
    """Look at what hangs on a load balancer: status tree, redirects, its VIP port's floating IP."""
    with connect(loaded) as sky:
        floating = sky.floating_ips_at(balancer.vip_port_id)
        return recover.Below(
            listeners=children.read(sky.status_tree(balancer.id)),
            floating_ip_id=floating[0].id if floating else "",
            redirects=sky.redirects(),
        )


def _floating(loaded: config.Loaded, addresses: frozenset[str]) -> frozenset[str]:
    """Give those of some floating IPs that the project has, whoever made them."""
    owner = (loaded.settings.cluster, loaded.settings.tree)
    with connect(loaded) as sky:
        found = {each.address for each in sky.floating_ips(*owner, bound=addresses)}
    return addresses & found


def _access(loaded: config.Loaded, stack: str) -> str:
    """Give the security group of a stack's node ports, where one stands by our tags."""
    from tfgen import render
    from tfgen.cloud import reach

    settings = loaded.settings
    with connect(loaded) as sky:
        name = render.access_name(stack, settings)
        return reach.group(sky, settings.cluster, settings.tree, name)


def _openings(loaded: config.Loaded, group_id: str) -> Mapping[str, str]:
    """Give the rules of a security group by protocol and port."""
    from tfgen.cloud import reach

    with connect(loaded) as sky:
        return reach.openings(sky, group_id)


def _unsettled(loaded: config.Loaded, ids: frozenset[str]) -> "tuple[cloud.LoadBalancer, ...]":
    """Give those of some load balancers that Octavia does not come to an end with."""
    owner = (loaded.settings.cluster, loaded.settings.tree)
    over = partial(bool, terraform.current())
    with connect(loaded) as sky:
        return unrest.left(lambda: sky.load_balancers(*owner), ids, over)


def _attached(loaded: config.Loaded, identity: str) -> "cloud.Standing | None":
    """Look at a load balancer that exists without tfgen; once a pass, whatever stacks ask."""
    with connect(loaded) as sky:
        return sky.attached({identity}).get(identity)


def _quotas(loaded: config.Loaded) -> "tuple[cloud.Quota, ...]":
    """Read what the project may have, and has."""
    with connect(loaded) as sky:
        return sky.quotas(loaded.settings.cluster, loaded.settings.tree)


@contextlib.contextmanager
def watched(do: work.Work) -> Iterator[tuple[work.Work, progress.Progress]]:
    """Run one pass with progress shown and signals handed on to the engines."""
    with do.interruption.listening(), progress.Progress(do.interruption) as watcher:
        yield replace(do, watcher=watcher), watcher


def _cautions(do: work.Work) -> Iterator[str]:
    """Say what works here and now and will hurt later."""
    if do.loaded.settings.backend.type == "local" and os.environ.get("CI"):
        yield (
            "the states are local files, and this is a CI job: the next one will not find them. "
            "Set backend in tfgen.yaml."
        )
    if not do.loaded.settings.openstack.project_id:
        yield (
            "openstack.project_id is not set: with the credentials of another project nothing is "
            f"found, and all would be made anew. This one is {do.sky.where.project_id}."
        )
    if not (do.tree.root / LOCK_FILE).is_file():
        yield "the tree has no provider lock: each stack takes the newest. Run tfgen lock."
