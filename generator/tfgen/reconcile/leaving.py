"""Services that still have ports on a load balancer in ERROR, be it theirs no more: pure.

Who leaves a group, or went from one, is none of those that its load balancer serves. But their
listeners stand there, Octavia refuses to remove them (409), and the engine tries for ten minutes.
"""

from typing import TYPE_CHECKING

from tfgen import model, policy, terraform

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tfgen import cloud  # its library takes a second to load; only who connects pays


def stuck(
    standing: "Iterable[cloud.LoadBalancer]", state: terraform.State
) -> dict[model.ServiceKey, str]:
    """Give the Services with a listener on a load balancer in ERROR, and why nothing moves."""
    failed = {each.id: each for each in standing if each.failed}
    found: dict[model.ServiceKey, str] = {}
    for instance in state.instances:
        service, balancer = policy.named(instance.address).service, failed.get(instance.balancer)
        if service and balancer:
            found[service] = _why(balancer, service)
    return found


def _why(balancer: "cloud.LoadBalancer", service: model.ServiceKey) -> str:
    whose = f"--group {balancer.group}" if balancer.group else str(balancer.owner or service)
    return (
        f"it has ports on load balancer {balancer.id}, which is in ERROR: Octavia removes none of "
        f"them. Run: tfgen repair {whose}, and then the same command again."
    )
