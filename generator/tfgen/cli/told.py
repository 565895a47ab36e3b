"""What passes over stacks did, in words and as documents."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tfgen import errors, model, policy, terraform
from tfgen.cli import output, table
from tfgen.reconcile import apply, plan, work
from tfgen.terraform import digest

if TYPE_CHECKING:
    from tfgen import cloud  # its library takes a second to load; only who connects pays

_FILE = re.compile(r"lb_([a-z0-9-]+)_([a-z0-9-]+)\.tf")
_AS_ABOVE = " "
_NEUTRON = {"floating IPs", "ports"}
_KINDS = {errors.ExitCode.REFUSED: "refused", errors.ExitCode.INTERRUPTED: "interrupted"}


def plans(made: plan.Plans) -> str:
    """Tell plans: what happens to each Service, then what was saved, then what is refused."""
    parts = [
        _changes((name, each.changes) for name, each in made.stacks.items()),
        _saved(made.saved),
        policy.text(made.verdict),
    ]
    return "\n\n".join(part for part in parts if part)


def prepared(ready: apply.Prepared) -> str:
    """Tell what is about to be applied, and what is refused."""
    changes = ((name, policy.changes(each.document)) for name, each in ready.ready.items())
    parts = [_changes(changes), policy.text(ready.verdict)]
    return "\n\n".join(part for part in parts if part)


def failures(found: work.Failures) -> None:
    """Say on stderr what went wrong with which stack, and what to do about it.

    What is to be done about several stands once, behind the last of them.
    """
    last = {failure.remedy: stack for stack, failure in found.items()}
    for stack, failure in found.items():
        for line in _failure(stack, failure):
            output.note(line)
        if failure.remedy and last[failure.remedy] == stack:
            output.note(failure.remedy)


def full(quota: "cloud.Quota") -> str:
    """Say that of a quota nothing is left, and whose it is."""
    owner = "Neutron" if quota.name in _NEUTRON else "Octavia"
    return (
        f"{owner}'s quota of {quota.name} is full: {quota.used} of {quota.limit} ({quota.ours} of "
        "this tree). Ask for more, or delete what is not needed."
    )


def left_out(services: Mapping[model.ServiceKey, str]) -> None:
    """Say which Services were kept out of their plan; such a plan is incomplete by design."""
    for key, why in sorted(services.items()):
        output.note(f"held: Service {key} was kept out of its stack's plan: {why}")


def plan_document(made: plan.Plans) -> dict[str, Any]:
    """Give plans as JSON values."""
    return {
        "stacks": [_stack(name, each, made) for name, each in made.stacks.items()],
        "held": [str(key) for key in sorted(made.held)],
        "left_out": {str(key): why for key, why in sorted(made.left_out.items())},
        "failures": failure_document(made.failures),
        "verdict": policy.document(made.verdict),
    }


def failure_document(found: work.Failures) -> list[dict[str, Any]]:
    """Give failures as JSON values."""
    return [
        {
            "stack": stack,
            "code": int(failure.code),
            "what": failure.what,
            "remedy": failure.remedy,
            "diagnostics": [_diagnostic(each) for each in diagnostics(failure)],
        }
        for stack, failure in found.items()
    ]


def diagnostics(failure: errors.TfgenError) -> tuple[terraform.Diagnostic, ...]:
    """Give the errors that the engine reported."""
    if not isinstance(failure, terraform.CommandFailed):
        return ()
    return tuple(each for each in failure.diagnostics if each.error)


def service(diagnostic: terraform.Diagnostic) -> model.ServiceKey | None:
    """Give the Service that a diagnostic is about: by its address, else by its file."""
    if owner := policy.named(diagnostic.address).service:
        return owner
    file = _FILE.fullmatch(diagnostic.place.partition(":")[0])
    return model.ServiceKey(file[1], file[2]) if file else None


def answers(addresses: Iterable[model.Address]) -> dict[model.ServiceKey, tuple[str, ...]]:
    """Give what Services answer on, that of the second IP family behind the other."""
    found: dict[model.ServiceKey, tuple[str, ...]] = {}
    for each in sorted(addresses, key=lambda one: (one.service, one.is_second)):
        found[each.service] = (*found.get(each.service, ()), each.address)
    return found


def beside(*addresses: str) -> str:
    """Write addresses into one cell."""
    return ", ".join(filter(None, addresses))


def count(number: int, noun: str) -> str:
    """Count things in words: `1 stack`, `2 stacks`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _changes(stacks: Iterable[tuple[str, tuple[policy.Change, ...]]]) -> str:
    rows = [
        (about if first else _AS_ABOVE, name if first else _AS_ABOVE, effect)
        for name, changes in stacks
        for change in changes
        for about in (name_of(change) or "other resources",)
        for first, effect in _first(change.effects)
    ]
    return table.plain(("service", "stack", "change"), rows) if rows else ""


def name_of(change: policy.Change) -> str:
    """Name whom a change is about; empty where that is nobody."""
    if change.group:
        return f"group {change.group}"
    return str(change.service) if change.service else ""


def _first(effects: tuple[str, ...]) -> Iterator[tuple[bool, str]]:
    for place, effect in enumerate(effects):
        yield place == 0, effect


def _saved(found: tuple[terraform.SavedPlan, ...]) -> str:
    rows = [(each.stack, digest.short(each.effect), digest.short(each.digest)) for each in found]
    return table.plain(("saved plan", "effect", "plan digest"), rows) if rows else ""


def _failure(stack: str, failure: errors.TfgenError) -> Iterator[str]:
    found = diagnostics(failure)
    kind = _KINDS.get(failure.code, "failed")
    if not found:
        yield f"{kind}: {failure.what}"
    for each in found:
        yield f"{kind}: stack {stack}: {_worded(each)}"


def _worded(diagnostic: terraform.Diagnostic) -> str:
    owner = service(diagnostic)
    about = policy.named(diagnostic.address).words if diagnostic.address else ""
    place = f" ({diagnostic.place})" if diagnostic.place and not diagnostic.address else ""
    whose = ", ".join(part for part in (f"Service {owner}" if owner else "", about) if part)
    head = f"{whose}: {diagnostic.summary}{place}" if whose else f"{diagnostic.summary}{place}"
    detail = diagnostic.detail.replace("\n", "\n  ")
    return f"{head}\n  {detail}" if detail else head


def _stack(name: str, each: plan.StackPlan, made: plan.Plans) -> dict[str, Any]:
    return {
        "stack": name,
        "skipped": each.skipped,
        "saved": each.saved is not None,
        "refused": plan.refused(made.verdict, name) and each.saved is not None,
        "effect_digest": each.saved.effect if each.saved else None,
        "plan_digest": each.saved.digest if each.saved else None,
        "changes": [
            {
                "service": str(change.service) if change.service else None,
                "group": str(change.group) if change.group else None,
                "effects": list(change.effects),
                "outages": list(change.outages),
                "facts_only": change.facts_only,
            }
            for change in each.changes
        ],
    }


def _diagnostic(found: terraform.Diagnostic) -> dict[str, Any]:
    owner = service(found)
    return {
        "service": str(owner) if owner else None,
        "address": found.address,
        "place": found.place,
        "summary": found.summary,
        "detail": found.detail,
    }
