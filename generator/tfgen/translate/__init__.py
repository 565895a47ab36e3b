"""Services and Nodes to load balancers: pure, and total (any input gives a value or problems)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tfgen import config, model
from tfgen.translate import certificates, claim, groups, nodes, service, shape, sharing, values
from tfgen.translate.naming import tags
from tfgen.translate.service import Context

__all__ = ["Context", "certificates", "tags", "translate"]

_ANY_NAME = config.DNS_LABEL


def translate(listing: model.Listing, context: Context) -> model.Translation:
    """Translate a whole listing; what is wrong with one Service never touches another.

    Raises SettingsError where a selector of the settings is none.
    """
    rules = claim.Rules(context.settings)
    found = groups.of_listing(listing, context.settings)
    found.of(model.NodeChoice(nodes.DEFAULT_GROUP))
    context = replace(context, nodes=found)
    outcomes: list[service.Outcome] = []
    problems: list[model.Problem] = []
    unclaimed: set[model.ServiceKey] = set()
    said: list[model.Notice] = []
    queries: set[model.SubnetQuery | model.BalancerQuery] = set()
    for manifest in listing.services:
        outcome = _one(manifest, rules, context)
        if isinstance(outcome, model.ServiceKey):
            unclaimed.add(outcome)
        elif outcome:
            problems += outcome.problems
            said += outcome.notices
            queries.update(outcome.queries)
            outcomes.append(outcome)
    shared = sharing.settle(outcomes, context, unclaimed.union(each.service for each in problems))
    problems += shared.problems
    said += shared.notices
    found.take(context.rendered_groups)
    return model.Translation(
        load_balancers=tuple(sorted(shared.load_balancers, key=lambda lb: lb.service)),
        node_groups=found.made,
        held=frozenset(problem.service for problem in problems),
        unclaimed=frozenset(unclaimed),
        problems=tuple(sorted(problems)),
        notices=tuple(sorted([*said, *found.notices])),
        queries=frozenset(each for each in queries if isinstance(each, model.SubnetQuery)),
        balancers=frozenset(each for each in queries if isinstance(each, model.BalancerQuery)),
    )


def _one(
    manifest: Mapping[str, Any], rules: claim.Rules, context: Context
) -> service.Outcome | model.ServiceKey | None:
    """Give what a Service becomes: its key where unclaimed, None where it asks for nothing."""
    key = _key(manifest)
    try:
        metadata, spec = shape.section(manifest, "metadata"), _spec(manifest)
        judged = rules.judge(key, metadata, spec)
    except shape.Malformed as wrong:
        ours = key in context.frozen or rules.marked(key, manifest)
        return _problem(key, wrong) if ours else None
    match judged:
        case claim.Claim.NOT_ASKING:
            return None
        case claim.Claim.UNCLAIMED:
            return key
        case claim.Claim.OURS:
            return _ours(key, metadata, spec, context)


def _ours(
    key: model.ServiceKey, metadata: Mapping[str, Any], spec: Mapping[str, Any], context: Context
) -> service.Outcome:
    try:
        _check_names(key)
        return service.load_balancer(key, metadata, spec, context)
    except shape.Malformed as wrong:
        return _problem(key, wrong)


def _problem(key: model.ServiceKey, wrong: shape.Malformed) -> service.Outcome:
    problem = model.Problem(key, wrong.field, wrong.found, wrong.expected, values.CORRECT)
    return service.Outcome(None, (problem,))


def _key(manifest: Mapping[str, Any]) -> model.ServiceKey:
    found = shape.mapping(manifest.get("metadata"))
    namespace, name = found.get("namespace") or "default", found.get("name") or "?"
    return model.ServiceKey(shape.clean(str(namespace)), shape.clean(str(name)))


def _spec(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give what a Service asks for: without it, it does not ask for nothing."""
    spec = shape.get(manifest, "spec", dict)
    if spec is None:
        raise shape.Malformed("spec", "missing", "an object")
    return spec


def _check_names(key: model.ServiceKey) -> None:
    """Names become paths, labels and tags: what Kubernetes itself would not take is refused."""
    for field, name in (("metadata.namespace", key.namespace), ("metadata.name", key.name)):
        if not _ANY_NAME.fullmatch(name):
            raise shape.Malformed(field, name, "a DNS label of at most 63 characters")
