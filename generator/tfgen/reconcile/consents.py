"""The consents of the tree: read beside the plans they are bound to, and written for a review."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from tfgen import config, policy, workspace
from tfgen.terraform import digest

Documents: TypeAlias = Mapping[str, Mapping[str, Any]]
_UNREADABLE = policy.Digests("", "")


def agreed(loaded: config.Loaded, documents: Documents) -> policy.Agreed:
    """Read the tree's consents, and digest what plans do. Raises InputError, TreeError."""
    return policy.Agreed(workspace.Tree(loaded.out).consents(), digests(documents))


def digests(documents: Documents) -> dict[str, policy.Digests]:
    """Digest what plans do, by name."""
    return {name: _digests(document) for name, document in documents.items()}


def write(
    loaded: config.Loaded, known: policy.Agreed, opened: Iterable[policy.Refusal]
) -> tuple[policy.Consent, ...]:
    """Write a consent for each refusal that was opened; gives those that stand there then."""
    consents = known.of(opened)
    if consents != known.consents:
        workspace.Tree(loaded.out).write({policy.CONSENT_FILE: policy.dump_consents(consents)})
    return consents


def _digests(document: Mapping[str, Any]) -> policy.Digests:
    """Digest a plan; one that is no plan gets none, so that no consent can be bound to it."""
    try:
        return policy.Digests(
            digest.effect_digest(document), digest.effect_digest(document, members=True)
        )
    except (KeyError, TypeError, AttributeError, ValueError):
        return _UNREADABLE
