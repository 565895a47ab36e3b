"""The engine, Terraform or OpenTofu: the only door to its processes.

Exit codes and JSON decide; its prose is shown, never judged by.
"""

from tfgen.terraform import digest, saved
from tfgen.terraform.asked import Asked, Limits, Planned
from tfgen.terraform.engine import Engine, Product, find
from tfgen.terraform.events import Diagnostic, Event, Operation, Phase
from tfgen.terraform.failure import CommandFailed
from tfgen.terraform.interruption import Interruption, current
from tfgen.terraform.saved import SavedPlan, Where
from tfgen.terraform.stack import PLAN_FILE, OnEvent, Stack
from tfgen.terraform.state import Instance, State

__all__ = [
    "PLAN_FILE",
    "Asked",
    "CommandFailed",
    "Diagnostic",
    "Engine",
    "Event",
    "Instance",
    "Interruption",
    "Limits",
    "OnEvent",
    "Operation",
    "Phase",
    "Planned",
    "Product",
    "SavedPlan",
    "Stack",
    "State",
    "Where",
    "current",
    "digest",
    "find",
    "saved",
]
