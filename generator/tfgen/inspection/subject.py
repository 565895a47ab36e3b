"""One Service as tree, cluster and cloud know it, gathered from what was read of each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from tfgen import manifest, model, policy, status, tree
from tfgen.inspection import written
from tfgen.render import facts


@dataclass(frozen=True, slots=True)
class Balancer:
    """A load balancer as the cloud lists it, with the floating IP at its VIP port."""

    id: str
    name: str
    service: model.ServiceKey | None
    """As its tags say."""
    provisioning: str
    operating: str
    vip_address: str
    floating_ip: str = ""
    listeners: int | None = None
    """How many it has, where the listing says so."""
    group: model.GroupKey | None = None
    """Whose Services share it, as its tags say."""
    since: str = ""
    """When Octavia last changed it, UTC."""
    age: float | None = None
    """Seconds since then, by our clock; None where Octavia does not say."""
    is_second: bool = False
    """Whether it is that of the Service's second IP family."""

    attached: bool = False
    """Whether it exists without tfgen, and the Service has the listeners on it."""

    @property
    def owner(self) -> model.Owner | None:
        """Whose it is."""
        if self.service and self.is_second:
            return model.SecondKey(self.service)
        return self.service or self.group


@dataclass(frozen=True, slots=True)
class InState:
    """What a state holds of one stack, by Service and family."""

    ports: Mapping[model.Owner, frozenset[str]]
    tainted: Mapping[model.Owner, tuple[str, ...]] = field(default_factory=dict)
    """Addresses of what its engine would replace."""

    @classmethod
    def of(cls, addresses: Iterable[str], tainted: Iterable[str] = ()) -> "InState":
        """Read addresses; those that are no Service's are passed over."""
        ports: dict[model.Owner, set[str]] = {}
        bad: dict[model.Owner, list[str]] = {}
        for found in map(policy.named, addresses):
            if found.owner and found.service:
                ports.setdefault(found.owner, set()).update({found.port} - {""})
        for found in map(policy.named, sorted(tainted)):
            if found.owner and found.service:
                bad.setdefault(found.owner, []).append(found.address)
        return cls(
            {key: frozenset(each) for key, each in ports.items()},
            {key: tuple(each) for key, each in bad.items()},
        )


