"""Where addresses come from: the states of the stacks, or Octavia by its tags; always confirmed."""

from collections.abc import Iterable

from tfgen import cloud, config, model, status, terraform
from tfgen.cloud import confirm
from tfgen.reconcile import work


def of_states(stacks: Iterable[terraform.Stack], sky: cloud.Cloud, jobs: int) -> status.Found:
    """Read the stacks' states and confirm in the cloud what they say.

    A state that cannot be read silences its stack alone. Raises CloudError.
    """
    by_name = {stack.name: stack for stack in stacks}

    def read(name: str) -> tuple[model.Address, ...]:
        by_name[name].init()
        return by_name[name].state().addresses(name)

    found, failures = work.each(by_name, jobs, read)
    claimed = [address for addresses in found.values() for address in addresses]
    confirmation = sky.confirm(claimed) if claimed else cloud.Confirmation((), ())
    return status.Found(
        addresses=confirmation.confirmed,
        doubts=_doubts(confirmation.problems),
        answered=frozenset(found),
        silent={name: failure.what for name, failure in failures.items()},
    )


def of_cloud(sky: cloud.Cloud, settings: config.Settings) -> status.Found:
    """Ask Octavia and Neutron for what carries the tags of this tree. Raises CloudError."""
    owner = (settings.cluster, settings.tree)
    return of_lists(sky.load_balancers(*owner), sky.floating_ips(*owner))


def of_lists(
    balancers: Iterable[cloud.LoadBalancer], floating_ips: Iterable[cloud.FloatingIp]
) -> status.Found:
    """Read addresses from what Octavia and Neutron listed."""
    balancers, floating_ips = tuple(balancers), tuple(floating_ips)
    made = [each for each in balancers if each.provisioning_status != "PENDING_CREATE"]
    claimed = confirm.addresses(made, floating_ips)
    confirmation = confirm.check(claimed, made, floating_ips)
    making = {
        each.service: f"Load balancer {each.id} is being created."
        for each in balancers
        if each.service and each not in made
    }
    return status.Found(confirmation.confirmed, {**making, **_doubts(confirmation.problems)})


def _doubts(problems: Iterable[model.Problem]) -> dict[model.ServiceKey, str]:
    return {problem.service: str(problem) for problem in problems}
