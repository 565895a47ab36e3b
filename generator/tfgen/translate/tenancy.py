"""What Services of a namespace may say, by the operator's rules and by their class."""

import fnmatch
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from tfgen import annotations, config, model
from tfgen.annotations import table
from tfgen.translate import values

_KINDS: Mapping[str, tuple[str, ...]] = {
    "classes": (table.CLASS,),
    "networks": (table.OCCM + "network-id", table.OCCM + "floating-network-id"),
    "subnets": tuple(
        table.OCCM + name for name in ("subnet-id", "member-subnet-id", "floating-subnet-id")
    ),
    "flavors": (table.OCCM + "flavor-id",),
}
"""The annotations that a list of a rule bounds."""
_FIXED = (table.OCCM + "port-id", table.ATTACH)
_ADDRESS = "spec.loadBalancerIP"
_ASK = "Remove it, or ask the operator."


def check(
    reader: values.Reader,
    key: model.ServiceKey,
    spec: Mapping[str, Any],
    profile: config.Profile,
) -> None:
    """Note what a Service says and may not, with the rule that forbids it."""
    for rule in profile.settings.rules:
        if any(fnmatch.fnmatchcase(key.namespace, pattern) for pattern in rule.namespaces):
            _rule(reader, spec, rule)
    if profile.name:
        said = profile.settings.classes[profile.name]
        if "annotations" in said.model_fields_set:
            name = f"class {profile.name} (setting classes.{profile.name}.annotations)"
            _annotations(reader, (*said.annotations, table.CLASS), name)


def _rule(reader: values.Reader, spec: Mapping[str, Any], rule: config.Rule) -> None:
    name = f"rule {rule.name!r} (setting rules)"
    for field, keys in _KINDS.items():
        if field in rule.model_fields_set:
            for key, text in reader.texts(keys):
                _among(reader, key, text, getattr(rule, field), name)
    if "annotations" in rule.model_fields_set:
        _annotations(reader, rule.annotations, name)
    if not rule.fixed_address:
        for field, text in _fixed(reader, spec):
            reader.wrong(field, text, f"no fixed address, by {name}", _ASK)


def _fixed(reader: values.Reader, spec: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((reader.name(key), text) for key, text in reader.texts(_FIXED))
    address = spec.get("loadBalancerIP")
    if isinstance(address, str) and address:
        yield _ADDRESS, address


def _among(reader: values.Reader, key: str, text: str, allowed: Collection[str], name: str) -> None:
    if text not in allowed:
        expected = f"one of {', '.join(allowed) or 'none'}, by {name}"
        reader.wrong(reader.name(key), text, expected, _ASK)


def _annotations(reader: values.Reader, patterns: Collection[str], name: str) -> None:
    """Note what stands beside the allowed: keys whole, or by their last part as people say them."""
    for key in reader.ours():
        row = annotations.TABLE.get(key)
        if row and row.kind is annotations.Kind.OUTPUT:
            continue
        short = key.partition("/")[2]
        if not any(fnmatch.fnmatchcase(each, p) for each in (key, short) for p in patterns):
            expected = f"no annotation but {', '.join(patterns) or 'none'}, by {name}"
            reader.wrong(f"annotation {key}", "present", expected, _ASK)
