"""A plan's JSON read into records. Total: what cannot be read is listed, never skipped.

The format: https://developer.hashicorp.com/terraform/internals/json-format, version 1.x.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tfgen import errors, model
from tfgen.policy import plan

FORMAT_MAJOR = 1
_ACTIONS = frozenset({"no-op", "create", "read", "update", "delete", "forget"})
_ADDRESS = re.compile(
    r"(?:module\.(?P<label>lb6?)_(?P<owner>[a-z0-9-]+_[a-z0-9-]+)_(?P<port>(?:tcp|udp|sctp)-\d+)\.)?"
    r"(?P<type>[a-z0-9_]+)\.(?P<name>[a-zA-Z0-9_-]+)(?:\[.*\])?",
)
_NODE_ACCESS = re.compile(
    r"module\.node_access\.(?P<type>[a-z0-9_]+)\.this(?:\[\"(?P<key>.*)\"\])?"
)
_ROOT_LABEL = re.compile(r"(lb6?|lbgroup)_([a-z0-9-]+)_([a-z0-9-]+)")
_Identity = tuple[plan.Kind | None, model.Owner | None, str]
_ROOT = (
    plan.Kind.LOAD_BALANCER,
    plan.Kind.FLOATING_IP,
    plan.Kind.ASSOCIATION,
    plan.Kind.REVISION,
)


def read(document: Mapping[str, Any]) -> plan.Plan:
    """Read the JSON of a plan. Raises PlanError only for another major version of the format."""
    faults = [*_shape_faults(document)]
    return plan.Plan(
        resources=_resources(document.get("resource_changes"), "resource_changes", faults),
        drift=_resources(document.get("resource_drift"), "resource_drift", faults),
        prior=tuple(_prior(document)),
        node_groups=mapping(
            mapping(mapping(document.get("variables")).get("node_groups")).get("value")
        ),
        others=frozenset(_others(document)),
        answered=dict(_answered(document)),
        errored=document.get("errored") not in (None, False),
        unreadable=tuple(faults),
    )


def named(address: str) -> plan.Resource:
    """Read what an address says by itself: kind, owner and port; no action is known."""
    match = _ADDRESS.fullmatch(address) or _NODE_ACCESS.fullmatch(address)
    type_name = match["type"] if match else ""
    kind, owner, port = _identity(address, type_name)
    return plan.Resource(address, type_name, frozenset(), kind, owner, port)


def mapping(value: object) -> Mapping[str, Any]:
    """Give a mapping as it is and anything else as an empty one."""
    return value if isinstance(value, Mapping) else {}


def sequence(value: object) -> list[Any]:
    """Give a list as it is and anything else as an empty one."""
    return value if isinstance(value, list) else []


def _shape_faults(document: Mapping[str, Any]) -> Iterator[str]:
    version = document.get("format_version")
    if not isinstance(version, str):
        yield "it has no format_version"
    elif version.partition(".")[0] != str(FORMAT_MAJOR):
        raise errors.PlanError(
            f"the plan's JSON has format_version {version}; this tfgen reads {FORMAT_MAJOR}.x",
            remedy="Use Terraform or OpenTofu of a version that writes it, or a newer tfgen.",
        )
    if not {"planned_values", "configuration", "resource_changes"} & set(document):
        yield "it holds no plan (the JSON of a state, perhaps)"


def _resources(value: object, key: str, faults: list[str]) -> tuple[plan.Resource, ...]:
    if value is not None and not isinstance(value, list):
        faults.append(f"{key} is {type(value).__name__}, expected a list")
    found = []
    for place, entry in enumerate(sequence(value)):
        fault = _entry_fault(entry)
        if fault:
            faults.append(f"{key}[{place}]: {fault}")
        elif entry.get("mode") != "data":
            found.append(_resource(entry))
    return tuple(sorted(found, key=lambda one: (one.address, sorted(one.actions))))


def _entry_fault(entry: object) -> str:
    if not isinstance(entry, Mapping):
        return f"is {type(entry).__name__}, expected an object"
    if not isinstance(entry.get("address"), str) or not isinstance(entry.get("type"), str):
        return "has no address or no type"
    actions = mapping(entry.get("change")).get("actions")
    if not isinstance(actions, list) or not actions:
        return f"{entry['address']} has no actions"
    unknown = [str(action) for action in actions if str(action) not in _ACTIONS]
    return f"{entry['address']} has the unknown action {unknown[0]!r}" if unknown else ""


def _resource(entry: Mapping[str, Any]) -> plan.Resource:
    change = mapping(entry["change"])
    kind, owner, port = _identity(entry["address"], entry["type"])
    return plan.Resource(
        address=entry["address"],
        type=entry["type"],
        actions=frozenset(map(str, change["actions"])),
        kind=kind,
        owner=owner,
        port=port,
        before=mapping(change.get("before")),
        after=mapping(change.get("after")),
        unknown=mapping(change.get("after_unknown")),
        secret=_secret(change),
        replaced_for=tuple(_paths(change.get("replace_paths"))),
        reason=str(entry.get("action_reason") or ""),
        importing=change.get("importing") is not None,
        previous=str(entry.get("previous_address") or ""),
    )


def _identity(address: str, kind_name: str) -> _Identity:
    """Read kind, owner and port out of an address; the scheme is design's public contract."""
    kind = next((kind for kind in plan.Kind if kind == kind_name), None)
    if kind in plan.NODE_ACCESS:
        return _of_nodes(address, kind)
    match = _ADDRESS.fullmatch(address)
    if kind is None or match is None or match["type"] != kind_name:
        return kind, None, ""
    if kind in _ROOT:
        root = None if match["owner"] else _ROOT_LABEL.fullmatch(match["name"])
        return kind, _owner(root[1], root[2], root[3]) if root else None, ""
    if not match["owner"]:
        return kind, None, ""
    namespace, _, name = match["owner"].partition("_")
    return kind, _owner(match["label"], namespace, name), match["port"]


