"""tfgen plan: what applying the output tree would do."""

from typing import Annotated

import typer

from tfgen import workspace
from tfgen.cli import consent, engine, options, output, session, told
from tfgen.reconcile import known, scope
from tfgen.reconcile import plan as reconcile

ExitCode = Annotated[
    bool,
    typer.Option("--exit-code", envvar="TFGEN_EXIT_CODE", help="Exit 2 if there are changes."),
]


def plan(
    config_file: options.Config = None,
    out: options.Out = None,
    *,
    stack: options.Stack = None,
    service: options.Service = None,
    refresh: engine.Refresh = True,
    exit_code: ExitCode = False,
    allow_removals: consent.Removals = 0,
    allow_address_change: consent.AddressChange = None,
    allow_protected: consent.Protected = None,
    allow_exposure: consent.Exposure = None,
    new_state: consent.NewState = False,
    write_consent: consent.Write = False,
    allow_held: options.AllowHeld = False,
    jobs: options.Jobs = 4,
    parallelism: engine.Parallelism = 10,
    lock_timeout: options.LockTimeout = workspace.WAIT,
    break_lock: options.BreakLock = None,
    engine_name: options.EngineName = None,
    output_format: options.Format = "text",
) -> None:
    """Plan the stacks of the output tree: what changes for which Service, and what is refused.

    Each stack gets a saved plan (`stacks/<stack>/tfgen.tfplan`); `tfgen apply` runs these and
    nothing else. The *effect* digest is what you approve: nodes that come and go are not part of
    it. Nothing in the cloud changes.

    Examples: `tfgen plan` · `tfgen plan --stack shop --exit-code` · `tfgen plan --no-refresh`
    """
    loaded = session.load(config_file, out, output_format)
    engine.check_checkout(loaded)
    asked = reconcile.Options(
        only=scope.Scope(frozenset(stack or ()), session.services(service, "--service")),
        refresh=refresh,
        allowed=consent.allowed(
            allow_removals,
            allow_address_change,
            allow_protected,
            allow_exposure,
            new_state=new_state,
        ),
    )
    manifest = known.tree(loaded)
    asked.only.names(manifest)
    how = engine.How(engine_name, jobs, parallelism, lock_timeout, break_lock)
    do = engine.start(loaded, manifest, how)
    with engine.watched(do) as (watched, _progress):
        made = reconcile.plan(watched, asked)
    show(made)
    if write_consent:
        documents = {name: each.document for name, each in made.stacks.items() if each.document}
        consent.written(loaded, documents, made.verdict)
    output.result(told.plan_document(made), told.plans(made), schema="tfgen.plan")
    output.note(summary(made))
    session.finish(made.code(exit_code=exit_code, allow_held=allow_held))


def show(made: reconcile.Plans) -> None:
    """Say on stderr what stands beside the plans: notices, what was left out, what failed."""
    for notice in made.verdict.notices:
        output.note(f"notice: {notice}")
    for name, each in made.stacks.items():
        if each.skipped:
            output.note(f"notice: stack {name} {each.skipped}")
    told.left_out(made.left_out)
    told.failures(made.failures)


def summary(made: reconcile.Plans) -> str:
    """Sum up in one line what was planned, and what to type next."""
    found = [change for each in made.stacks.values() for change in each.changes]
    changed = {change.service for change in found if not change.group}
    parts = [f"{told.count(len(made.stacks), 'stack')} planned"]
    if changed:
        parts.append(f"{told.count(len(changed), 'Service')} would change")
    elif not made.failures:
        parts.append("nothing changes")
    if made.failures:
        parts.append(f"{len(made.failures)} failed")
    if made.verdict.refusals:
        parts.append(f"{told.count(len(made.verdict.refusals), 'refusal')}, see above")
    text = ", ".join(parts)
    return f"{text}. Apply with: tfgen apply" if made.passing else text
