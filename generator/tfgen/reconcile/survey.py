"""Tree, cluster and cloud, each looked at once and side by side; who does not answer is a value."""

from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

from tfgen import config, errors, inspection, manifest, model, status, tree, workspace
from tfgen.reconcile import addresses, aside, work
from tfgen.reconcile.forecast import Forecast, forecast
from tfgen.render import facts
from tfgen.tree import identity

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; only who connects pays

Value = TypeVar("Value")

CLUSTER, CLOUD, STATES = "cluster", "cloud", "states"
_NOBODY = model.Listing((), (), None, "")


class Lists(Protocol):
    """The part of the cloud that is looked at."""

    def check_project(self, settings: config.Settings) -> None:
        """Raise Refused where this is another project, region or cloud."""

    def load_balancers(self, cluster: str, tree: str) -> "tuple[cloud.LoadBalancer, ...]":
        """List the load balancers of one tree."""

    def floating_ips(
        self, cluster: str, tree: str, *, bound: Collection[str] = ()
    ) -> "tuple[cloud.FloatingIp, ...]":
        """List the floating IPs of one tree, and those with an address in `bound`."""

    def attached(self, ids: Collection[str]) -> "Mapping[str, cloud.Standing]":
        """Look at those of some load balancers that the project has."""

    def floating_ips_of(
        self, standing: "Mapping[str, cloud.Standing]"
    ) -> "tuple[cloud.FloatingIp, ...]":
        """List the floating IPs that lead to them."""


ReadStates = Callable[[tuple[str, ...]], Mapping[str, inspection.InState]]


@dataclass(frozen=True, slots=True)
class Sides:
    """How each side is asked; what one raises is kept, and the others are looked at."""

    cluster: Callable[[], model.Listing]
    cloud: Callable[[], AbstractContextManager[Lists]]
    states: ReadStates | None = None
    """Reads the states of the stacks named; None: states are not asked."""


@dataclass(frozen=True, slots=True)
class Sky:
    """What Octavia and Neutron listed."""

    balancers: "tuple[cloud.LoadBalancer, ...]"
    floating_ips: "tuple[cloud.FloatingIp, ...]"
    standing: "Mapping[str, cloud.Standing]" = field(default_factory=dict)
    """Load balancers that exist without tfgen, by id."""

    def seen(self, settings: config.Settings) -> tuple[inspection.Balancer, ...]:
        """Give the load balancers with the floating IPs at their VIP ports.

        One that exists without tfgen is seen by each Service of ours that has listeners there.
        """
        bound = {each.port_id: each.address for each in self.floating_ips if each.port_id}
        own = (_seen(each, bound.get(each.vip_port_id, "")) for each in self.balancers)
        guests = (
            replace(
                _seen(each.balancer, bound.get(each.balancer.vip_port_id, "")),
                service=service,
                group=None,
                listeners=count,
                attached=True,
            )
            for each in self.standing.values()
            for service, count in each.guests(settings.cluster, settings.tree).items()
        )
        return (*own, *guests)


