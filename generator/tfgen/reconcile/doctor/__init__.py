"""The doctor: everything that a pass depends on, looked at, with a remedy for what is wrong.

Nothing is changed. One check that fails, or hangs, stops no other.
"""

from collections.abc import Iterator

from tfgen import config, errors
from tfgen.reconcile.doctor import cluster, files, finding, going, sky, states, tools
from tfgen.reconcile.doctor.check import Check, OnDone, examine
from tfgen.reconcile.doctor.finding import Finding, Level
from tfgen.reconcile.doctor.patient import Asked, Patient

__all__ = ["CHECKS", "Asked", "Check", "Finding", "Level", "OnDone", "code", "doctor"]


def _settings(patient: Patient) -> Iterator[Finding]:
    """Load the settings, and see that nothing is left to be filled in."""
    loaded = patient.loaded
    config.require_complete(loaded)
    yield finding.ok(f"{config.display(loaded.path)}: cluster {loaded.settings.cluster}")


CHECKS = (
    Check("version", tools.version),
    Check("settings", _settings),
    Check("engine", tools.engine, seconds=40),
    Check(
        "provider",
        tools.provider,
        needs=("settings", "engine"),
        seconds=tools.PROVIDER_SECONDS + 10,
    ),
    Check("tree", files.output_tree, needs=("settings",)),
    Check("files", files.files, needs=("tree",)),
    Check("working copy", going.working_copy, needs=("tree",), seconds=30),
    Check("stop", going.stop, needs=("settings",)),
    Check("states", states.states, needs=("tree",), seconds=4 * states.STATE_SECONDS),
    Check("cluster", cluster.cluster),
    Check("identity", cluster.identity, needs=("cluster", "tree")),
    Check("rights", cluster.rights, needs=("cluster", "settings")),
    Check("rendering", cluster.rendering, needs=("cluster", "identity"), seconds=90),
    Check("credentials", sky.credentials, needs=("settings",), seconds=40),
    Check("octavia", sky.octavia, needs=("credentials",), seconds=40),
    Check("load balancers", going.load_balancers, needs=("credentials",), seconds=60),
    Check("subnets", sky.subnets, needs=("credentials",), seconds=40),
    Check("floating networks", sky.floating_networks, needs=("credentials",), seconds=40),
    Check("attached", sky.attached, needs=("credentials", "tree"), seconds=40),
    Check("quotas", sky.quotas, needs=("credentials", "tree"), seconds=60, grave=False),
)
"""In the order in which they are told."""


def doctor(asked: Asked, on_done: OnDone) -> tuple[Finding, ...]:
    """Run all checks; `on_done` hears which are still under way."""
    from tfgen import cloud  # noqa: F401  loaded before threads need it, see prepare
    from tfgen.kube import live

    live.prepare()
    patient = Patient(asked)
    try:
        return examine(patient, CHECKS, on_done)
    finally:
        patient.close()


def code(findings: tuple[Finding, ...]) -> errors.ExitCode:
    """Give the exit code: an error is 1, all else 0."""
    wrong = any(each.level is Level.ERROR for each in findings)
    return errors.ExitCode.ERROR if wrong else errors.ExitCode.DONE
