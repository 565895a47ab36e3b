"""Services at whose own objects a plan fails: kept out of it, so that their neighbours go on.

One load balancer that cannot be read (its VIP port was deleted, say) ends the plan of its whole
stack, and would do so each night.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from tfgen import manifest, model, policy, terraform
from tfgen.terraform import Diagnostic


def ailing(
    planned: terraform.Planned, known: manifest.Manifest, wanted: AbstractSet[model.ServiceKey]
) -> Mapping[model.ServiceKey, str]:
    """Give the Services whose objects the engine failed at, and its words; pure.

    None where it failed at anything that is of no one Service, for then nothing is known of the
    rest; and none where it failed at all that are wanted: that is no trouble of theirs.
    """
    faults = [each for each in planned.diagnostics if each.error] if planned.errored else []
    owners = [_services(each, known) for each in faults]
    if not all(owners):
        return {}
    if wanted <= {service for services in owners for service in services}:
        return {}
    return {
        service: f"the engine could not plan it: {fault}. Mend what is named there, and run again; "
        f"tfgen repair {service} --dry-run says what it can do."
        for fault, services in zip(faults, owners, strict=True)
        for service in services
    }


def _services(fault: Diagnostic, known: manifest.Manifest) -> Iterable[model.ServiceKey]:
    """Give the Services of an object: all of a group for what they share."""
    named = policy.named(fault.address) if fault.address else None
    if named and named.group:
        return tuple(entry.service for entry in known.groups.get(named.group, ()))
    return (named.service,) if named and named.service else ()
