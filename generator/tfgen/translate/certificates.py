"""Which Secrets the Services name for TLS, and what became of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from tfgen import annotations, config, model
from tfgen.annotations import table
from tfgen.translate import claim, shape

KEY = table.TFGEN + "tls-secret"


def wanted(
    listing: model.Listing, settings: config.Settings
) -> Mapping[str, tuple[model.ServiceKey, ...]]:
    """Give the Secrets that our Services name, `namespace/name`, with who names each; sorted.

    A Service names Secrets of its own namespace alone. What cannot be read names none: rendering
    says why. Raises SettingsError where the settings' selector is none.
    """
    rules, found = claim.Rules(settings), defaultdict(set)
    for service in listing.services:
        metadata = shape.mapping(service.get("metadata"))
        key = model.ServiceKey(str(metadata.get("namespace")), str(metadata.get("name")))
        if _ours(rules, key, metadata, service):
            for name in _names(shape.mapping(metadata.get("annotations"))):
                found[f"{key.namespace}/{name}"].add(key)
    return {secret: tuple(sorted(keys)) for secret, keys in sorted(found.items())}


def _ours(
    rules: claim.Rules,
    key: model.ServiceKey,
    metadata: Mapping[str, Any],
    service: Any,  # noqa: ANN401  any JSON
) -> bool:
    try:
        spec = shape.mapping(service.get("spec"))
        return rules.judge(key, metadata, spec) is claim.Claim.OURS
    except shape.Malformed:
        return False


def _names(found: Mapping[str, Any]) -> Iterator[str]:
    for key, text in found.items():
        of_port = key.startswith(annotations.PORT) and key.endswith(".tls-secret")
        if (key == KEY or of_port) and isinstance(text, str):
            try:
                yield from annotations.secret_names(text)
            except annotations.Invalid:
                continue