@dataclass(frozen=True)
class Known:
    """What was read. None: that side could not be asked, or (states) was not."""

    snapshot: tree.Snapshot
    desired: tree.Desired | None = None
    """What a rendering of the cluster as it is would make of the tree."""
    judgements: Mapping[model.ServiceKey, status.Judgement] | None = None
    """What each Service should carry; None where no live cluster was read."""
    balancers: tuple[Balancer, ...] | None = None
    states: Mapping[str, InState] | None = None
    """By stack; those that could not be read are missing."""
    node_ports: Mapping[str, facts.NodePorts] = field(default_factory=dict)
    """By stack; those that await their facts are missing."""

    def subjects(self) -> Iterator["Subject"]:
        """Give every Service that any side knows of, sorted."""
        keys = self._entries.keys() | self._wanted.keys() | self._problems.keys()
        owners = {each.service for each in self.balancers or () if each.service}
        for key in sorted(keys | owners):
            yield self.subject(key)

    def left_groups(self) -> tuple[model.GroupKey, ...]:
        """Give the groups that have a load balancer, and no Service in the tree, sorted."""
        groups = {each for each in self._balancers if isinstance(each, model.GroupKey)}
        asked = {each.shares for each in self._wanted.values()}
        return tuple(sorted(groups - self._groups.keys() - asked))

    def of_owner(self, owner: model.Owner) -> tuple[Balancer, ...]:
        """Give the load balancers that carry somebody's tags."""
        return self._balancers.get(owner, ())

    def subject(self, key: model.ServiceKey) -> "Subject":
        """Gather one Service."""
        entry, wanted = self._entries.get(key), self._wanted.get(key)
        before = self._texts(entry or wanted, self.snapshot.texts)
        after = self._texts(wanted or entry, self.desired.files) if self.desired else None
        shared = entry.shares if entry else None
        found = Subject(
            key=key,
            entry=entry,
            wanted=wanted,
            before=None if before is None else written.read(*before),
            after=None if after in {None, before} else written.read(*(after or ())),
            rendered=self.desired is not None,
            problems=self._problems.get(key, ()),
            gone=self.desired is not None and key in self.desired.gone,
            node_ports=self._node_ports(entry),
            balancers=None if self.balancers is None else self._balancers.get(shared or key, ()),
            listeners=self._listeners(entry) if entry else 0,
            judgement=(self.judgements or {}).get(key),
            state=(self.states or {}).get(entry.stack) if entry else None,
        )
        return replace(found, second=self._second(found))

    def _second(self, found: "Subject") -> "Subject | None":
        """Give a Service as its second family is served, if any side has a load balancer of it."""
        owner, entry, wanted = model.SecondKey(found.key), found.entry, found.wanted
        mine, theirs = entry and entry.of_second, wanted and wanted.of_second
        balancers = self._balancers.get(owner, ())
        if not (mine or theirs or balancers):
            return None
        return replace(
            found,
            entry=mine,
            wanted=theirs,
            before=found.before.second if found.before else None,
            after=found.after.second if found.after else None,
            problems=(),
            balancers=None if self.balancers is None else balancers,
            listeners=len(mine.ports) if mine else 0,
            judgement=None,
            is_second=True,
        )

    def _texts(
        self, entry: manifest.Entry | None, texts: Mapping[str, str]
    ) -> tuple[str, ...] | None:
        """Give a Service's file, and that of the load balancer which it shares."""
        if entry is None or entry.file not in texts:
            return None
        shared = texts.get(entry.balancer_file) if entry.shares else None
        if entry.shares and shared is None:
            shared = self.snapshot.texts.get(entry.balancer_file)
        return (texts[entry.file], *([shared] if shared else []))

    def _listeners(self, entry: manifest.Entry) -> int:
        """Count the ports of a load balancer, over all who share it."""
        group = self._groups.get(entry.shares, ()) if entry.shares else (entry,)
        return sum(len(each.ports) for each in group)

    @cached_property
    def _groups(self) -> Mapping[model.GroupKey, tuple[manifest.Entry, ...]]:
        return manifest.groups(self._entries)

    @cached_property
    def _entries(self) -> Mapping[model.ServiceKey, manifest.Entry]:
        return self.snapshot.manifest.services if self.snapshot.manifest else {}

    @cached_property
    def _wanted(self) -> Mapping[model.ServiceKey, manifest.Entry]:
        return self.desired.manifest.services if self.desired else {}

    @cached_property
    def _problems(self) -> Mapping[model.ServiceKey, tuple[model.Problem, ...]]:
        found: dict[model.ServiceKey, tuple[model.Problem, ...]] = {}
        for problem in self.desired.problems if self.desired else ():
            found[problem.service] = (*found.get(problem.service, ()), problem)
        return found

    @cached_property
    def _balancers(self) -> Mapping[model.Owner, tuple[Balancer, ...]]:
        found: dict[model.Owner, tuple[Balancer, ...]] = {}
        for balancer in self.balancers or ():
            if balancer.owner:
                found[balancer.owner] = (*found.get(balancer.owner, ()), balancer)
        return found

    def _node_ports(self, entry: manifest.Entry | None) -> Mapping[str, int | None]:
        if entry is None:
            return {}
        found = self.node_ports.get(entry.stack, {}).get(entry.service.label, {})
        return {key: found.get(key) for key in entry.node_port_keys}


@dataclass(frozen=True, slots=True)
class Subject:
    """One Service, from all sides."""

    key: model.ServiceKey
    entry: manifest.Entry | None
    """As the manifest on disk has it."""
    wanted: manifest.Entry | None
    """As the next rendering would have it."""
    before: written.Intent | None
    """Its file on disk."""
    after: written.Intent | None
    """Its file as it would be rendered; None where it stays as it is."""
    rendered: bool
    """Whether the cluster could be asked, so that `wanted`, `problems` and `gone` say something."""
    problems: tuple[model.Problem, ...] = ()
    gone: bool = False
    node_ports: Mapping[str, int | None] = field(default_factory=dict)
    """Of each port in the manifest; None: not known yet."""
    balancers: tuple[Balancer, ...] | None = None
    judgement: status.Judgement | None = None
    state: InState | None = None
    listeners: int = 0
    """How many its load balancer should have, over all who share that."""
    is_second: bool = False
    """Whether it is seen as its second IP family is served."""
    second: "Subject | None" = None
    """The same Service, as its second IP family is served; None: it has no such."""

    @property
    def owner(self) -> model.ServiceKey | model.SecondKey:
        """Whose its ports are."""
        return model.SecondKey(self.key) if self.is_second else self.key

    @property
    def balancer(self) -> Balancer | None:
        """Its one load balancer."""
        return self.balancers[0] if self.balancers and len(self.balancers) == 1 else None

    @property
    def internal(self) -> bool:
        """Whether it is reached from inside alone, by intent."""
        entry = self.entry or self.wanted
        return entry.internal if entry else False

    @property
    def floats(self) -> bool:
        """Whether a floating IP leads to it, by intent; the usual, where nobody knows."""
        entry = self.entry or self.wanted
        four = entry is None or entry.family is model.Family.IPV4
        return four and not self.internal

    @property
    def published(self) -> str:
        """The address that its Service carries from us."""
        return status.published(self.judgement.object) if self.judgement else ""
