"""Load balancers with our tags that no state has, and that no plan may meet: pure.

One that is ACTIVE is taken in by the plan (`recover`). Of two nobody knows which is meant, and one
that is not whole would be imported, and then be in the way of all that is to hang on it.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tfgen import model, terraform
from tfgen.policy import Kind

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; only who connects pays

_GOING = "PENDING_DELETE"


def unsure(
    standing: "Sequence[cloud.LoadBalancer]",
    state: terraform.State,
    groups: Mapping[model.GroupKey, Sequence[model.ServiceKey]],
) -> dict[model.ServiceKey, str]:
    """Give the Services that are kept out of a plan for such a load balancer, and why."""
    known = {instance.address for instance in state.instances}
    found: dict[model.ServiceKey, str] = {}
    for owner, balancers in _by_owner(standing).items():
        why = _why(owner, balancers)
        if why and f"{Kind.LOAD_BALANCER}.{owner.address}" not in known:
            found |= dict.fromkeys(_served(owner, groups), why)
    return found


def _served(
    owner: model.Owner, groups: Mapping[model.GroupKey, Sequence[model.ServiceKey]]
) -> Sequence[model.ServiceKey]:
    if isinstance(owner, model.GroupKey):
        return groups.get(owner, ())
    return (owner.service if isinstance(owner, model.SecondKey) else owner,)


def _by_owner(
    standing: "Sequence[cloud.LoadBalancer]",
) -> "dict[model.Owner, list[cloud.LoadBalancer]]":
    found: dict[model.Owner, list[cloud.LoadBalancer]] = {}
    for each in standing:
        if each.owner:
            found.setdefault(each.owner, []).append(each)
    return found


def _why(owner: model.Owner, balancers: "Sequence[cloud.LoadBalancer]") -> str:
    command = f"tfgen repair {model.argument(owner)}"
    if len(balancers) > 1:
        ids = ", ".join(f"{each.id} ({each.provisioning_status})" for each in balancers)
        return (
            f"{len(balancers)} load balancers carry its tags, and the state has none of them: "
            f"{ids}. Let all but one go: {command} --discard {balancers[-1].id}"
        )
    [only] = balancers
    if not only.pending:
        return ""
    doing = "deleted" if only.provisioning_status == _GOING else "built"
    return (
        f"its load balancer {only.id}, which the state does not have, is still being {doing} "
        f"({only.provisioning_status}). Run again when that is over; {command} waits for it."
    )
