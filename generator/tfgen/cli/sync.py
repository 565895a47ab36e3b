"""tfgen sync: nodes and node ports follow the cluster; nothing else changes."""

from tfgen import errors, policy, tree, workspace
from tfgen.cli import apply, consent, engine, options, output, plan, session, told
from tfgen.reconcile import known as knowing
from tfgen.reconcile import plan as planning
from tfgen.reconcile import render, scope
from tfgen.reconcile import sync as reconcile


def sync(
    config_file: options.Config = None,
    out: options.Out = None,
    source: options.From = None,
    kubeconfig: options.Kubeconfig = None,
    context: options.Context = None,
    *,
    stack: options.Stack = None,
    refresh: engine.Refresh = False,
    allow_removals: consent.Removals = 0,
    jobs: options.Jobs = 4,
    parallelism: engine.Parallelism = 10,
    lock_timeout: options.LockTimeout = workspace.WAIT,
    break_lock: options.BreakLock = None,
    engine_name: options.EngineName = None,
    output_format: options.Format = "text",
) -> None:
    """Bring nodes and node ports up to date, in the facts files and behind the load balancers.

    Writes `facts.auto.tfvars.json` of each stack, plans, and applies if nothing but members
    changes; a stack whose plan does more is refused, exit code 3. Nobody reviews a node: let cron
    run this. The states are trusted (--refresh compares with the cloud), so that what somebody
    changed in the cloud by hand keeps no node waiting, and a pass without news asks for one list.

    Examples: `tfgen sync` · `tfgen sync --refresh --stack shop`
    """
    loaded = session.load(config_file, out, output_format)
    narrowed = frozenset(stack or ())
    asked = tree.Options(
        lane=tree.Lane.FACTS, stacks=narrowed, allow_removals=allow_removals or None
    )
    listing = session.listing(source, kubeconfig, context)
    patience = workspace.Patience(lock_timeout)
    rendering = render.carry_out(listing, loaded, asked, patience)
    for agreed in rendering.desired.consents:
        output.note(f"agreed: {agreed}")
    if rendering.stacks:
        output.note(f"facts of {told.count(len(rendering.stacks), 'stack')} written")
    known = knowing.with_edits(loaded, rendering.desired.manifest)
    only = scope.Scope(narrowed)
    only.names(known)
    how = engine.How(engine_name, jobs, parallelism, lock_timeout, break_lock)
    do = engine.start(loaded, known, how)
    wanted = planning.Options(only, refresh, policy.Allowed(removals=allow_removals))
    with do.interruption.listening():
        with engine.watched(do) as (watched, shown):
            plans, report = reconcile.sync(watched, wanted)
        plan.show(plans)
        apply.show(report, shown)
    session.finish(errors.worst(report.code, plans.code(exit_code=False, allow_held=True)))
