"""A cloud that fails."""

import contextlib
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus

import pytest

from tests.faults import whole
from tests.faults.fault import Fault
from tests.faults.gate import Answer, Call, Rule
from tests.faults.ground import Ground
from tests.faults.test_kills import LISTENERS, one_more_port

pytestmark = pytest.mark.faults


def again(ground: Ground, fault: Fault) -> None:
    """Run once more: that alone makes it whole."""
    fault.mended()
    ground.tfgen("run", "--yes")
    fault.whole()


@pytest.mark.parametrize("service", ["keystone", "neutron", "octavia"])
def test_a_service_that_is_down(ground: Ground, fault: Fault, service: str) -> None:
    """A service of the cloud is down, and there is something to do."""
    before = whole.traces(ground)
    one_more_port(ground)
    fault.does(f"{service} is stopped, and nobody listens at its address")
    ground.lab.faults.stop(service)
    try:
        with ground.gate.shut(service):
            done = ground.tfgen("run", "--yes", code=1)
    finally:
        ground.lab.faults.start(service)
    fault.told(done, "refused" if service == "neutron" else "cannot be reached")
    assert whole.traces(ground) == before
    again(ground, fault)


@pytest.mark.quick
@pytest.mark.parametrize("status", [500, 503])
def test_an_api_that_fails(ground: Ground, fault: Fault, status: int) -> None:
    """Octavia answers with errors before anything is begun."""
    before = whole.traces(ground)
    one_more_port(ground)
    fault.does(f"Octavia answers {status} to everything")
    with ground.gate.rule(Rule("octavia", instead=lambda _: Answer(status))):
        done = ground.tfgen("run", "--yes", code=1)
    fault.told(done, f"failed: status {status}", "try again later")
    assert whole.traces(ground) == before
    again(ground, fault)


@pytest.mark.parametrize("status", [500, 503])
def test_an_api_that_fails_for_a_minute(ground: Ground, fault: Fault, status: int) -> None:
    """Octavia answers with errors for a minute in the middle of an apply."""
    one_more_port(ground)
    begun: list[float] = []

    def fail(call: Call) -> Answer | None:
        if call.method == "POST":
            begun.append(time.monotonic())
        during = begun and time.monotonic() - begun[0] < 60
        return Answer(status) if during else None

    fault.does(f"Octavia answers {status} for 60 s, from the first request for a listener on")
    with ground.gate.rule(Rule("octavia", instead=fail)):
        done = ground.tfgen("run", "--yes", code=None)
    assert begun
    assert done.returncode in {0, 1, 5}
    fault.told(done, "api")
    again(ground, fault)


@pytest.mark.quick
def test_a_token_that_ends(ground: Ground, fault: Fault) -> None:
    """The token ends in the middle of an apply."""
    one_more_port(ground)
    revoked: set[str] = set()

    def revoke(call: Call) -> Answer | None:
        if call.method == "POST" and not revoked:
            revoked.add(call.token)
        if call.token not in revoked:
            return None
        return Answer(HTTPStatus.UNAUTHORIZED, b'{"error": {"code": 401, "title": "Unauthorized"}}')

    fault.does("401 for the engine's token, from the request for a listener on")
    with ground.gate.rule(Rule("octavia", instead=revoke)):
        done = ground.tfgen("run", "--yes")
    assert revoked
    fault.told(done, "api")
    again(ground, fault)


@pytest.mark.quick
def test_credentials_that_end(ground: Ground, fault: Fault) -> None:
    """The password is changed in the middle of an apply: the token ends, and no other is given."""
    one_more_port(ground)
    revoked: set[str] = set()

    def revoke(call: Call) -> Answer | None:
        if call.service == "octavia" and call.method == "POST" and not revoked:
            revoked.add(call.token)
        if call.token in revoked or (revoked and call.path.endswith("/auth/tokens")):
            return Answer(HTTPStatus.UNAUTHORIZED, b'{"error": {"code": 401}}')
        return None

    fault.does("401 for the engine's token and for every login, from the first change on")
    with contextlib.ExitStack() as stack:
        for service in ("octavia", "keystone"):
            stack.enter_context(ground.gate.rule(Rule(service, instead=revoke)))
        done = ground.tfgen("run", "--yes", code=None)
    assert revoked
    assert done.returncode in {1, 5}
    fault.told(done, "failed: stack ")
    again(ground, fault)


@pytest.mark.quick
def test_a_cluster_that_is_away_at_the_end(ground: Ground, fault: Fault) -> None:
    """The API server of the cluster goes away while the apply is under way."""
    ground.apply(ground.service(name := "unheard"))
    with contextlib.ExitStack() as stack:

        def away(_: Call) -> None:
            stack.enter_context(ground.gate.shut("kube-apiserver"))

        with ground.gate.rule(Rule("octavia", "POST", LISTENERS, times=1, delivered=away)):
            done = ground.tfgen("run", "--yes", code=5)
    fault.does("nobody listens at its address any more, from the first change on")
    fault.told(
        done,
        "cannot be reached (patch services/status)",
        "to write back what failed: tfgen publish",
    )
    assert whole.published(ground) == ground.addresses
    fault.mended()
    ground.tfgen("publish")
    ground.addresses[name] = ground.external_ip(name)
    fault.whole()


@pytest.fixture
def quota(ground: Ground) -> Iterator[Callable[[int], object]]:
    """Set how many listeners the project may have."""
    octavia = ground.lab.openstack("admin").load_balancer
    project = str(ground.openstack.current_project_id)
    yield lambda listeners: octavia.update_quota(project, listener=listeners)
    octavia.delete_quota(project)


def test_a_quota_that_is_full(ground: Ground, fault: Fault, quota: Callable[[int], object]) -> None:
    """The quota of listeners is reached in the middle of an apply."""
    one_more_port(ground)
    one_more_port(ground)
    used = len([*ground.openstack.load_balancer.listeners()])
    quota(used + 1)
    fault.does("two more ports are asked for, and the quota has room for one listener")
    done = ground.tfgen("run", "--yes", code=5)
    fault.told(done, "quota of listeners is full")
    whole.reachable(ground)
    quota(-1)
    again(ground, fault)
