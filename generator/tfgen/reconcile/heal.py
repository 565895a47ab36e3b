"""Before a plan: what an interrupted apply left behind is taken back, or kept out of the plan.

The engine marks an object whose creation was interrupted as tainted and would replace it: another
address. Where the cloud says that it stands, the mark is taken back; nothing else is changed.
"""

from typing import TYPE_CHECKING

from tfgen import model, policy, terraform
from tfgen.reconcile import guests, leaving, scope, states, strays, work

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; only who connects pays

_ACTIVE = "ACTIVE"


def heal(
    do: work.Work, stack: terraform.Stack
) -> tuple[terraform.State, dict[model.ServiceKey, str]]:
    """Give a stack's state, and the Services that are kept out of its plan, with why."""
    state = _state(do, stack)
    groups = do.manifest.sharing
    left_out = scope.failed(do.sky.load_balancers, groups) | scope.unfinished(
        do.sky.load_balancers, state.tainted, groups
    )
    whole = [each for each in state.tainted if _stands(do.sky, each)]
    for instance in whole:
        stack.untaint(instance.address)
    if whole:
        state = stack.state()
    left_out = leaving.stuck(do.sky.load_balancers, state) | left_out
    left_out |= strays.unsure(do.sky.load_balancers, state, groups)
    left_out |= _unbound(do, stack.name, state) | scope.busy(_busy(do, state), groups)
    left_out |= guests.left_out(do, stack.name, state)
    here = scope.Part(do.manifest.of_stack(stack.name), state).present
    return state, {key: why for key, why in left_out.items() if key in here}


def _busy(do: work.Work, state: terraform.State) -> "tuple[cloud.LoadBalancer, ...]":
    """Give the load balancers of a state at which Octavia is at work for long. Raises CloudError.

    Those that are tainted are being built: they are not waited for.
    """
    known = {each.id for each in state.instances} - {each.id for each in state.tainted}
    pending = {each.id for each in do.sky.load_balancers if each.pending}
    return do.unsettled(frozenset(known & pending)) if known & pending else ()


def _unbound(do: work.Work, stack: str, state: terraform.State) -> dict[model.ServiceKey, str]:
    """Give the Services that are to be bound to a floating IP which the project does not have.

    The engine looks for it in the apply alone, when all else stands. Raises CloudError.
    """
    bound = {each.address for each in state.instances}
    asked = {
        each.service: side.frozen.floating_address
        for each in do.manifest.of_stack(stack)
        for owner, side in each.sides
        if side.frozen.floating_address
        and f"{policy.Kind.ASSOCIATION}.{owner.address}" not in bound
    }
    there = do.floating(frozenset(asked.values())) if asked else frozenset()
    return {
        key: f"floating IP {address} (spec.loadBalancerIP) is not in the project; expected one "
        "that exists, for tfgen binds it and makes none. Create it (openstack floating ip create "
        f"--floating-ip-address {address} NETWORK), or correct the Service and render with "
        f"--allow-address-change {key}"
        for key, address in asked.items()
        if address not in there
    }


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
