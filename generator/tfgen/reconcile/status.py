"""The status pass: one row a Service, from tree, cluster and cloud."""

from collections.abc import Collection
from dataclasses import dataclass

from tfgen import errors, inspection
from tfgen.reconcile import survey


@dataclass(frozen=True, slots=True)
class Overview:
    """How all Services stand."""

    found: survey.Survey
    rows: tuple[inspection.Row, ...]

    @property
    def problems(self) -> tuple[inspection.Row, ...]:
        """Give the Services that need someone."""
        return tuple(row for row in self.rows if row.needs_someone)

    @property
    def notes(self) -> tuple[str, ...]:
        """What concerns no Service by itself."""
        said = self.found.forecast.notes if self.found.forecast else ()
        return (*self.found.aside, *said)

    def code(self, *, allow_held: bool) -> errors.ExitCode:
        """Held is 4; where neither cluster nor cloud answered nothing was compared, which is 1."""
        if survey.blind(self.found.away):
            return errors.ExitCode.ERROR
        held = any(row.held for row in self.rows) and not allow_held
        return errors.ExitCode.HELD if held else errors.ExitCode.DONE


def status(found: survey.Survey, namespaces: Collection[str] = ()) -> Overview:
    """Judge what a survey found, in some namespaces or (none given) in all."""
    rows = inspection.rows(found.known())
    wanted = (row for row in rows if not namespaces or row.service.namespace in namespaces)
    return Overview(found, tuple(wanted))
