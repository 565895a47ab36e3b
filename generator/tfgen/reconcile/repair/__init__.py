"""Repair: what no plan can do for one load balancer, done past the engine and then with it."""

from tfgen.reconcile.repair.case import Case, Ends
from tfgen.reconcile.repair.cure import Outcome, Talk, repair
from tfgen.reconcile.repair.finding import Cure, Finding, Kind
from tfgen.reconcile.repair.refuse import Asked, Choice
from tfgen.reconcile.repair.steps import steps

__all__ = [
    "Asked",
    "Case",
    "Choice",
    "Cure",
    "Ends",
    "Finding",
    "Kind",
    "Outcome",
    "Talk",
    "repair",
    "steps",
]
