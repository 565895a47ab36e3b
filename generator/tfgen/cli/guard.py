"""tfgen guard: the verdict on plans that another tool made."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from tfgen import errors, policy
from tfgen.cli import consent, options, output, session
from tfgen.reconcile import consents
from tfgen.reconcile import guard as reconcile

_ZIP = b"PK"
_STDIN = "standard input"

Plans = Annotated[
    list[str],
    typer.Option(
        "--plan",
        envvar="TFGEN_PLAN",
        metavar="PLAN.json|-",
        help="Output of `terraform show -json PLANFILE` (repeatable); '-' is standard input.",
    ),
]
Base = Annotated[
    str,
    typer.Option(
        "--base",
        envvar="TFGEN_BASE",
        metavar="REF|FILE",
        help="The last commit that was applied, or the manifest as it stood then: what was "
        "rendered before is not made anew.",
    ),
]


def guard(
    plan: Plans,
    config_file: options.Config = None,
    out: options.Out = None,
    *,
    base: Base = "",
    allow_removals: consent.Removals = 0,
    allow_address_change: consent.AddressChange = None,
    allow_protected: consent.Protected = None,
    allow_exposure: consent.Exposure = None,
    new_state: consent.NewState = False,
    write_consent: consent.Write = False,
    output_format: options.Format = "text",
) -> None:
    """Judge plans that another tool made: the same guards as `tfgen apply`, exit code 3 if refused.

    A step for pipelines, between plan and apply. Reads the settings and the output tree; needs no
    cloud and no cluster. Give all plans of one change together: removals count over all of them.
    With --base a lost state, or a cloud that is another one, is told from a first apply.

    Examples: `tfgen guard --plan plan.json` · `tfgen guard --plan plan.json --base HEAD^`
    """
    loaded = session.load(config_file, out, output_format)
    allowed = consent.allowed(
        allow_removals,
        allow_address_change,
        allow_protected,
        allow_exposure,
        new_state=new_state,
    )
    documents = {_STDIN if name == "-" else name: _read(name) for name in plan}
    stood = reconcile.before(loaded, base) if base else None
    verdict = reconcile.judge(loaded, documents, allowed, stood)
    if verdict.errored and not verdict.refusals:
        raise errors.PlanError(
            f"the engine could not finish the plan ({', '.join(documents)}): there is nothing to "
            "apply in it",
            remedy="Its own messages say why; make the plan again.",
        )
    if not base:
        _caution(documents)
    if write_consent:
        consent.written(loaded, documents, verdict)
    _show(verdict, documents)
    session.finish(errors.ExitCode.DONE if verdict.passes else errors.ExitCode.REFUSED)


def _caution(documents: Mapping[str, Mapping[str, Any]]) -> None:
    for name in (name for name, document in documents.items() if policy.starts(document)):
        output.note(
            f"notice: {name} makes its load balancers over an empty state. A first apply does, and "
            "so does a lost state or a wrong cloud: --base tells them apart"
        )


def _show(verdict: policy.Verdict, documents: Mapping[str, Mapping[str, Any]]) -> None:
    """Say what the plans do, then what is refused and how to proceed."""
    changes = [(name, one) for name, plan in documents.items() for one in policy.changes(plan)]
    for notice in verdict.notices:
        output.note(f"notice: {notice}")
    lines = [f"{one.about}: {effect}" for _, one in changes for effect in one.effects]
    lines += ["", policy.text(verdict)] if verdict.refusals else []
    told = {
        "changes": [_document(name, one) for name, one in changes],
        "digests": [_digests(name, one) for name, one in consents.digests(documents).items()],
    }
    output.result({**policy.document(verdict), **told}, "\n".join(lines), schema="tfgen.guard")
    output.note(_summary(verdict, len(documents)))


def _document(name: str, change: policy.Change) -> dict[str, Any]:
    service = str(change.service) if change.service else None
    group = str(change.group) if change.group else None
    return {"plan": name, "service": service, "group": group, "effects": list(change.effects)}


def _digests(name: str, found: policy.Digests) -> dict[str, str]:
    return {"plan": name, "effect": found.effect, "whole": found.whole}


def _summary(verdict: policy.Verdict, count: int) -> str:
    if verdict.passes:
        return f"{count} plans pass the guards" if count > 1 else "the plan passes the guards"
    size = f"{count} plans are" if count > 1 else "the plan is"
    reasons = len(verdict.refusals)
    return f"{size} refused for {reasons} reason{'s' if reasons > 1 else ''}"


def _read(name: str) -> dict[str, Any]:
    """Read one plan's JSON. Raises PlanError for anything else, a saved plan above all."""
    data = _bytes(name)
    if data.startswith(_ZIP):
        raise errors.PlanError(
            f"{name} is a saved plan, and its JSON is wanted",
            remedy=f"Convert it: terraform show -json {name} > {name}.json (or: tofu show -json), "
            "in the folder where it was made.",
        )
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise _not_json(name, f"cannot be read as JSON: {error}") from error
    if not isinstance(document, dict):
        raise _not_json(name, f"holds a JSON {type(document).__name__}, expected an object")
    return document


def _bytes(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise errors.PlanError(
            f"plan {name} cannot be read: {error.strerror}",
            remedy="Make it: terraform show -json PLANFILE > PLAN.json",
        ) from error


def _not_json(name: str, what: str) -> errors.PlanError:
    return errors.PlanError(
        f"plan {name} {what}",
        remedy="Give the output of `terraform show -json PLANFILE`, not that of `plan -json`.",
    )
