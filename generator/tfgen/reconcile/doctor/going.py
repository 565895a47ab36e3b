"""Checks of what would hold a pass back: a stop, a working copy, load balancers in trouble."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tfgen import config, model
from tfgen.reconcile import checkout, trees
from tfgen.reconcile.doctor import finding
from tfgen.reconcile.doctor.finding import Finding
from tfgen.reconcile.doctor.patient import Patient

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; only who connects pays


def stop(patient: Patient) -> Iterator[Finding]:
    """Look for what stops every apply. It is meant, so no error."""
    if stopped := config.stopped(patient.loaded):
        yield finding.warning(
            f"{stopped}: nothing is applied anywhere",
            "When it is over, set guards.stop to false in tfgen.yaml, or remove the file.",
        )
    else:
        yield finding.ok("nothing stops an apply")


def working_copy(patient: Patient) -> Iterator[Finding]:
    """Look at the tree's working copy in Git, as far as guards.git wants to know."""
    if patient.settings.guards.git == "off":
        yield finding.ok("not looked at: guards.git is off")
        return
    told = checkout.check(patient.loaded)
    for text in told:
        remedy = "Commit it or drop it, and take in what was pushed (git pull)."
        yield finding.warning(text, remedy)
    if not told:
        yield finding.ok("nothing of the tree is uncommitted, or behind as it was last fetched")


def load_balancers(patient: Patient) -> Iterator[Finding]:
    """Look at the load balancers that carry the cluster's name: whose they are, and how they do."""
    settings = patient.settings
    standing = trees.ours(patient.sky.load_balancers_of(settings.cluster), settings)
    failed = [each for each in standing if each.failed]
    for each in failed:
        yield finding.warning(
            f"{each.id} of {_whose(each)} is in ERROR: no plan mends it", f"Run: {_repair(each)}"
        )
    busy = sum(each.pending for each in standing)
    at_work = f", Octavia is at work on {busy}" if busy else ""
    yield finding.ok(f"{finding.count(len(standing), 'load balancer')} of this tree{at_work}")


def _whose(balancer: "cloud.LoadBalancer") -> str:
    kind = "group" if balancer.group else "Service"
    return f"{kind} {balancer.owner}" if balancer.owner else "nobody by its tags"


def _repair(balancer: "cloud.LoadBalancer") -> str:
    owner = balancer.owner
    if owner is None:
        return f"openstack loadbalancer show {balancer.id}"
    return f"tfgen repair {model.argument(owner)}"