def _owner(prefix: str, namespace: str, name: str) -> model.Owner:
    if prefix == "lbgroup":
        return model.GroupKey(namespace, name)
    service = model.ServiceKey(namespace, name)
    return model.SecondKey(service) if prefix == "lb6" else service


def _of_nodes(address: str, kind: plan.Kind | None) -> _Identity:
    """Tell what tfgen wrote from a security group of somebody's own file."""
    match = _NODE_ACCESS.fullmatch(address)
    return (kind, None, match["key"] or "") if match and match["type"] == kind else (None, None, "")


def _secret(change: Mapping[str, Any]) -> frozenset[str]:
    marks = [mapping(change.get(side)) for side in ("before_sensitive", "after_sensitive")]
    return frozenset(name for mark in marks for name, value in mark.items() if _holds_true(value))


def _holds_true(mark: object) -> bool:
    """Look through a mark that has the shape of its value: `[false, {"key": true}]`."""
    left = [mark]
    while left:
        found = left.pop()
        if found is True:
            return True
        left += mapping(found).values() if isinstance(found, Mapping) else sequence(found)
    return False


def _paths(paths: object) -> Iterator[str]:
    for path in sequence(paths):
        yield ".".join(str(step) for step in sequence(path))


def _prior(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    values = mapping(mapping(document.get("prior_state")).get("values"))
    modules = [mapping(values.get("root_module"))]
    while modules:
        module = modules.pop()
        modules += [mapping(child) for child in sequence(module.get("child_modules"))]
        for resource in map(mapping, sequence(module.get("resources"))):
            yield str(resource.get("type")), mapping(resource.get("values"))


def _answered(document: Mapping[str, Any]) -> Iterator[tuple[model.ServiceKey, str]]:
    """Give the load balancer that each Service was on by then; of its second IP family, none."""
    values = mapping(mapping(document.get("prior_state")).get("values"))
    for name, output in mapping(values.get("outputs")).items():
        value = mapping(mapping(output).get("value"))
        if str(name).startswith("lb_"):
            key = model.ServiceKey(str(value.get("namespace")), str(value.get("name")))
            yield key, str(value.get("id"))


def _others(document: Mapping[str, Any]) -> Iterator[str]:
    """Give the ids of the load balancers that Services attached to when that was last applied."""
    values = mapping(mapping(document.get("prior_state")).get("values"))
    for output in map(mapping, mapping(values.get("outputs")).values()):
        value = mapping(output.get("value"))
        if value.get("attached") is True:
            yield str(value.get("id"))
