"""A plan in words, one change for each Service: what reports, `plan` and `guard` show."""

from dataclasses import dataclass

from tfgen import model
from tfgen.policy import members, plan, words
from tfgen.policy.plan import Kind
from tfgen.policy.rules import by_owner

_SWITCH = "admin_state_up"
"""What alone changes of a monitor once the port that it asks is known."""
_CARRIERS = (
    Kind.LOAD_BALANCER,
    Kind.LISTENER,
    Kind.POOL,
    Kind.FLOATING_IP,
    Kind.ASSOCIATION,
)
_WHOLE = ({"create"}, {"delete"}, {"create", "delete"})


@dataclass(frozen=True, slots=True)
class Change:
    """What a plan does to one Service, or to what belongs to none."""

    service: model.ServiceKey | None
    """None: what belongs to no Service."""
    effects: tuple[str, ...]
    """In words, in the order in which a person asks."""
    outages: tuple[str, ...] = ()
    """Those of the effects that interrupt a port, or the whole load balancer."""
    kept: tuple[str, ...] = ()
    """Floating IPs that stay in the project, and that the state forgets."""
    group: model.GroupKey | None = None
    """Whose load balancer it is, where several Services share that."""
    facts_only: bool = False
    """Whether nothing in the cloud changes but members, none of them with their pool, and which
    node ports are open."""
    of_nodes: bool = False
    """Whether it is of a stack's node access."""

    @property
    def about(self) -> str:
        """Whom it is about."""
        if self.of_nodes:
            return "Node access"
        if self.group:
            return f"Group {self.group}"
        return f"Service {self.service}" if self.service else "Other resources"


def told(judged: plan.Plan) -> tuple[Change, ...]:
    """Say what a plan does, groups and Services sorted, what belongs to none at the end."""
    groups = by_owner(each for each in judged.resources if each.changes)
    return tuple(sorted(map(of, groups), key=_place))


def _place(change: Change) -> tuple[bool, str, bool]:
    """Put a group before a Service of its name."""
    owner = change.service or change.group
    return owner is None, str(owner), change.group is None


def leading(group: tuple[plan.Resource, ...]) -> list[plan.Resource]:
    """Give the resources of one owner that are worth a word: the rest share the fate of these."""
    return [each for each in sorted(group, key=_rank) if not _follows(each, group)]


def of(group: tuple[plan.Resource, ...]) -> Change:
    """Say what a plan does to one owner."""
    shown = leading(group)
    return Change(
        service=group[0].service,
        group=group[0].group,
        effects=tuple(_effect(each) for each in shown),
        outages=tuple(_effect(each) for each in shown if _ends(each)),
        kept=tuple(each.answers_on for each in shown if _stays(each)),
        facts_only=all(map(_is_fact, group)),
        of_nodes=group[0].of_nodes,
    )


def _is_fact(resource: plan.Resource) -> bool:
    """Whether it follows the cluster; a note in the state alone changes nothing in the cloud.

    From where a node port is reached stands in the description of its group: no fact.
    """
    if resource.kind is Kind.REVISION:
        return resource.actions <= {"create", "update"}
    if resource.kind is Kind.OPENING:
        return resource.actions in ({"create"}, {"delete"})
    if resource.kind is Kind.MONITOR and resource.actions == {"update"}:
        return words.changed(resource) == [_SWITCH]
    return resource.kind is Kind.MEMBERS and resource.actions == {"update"}


def _rank(resource: plan.Resource) -> tuple[int, str, str]:
    rank = resource.kind.rank if resource.kind else len(Kind)
    return rank, resource.port, resource.address


def _follows(resource: plan.Resource, group: tuple[plan.Resource, ...]) -> bool:
    """Whether its fate is that of what it hangs on, and goes without saying."""
    if resource.kind is Kind.REVISION:
        return any(each.kind not in {Kind.REVISION, Kind.MEMBERS} for each in group)
    if resource.importing or resource.actions not in _WHOLE:
        return False
    if resource.of_nodes:
        leads = Kind.SECURITY_GROUP if resource.kind is Kind.OPENING else None
        heads = [each for each in group if each.kind is leads]
    elif resource.kind is Kind.LISTENER:
        heads = [each for each in group if each.kind is Kind.LOAD_BALANCER and each.destroys]
    else:
        kinds = {Kind.LISTENER, Kind.REDIRECT} if resource.kind is Kind.RULE else {Kind.LISTENER}
        heads = [each for each in group if each.kind in kinds and each.port == resource.port]
    return any(head.actions == resource.actions and head.owner == resource.owner for head in heads)


def _ends(resource: plan.Resource) -> bool:
    return resource.destroys and resource.owner is not None and resource.kind in _CARRIERS


def _effect(resource: plan.Resource) -> str:
    if resource.importing:
        return _imported(resource)
    if resource.kind is Kind.REVISION and not resource.removes:
        return f"notes revision {resource.after.get('input')} as applied"
    if resource.kind is Kind.MEMBERS and resource.service and not resource.removes:
        return members.told(resource)
    if resource.of_nodes and resource.actions in _WHOLE[:2]:
        return _accessed(resource)
    if resource.port and _ends(resource):
        return f"{_plain(resource)}: outage of that port"
    return _plain(resource)


def _accessed(resource: plan.Resource) -> str:
    """Say what comes or goes of a node access."""
    if resource.kind is Kind.OPENING:
        return f"{'closes' if resource.removes else 'opens'} {resource.words}"
    if resource.kind is Kind.BINDING:
        took = resource.removes
        return f"{'takes it from' if took else 'gives it to'} node {resource.port}"
    return _plain(resource)


def _plain(resource: plan.Resource) -> str:
    if resource.replaces:
        return f"replaces {resource.words} ({words.replacement(resource)})"
    verbs = {"create": "creates", "delete": "removes", "forget": "forgets"}
    if _stays(resource):
        return f"keeps {_named(resource)} in the project, and the state forgets it"
    verb = next((verbs[action] for action in sorted(resource.actions & verbs.keys())), "")
    if verb:
        return f"{verb} {_named(resource)}"
    return f"changes {resource.words} ({words.updates(resource) or 'nothing that is shown'})"


def _stays(resource: plan.Resource) -> bool:
    return "forget" in resource.actions and resource.kind is Kind.FLOATING_IP


def _named(resource: plan.Resource) -> str:
    """Name a thing with the address it answers on, where it has one."""
    return f"{resource.words} {resource.answers_on}".strip()


def _imported(resource: plan.Resource) -> str:
    told = f"takes {resource.words} into the state"
    return f"{told} and {_plain(resource)}" if resource.actions & {"update", "delete"} else told
