"""Fields that change a load balancer and are not carried out yet: problems, never ignored."""

from collections.abc import Mapping
from typing import Any

from tfgen.translate import shape, values

_LATER = "tfgen does not support it yet."


_POLICIES = ("SingleStack", "PreferDualStack", "RequireDualStack")


def check(reader: values.Reader, spec: Mapping[str, Any]) -> None:
    """Note each field that asks for what this version cannot do. Raises Malformed."""
    _families(reader, spec)


def _families(reader: values.Reader, spec: Mapping[str, Any]) -> None:
    """Note IPv6 where it is asked for.

    A second family that is only preferred is left out, in a manifest as in a cluster that has it:
    the cluster's API adds it to `ipFamilies` by itself, and the manifest did not change.
    """
    families = shape.texts(spec, "ipFamilies", path="spec.")
    policy = _word(reader, spec, "ipFamilyPolicy", _POLICIES)
    needed = families[:1] if policy == "PreferDualStack" else families
    if not {"IPv4", "IPv6"}.issuperset(families):
        reader.wrong("spec.ipFamilies", ", ".join(families), "IPv4 or IPv6")
    elif "IPv6" in needed:
        reader.wrong(
            "spec.ipFamilies", ", ".join(families), "IPv4 alone", f"Make it single-stack: {_LATER}"
        )
    elif policy == "RequireDualStack":
        reader.wrong("spec.ipFamilyPolicy", policy, '"SingleStack"', _LATER)


def _word(
    reader: values.Reader, spec: Mapping[str, Any], key: str, choices: tuple[str, ...]
) -> str | None:
    """Read one of some words; another one is a problem, and None."""
    found = shape.get(spec, key, str, path="spec.")
    if found in {None, *choices}:
        return found
    reader.wrong(f"spec.{key}", found, f"one of {', '.join(choices)}")
    return None
