"""Values and their changes in words, for refusals and reports."""

import json

from tfgen.policy import plan

_UNKNOWN = "(known after apply)"
_REASONS = {
    "replace_because_tainted": "it is tainted: its creation failed",
    "replace_because_cannot_update": "it cannot be changed in place",
    "replace_by_request": "-replace asks for it",
    "replace_by_triggers": "what it depends on is replaced",
}


def value(found: object) -> str:
    """Write a value for a person: text as it is, the rest as JSON."""
    if found is None or found == "":
        return "(none)"
    return found if isinstance(found, str) else json.dumps(found, default=str)


def attribute(resource: plan.Resource, name: str) -> str:
    """Say how one attribute changes: `name: before -> after`; never a sensitive value."""
    if name in resource.secret:
        return f"{name}: (sensitive)"
    after = _UNKNOWN if resource.unknown.get(name) is True else value(resource.after.get(name))
    return f"{name}: {value(resource.before.get(name))} -> {after}"


def replacement(resource: plan.Resource) -> str:
    """Say why something is replaced."""
    causes = [path for path in resource.replaced_for if "." not in path]
    if causes:
        return ", ".join(attribute(resource, name) for name in causes)
    return _REASONS.get(resource.reason, "the engine gives no reason")


def updates(resource: plan.Resource) -> str:
    """Say which attributes an update in place changes."""
    return ", ".join(attribute(resource, name) for name in changed(resource))


def changed(resource: plan.Resource) -> list[str]:
    """Name the attributes that differ."""
    names = sorted(set(resource.before) | set(resource.after))
    return [name for name in names if resource.before.get(name) != resource.after.get(name)]
