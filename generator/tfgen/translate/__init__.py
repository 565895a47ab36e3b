"""Services and Nodes to load balancers: pure, and total (any input gives a value or problems)."""

from collections.abc import Mapping
from typing import Any

from tfgen import config, model
from tfgen.translate import claim, nodes, service, shape
from tfgen.translate.service import Context, tags

__all__ = ["Context", "tags", "translate"]

_ANY_NAME = config.DNS_LABEL


def translate(listing: model.Listing, context: Context) -> model.Translation:
    """Translate a whole listing; what is wrong with one Service never touches another.

    Raises SettingsError where a selector of the settings is none.
    """
    rules = claim.Rules(context.settings)
    group, notices = nodes.group(listing.nodes, context.settings.members.node_selector)
    made: list[model.LoadBalancer] = []
    problems: list[model.Problem] = []
    unclaimed: set[model.ServiceKey] = set()
    said = list(notices)
    for manifest in listing.services:
        outcome = _one(manifest, rules, context)
        if isinstance(outcome, model.ServiceKey):
            unclaimed.add(outcome)
        elif outcome:
            problems += outcome.problems
            said += outcome.notices
            made += [outcome.load_balancer] if outcome.load_balancer else []
    return model.Translation(
        load_balancers=tuple(sorted(made, key=lambda lb: lb.service)),
        node_groups=(group,) if group.members else (),
        held=frozenset(problem.service for problem in problems),
        unclaimed=frozenset(unclaimed),
        problems=tuple(sorted(problems)),
        notices=tuple(sorted(said)),
    )


def _one(
    manifest: Mapping[str, Any], rules: claim.Rules, context: Context
) -> service.Outcome | model.ServiceKey | None:
    """Give what a Service becomes: its key where unclaimed, None where it asks for nothing."""
    key = _key(manifest)
    try:
        metadata, spec = shape.section(manifest, "metadata"), shape.section(manifest, "spec")
        match rules.judge(key, metadata, spec):
            case claim.Claim.NOT_ASKING:
                return None
            case claim.Claim.UNCLAIMED:
                return key
            case claim.Claim.OURS:
                _check_names(key)
                return service.load_balancer(key, metadata, spec, context)
    except shape.Malformed as wrong:
        return service.Outcome(
            None, (model.Problem(key, wrong.field, wrong.found, wrong.expected),)
        )


def _key(manifest: Mapping[str, Any]) -> model.ServiceKey:
    metadata = manifest.get("metadata")
    found: Mapping[str, Any] = metadata if isinstance(metadata, dict) else {}
    namespace, name = found.get("namespace") or "default", found.get("name") or "?"
    return model.ServiceKey(shape.clean(str(namespace)), shape.clean(str(name)))


def _check_names(key: model.ServiceKey) -> None:
    """Names become paths, labels and tags: what Kubernetes itself would not take is refused."""
    for field, name in (("metadata.namespace", key.namespace), ("metadata.name", key.name)):
        if not _ANY_NAME.fullmatch(name):
            raise shape.Malformed(field, name, "a DNS label of at most 63 characters")
