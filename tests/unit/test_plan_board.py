"""Progress by Service: events in, lines out."""

from tfgen import terraform
from tfgen.cli import board
from tfgen.reconcile import work

LB = "openstack_lb_loadbalancer_v2.lb_shop_web"
LISTENER = "module.lb_shop_web_tcp-80.openstack_lb_listener_v2.this"
Phase = terraform.Phase


def event(
    phase: terraform.Phase, address: str, action: str = "create", seconds: float = 0
) -> terraform.Operation:
    """Give one event."""
    return terraform.Operation(phase, address, action, seconds)


def test_an_operation_from_start_to_end() -> None:
    """While it lasts a row tells for how long; its end is a line."""
    made = board.Board()
    assert made.event("shop", event(Phase.START, LISTENER), 100.0) is None
    assert list(made.rows(104.0, 9)) == [("shop/web", "creating listener tcp-80 ... 4 s")]
    line = made.event("shop", event(Phase.COMPLETE, LISTENER), 107.0)
    assert line == "shop/web  creating listener tcp-80 ... done 7 s"
    assert list(made.rows(200.0, 9)) == [("shop/web", "creating listener tcp-80 ... done 7 s")]
    assert made.done("shop") == 1
    assert made.seconds("shop/web") == 7


def test_a_failure() -> None:
    """An operation that failed says so, and is not counted as done."""
    made = board.Board()
    made.event("shop", event(Phase.START, LB, "delete"), 0)
    line = made.event("shop", event(Phase.ERRORED, LB, "delete", 12), 12)
    assert line == "shop/web  removing load balancer ... FAILED after 12 s"
    assert made.done("shop") == 0


def test_reading_is_no_line() -> None:
    """What a refresh reads is shown while it lasts and leaves no line behind."""
    made = board.Board()
    made.event("shop", event(Phase.START, LB, "refresh"), 0)
    assert list(made.rows(1, 9)) == [("shop/web", "reading load balancer ... 1 s")]
    assert made.event("shop", event(Phase.COMPLETE, LB, "refresh"), 1) is None
    assert made.done("shop") == 0


def test_several_things_at_once() -> None:
    """A Service with two operations under way has one row for both; its time is from end to end."""
    made = board.Board()
    fip = "openstack_networking_floatingip_v2.lb_shop_web"
    made.event("shop", event(Phase.START, LISTENER), 0)
    made.event("shop", event(Phase.START, fip), 1)
    [(_, words)] = made.rows(3, 9)
    assert words == "creating listener tcp-80 ... 3 s, creating floating IP ... 2 s"
    made.event("shop", event(Phase.COMPLETE, fip), 4)
    made.event("shop", event(Phase.COMPLETE, LISTENER), 9)
    assert made.seconds("shop/web") == 9
    assert made.seconds("shop/other") == 0


def test_what_belongs_to_no_service() -> None:
    """An object that no Service owns is told by its stack and its address."""
    made = board.Board()
    line = made.event("shop", event(Phase.COMPLETE, "x_y.z"), 0)
    assert line == "stack shop  creating x_y.z ... done 0 s"


def test_diagnostics_are_told_elsewhere() -> None:
    """A diagnostic is no progress."""
    assert board.Board().event("shop", terraform.Diagnostic("error", "no"), 0) is None


def test_more_rows_than_room() -> None:
    """Where there are more Services than lines, busy ones are shown and the rest is counted."""
    made = board.Board()
    for number in range(9):
        address = f"openstack_lb_loadbalancer_v2.lb_shop_s{number}"
        made.event("shop", event(Phase.START, address), 0)
        if number < 6:
            made.event("shop", event(Phase.COMPLETE, address), number)
    rows = list(made.rows(10, 4))
    assert [name for name, _ in rows] == ["shop/s6", "shop/s7", "shop/s8", "and 6 more"]


def test_sign_of_life() -> None:
    """A heartbeat names what is under way, else the stages of the stacks, else nothing."""
    made = board.Board()
    assert made.heartbeat(0) == ""
    made.stage("shop", work.Stage.PLAN)
    made.stage("blog", work.Stage.DONE)
    assert made.heartbeat(0) == "still working: stack shop planning"
    made.event("shop", event(Phase.START, LB), 0)
    assert made.heartbeat(31) == "still working: shop/web creating load balancer ... 31 s"
