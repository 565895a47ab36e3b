"""Where addresses come from: the states of the stacks, or Octavia by its tags; always confirmed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from tfgen import config, manifest, model, status, terraform
from tfgen.reconcile import work

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; only who connects pays

_MAKING = "PENDING_CREATE"


def of_states(
    stacks: Iterable[str], read: Callable[[str], terraform.State], sky: "cloud.Cloud", *, jobs: int
) -> status.Found:
    """Read states, `jobs` at once, and confirm in the cloud what they say.

    A state that cannot be read silences its stack alone. Raises CloudError.
    """
    states, failures = work.each(stacks, jobs, read)
    claimed = [each for name, state in states.items() for each in state.addresses(name)]
    confirmation = sky.confirm(claimed)
    return status.Found(
        addresses=confirmation.confirmed,
        doubts=_doubts(confirmation.problems),
        answered=frozenset(states),
        silent={name: failure.what for name, failure in failures.items()},
    )


def of_cloud(
    sky: "cloud.Cloud", settings: config.Settings, known: manifest.Manifest
) -> status.Found:
    """Ask Octavia and Neutron for what carries the tags of this tree. Raises CloudError.

    Floating IPs without them count where Services ask for them.
    """
    owner = (settings.cluster, settings.tree)
    standing = sky.attached(known.attached)
    floating_ips = (
        *sky.floating_ips(*owner, bound=known.bound),
        *sky.floating_ips_of(standing),
    )
    return of_lists(sky.load_balancers(*owner), floating_ips, known, standing)


def of_lists(
    balancers: "Sequence[cloud.LoadBalancer]",
    floating_ips: "Sequence[cloud.FloatingIp]",
    known: manifest.Manifest | None,
    standing: "Mapping[str, cloud.Standing]" = MappingProxyType({}),
) -> status.Found:
    """Read addresses from what Octavia and Neutron listed; the manifest knows who shares what.

    `standing` are load balancers that exist without tfgen: they serve who has listeners there.
    """
    from tfgen.cloud import confirm  # noqa: PLC0415  whoever has such lists has loaded it

    groups = known.sharing if known else {}
    made = [each for each in balancers if each.provisioning_status != _MAKING]
    others = standing.values() if known else ()
    owner = (known.cluster, known.tree) if known else ("", "")
    claimed = (
        *confirm.addresses(made, floating_ips, groups),
        *confirm.of_guests(others, floating_ips, owner),
    )
    everything = (*made, *(each.balancer for each in others))
    confirmation = confirm.check(claimed, everything, floating_ips)
    making = {
        service: f"Load balancer {each.id} is being created."
        for each in balancers
        if each.provisioning_status == _MAKING
        for service in confirm.served(each, groups)
    }
    return status.Found(confirmation.confirmed, {**making, **_doubts(confirmation.problems)})


def _doubts(problems: Iterable[model.Problem]) -> dict[model.ServiceKey, str]:
    return {problem.service: str(problem) for problem in problems}
