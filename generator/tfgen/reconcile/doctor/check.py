"""Checks, and how they are run: all of them, side by side, each bounded in time."""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from tfgen import errors
from tfgen.reconcile.doctor.finding import Finding, Level
from tfgen.reconcile.doctor.patient import Patient

Look: TypeAlias = Callable[[Patient], Iterable[Finding]]
OnDone: TypeAlias = Callable[[tuple[str, ...]], None]
"""Is told the names of the checks that are still under way; called from several threads."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check. What it raises is a finding too."""

    name: str
    look: Look
    needs: tuple[str, ...] = ()
    """Checks that must have found no error before."""
    seconds: float = 20
    """How long it may take."""
    grave: bool = True
    """Whether that it fails is an error, or only a warning."""


def examine(patient: Patient, checks: tuple[Check, ...], on_done: OnDone) -> tuple[Finding, ...]:
    """Run all checks and give their findings, in the order of the checks."""
    runs = {check.name: _Run(check) for check in checks}
    lock = threading.Lock()

    def go(run: _Run) -> None:
        run.go(patient, runs)
        with lock:
            on_done(tuple(name for name, each in runs.items() if not each.done.is_set()))

    # Daemons: a check that hangs is left behind, and must not keep the program from ending.
    threads = [threading.Thread(target=go, args=(run,), daemon=True) for run in runs.values()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tuple(finding for run in runs.values() for finding in run.findings)


class _Run:
    """One check while it is run."""

    def __init__(self, check: Check) -> None:
        self._check = check
        self.done = threading.Event()
        self.findings: tuple[Finding, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether what builds on it cannot be looked at."""
        return any(each.level in {Level.ERROR, Level.SKIPPED} for each in self.findings)

    def go(self, patient: Patient, others: Mapping[str, "_Run"]) -> None:
        """Wait for what it needs, then look."""
        for name in self._check.needs:
            others[name].done.wait()
        lacking = [name for name in self._check.needs if others[name].failed]
        if lacking:
            found: Iterable[Finding] = [Finding(Level.SKIPPED, f"needs {', '.join(lacking)}")]
        else:
            found = self._bounded(patient)
        self.findings = tuple(replace(each, check=self._check.name) for each in found)
        self.done.set()

    def _bounded(self, patient: Patient) -> list[Finding]:
        found: list[Finding] = []
        over = threading.Event()

        def look() -> None:
            found.extend(_look(self._check, patient))
            over.set()

        threading.Thread(target=look, daemon=True).start()
        if over.wait(self._check.seconds):
            return found
        late = f"no answer within {self._check.seconds:.0f} s"
        remedy = "See that what it asks is reachable from here, and not overloaded."
        return [Finding(self._level, late, remedy)]

    @property
    def _level(self) -> Level:
        return Level.ERROR if self._check.grave else Level.WARNING


def _look(check: Check, patient: Patient) -> list[Finding]:
    """Look, and take what is raised for a finding: no check stops another."""
    found: list[Finding] = []
    level = Level.ERROR if check.grave else Level.WARNING
    try:
        found.extend(check.look(patient))
    except errors.TfgenError as failure:
        found.append(Finding(level, failure.what, failure.remedy))
    except Exception as bug:  # noqa: BLE001  a bug in one check must not hide the others
        words = f"a bug: {type(bug).__name__}: {bug}"
        found.append(Finding(Level.ERROR, words, "Please report it."))
    return found
