"""An engine that fails on the way: what was done is kept, and the next run finishes the job."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.bad_input.bad import FORMS
from tests.bad_input.scene import API, RUN, WEB, Scene

# The client library warns of calls between its own modules.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning:openstack")


@dataclass(frozen=True, slots=True)
class Failing:
    """How the engine fails, and what is said."""

    name: str
    behaviour: dict[str, Any]
    what: str
    remedy: str

    def __str__(self) -> str:
        return self.name


LISTENER = "Service shop/api, listener tcp-81"
DOCTOR = "`tfgen doctor` looks at credentials, quotas, subnets and locks."

TABLE = pytest.mark.parametrize(
    "bad",
    [
        Failing(
            "a provider that cannot be installed",
            {"init_error": "Failed to query available provider packages"},
            "stack shop: Failed to query available provider packages",
            "If the provider cannot be fetched, name a mirror in the engine's CLI configuration",
        ),
        Failing(
            "a plan that fails",
            {"plan_error": "Error acquiring something"},
            "stack shop: Error acquiring something",
            DOCTOR,
        ),
        Failing(
            "an apply that the cloud refuses",
            {"fail": "lb_shop_api_tcp-81.openstack_lb_listener_v2"},
            f"stack shop: {LISTENER}: Expected HTTP response code 201, got 500",
            DOCTOR,
        ),
        Failing(
            "an apply that the cloud refuses half-way",
            {"fail": "lb_shop_api_tcp-81.openstack_lb_pool_v2"},
            "stack shop: Service shop/api, pool tcp-81: Expected HTTP response code 201, got 500",
            DOCTOR,
        ),
    ],
    ids=str,
)


@FORMS
@TABLE
def test_what_is_done_is_kept(scene: Scene, bad: Failing, form: str) -> None:
    """A run ends with 1 and says where; no address is lost; well again, it finishes the job."""
    scene.asks_for_more()
    scene.behave(**bad.behaviour)
    before = scene.standing()

    said = scene.run(*RUN, "--format", form)

    assert said.code == 1, said.err
    assert f"failed: {bad.what}" in said.err
    assert bad.remedy in said.err
    if form == "json":
        failures = [one for part in ("plan", "apply") for one in failed(said.document, part)]
        assert [(each["stack"], each["code"]) for each in failures] == [("shop", 1)]
        assert bad.what.rpartition(": ")[2] in failures[0]["what"]
        assert bad.remedy in failures[0]["remedy"]
    after = scene.standing()
    assert after.of(WEB) == before.of(WEB)
    assert after.of(API)[2] == before.of(API)[2]
    assert after.cloud.items() >= before.cloud.items()

    scene.behave()
    said = scene.run(*RUN)

    assert said.code == 0, said.err
    healed = scene.standing()
    assert healed.of(WEB) == before.of(WEB)
    assert len(healed.of(API)[0]) == len(before.of(API)[0]) + 4
    assert healed.of(API)[2] == before.of(API)[2]
    assert "nothing changed" in scene.run("render").err


def failed(document: dict[str, Any], part: str) -> list[dict[str, Any]]:
    """Give the failures of one step of a run's document."""
    found: list[dict[str, Any]] = document.get(part, {}).get("failures", [])
    return found


def test_one_failed_stack_stops_no_other(scene: Scene) -> None:
    """A new Service of another stack is served in the same run; the code is 5, not 1."""
    scene.asks_for_more()
    scene.place.service("blog/www")
    scene.behave(fail="lb_shop_api_tcp-81")
    before = scene.standing()

    said = scene.run(*RUN)

    assert said.code == 5, said.err
    assert f"failed: stack shop: {LISTENER}" in said.err
    assert scene.standing().of(WEB) == before.of(WEB)
    [www] = [each for each in scene.place.cluster.services if each.namespace == "blog"]
    assert scene.standing().of(www)[2]["ingress"]
