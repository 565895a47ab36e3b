"""Guards *stop*, *policy* and *unreadable*: what no flag opens."""

from typing import Any

import pytest

from tests.fakes import plans
from tfgen import config, errors, policy
from tfgen.policy import Guard

WEB = plans.entry("shop/web")
ALL = policy.Allowed(99, frozenset({WEB.service}), frozenset({WEB.service}), new_state=True)


def _judge(document: Any, **guards: Any) -> policy.Verdict:  # noqa: ANN401  whatever a file holds
    settings = plans.SETTINGS.model_copy(update={"guards": config.Guards(**guards)})
    return policy.check(document, manifest=plans.tree(WEB), settings=settings, allowed=ALL)


def _listing(change: object) -> plans.Json:
    return {**plans.plan(), "resource_changes": [change]}


CREATE = plans.plan(plans.child("shop/web", "listener", "create"))
UPDATE = plans.plan(plans.child("shop/web", "listener", "update"))
DELETE = plans.plan(plans.child("shop/web", "listener", "delete", port="tcp-443"))


def test_stop_refuses_everything() -> None:
    """While guards.stop is true not even an empty plan passes."""
    verdict = _judge(plans.plan(), stop=True)
    assert [refusal.guard for refusal in verdict.refusals] == [Guard.STOP]


def test_what_stops_everything_is_told() -> None:
    """A stop from elsewhere than the setting refuses as well, in its own words."""
    verdict = policy.check_all(
        {"shop": CREATE},
        manifest=plans.tree(WEB),
        settings=plans.SETTINGS,
        allowed=ALL,
        stopped="tfgen.stop says: ask Ada",
    )
    [refusal] = verdict.refusals
    assert (refusal.guard, refusal.plan) == (Guard.STOP, "shop")
    assert refusal.what == "tfgen.stop says: ask Ada: nothing is applied anywhere"


@pytest.mark.parametrize(
    ("write", "passing"),
    [
        ("sync", [CREATE, UPDATE, DELETE]),
        ("upsert-only", [CREATE, UPDATE]),
        ("create-only", [CREATE]),
    ],
)
def test_write_setting(write: str, passing: list[plans.Json]) -> None:
    """`sync` allows all, upsert-only no destroy, create-only no change either."""
    tried = (CREATE, UPDATE, DELETE)
    assert [document for document in tried if _judge(document, write=write).passes] == passing


def test_write_setting_names_what_it_forbids() -> None:
    """One refusal for each Service, naming the resources."""
    verdict = _judge(DELETE, write="upsert-only")
    assert [refusal.guard for refusal in verdict.refusals] == [Guard.POLICY]
    expected = "guards.write is upsert-only, which allows no delete: listener tcp-443"
    assert verdict.refusals[0].what == expected


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ({}, "no format_version"),
        ({"format_version": "1.0", "values": {}}, "it holds no plan (the JSON of a state"),
        ({**plans.plan(), "resource_changes": {}}, "resource_changes is dict, expected a list"),
        (_listing("x"), "resource_changes[0]: is str"),
        (_listing({"change": {}}), "has no address or no type"),
        (_listing({"address": "a.b", "type": "a"}), "a.b has no actions"),
        (plans.plan(plans.change("a.b", "explode")), "a.b has the unknown action 'explode'"),
    ],
)
def test_what_cannot_be_read_is_refused(document: plans.Json, fault: str) -> None:
    """What is no plan, or a plan with parts that nobody understands, does not pass."""
    found = [one for one in _judge(document).refusals if one.guard is Guard.UNREADABLE]
    assert any(fault in refusal.what for refusal in found)


def test_other_format_version_is_an_error() -> None:
    """A plan of another major version of the format is not judged by guesswork."""
    with pytest.raises(errors.PlanError, match=r"format_version 2\.0; this tfgen reads 1\.x"):
        _judge({**plans.plan(), "format_version": "2.0"})


def test_data_sources_are_no_matter() -> None:
    """A data source is read, never changed."""
    read = {**plans.change("data.x.y", "read"), "mode": "data"}
    assert _judge(plans.plan(read), write="create-only").passes
