"""Load balancers at which Octavia is at work before a plan."""

from tests.fakes.sky import FakeSky
from tfgen import cloud
from tfgen.reconcile import unrest

IDS = frozenset({"lb-1"})


def sky(status: str) -> FakeSky:
    """Give a cloud in which one load balancer has some status."""
    made = FakeSky()
    made.stands("shop/web", status=status)
    return made


def test_a_change_that_ends_is_waited_for() -> None:
    """As soon as it is ACTIVE nobody waits any more, and nothing is left."""
    looks = [sky("PENDING_UPDATE"), sky("PENDING_UPDATE"), sky("ACTIVE")]
    pauses: list[float] = []

    def look() -> tuple[cloud.LoadBalancer, ...]:
        return tuple(looks.pop(0).standing)

    assert unrest.left(look, IDS, pause=pauses.append) == ()
    assert (len(pauses), looks) == (2, [])


def test_a_change_that_never_ends_is_told() -> None:
    """After some seconds it is given, and others that are PENDING are not."""
    stuck, pauses = sky("PENDING_UPDATE"), list[float]()
    stuck.stands("shop/api", identity="lb-2", status="PENDING_UPDATE")
    left = unrest.left(lambda: tuple(stuck.standing), IDS, pause=pauses.append)
    assert [each.id for each in left] == ["lb-1"]
    assert sum(pauses) == unrest.SECONDS


def test_waiting_can_be_given_up() -> None:
    """Whoever interrupts waits no second longer."""
    pauses: list[float] = []
    stuck = sky("PENDING_UPDATE")
    left = unrest.left(lambda: tuple(stuck.standing), IDS, lambda: True, pauses.append)
    assert [each.id for each in left] == ["lb-1"]
    assert pauses == []
