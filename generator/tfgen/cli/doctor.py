"""tfgen doctor: whether everything is there that a pass needs."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

from rich.text import Text

from tfgen.cli import options, output, session, table, twins
from tfgen.reconcile import doctor as reconcile

_HEAD = ("Check", "State", "Found")
_STYLES = {
    reconcile.Level.OK: "green",
    reconcile.Level.WARNING: "yellow",
    reconcile.Level.ERROR: "red",
    reconcile.Level.SKIPPED: "dim",
}


def doctor(
    config_file: options.Config = None,
    out: options.Out = None,
    kubeconfig: options.Kubeconfig = None,
    context: options.Context = None,
    *,
    engine: options.EngineName = None,
    output_format: options.Format = "text",
) -> None:
    """Look at everything that a pass depends on, and say what to do about what is wrong.

    Settings, engine, provider, output tree, states, cluster and rights, cloud, networks, quotas.
    Nothing is changed. Every check runs, whatever the others find, and none takes for ever. Exit
    code 1 where there is an error.

    Examples: `tfgen doctor` · `tfgen doctor --format json`
    """
    session.use_format(output_format)
    asked = reconcile.Asked(os.environ, config_file, out, kubeconfig, context, engine, twins.known)
    with _progress() as on_done:
        findings = reconcile.doctor(asked, on_done)
    show(findings)
    session.finish(reconcile.code(findings))


def show(findings: tuple[reconcile.Finding, ...]) -> None:
    """Print the table, then each remedy beside what it is for."""
    if output.as_json():
        document = {"findings": [asdict(each) for each in findings]}
        output.result(document, "", schema="tfgen.doctor")
        return
    table.show(_HEAD, [_cells(each) for each in findings])
    output.result({}, "\n".join(_remedies(findings)))
    output.note(_summary(findings))


def _cells(found: reconcile.Finding) -> tuple[table.Cell, ...]:
    level = Text(found.level.value, style=_STYLES[found.level])
    return (found.check, level, found.found.partition("\n")[0])


def _remedies(findings: tuple[reconcile.Finding, ...]) -> Iterator[str]:
    wrong = [each for each in findings if each.remedy]
    for place, each in enumerate(wrong):
        if place == 0:
            yield ""
        first, *more = filter(str.strip, each.found.splitlines())
        yield f"{each.check} {each.level}: {first}"
        yield from (f"  {line.rstrip()}" for line in more)
        yield f"  -> {each.remedy}"


def _summary(findings: tuple[reconcile.Finding, ...]) -> str:
    counts = Counter(each.level for each in findings)
    return ", ".join(_counted(counts[level], level) for level in reconcile.Level if counts[level])


def _counted(number: int, level: reconcile.Level) -> str:
    """Count findings: nobody says two oks, nor that two were skippeds."""
    plural = number > 1 and level in {reconcile.Level.WARNING, reconcile.Level.ERROR}
    return f"{number} {level}{'s' * plural}"


@contextmanager
def _progress() -> Iterator[reconcile.OnDone]:
    """Show on a terminal which checks are still under way."""
    if not output.stderr.is_terminal:
        yield lambda _left: None
        return
    with output.stderr.status("checking") as status:
        yield lambda left: status.update(f"checking {', '.join(left)}")
