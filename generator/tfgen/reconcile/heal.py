"""Before a plan: what an interrupted apply left behind is taken back, or kept out of the plan.

The engine marks an object whose creation was interrupted as tainted and would replace it: another
address. Where the cloud says that it stands, the mark is taken back; nothing else is changed.
"""

from tfgen import model, policy, terraform
from tfgen.reconcile import scope, states, work

_ACTIVE = "ACTIVE"


def heal(
    do: work.Work, stack: terraform.Stack
) -> tuple[terraform.State, dict[model.ServiceKey, str]]:
    """Give a stack's state, and the Services that are kept out of its plan, with why."""
    state = _state(do, stack)
    left_out = scope.failed(do.sky.load_balancers) | scope.unfinished(
        do.sky.load_balancers, state.tainted
    )
    whole = [each for each in state.tainted if _stands(do.sky, each)]
    for instance in whole:
        stack.untaint(instance.address)
    if whole:
        state = stack.state()
    here = scope.Part(do.manifest.of_stack(stack.name), state).present
    return state, {key: why for key, why in left_out.items() if key in here}


def _state(do: work.Work, stack: terraform.Stack) -> terraform.State:
    """Read a state: a file at once, any other by the engine, which takes a process."""
    found = states.in_file(do.loaded, stack.name)
    return stack.state() if found is None else found


def _stands(sky: work.Sky, instance: terraform.Instance) -> bool:
    """Whether it is there and needs no replacement; a refresh brings the rest in order.

    Only a load balancer is built over a time in which it can fail.
    """
    if policy.named(instance.address).kind is not policy.Kind.LOAD_BALANCER:
        return True
    statuses = (each.provisioning_status for each in sky.load_balancers if each.id == instance.id)
    return next(statuses, "") == _ACTIVE