def _seen(balancer: "cloud.LoadBalancer", floating_ip: str) -> inspection.Balancer:
    return inspection.Balancer(
        id=balancer.id,
        name=balancer.name,
        service=balancer.service,
        group=balancer.group,
        is_second=balancer.is_second,
        provisioning=balancer.provisioning_status,
        operating=balancer.operating_status,
        vip_address=balancer.vip_address,
        floating_ip=floating_ip,
        listeners=balancer.listeners,
        since=balancer.since,
        age=balancer.age(datetime.now(UTC)),
    )


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found. None: that side did not answer, and `away` says why."""

    loaded: config.Loaded
    snapshot: tree.Snapshot
    listing: model.Listing | None = None
    forecast: Forecast | None = None
    sky: Sky | None = None
    states: Mapping[str, inspection.InState] | None = None
    away: Mapping[str, errors.TfgenError] = field(default_factory=dict)
    aside: tuple[str, ...] = ()
    """What belongs to no Service by itself: a stop, locks, what is left over in the cloud."""

    def known(self) -> inspection.Known:
        """Give it in the form that is judged."""
        return inspection.Known(
            snapshot=self.snapshot,
            desired=self.forecast.desired if self.forecast else None,
            judgements=self._judgements(),
            balancers=self.sky.seen(self.loaded.settings) if self.sky else None,
            states=self.states,
            node_ports=dict(_node_ports(self.snapshot)),
        )

    def _judgements(self) -> Mapping[model.ServiceKey, status.Judgement] | None:
        """Say what each Service of a live cluster should carry."""
        if self.listing is None or self.forecast is None or not self.listing.live:
            return None
        settings, sky = self.loaded.settings, self.sky
        empty = manifest.Manifest(settings.cluster, settings.tree, settings.stacks.by)
        question = status.Question(
            self.listing,
            self.forecast.translation,
            self.snapshot.manifest or empty,
            addresses.of_lists(
                sky.balancers, sky.floating_ips, self.snapshot.manifest, sky.standing
            )
            if sky
            else status.Found(answered=frozenset()),
            suffix=settings.publish.suffix,
        )
        return {judgement.service: judgement for judgement in status.judge(question)}


def _node_ports(snapshot: tree.Snapshot) -> Iterator[tuple[str, facts.NodePorts]]:
    for stack in snapshot.manifest.stacks if snapshot.manifest else ():
        if found := snapshot.facts(stack):
            yield stack, found.node_ports


def survey(loaded: config.Loaded, sides: Sides) -> Survey:
    """Look at all sides at once.

    Raises Refused or TreeError where the tree cannot be read or is not that of the settings.
    """
    snapshot = workspace.Tree(loaded.out).snapshot()
    identity.check(snapshot, _NOBODY, loaded.settings, tree.Options())
    stacks = snapshot.manifest.stacks if snapshot.manifest else ()
    bound = snapshot.manifest.bound if snapshot.manifest else frozenset()
    others = {*snapshot.resolved.load_balancers}
    others |= snapshot.manifest.attached if snapshot.manifest else frozenset()
    with work.threads(3, "survey") as pool:
        cluster = pool.submit(_cluster, loaded, snapshot, sides.cluster)
        sky = pool.submit(_sky, loaded.settings, (bound, others), sides.cloud)
        states = pool.submit(sides.states, stacks) if sides.states else None
    away: dict[str, errors.TfgenError] = {}
    listing, seen = _answer(CLUSTER, cluster, away), _answer(CLOUD, sky, away)
    return Survey(
        loaded=loaded,
        snapshot=snapshot,
        listing=listing,
        forecast=forecast(loaded, snapshot, listing) if listing else None,
        sky=seen,
        states=_answer(STATES, states, away) if states else None,
        away=away,
        aside=tuple(_aside(loaded, snapshot.manifest, stacks, seen)),
    )


def _aside(
    loaded: config.Loaded,
    known: manifest.Manifest | None,
    stacks: tuple[str, ...],
    sky: Sky | None,
) -> Iterator[str]:
    yield from aside.stopped(loaded)
    yield from aside.locks(loaded, stacks)
    if sky:
        yield from aside.orphans(known, sky.balancers, sky.floating_ips)


def blind(away: Collection[str]) -> bool:
    """Whether neither cluster nor cloud answered, so that nothing was compared."""
    return CLUSTER in away and CLOUD in away


def _answer(name: str, asked: Future[Value], away: dict[str, errors.TfgenError]) -> Value | None:
    try:
        return asked.result()
    except errors.Interrupted:
        raise
    except errors.TfgenError as failure:
        away[name] = failure
        return None


def _cluster(
    loaded: config.Loaded, snapshot: tree.Snapshot, read: Callable[[], model.Listing]
) -> model.Listing:
    """List the cluster. Raises Refused where it is not the one that the tree was rendered from."""
    listing = read()
    identity.check(snapshot, listing, loaded.settings, tree.Options())
    return listing


def _sky(
    settings: config.Settings,
    known: tuple[Collection[str], Collection[str]],
    connect: Callable[[], AbstractContextManager[Lists]],
) -> Sky:
    """List what is ours; `known` are bound floating IPs, and load balancers that are not ours."""
    owner, (bound, others) = (settings.cluster, settings.tree), known
    with connect() as lists:
        lists.check_project(settings)
        standing = lists.attached(others) if others else {}
        floating_ips = lists.floating_ips(*owner, bound=bound)
        led = lists.floating_ips_of(standing) if standing else ()
        return Sky(lists.load_balancers(*owner), (*floating_ips, *led), standing)
